import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer, readBody } from '../local-server';
import type { RestApis } from '../aws/rest-apis';
import type { Surroundings } from '../aws/surroundings';
import type { Guard } from '../iam/guard';
import type { Resource } from '../template/model';
import type { Front } from './front';
import type { FunctionPool } from './pool';

/** A REST API of a template, served on this machine by the deployments of its stages. Methods call functions by proxy; others answer 200. */
export class RestApi implements Front {
  readonly isApi = false;
  private readonly server: LocalServer;

  private constructor(
    private readonly around: Surroundings,
    private readonly pool: FunctionPool,
    private readonly guard: Pick<Guard, 'letsIn'>,
    private readonly apis: Pick<RestApis, 'serves'>,
    private readonly resource: Resource,
  ) {
    this.server = new LocalServer((request, response) => this.handle(request, response));
  }

  static async listen(
    around: Surroundings,
    pool: FunctionPool,
    guard: Pick<Guard, 'letsIn'>,
    apis: Pick<RestApis, 'serves'>,
    resource: Resource,
  ): Promise<RestApi> {
    const front = new RestApi(around, pool, guard, apis, resource);
    await front.server.listen();
    return front;
  }

  get url(): string {
    return this.server.url;
  }

  get publicUrls(): readonly string[] {
    return [`https://${this.resource.physicalId}.execute-api.${this.around.region}.amazonaws.com`];
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
    const [, stage = '', ...rest] = url.pathname.split('/');
    const path = `/${rest.join('/')}`;
    const served = this.apis.serves(this.resource.physicalId, stage);
    const method = this.method(request.method ?? 'GET', path);
    if (served === undefined || method === undefined) {
      answer(response, 403, '{"message":"Missing Authentication Token"}');
    } else if (served.broken) {
      answer(response, 500, '{"message":"Internal server error"}');
    } else {
      await this.invoke(method, { request, url, path, stage, body }, response);
    }
  }

  private async invoke(method: Resource, call: RestRequest, response: ServerResponse): Promise<void> {
    const [, functionArn] = /functions\/(arn:.+)\/invocations/.exec(String(method.properties.Integration?.Uri)) ?? [];
    if (functionArn === undefined) {
      answer(response, 200, '{}');
      return;
    }
    const { region, account } = this.around;
    const { request, path, stage } = call;
    const source = `arn:aws:execute-api:${region}:${account}:${this.resource.physicalId}/${stage}/${request.method}${path}`;
    if (!this.guard.letsIn('apigateway.amazonaws.com', source, 'lambda:InvokeFunction', functionArn)) {
      answer(response, 500, '{"message":"Internal server error"}');
      return;
    }
    const { payload, functionError } = await this.pool.invoke(functionArn, eventOf(call));
    if (functionError !== undefined || payload?.statusCode === undefined) {
      answer(response, 502, '{"message": "Internal server error"}');
    } else {
      answer(response, Number(payload.statusCode), String(payload.body ?? ''));
    }
  }

  private method(verb: string, path: string): Resource | undefined {
    return this.around
      .resources('AWS::ApiGateway::Method')
      .filter(({ properties }) => properties.RestApiId === this.resource.physicalId)
      .find(
        ({ properties }) =>
          ['ANY', verb].includes(String(properties.HttpMethod)) && this.pathOf(String(properties.ResourceId)) === path,
      );
  }

  private pathOf(resourceId: string): string {
    const found = this.around
      .resources('AWS::ApiGateway::Resource')
      .find(({ physicalId }) => physicalId === resourceId);
    if (found === undefined) return '/';
    const parent = this.pathOf(String(found.properties.ParentId));
    return `${parent === '/' ? '' : parent}/${String(found.properties.PathPart)}`;
  }
}

interface RestRequest {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly path: string;
  readonly stage: string;
  readonly body: Buffer;
}

function eventOf({ request, url, path, stage, body }: RestRequest): object {
  return {
    resource: path,
    path,
    httpMethod: request.method,
    headers: request.headers,
    queryStringParameters: url.search === '' ? null : Object.fromEntries(url.searchParams),
    requestContext: { stage, path: url.pathname, httpMethod: request.method, requestId: randomUUID() },
    body: body.length === 0 ? null : body.toString('utf8'),
    isBase64Encoded: false,
  };
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
