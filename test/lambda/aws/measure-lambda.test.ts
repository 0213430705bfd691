import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import type { LambdaCheckPlan } from '../../../contract/policy';
import { measure } from '../../../lambda/aws/measure';
import { findingOf } from '../../../lambda/aws/measure-lambda';
import { TIMING } from '../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const NOW = '2026-11-23T10:10:00.000Z';
const ARN = 'arn:aws:lambda:us-east-1:111111111111:function:smoke:live';

const plan: LambdaCheckPlan = {
  kind: 'lambda',
  id: 'smoke',
  title: 'smoke',
  functionArn: ARN,
  details: 'shop',
  ...TIMING,
};

const lambda = mockClient(LambdaClient);
const regions: string[] = [];
beforeEach(() => {
  lambda.reset();
  regions.length = 0;
});

const bytes = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) as unknown as InvokeCommandOutput['Payload'];

function answers(value: unknown, more: object = {}) {
  lambda.on(InvokeCommand).resolves({ StatusCode: 200, Payload: bytes(value), ...more });
}

function look(check: Partial<LambdaCheckPlan> = {}) {
  return measure(
    { requestId: 'r'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: SINCE, now: NOW },
    {
      cloudwatch: () => {
        throw new Error('not an alarm check');
      },
      lambda: (region) => {
        regions.push(region);
        return new LambdaClient({ region });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

test('the function is invoked with what it has to know, where it is', async () => {
  answers({ hookStatus: 'SUCCEEDED', reason: '42 orders went through' });

  expect(await look()).toEqual({ checkId: 'smoke', at: NOW, verdict: 'PASS', reason: '42 orders went through' });
  const [call] = lambda.commandCalls(InvokeCommand);
  expect(call!.args[0].input).toMatchObject({ FunctionName: ARN, InvocationType: 'RequestResponse' });
  expect(JSON.parse(Buffer.from(call!.args[0].input.Payload as Uint8Array).toString())).toEqual({
    kind: 'approval-gate-check',
    requestId: 'r'.repeat(32),
    checkId: 'smoke',
    since: SINCE,
    now: NOW,
    details: 'shop',
  });
  expect(regions).toEqual(['us-east-1']);
});

test.each([
  [{ hookStatus: 'SUCCEEDED' }, { verdict: 'PASS', reason: 'The function answered SUCCEEDED.' }],
  [{ hookStatus: 'SUCCEEDED', reason: null, callBackDelay: null }, { verdict: 'PASS' }],
  [
    { hookStatus: 'FAILED', reason: 'basket broken' },
    { verdict: 'FAIL', reason: 'basket broken' },
  ],
  [{ hookStatus: 'IN_PROGRESS' }, { verdict: 'IN_PROGRESS' }],
  [
    { hookStatus: 'IN_PROGRESS', callBackDelay: 30 },
    { verdict: 'IN_PROGRESS', callBackDelay: 30 },
  ],
  [
    { hookStatus: 'IN_PROGRESS', callBackDelay: 0.5 },
    { verdict: 'IN_PROGRESS', callBackDelay: 1 },
  ],
])('the answer %j is understood', async (answer, expected) => {
  answers(answer);

  expect(await look()).toMatchObject(expected);
});

test.each([
  '',
  'null',
  'true',
  '"SUCCEEDED"',
  '[]',
  '{',
  {},
  { hookStatus: 'succeeded' },
  { hookStatus: true },
  { hookStatus: ['SUCCEEDED'] },
  { status: 'SUCCEEDED' },
  { hookStatus: 'SUCCEEDED', reason: 7 },
  { hookStatus: 'SUCCEEDED', callBackDelay: 'soon' },
  { hookStatus: 'IN_PROGRESS', callBackDelay: 0 },
  { hookStatus: 'IN_PROGRESS', callBackDelay: -1 },
  { hookStatus: 'IN_PROGRESS', callBackDelay: 86_401 },
  { hookStatus: 'SUCCEEDED', padding: 'x'.repeat(65_536) },
])('the answer %j is an error', async (answer) => {
  answers(answer);

  expect(await look()).toMatchObject({ verdict: 'ERROR' });
});

test('a function that throws is an error, even if what it left behind looks healthy', async () => {
  answers({ hookStatus: 'SUCCEEDED' }, { FunctionError: 'Unhandled' });
  expect(await look()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The function of the check failed; its log says why.',
  });

  answers({ hookStatus: 'SUCCEEDED' }, { StatusCode: 202 });
  expect(await look()).toMatchObject({ verdict: 'ERROR' });
});

test('a throttled invocation is an error', async () => {
  lambda.on(InvokeCommand).rejects(new TooManyRequestsException({ $metadata: {}, message: 'slow down' }));

  expect(await look()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('TooManyRequestsException') });
});

test('what is no ARN is an error', async () => {
  expect(await look({ functionArn: 'smoke' })).toMatchObject({
    verdict: 'ERROR',
    reason: expect.stringContaining('BadFunctionArn'),
  });
});

test('a reason is one short line without control characters', async () => {
  answers({ hookStatus: 'FAILED', reason: `one\ntwo\u001b[31m\u202e${'x'.repeat(1000)}` });

  const { reason } = await look();

  expect(reason.length).toBeLessThanOrEqual(300);
  expect(reason).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('nothing but the exact answer passes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string(),
        fc.uint8Array().map((a) => Buffer.from(a).toString('latin1')),
      ),
      (text) => {
        expect(findingOf(Buffer.from(text)).verdict).toBe('ERROR');
      },
    ),
  );
  fc.assert(
    fc.property(
      fc.record({ hookStatus: fc.anything(), reason: fc.anything(), callBackDelay: fc.anything() }),
      (reply) => {
        const text = JSON.stringify(reply, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
        const { verdict } = findingOf(Buffer.from(text));
        if (verdict === 'PASS') {
          expect(JSON.parse(text).hookStatus).toBe('SUCCEEDED');
        }
      },
    ),
  );
});
