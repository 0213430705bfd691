import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import {
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  ServiceException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import type { LambdaCheckPlan } from '../../../../contract/checks';
import { Attempts, ownClients } from '../../../../lambda/aws/measure/clients';
import { measure } from '../../../../lambda/aws/measure/measure';
import { findingOf, measureLambda } from '../../../../lambda/aws/measure/lambda';
import { TIMING } from '../../check-timing';

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

function measured(check: Partial<LambdaCheckPlan> = {}) {
  return measure(
    { requestId: 'r'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: SINCE, now: NOW },
    {
      of: (Service, region, maxAttempts = Attempts.READ) => {
        regions.push(region);
        return new Service({ region, maxAttempts });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

test('the function is invoked with what it has to know, where it is', async () => {
  answers({ hookStatus: 'SUCCEEDED', reason: '42 orders went through' });

  expect(await measured()).toEqual({
    checkId: 'smoke',
    at: NOW,
    verdict: 'PASS',
    reason: '42 orders went through',
    link: 'https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/smoke',
    logs: expect.stringContaining('#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fsmoke/log-events$3Fstart$3D'),
    traces: expect.stringContaining(
      "#xray:traces/query?~(query~(filter~()~expression~'service*28id*28name*3a*20*22smoke*22",
    ),
  });
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

  expect(await measured()).toMatchObject(expected);
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

  expect(await measured()).toMatchObject({ verdict: 'ERROR' });
});

test.each([
  ['[]', 'is no JSON object'],
  ['{', 'is no JSON object'],
  ['null', 'is no JSON object'],
  [{}, 'has no `hookStatus` SUCCEEDED, FAILED or IN_PROGRESS'],
  [{ hookStatus: 'SUCCEEDED', reason: 7 }, 'has a `reason` that is no text'],
  [{ hookStatus: 'SUCCEEDED', callBackDelay: 0 }, 'has a `callBackDelay` that is not 1 to 86400 seconds'],
  [{ hookStatus: 'SUCCEEDED', padding: 'x'.repeat(65_536) }, 'is larger than 65536 bytes'],
])('whoever wrote the function is told that its answer %j is wrong, and how', async (answer, what) => {
  answers(answer);

  expect((await measured()).reason).toBe(`The answer of the check's function ${what}.`);
});

test('an answer of the largest size is read', async () => {
  const around = JSON.stringify({ hookStatus: 'SUCCEEDED', padding: '' }).length;
  answers({ hookStatus: 'SUCCEEDED', padding: 'x'.repeat(65_536 - around) });

  expect((await measured()).verdict).toBe('PASS');
});

test.each(['', '  '])('the reason %j says nothing', async (reason) => {
  answers({ hookStatus: 'FAILED', reason });

  expect((await measured()).reason).toBe('The function answered FAILED.');
});

test('a function that does not say when is asked again at the interval of its check', async () => {
  answers({ hookStatus: 'IN_PROGRESS' });

  expect(await measured()).not.toHaveProperty('callBackDelay');
});

test('the longest delay is a day', async () => {
  answers({ hookStatus: 'IN_PROGRESS', callBackDelay: 86_400 });

  expect(await measured()).toMatchObject({ callBackDelay: 86_400 });
});

test('a check without details gives none', async () => {
  answers({ hookStatus: 'SUCCEEDED' });

  await measured({ details: undefined });

  const { Payload } = lambda.commandCalls(InvokeCommand)[0]!.args[0].input;
  expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString())).not.toHaveProperty('details');
});

test('a function that throws is an error, even if what it left behind looks healthy', async () => {
  answers({ hookStatus: 'SUCCEEDED' }, { FunctionError: 'Unhandled' });
  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The function of the check failed; its log says why.',
  });

  answers({ hookStatus: 'SUCCEEDED' }, { StatusCode: 202 });
  expect(await measured()).toMatchObject({ verdict: 'ERROR' });
});

describe('a throttled invocation (A16)', () => {
  const throttled = new TooManyRequestsException({ $metadata: {}, message: 'slow down' });
  const command = { requestId: 'r'.repeat(32), since: SINCE, now: NOW };
  let pauses: number[];
  const pause = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const measureWith = (more = pause) => measureLambda(plan, command, ownClients(), more);
  beforeEach(() => {
    pauses = [];
  });

  test('is tried again', async () => {
    lambda
      .on(InvokeCommand)
      .rejectsOnce(throttled)
      .rejectsOnce(Object.assign(new Error('many'), { name: 'EC2ThrottledException' }))
      .resolves({ StatusCode: 200, Payload: bytes({ hookStatus: 'SUCCEEDED' }) });

    expect(await measureWith()).toMatchObject({ verdict: 'PASS' });
    expect(pauses).toHaveLength(2);
  });

  test('is an error once the patience is used up', async () => {
    lambda.on(InvokeCommand).rejects(throttled);

    await expect(measureWith()).rejects.toThrow(TooManyRequestsException);
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(6);
    expect(pauses).toHaveLength(5);
    [500, 1000, 2000, 4000, 8000].forEach((longest, index) => {
      expect(pauses[index]).toBeLessThanOrEqual(longest);
      expect(pauses[index]).toBeGreaterThanOrEqual(longest / 2);
    });
  });

  test('waits no longer than the measurement may take', async () => {
    lambda.on(InvokeCommand).rejects(throttled);
    let signal: AbortSignal | undefined;

    await measureLambda(plan, command, ownClients(), (_, __, options) => {
      signal = options.signal;
      return Promise.reject(new Error('late'));
    }).catch(() => undefined);

    const [, options] = lambda.commandCalls(InvokeCommand)[0]!.args as unknown as [unknown, object];
    expect(signal).toBeDefined();
    expect(options).toEqual({ abortSignal: signal });
  });

  test.each([
    ['a function that is late', Object.assign(new Error('late'), { name: 'TimeoutError' })],
    ['an invocation that was cut off', Object.assign(new Error('cut'), { name: 'AbortError' })],
    ['a service that fails', new ServiceException({ $metadata: { httpStatusCode: 500 }, message: 'sorry' })],
    ['a refusal', new ResourceNotFoundException({ $metadata: { httpStatusCode: 404 }, message: 'where?' })],
  ])('is not the same as %s, which is not invoked again', async (_, error) => {
    lambda.on(InvokeCommand).rejects(error);

    await expect(measureWith()).rejects.toBe(error);
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
  });

  test('is not the same as a function that fails, which is not invoked again', async () => {
    answers({ errorType: 'TooManyRequestsException' }, { FunctionError: 'Unhandled' });

    expect(await measureWith()).toMatchObject({ verdict: 'ERROR' });
    expect(lambda.commandCalls(InvokeCommand)).toHaveLength(1);
  });
});

test('a refused invocation is an error that names it', async () => {
  lambda.on(InvokeCommand).rejects(new ResourceNotFoundException({ $metadata: {}, message: 'where?' }));

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The check could not be carried out: ResourceNotFoundException.',
  });
});

test('what is no ARN is an error', async () => {
  expect(await measured({ functionArn: 'smoke' })).toMatchObject({
    verdict: 'ERROR',
    reason: expect.stringContaining('BadArn'),
  });
});

test('a reason is one short line without control characters', async () => {
  answers({ hookStatus: 'FAILED', reason: `one\ntwo\u001b[31m\u202e${'x'.repeat(1000)}` });

  const { reason } = await measured();

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
