/** Authorizers of HTTP APIs: who may call a route, and what the function behind it is told of them. */
import type { Resource } from '../template/model';

/** What an authorizer may look at. */
export interface Asked {
  readonly routeArn: string;
  /** The event that the function behind the route would get. */
  readonly event: ApiEvent;
}

export interface ApiEvent {
  readonly routeKey: string;
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export type Ruling =
  | { readonly kind: 'LET_IN'; /** What stands at `requestContext.authorizer`. */ readonly authorizer?: object }
  | { readonly kind: 'REFUSED'; readonly status: 401 | 403 | 500; readonly why?: string };

export interface Authorizer {
  ask(asked: Asked, route: Resource): Promise<Ruling>;
}

/** The values that an authorizer works with, in the order in which it names them; undefined where one is missing or empty. */
export function identityOf(sources: readonly string[], { event }: Asked): readonly string[] | undefined {
  const values = sources.map((source) => valueOf(source, event));
  return values.every((value) => value !== undefined && value !== '') ? (values as readonly string[]) : undefined;
}

function valueOf(
  source: string,
  { headers, queryStringParameters = {}, requestContext }: ApiEvent,
): string | undefined {
  const [, kind = '', name = ''] = /^\$(request\.header|request\.querystring|context)\.(.+)$/.exec(source) ?? [];
  switch (kind) {
    case 'request.header':
      return headers[name.toLowerCase()];
    case 'request.querystring':
      return queryStringParameters[name];
    case 'context': {
      const value = requestContext[name];
      return typeof value === 'string' ? value : undefined;
    }
    default:
      return undefined;
  }
}
