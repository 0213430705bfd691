/** A function's calls of AWS, answered without a socket: nothing listens at the address that these functions are given. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireRequest } from '../../aws/endpoint';
import { Sandbox } from '../../functions/sandbox';
import type { RestResponse } from '../../service';

const NOBODY_LISTENS = 'http://127.0.0.1:9';
const folder = mkdtempSync(join(tmpdir(), 'rehearsal-test-'));
const open: Sandbox[] = [];

function sandbox(code: string, answer: (request: WireRequest) => RestResponse): Sandbox {
  const file = join(folder, `f${open.length}.js`);
  writeFileSync(file, code);
  const own = new Sandbox({
    functionName: 'f',
    version: '1',
    file,
    exportName: 'handler',
    environment: {
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: NOBODY_LISTENS,
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'x',
    },
    timeoutSeconds: 10,
    memoryMegabytes: 128,
    log: () => undefined,
    aws: { url: NOBODY_LISTENS, answer: async (request) => answer(request) },
  });
  open.push(own);
  return own;
}

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

test('the SDK of a function is answered without a socket, its refusals too', async () => {
  const asked: WireRequest[] = [];
  const { invoke } = bound(
    sandbox(
      `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
       const client = new DynamoDBClient({ maxAttempts: 1 });
       exports.handler = async ({ id }) => {
         try {
           return await client.send(new GetItemCommand({ TableName: 'rows', Key: { pk: { S: id } } }));
         } catch (error) {
           return { name: error.name, message: error.message };
         }
       };`,
      (request): RestResponse => {
        asked.push(request);
        return JSON.parse(request.body.toString()).Key.pk.S === 'ä'
          ? { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: '{"Item":{"v":{"S":"ö"}}}' }
          : {
              status: 400,
              headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
              body: '{"__type":"ResourceNotFoundException","message":"no such table"}',
            };
      },
    ),
  );

  expect(await invoke({ id: 'ä' })).toMatchObject({ payload: { Item: { v: { S: 'ö' } } } });
  expect(await invoke({ id: 'other' })).toEqual({
    payload: { name: 'ResourceNotFoundException', message: 'no such table' },
  });
  expect(asked[0]).toMatchObject({
    method: 'POST',
    url: '/',
    headers: {
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      authorization: expect.stringContaining('/dynamodb/aws4_request'),
    },
  });
});

test('many calls at once each get their own answer', async () => {
  const { invoke } = bound(
    sandbox(
      `const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
       const client = new LambdaClient({});
       exports.handler = async () => Promise.all([...Array(20).keys()].map(async (n) => {
         const { Payload } = await client.send(new InvokeCommand({ FunctionName: 'f' + n, Payload: String(n) }));
         return Payload.transformToString();
       }));`,
      ({ url, body }) => ({ status: 200, body: `"${url.split('/')[3]} ${body.toString()}"` }),
    ),
  );

  const { payload } = await invoke();
  expect(payload).toEqual(Array.from({ length: 20 }, (_one, n) => `"f${n} ${n}"`));
});

test('another address is still asked over the network', async () => {
  const server = createServer((_request, response) => response.end('from the network'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { invoke } = bound(
    sandbox(
      `const { get } = require('node:http');
       exports.handler = ({ address }) => new Promise((resolve, reject) => get(address, (response) => {
         let text = '';
         response.on('data', (chunk) => (text += chunk));
         response.on('end', () => resolve(text));
       }).on('error', reject));`,
      () => ({ status: 200, body: 'from the rehearsal' }),
    ),
  );

  expect(await invoke({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })).toEqual({
    payload: 'from the network',
  });
  server.closeAllConnections();
  server.close();
});

function bound(own: Sandbox): { invoke(event?: unknown): Promise<any> } {
  return { invoke: (event = {}) => own.invoke(event, { awsRequestId: 'r' }) };
}
