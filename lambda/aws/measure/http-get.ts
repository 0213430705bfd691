/**
 * One GET that reaches public addresses only. The address is judged where the connection is made, so a name that
 * resolves to something else a moment later does not help.
 */
import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';

export interface HttpReply {
  readonly status: number;
  /** With a redirect: where to. */
  readonly location?: string;
  /** The first 64 KiB. */
  readonly body: string;
}

export type HttpGet = (url: URL, signal: AbortSignal) => Promise<HttpReply>;

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

const blocked = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  blocked.addSubnet(net, prefix, 'ipv4');
}
// Global unicast is 2000::/3; within it, 6to4 and Teredo may carry any IPv4 address inside.
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
blocked.addSubnet('2002::', 16, 'ipv6');
blocked.addSubnet('2001::', 32, 'ipv6');

/** Private, loopback, link-local (instance metadata), multicast and reserved addresses are not public. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !blocked.check(address, 'ipv4');
    case 6:
      return global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
    default:
      return false;
  }
}

class NotPublic extends Error {
  override readonly name = 'NotPublic';
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Refuses a name as soon as one of its addresses is not public. */
function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0];
    if (error !== null || first === undefined) {
      callback(error ?? new NotPublic(), '');
    } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
      callback(new NotPublic(), '');
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
}

export const httpGet: HttpGet = async (url, signal) => {
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) {
    throw new HttpFailure(`${url.hostname} is not a public address.`, false);
  }
  try {
    return await send(url, signal);
  } catch (error) {
    throw failureOf(url.hostname, error, signal);
  }
};

function send(url: URL, signal: AbortSignal): Promise<HttpReply> {
  const options: RequestOptions = {
    method: 'GET',
    agent: false,
    signal,
    headers: { host: url.host, accept: '*/*', 'user-agent': 'cdk-approval-gates-check' },
    lookup: publicLookup as RequestOptions['lookup'],
  };
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(url, options, (response) => {
      readBody(response).then((body) => resolve(replyOf(response, body)), reject);
    });
    request.on('error', reject);
    request.end();
  });
}

function replyOf(response: IncomingMessage, body: string): HttpReply {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  return { status, body, ...(status >= 300 && status < 400 && location !== undefined ? { location } : {}) };
}

/** Stops reading at the limit, however much more would come. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= BODY_LIMIT) {
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8');
}

function failureOf(host: string, error: unknown, signal: AbortSignal): HttpFailure {
  if (signal.aborted) {
    return new HttpFailure(`${host} did not answer in time.`, true);
  }
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'NotPublic') {
    return new HttpFailure(`${host} resolves to an address that is not public.`, false);
  }
  if (code !== undefined && NO_DNS.has(code)) {
    return new HttpFailure(`${host} cannot be resolved: ${code}.`, false);
  }
  return new HttpFailure(`${host} did not answer: ${code ?? name ?? 'unknown failure'}.`, true);
}
