import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer, readBody } from '../local-server';
import { AwsError, type Caller, type RestResponse, type Service } from '../service';
import type { Callers } from './callers';
import type { Dispatcher } from './dispatcher';
import { fromForm, jsonError, toJson, toXml, xmlError } from './wire';

/** A request of an AWS client, whether it came by a socket or from a function's thread. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly signingName: string;
}

/** The one address that every AWS client of the rehearsal talks to. */
export class Endpoint {
  private readonly server: LocalServer;

  private constructor(
    private readonly dispatcher: Dispatcher,
    private readonly callers: Callers,
  ) {
    this.server = new LocalServer((request, response) => void this.serve(request, response));
  }

  static async listen(dispatcher: Dispatcher, callers: Callers): Promise<Endpoint> {
    const endpoint = new Endpoint(dispatcher, callers);
    await endpoint.server.listen();
    return endpoint;
  }

  get url(): string {
    return this.server.url;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const headers = request.headers as WireRequest['headers'];
    const answer = await this.answer({ method, url, headers, body: await readBody(request) });
    response.writeHead(answer.status, { 'content-length': Buffer.byteLength(answer.body), ...answer.headers });
    response.end(answer.body);
  }

  async answer(request: WireRequest): Promise<RestResponse> {
    let refuse = jsonError;
    try {
      const scope = scopeOf(request.headers.authorization);
      const service = this.dispatcher.bySigningName(scope.signingName);
      if (service === undefined) {
        return this.dispatcher.lack(this.callerOf(scope), `the rehearsal has no service ${scope.signingName}`);
      }
      refuse = service.refuse ?? (service.protocol === 'query' ? xmlError : jsonError);
      return await this.perform(service, request, this.callerOf(scope));
    } catch (error) {
      return refuse(
        error instanceof AwsError
          ? error
          : new AwsError(
              'InternalFailure',
              error instanceof Error ? (error.stack ?? error.message) : String(error),
              500,
            ),
      );
    }
  }

  private callerOf(scope: Scope): Caller {
    const caller = this.callers.find(scope.accessKeyId);
    if (caller === undefined) {
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);
    }
    return { ...caller, region: scope.region };
  }

  private async perform(service: Service, request: WireRequest, caller: Caller): Promise<RestResponse> {
    const { headers, body } = request;
    if (service.protocol === 'query') {
      const form = fromForm(new URLSearchParams(body.toString('utf8')));
      const operation = String(form.Action);
      const output = await this.dispatcher.call(service.name, operation, form, caller);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: toXml(operation, output) };
    }
    if (service.protocol === 'rest') {
      return this.performRest(service, request, caller);
    }
    const operation = String(headers['x-amz-target']).split('.').pop() ?? '';
    const input = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as object);
    const output = await this.dispatcher.call(service.name, operation, input, caller);
    return {
      status: 200,
      headers: { 'content-type': headers['content-type'] ?? 'application/x-amz-json-1.1' },
      body: toJson(output),
    };
  }

  private async performRest(service: Service, request: WireRequest, caller: Caller): Promise<RestResponse> {
    const { method, headers, body } = request;
    const url = new URL(request.url, 'http://local');
    const call = service.route?.({ method, path: url.pathname, query: url.searchParams, headers, body });
    if (call === undefined) {
      const what = `${method} ${url.pathname}`;
      return this.dispatcher.lack(caller, `the rehearsal's ${service.name} does not know ${what}`, 404);
    }
    const output = await this.dispatcher.call(service.name, call.operation, call.input, caller);
    const answer: RestResponse = call.respond?.(output) ?? { status: 200, body: toJson(output) };
    return { ...answer, headers: { 'content-type': 'application/json', ...answer.headers } };
  }
}

function scopeOf(authorization: string | undefined): Scope {
  const [, accessKeyId, region, signingName] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || signingName === undefined) {
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  return { accessKeyId, region, signingName };
}
