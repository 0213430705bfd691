/** The only function that faces the internet: shows a request to an approver and puts what they decided, signed by their link. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { reviewApp } from './app';
import { callOf } from './call';
import { HEADERS } from './headers';
import { TableStore, type Store } from './store';

export type ReviewHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

export function reviewHandler(storeOf: () => Store): ReviewHandler {
  const app = reviewApp(storeOf);
  return async (event) => {
    const call = callOf(event);
    const { status, page } = await app(call);
    return { statusCode: status, headers: HEADERS, body: call.method === 'HEAD' ? '' : String(await page) };
  };
}

let store: Store | undefined;

export const handler = reviewHandler(() => {
  store ??= new TableStore({ requests: env(Env.REQUESTS_TABLE), decisions: env(Env.DECISIONS_TABLE) });
  return store;
});
