import { randomUUID } from 'node:crypto';
import type { AwsError, RestResponse } from '../service';

/** Requests and responses of the AWS protocols. */

/** `Date` as epoch seconds, bytes as base64: the JSON protocols. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, asWritten);
}

/** What a value is in the object that holds it, before `JSON.stringify` has turned a date into its own text. */
function asWritten(this: any, key: string, value: unknown): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'string')) {
    return value;
  }
  const held: unknown = this[key];
  if (held instanceof Date) {
    return held.getTime() / 1000;
  }
  return held instanceof Uint8Array ? Buffer.from(held).toString('base64') : value;
}

export function jsonError(error: AwsError): RestResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error.code },
    body: toJson({ __type: error.code, message: error.message, Message: error.message, ...error.extra }),
  };
}

/** A form of the query protocol: `A.member.1.B=c` becomes `{ A: [{ B: 'c' }] }`. */
export function fromForm(form: URLSearchParams): Record<string, unknown> {
  const root: Record<string, any> = {};
  for (const [name, value] of form) {
    const parts = name.split('.');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      at = at[part] ??= {};
    }
    at[parts[parts.length - 1] ?? name] = value;
  }
  return lists(root) as Record<string, unknown>;
}

function lists(value: unknown): unknown {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const { member, entry } = value as { member?: object; entry?: object };
  const numbered = member ?? entry;
  if (numbered !== undefined) {
    return Object.entries(numbered)
      .sort(([one], [other]) => Number(one) - Number(other))
      .map(([, item]) => lists(item));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lists(item)]));
}

/** The answer of the query protocol: lists as `member`, a `Map` as `entry`. */
export function toXml(operation: string, output: object): string {
  const id = randomUUID();
  const result = `<${operation}Result>${xmlOf(output)}</${operation}Result>`;
  return `<${operation}Response>${result}<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${operation}Response>`;
}

export function xmlError(error: AwsError): RestResponse {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  const inner = `<Type>${fault}</Type><Code>${escape(error.code)}</Code><Message>${escape(error.message)}</Message>`;
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error>${inner}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  };
}

function xmlOf(value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (value instanceof Map) {
    return [...value]
      .map(([key, item]) => `<entry><key>${escape(String(key))}</key><value>${xmlOf(item)}</value></entry>`)
      .join('');
  }
  if (Array.isArray(value)) {
    return value.map((item) => `<member>${xmlOf(item)}</member>`).join('');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `<${key}>${xmlOf(item)}</${key}>`)
      .join('');
  }
  return escape(String(value));
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r/g, '&#xD;')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '');
}
