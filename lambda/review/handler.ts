/** The only function that faces the internet: shows a request to an approver and puts what they decided, signed by their link. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env, optionalEnv } from '../aws/env';
import { knownTimeZone } from '../domain/time-zone';
import { reviewApp } from './app';
import { callOf } from './call';
import { HEADERS } from './headers';
import { parseDashboardAccess } from '../domain/parse-dashboard';
import { mustRead } from '../domain/rows';
import type { DashboardSite } from './dashboard/app';
import { AwsDashboardStore } from './dashboard/store';
import { TableStore, type Store, type Tables } from './store';

export type ReviewHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

export function reviewHandler(
  storeOf: () => Store,
  dashboardOf?: () => DashboardSite,
  timeZone = 'UTC',
): ReviewHandler {
  const app = reviewApp(storeOf, timeZone, dashboardOf);
  return async (event) => {
    const call = callOf(event);
    const { status, page, headers, cookies = [] } = await app(call);
    return {
      statusCode: status,
      headers: { ...HEADERS, ...headers },
      ...(cookies.length === 0 ? {} : { cookies: [...cookies] }),
      body: call.method === 'HEAD' ? '' : String(await page),
    };
  };
}

let store: Store | undefined;
let dashboard: DashboardSite | undefined;

function storeHere(): Store {
  return (store ??= new TableStore(tables()));
}

function dashboardHere(): DashboardSite {
  return (dashboard ??= {
    store: new AwsDashboardStore(tables(), env(Env.WORKFLOW)),
    access: mustRead(parseDashboardAccess(env(Env.DASHBOARD))),
  });
}

function tables(): Tables {
  return { requests: env(Env.REQUESTS_TABLE), decisions: env(Env.DECISIONS_TABLE) };
}

export const handler = reviewHandler(
  storeHere,
  optionalEnv(Env.DASHBOARD) === undefined ? undefined : dashboardHere,
  knownTimeZone(optionalEnv(Env.TIME_ZONE)),
);
