/**
 * One GET that reaches allowed addresses only. The address is judged where the connection is made, so a name that
 * resolves to something else a moment later does not help.
 */
import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './addresses';

export interface HttpReply {
  readonly status: number;
  /** With a redirect: where to. */
  readonly location?: string;
  /** The first 64 KiB. */
  readonly body: string;
  /** There was more of it. */
  readonly isCut: boolean;
  /** It is compressed, though nobody asked for that: the text above is none. */
  readonly isEncoded: boolean;
  /** From the request until the end of the body, or until it was cut. */
  readonly milliseconds: number;
}

export type HttpGet = (url: URL, signal: AbortSignal, headers?: Readonly<Record<string, string>>) => Promise<HttpReply>;

/** `noAnswer`: the service was asked properly and did not answer. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  constructor(
    message: string,
    readonly noAnswer: boolean,
  ) {
    super(message);
  }
}

const BODY_LIMIT = 64 * 1024;
const NO_DNS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA']);

class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => void;

/** Refuses a name as soon as one of its addresses is not allowed. */
function lookupWithin(isAllowed: (address: string) => boolean): Lookup {
  return (hostname, options, callback) =>
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? new NotAllowed(), '');
      } else if (!addresses.every(({ address }) => isAllowed(address))) {
        callback(new NotAllowed(), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
}

/** @param kind how people call the addresses that are allowed */
export function httpGetWithin(isAllowed: (address: string) => boolean, kind: string): HttpGet {
  const lookup = lookupWithin(isAllowed);
  return async (url, signal, headers = {}) => {
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !isAllowed(literal)) {
      throw new HttpFailure(`${url.hostname} is not a ${kind} address.`, false);
    }
    try {
      return await send(url, signal, headers, lookup);
    } catch (error) {
      throw failureOf(url.hostname, error, signal, kind);
    }
  };
}

export const httpGet = httpGetWithin(isPublicAddress, 'public');

function send(
  url: URL,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
  lookup: Lookup,
): Promise<HttpReply> {
  const options: RequestOptions = {
    method: 'GET',
    agent: false,
    signal,
    headers: {
      ...headers,
      host: url.host,
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'cdk-approval-gates-check',
    },
    lookup: lookup as RequestOptions['lookup'],
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(url, options, (response) => {
      readBody(response).then((body) => resolve(replyOf(response, body, performance.now() - began)), reject);
    });
    request.on('error', reject);
    request.end();
  });
}

function replyOf(
  { statusCode: status = 0, headers }: IncomingMessage,
  body: Pick<HttpReply, 'body' | 'isCut'>,
  milliseconds: number,
): HttpReply {
  const { location, 'content-encoding': encoding = 'identity' } = headers;
  return {
    status,
    ...body,
    isEncoded: encoding.trim().toLowerCase() !== 'identity',
    milliseconds,
    ...(status >= 300 && status < 400 && location !== undefined ? { location } : {}),
  };
}

/** Stops reading at the limit, however much more would come. */
async function readBody(response: IncomingMessage): Promise<Pick<HttpReply, 'body' | 'isCut'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) {
      break;
    }
  }
  return { body: Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8'), isCut: size > BODY_LIMIT };
}

function failureOf(host: string, error: unknown, signal: AbortSignal, kind: string): HttpFailure {
  if (signal.aborted) {
    return new HttpFailure(`${host} did not answer in time.`, true);
  }
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'NotAllowed') {
    return new HttpFailure(`${host} resolves to an address that is not ${kind}.`, false);
  }
  if (code !== undefined && NO_DNS.has(code)) {
    return new HttpFailure(`${host} cannot be resolved: ${code}.`, false);
  }
  return new HttpFailure(`${host} did not answer: ${code ?? name ?? 'unknown failure'}.`, true);
}
