/**
 * What an HTTP API asks, read from its event field by field. Nothing here can fail, and no address is ever put together from
 * path and query: an error that names it would write the secret of a link into the log.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { iso } from '../domain/time';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What was posted; empty when that is no form. */
  readonly form: URLSearchParams;
  /** More was posted than any form of ours holds; none of it was read. */
  readonly tooLarge: boolean;
  /** What the cookie of a session holds, whatever that is. */
  readonly session?: string;
  /** What an authorizer of the API says of the caller, whatever that is. API Gateway alone can write it. */
  readonly authorizer?: unknown;
  readonly origin?: string;
  readonly fetchSite?: string;
  /** The API's own name. */
  readonly domain: string;
  /** The API's own time; nothing that the caller says is believed. */
  readonly now: string;
}

/** The prefix binds it to this host alone, and to https. */
export const SESSION_COOKIE = '__Host-approvals';

/** Characters, as API Gateway hands them over: a form with the longest reason in the longest encoding, several times over. */
const BODY_LIMIT = 20_000;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

/** Of the headers only those are read that a rule needs. API Gateway writes their names in lower case. */
export function callOf(event: APIGatewayProxyEventV2): Call {
  const { headers, requestContext } = event;
  const method = requestContext.http.method.toUpperCase();
  const body = method === 'POST' && FORM_TYPE.test(headers['content-type'] ?? '') ? (event.body ?? '') : '';
  const tooLarge = (event.body ?? '').length > BODY_LIMIT;
  return {
    method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    form: new URLSearchParams(tooLarge ? '' : decoded(body, event.isBase64Encoded)),
    tooLarge,
    session: sessionCookieIn(event.cookies ?? []),
    authorizer: 'authorizer' in requestContext ? requestContext.authorizer : undefined,
    origin: headers['origin'],
    fetchSite: headers['sec-fetch-site'],
    domain: requestContext.domainName,
    now: iso(requestContext.timeEpoch),
  };
}

function sessionCookieIn(cookies: readonly string[]): string | undefined {
  const start = `${SESSION_COOKIE}=`;
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length);
}

/** Broken base64 becomes some text that is no form of ours. */
function decoded(body: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(body, 'base64').toString('utf8') : body;
}
