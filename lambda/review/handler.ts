/** The only function that faces the internet: shows a request to an approver and puts what they decided, signed by their link. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';
import type { LambdaContext } from 'hono/aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { reviewApp } from './app';
import { SECURITY_HEADERS } from './headers';
import { TableStore } from './store';
import type { Store } from './store';

/** The headers that a rule reads; nothing else of a request gets further than this file. */
const HEADERS = ['content-type', 'origin', 'sec-fetch-site'];
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST'];

type Result = APIGatewayProxyStructuredResultV2;

export type ReviewHandler = (event: APIGatewayProxyEventV2) => Promise<Result>;

export function reviewHandler(storeOf: () => Store): ReviewHandler {
  const run = handle(reviewApp(storeOf));
  return async (event) => {
    const result = (await run(reduced(event) as never, undefined as unknown as LambdaContext)) as Result;
    return { ...result, headers: { ...result.headers, ...SECURITY_HEADERS } };
  };
}

/** An odd method, header or body must not reach code that could fail with the whole address, secret and all, in its message. */
function reduced(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const asked = event.requestContext.http.method.toUpperCase();
  const method = METHODS.includes(asked) ? asked : 'OPTIONS';
  const headers = Object.fromEntries(
    HEADERS.map((name) => [name, event.headers[name]]).filter((entry) => entry[1] !== undefined),
  ) as Record<string, string>;
  return {
    ...event,
    cookies: undefined,
    headers,
    body: method === 'POST' ? event.body : undefined,
    requestContext: { ...event.requestContext, http: { ...event.requestContext.http, method } },
  };
}

let tables: Store | undefined;

export const handler: ReviewHandler = reviewHandler(() => {
  tables ??= new TableStore({ requests: env(Env.REQUESTS_TABLE), decisions: env(Env.DECISIONS_TABLE) });
  return tables;
});
