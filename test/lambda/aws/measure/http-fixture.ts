/** A web site on this machine, asked in the place of every address. */
import http, { createServer } from 'node:http';
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HttpCheckPlan } from '../../../../contract/checks';
import { askHttp } from '../../../../lambda/aws/measure/http-answer';
import { httpGet } from '../../../../lambda/aws/measure/http-get';
import { TIMING } from '../../check-timing';

export const plan: HttpCheckPlan = {
  kind: 'http',
  id: 'health',
  title: 'health',
  url: 'https://shop.example.com/health?key=s3cret',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 1,
  ...TIMING,
};

const HEADERS = { authorization: 'Bearer s3cret-token' };

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const direct = http.request;

let server: Server;

/** What is asked, on this machine, and every request of a test to it. */
export const site = { port: 0, answer: (() => undefined) as Answer, seen: [] as string[] };

/** The site is up while the tests of a file run. */
export function testsAskTheSite(): void {
  beforeAll(async () => {
    server = createServer((request, response) => {
      site.seen.push(`${request.method} ${request.headers.host}${request.url}`);
      site.answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    site.port = (server.address() as AddressInfo).port;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    site.seen.length = 0;
  });

  afterEach(() => jest.restoreAllMocks());
}

export const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body);

/** Lets requests end at the server of this test, whatever they ask; what was given to Node is returned. */
export function detour() {
  const given: { url: URL; options: RequestOptions }[] = [];
  const instead = ((url: URL, options: RequestOptions, callback: (response: IncomingMessage) => void) => {
    given.push({ url, options });
    const { method, headers, signal } = options;
    const path = `${url.pathname}${url.search}`;
    return direct({ host: '127.0.0.1', port: site.port, path, method, headers, signal, agent: false }, callback);
  }) as typeof http.request;
  jest.spyOn(http, 'request').mockImplementation(instead);
  jest.spyOn(https, 'request').mockImplementation(instead);
  return given;
}

export function measured(given: Answer, check: Partial<HttpCheckPlan> = {}) {
  site.answer = given;
  detour();
  return askHttp({ ...plan, ...check }, HEADERS, httpGet);
}
