import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer, readBody } from '../local-server';
import type { Surroundings } from '../aws/surroundings';
import { functionNameOf } from '../template/identity';
import type { Guard } from '../iam/guard';
import type { Resource } from '../template/model';
import type { Front } from './front';
import type { ApiEvent, Ruling } from './authorizer';
import { Authorizers } from './authorizers';
import type { ReadJson } from './jwt-authorizer';
import type { FunctionPool } from './pool';

export const FUNCTION_URL = 'AWS::Lambda::Url';

interface Route {
  readonly key: string;
  readonly functionArn: string;
  readonly path: Readonly<Record<string, string>>;
  /** Absent for the URL of a function. */
  readonly resource?: Resource;
}

/** An HTTP API of a template, or the URL of a function, served on this machine with payload format 2.0. */
export class HttpApi implements Front {
  private readonly server: LocalServer;
  private readonly authorizers: Authorizers;

  private constructor(
    private readonly around: Surroundings,
    private readonly pool: FunctionPool,
    private readonly guard: Pick<Guard, 'letsIn'>,
    private readonly resource: Resource,
    readJson: ReadJson,
  ) {
    this.authorizers = new Authorizers(around, pool, guard, readJson);
    this.server = new LocalServer((request, response) => this.handle(request, response));
  }

  static async listen(
    around: Surroundings,
    pool: FunctionPool,
    guard: Pick<Guard, 'letsIn'>,
    api: Resource,
    readJson: ReadJson,
  ): Promise<HttpApi> {
    const front = new HttpApi(around, pool, guard, api, readJson);
    await front.server.listen();
    return front;
  }

  get url(): string {
    return this.server.url;
  }

  get isApi(): boolean {
    return this.resource.type !== FUNCTION_URL;
  }

  get apiId(): string {
    return this.resource.physicalId;
  }

  /** Addresses by which the outside knows this API. */
  get publicUrls(): readonly string[] {
    const { ApiEndpoint, FunctionUrl } = this.resource.attributes;
    const own = String(ApiEndpoint ?? FunctionUrl).replace(/\/$/, '');
    const custom = this.around
      .resources('AWS::ApiGatewayV2::ApiMapping')
      .filter(({ properties }) => properties.ApiId === this.apiId)
      .map(({ properties }) => `https://${String(properties.DomainName)}`);
    return [own, ...custom];
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const work = this.around.clock.track(this.serve(request, response));
    work.catch((error: unknown) => this.around.tell('http', String(error), 'error'));
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', this.url);
    if (this.resource.properties.AuthType === 'AWS_IAM' && request.headers.authorization === undefined) {
      answer(response, 403, { 'content-type': 'application/json' }, '{"Message":"Forbidden"}');
      return;
    }
    const route = this.route(request.method ?? 'GET', url.pathname);
    if (route === undefined) {
      answer(response, 404, { 'content-type': 'application/json' }, '{"message":"Not Found"}');
      return;
    }
    const event = this.event(request, url, body, route);
    const ruling = await this.authorizers.ask(route.resource, { event, routeArn: this.routeArn(event) });
    if (ruling.kind === 'REFUSED') {
      refuse(response, ruling);
      return;
    }
    if (!this.mayInvoke(route)) {
      answer(response, 500, { 'content-type': 'application/json' }, '{"message":"Internal Server Error"}');
      return;
    }
    const { payload, functionError } = await this.pool.invoke(route.functionArn, withAuthorizer(event, ruling));
    if (functionError !== undefined) {
      answer(response, 500, { 'content-type': 'application/json' }, '{"message":"Internal Server Error"}');
    } else if (payload?.statusCode === undefined) {
      answer(response, 200, { 'content-type': 'application/json' }, JSON.stringify(payload));
    } else {
      const { statusCode, headers = {}, cookies = [], isBase64Encoded = false } = payload;
      const text = Buffer.from(String(payload.body ?? ''), isBase64Encoded === true ? 'base64' : 'utf8');
      answer(response, statusCode, { ...headers, ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) }, text);
    }
  }

  /** API Gateway needs the permission of the function's policy; the address of a function has its own. */
  private mayInvoke({ key, functionArn }: Route): boolean {
    const { region, account } = this.around;
    const route = key.replace(' ', '');
    const source = `arn:aws:execute-api:${region}:${account}:${this.apiId}/$default/${route}`;
    return !this.isApi || this.guard.letsIn('apigateway.amazonaws.com', source, 'lambda:InvokeFunction', functionArn);
  }

  private routeArn({ requestContext, rawPath }: ApiEvent): string {
    const { region, account } = this.around;
    const { method } = requestContext['http'] as { readonly method: string };
    return `arn:aws:execute-api:${region}:${account}:${this.apiId}/$default/${method}${rawPath}`;
  }

  private event(request: IncomingMessage, url: URL, body: Buffer, { key, path }: Route): ApiEvent {
    const headers = headersOf(request);
    const type = headers['content-type'] ?? '';
    const text = /^(text\/|application\/(json|xml|javascript))/.test(type);
    const query = queryOf(url);
    const now = this.around.clock.now();
    return {
      version: '2.0',
      routeKey: key,
      rawPath: url.pathname,
      rawQueryString: url.search.slice(1),
      ...(headers.cookie === undefined ? {} : { cookies: headers.cookie.split('; ') }),
      headers,
      ...(query === undefined ? {} : { queryStringParameters: query }),
      ...(Object.keys(path).length === 0 ? {} : { pathParameters: path }),
      requestContext: {
        accountId: this.around.account,
        apiId: this.apiId,
        domainName: new URL(this.url).host,
        domainPrefix: this.apiId,
        http: {
          method: request.method,
          path: url.pathname,
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: headers['user-agent'] ?? '',
        },
        requestId: randomUUID(),
        routeKey: key,
        stage: '$default',
        time: new Date(now).toUTCString(),
        timeEpoch: now,
      },
      ...(body.length === 0 ? {} : { body: body.toString(text ? 'utf8' : 'base64') }),
      isBase64Encoded: body.length > 0 && !text,
    };
  }

  /** The most specific route of the API that fits. */
  private route(method: string, path: string): Route | undefined {
    if (this.resource.type === FUNCTION_URL) {
      const { TargetFunctionArn, Qualifier } = this.resource.properties;
      const reference = String(TargetFunctionArn);
      const functionArn = Qualifier === undefined ? reference : `${reference}:${String(Qualifier)}`;
      return { key: '$default', functionArn, path: {} };
    }
    const integrations = this.around.resources('AWS::ApiGatewayV2::Integration');
    const fitting = this.around
      .resources('AWS::ApiGatewayV2::Route')
      .filter(({ properties }) => properties.ApiId === this.apiId)
      .flatMap((resource) => {
        const { properties } = resource;
        const key = String(properties.RouteKey);
        const parameters = fits(key, method, path);
        const id = String(properties.Target).replace('integrations/', '');
        const integration = integrations.find(({ physicalId }) => physicalId === id);
        return parameters === undefined || integration === undefined
          ? []
          : [
              {
                key,
                functionArn: functionArnOf(String(integration.properties.IntegrationUri)),
                path: parameters,
                resource,
              },
            ];
      });
    return fitting.sort((one, other) => specificity(other.key) - specificity(one.key))[0];
  }
}

/** As API Gateway answers by itself. */
function refuse(response: ServerResponse, { status, why }: Extract<Ruling, { kind: 'REFUSED' }>): void {
  const message = { 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal Server Error' }[status];
  const error =
    why === undefined ? '' : ` error="invalid_token" error_description="${why.replace(/[^ -~]|["\\\\]/g, '')}"`;
  const headers = status === 401 ? { 'www-authenticate': `Bearer${error}` } : {};
  answer(response, status, { 'content-type': 'application/json', ...headers }, JSON.stringify({ message }));
}

/** Events of a route without an authorizer have no member for one. */
function withAuthorizer(event: ApiEvent, { authorizer }: Extract<Ruling, { kind: 'LET_IN' }>): ApiEvent {
  return authorizer === undefined ? event : { ...event, requestContext: { ...event.requestContext, authorizer } };
}

function answer(response: ServerResponse, status: number, headers: object, body: string | Buffer): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).filter(([name]) => name !== 'connection');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')]),
  );
}

function queryOf(url: URL): Record<string, string> | undefined {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    query[name] = name in query ? `${query[name] ?? ''},${value}` : value;
  }
  return Object.keys(query).length === 0 ? undefined : query;
}

/** Path parameters when a route key fits the request. */
function fits(key: string, method: string, path: string): Record<string, string> | undefined {
  if (key === '$default') {
    return {};
  }
  const [wantedMethod, template = ''] = key.split(' ');
  const pattern = template.replace(/\{(\w+)(\+?)\}/g, (_match, name: string, greedy: string) =>
    greedy === '' ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  const found = new RegExp(`^${pattern}$`).exec(path);
  return found !== null && (wantedMethod === 'ANY' || wantedMethod === method) ? { ...found.groups } : undefined;
}

function specificity(key: string): number {
  if (key === '$default') {
    return 0;
  }
  return 1 + key.length + (key.startsWith('ANY') ? 0 : 100) - (key.includes('+}') ? 50 : 0);
}

function functionArnOf(uri: string): string {
  const [, arn] = /functions\/(arn:[^/]+)\/invocations/.exec(uri) ?? [];
  return arn ?? (uri.startsWith('arn:') ? uri : functionNameOf(uri));
}
