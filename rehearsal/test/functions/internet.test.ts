import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Internet, VIA } from '../../functions/internet';
import { Sandbox } from '../../functions/sandbox';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-internet-'));
let internet: Internet;
let own: Server;
let sandbox: Sandbox;

/** A function that asks as it is told, and answers what it got. */
const CODE = `
import { get, request } from 'node:http';
import * as https from 'node:https';
const ask = { http: request, https: https.request, get, securely: https.get };
const fetched = async ([address, options, asRequest]) => {
  const response = await (asRequest ? fetch(new Request(address, options)) : fetch(address, options));
  return { status: response.status, body: await response.text() };
};
export const handler = ({ how, parameters, end }) => how === 'fetch' ? fetched(parameters) : new Promise((resolve, reject) => {
  const given = parameters.map((one) => (one.href === undefined ? one : new URL(one.href)));
  const asked = ask[how](...given, (response) => {
    let body = '';
    response.on('data', (chunk) => (body += chunk));
    response.on('end', () => resolve({ status: response.statusCode, body, variables: Object.keys(process.env) }));
  });
  asked.on('error', reject);
  if (end) asked.end();
});`;

beforeAll(async () => {
  internet = await Internet.listen();
  internet.set('shop.example.com/down', { status: 503, body: 'down' });
  internet.set('shop.example.com:8443/', { status: 204 });
  internet.set('real.example.com/', { status: 201, body: 'by its host header' });
  own = createServer((_, response) => response.end('own'));
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const file = join(folder, 'index.mjs');
  writeFileSync(file, CODE);
  sandbox = new Sandbox({
    functionName: 'f',
    version: '1',
    file,
    exportName: 'handler',
    environment: { [VIA]: internet.url },
    timeoutSeconds: 10,
    memoryMegabytes: 128,
    log: () => undefined,
  });
});
afterAll(async () => {
  await sandbox.close();
  await internet.close();
  own.close();
  rmSync(folder, { recursive: true });
});

async function ask(how: string, ...parameters: readonly unknown[]) {
  const outcome = await sandbox.invoke({ how, parameters, end: how === 'http' || how === 'https' }, {});
  return 'payload' in outcome ? outcome.payload : outcome;
}

test.each<[string, string, readonly unknown[], number, string]>([
  ['an address', 'https', [{ href: 'https://shop.example.com/health' }, { method: 'GET' }], 200, 'ok'],
  ['an address as text', 'https', ['https://shop.example.com/down?a=b'], 503, 'down'],
  ['options', 'https', [{ hostname: 'shop.example.com', path: '/down' }], 503, 'down'],
  ['options with a host', 'http', [{ host: 'shop.example.com', path: '/down' }], 503, 'down'],
  ['another port', 'https', [{ href: 'https://shop.example.com:8443/' }], 204, ''],
  [
    'a host header of its own',
    'https',
    [{ href: 'https://10.0.0.1/' }, { headers: { Host: 'real.example.com' } }],
    201,
    'by its host header',
  ],
  ['the short form', 'get', ['http://shop.example.com/down'], 503, 'down'],
  ['fetch', 'fetch', ['https://shop.example.com/down?a=b'], 503, 'down'],
  ['fetch with a body', 'fetch', ['https://shop.example.com/down', { method: 'PUT', body: 'x' }], 503, 'down'],
  ['fetch of a request', 'fetch', ['https://shop.example.com:8443/', { method: 'PUT', body: 'x' }, true], 204, ''],
  ['the short form, securely', 'securely', ['https://shop.example.com/down'], 503, 'down'],
])('a function that asks the internet by %s is answered here', async (_, how, parameters, status, body) => {
  expect(await ask(how, ...parameters)).toMatchObject({ status, body });
});

test('a function reaches this machine directly', async () => {
  const { port } = own.address() as AddressInfo;

  expect(await ask('http', { hostname: '127.0.0.1', port, path: '/' })).toMatchObject({ body: 'own' });
  expect(await ask('http', `http://localhost:${port}/`)).toMatchObject({ body: 'own' });
  expect(await ask('fetch', `http://localhost:${port}/`)).toMatchObject({ body: 'own' });
});

test('a function does not see who answers', async () => {
  expect(await ask('https', 'https://shop.example.com/')).toMatchObject({
    variables: expect.not.arrayContaining([VIA]),
  });
});
