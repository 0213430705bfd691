import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodePipelineClient,
  InvalidJobStateException,
  JobNotFoundException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CodePipelineEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { POLICY_VERSION } from '../../../contract/policy';
import { TIMING } from '../check-timing';
import { EXECUTION } from '../samples';

process.env.AWS_REGION = 'eu-west-1';

const cloudwatch = mockClient(CloudWatchClient);
const codepipeline = mockClient(CodePipelineClient);
const lambda = mockClient(LambdaClient);
let handler: typeof import('../../../lambda/health-action/handler').handler;
let lines: string[];
let jobs: number;

const BEGAN = '2026-11-23T10:00:00.000Z';
const CHECK = {
  kind: 'alarm',
  id: 'alarm-x',
  title: 'alarm x',
  alarmName: 'x',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
  interval: 60,
  consecutiveErrorLimit: 0,
};

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/health-action/handler'));
});
beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse(BEGAN), doNotFake: ['nextTick', 'setImmediate'] });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  jobs = 0;
  cloudwatch.reset();
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });
  alarm('OK');
  codepipeline.reset();
  codepipeline.onAnyCommand().resolves({});
  process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks: [CHECK] });
  process.env.GATES_HOOK_BAKE_MINUTES = '5';
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const alarm = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'x', StateValue: state }] });

function job(continuationToken?: string, UserParameters: unknown = EXECUTION): CodePipelineEvent {
  const artifactCredentials = { accessKeyId: 'AKIA', secretAccessKey: 's3cret', sessionToken: 't0ken' };
  const data = {
    actionConfiguration: { configuration: { FunctionName: 'checks', UserParameters: UserParameters as string } },
    inputArtifacts: [],
    outputArtifacts: [],
    artifactCredentials,
    ...(continuationToken === undefined ? {} : { continuationToken }),
  };
  return { 'CodePipeline.job': { id: `job-${++jobs}`, accountId: '111111111111', data } };
}

/** What CodePipeline was told last. */
function answer(): { success?: any; failure?: any } {
  const successes = codepipeline.commandCalls(PutJobSuccessResultCommand);
  const failures = codepipeline.commandCalls(PutJobFailureResultCommand);
  return { success: successes.at(-1)?.args[0].input, failure: failures.at(-1)?.args[0].input };
}

async function answered(token?: string, run?: unknown) {
  codepipeline.resetHistory();
  await handler(job(token, run));
  return answer();
}

/** As CodePipeline does it: again after a while that nobody knows, with the token. */
async function ran(change: (minute: number) => void = () => undefined, every = 30) {
  let token: string | undefined;
  const began = Date.now();
  for (let calls = 0; calls < 3000; calls++) {
    const { success, failure } = await answered(token);
    const minutes = (Date.now() - began) / 60_000;
    if (failure !== undefined) return { failed: failure.failureDetails.message as string, minutes };
    if (success.continuationToken === undefined) {
      return { passed: success.executionDetails.summary as string, minutes };
    }
    token = success.continuationToken as string;
    jest.setSystemTime(Date.now() + every * 1000);
    change((Date.now() - began) / 60_000);
  }
  throw new Error('the action never ends');
}

const logged = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown);

const packed = (state: unknown): string => deflateRawSync(JSON.stringify(state)).toString('base64url');

test.each([10, 30, 60, 75])('succeeds after the whole bake when CodePipeline comes every %d seconds', async (every) => {
  const { passed, minutes } = (await ran(undefined, every)) as { passed: string; minutes: number };

  expect(passed).toContain('alarm x passed');
  expect(minutes).toBeGreaterThanOrEqual(5);
  expect(minutes).toBeLessThan(5 + every / 60);
});

test('fails as soon as a check fails', async () => {
  expect(await ran((minute) => minute >= 2 && alarm('ALARM'))).toEqual({
    failed: expect.stringContaining('alarm x failed'),
    minutes: 2,
  });
});

test('a failure says nothing of time that is up', async () => {
  alarm('ALARM');

  expect((await ran()).failed).toMatch(/^alarm x failed/);
});

test('fails when a check cannot tell', async () => {
  expect(await ran((minute) => minute >= 3 && alarm('INSUFFICIENT_DATA'))).toMatchObject({
    failed: expect.stringContaining('alarm x cannot tell'),
  });
});

test('without a bake time the moment decides', async () => {
  process.env.GATES_HOOK_BAKE_MINUTES = '0';

  expect(await ran()).toMatchObject({ passed: expect.any(String), minutes: 0 });
});

test('says meanwhile how far it is', async () => {
  const { success } = await answered();
  jest.setSystemTime(Date.now() + 3 * 60_000);
  const { success: later } = await answered(success.continuationToken);

  expect(success.executionDetails).toMatchObject({
    summary: expect.stringMatching(/^Watched for 0 of 5 minutes\. alarm x is still watching/),
    percentComplete: 0,
  });
  expect(later.executionDetails).toMatchObject({
    summary: expect.stringMatching(/^Watched for 3 of 5 minutes/),
    percentComplete: 60,
  });
});

test('a hole in what was watched is no healthy time', async () => {
  const { alarmName: _, ...timing } = CHECK;
  const functionArn = 'arn:aws:lambda:eu-west-1:111111111111:function:smoke';
  const check = { ...timing, kind: 'lambda', functionArn };
  process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks: [check] });
  process.env.GATES_HOOK_BAKE_MINUTES = '20';
  const reply = Buffer.from(JSON.stringify({ hookStatus: 'SUCCEEDED' }));
  lambda.on(InvokeCommand).resolves({ StatusCode: 200, Payload: reply as never });

  expect(await ran(undefined, 120)).toMatchObject({ passed: expect.any(String) });
  expect(await ran(undefined, 299)).toMatchObject({ failed: expect.stringContaining('it was not seen healthy from') });
});

test('ends by itself before CodePipeline gives up after 24 hours', async () => {
  process.env.GATES_HOOK_BAKE_MINUTES = String(30 * 60);

  expect(await ran(undefined, 60)).toEqual({
    failed: expect.stringContaining('The time of the action was up'),
    minutes: 23.5 * 60,
  });
});

test('passes by what it measures at that moment, whatever the token says of a moment ago', async () => {
  const { success } = await answered();
  jest.setSystemTime(Date.now() + 5 * 60_000);
  const almost = (await answered(success.continuationToken)).success;
  expect(almost.continuationToken).toBeUndefined();

  // Somebody who may invoke the function says that everything was measured and well a second ago.
  const now = Date.parse(BEGAN) + 5 * 60_000;
  const at = new Date(now - 1000).toISOString();
  const tally = {
    checkId: 'alarm-x',
    passes: 99,
    failures: 0,
    inconclusives: 0,
    failuresInARow: 0,
    errorsInARow: 0,
    inconclusivesInARow: 0,
    coveredUntil: at,
    lastFinding: at,
    last: { checkId: 'alarm-x', at, verdict: 'PASS', reason: '' },
    unchangedSince: BEGAN,
  };
  const forged = packed({ step: EXECUTION, since: '2026-11-23T09:00:00.000Z', tallies: [tally] });
  alarm('ALARM');

  expect((await answered(forged)).failure?.failureDetails.message).toContain('alarm x failed');

  const future = { ...tally, last: { ...tally.last, at: '2026-11-23T11:00:00.000Z' } };
  const later = packed({ step: EXECUTION, since: '2026-11-23T09:00:00.000Z', tallies: [future] });
  expect((await answered(later)).failure?.failureDetails.message).toContain('cannot be read');
});

describe('fails', () => {
  const state = { step: EXECUTION, since: BEGAN, tallies: [] };

  test.each<[string, string]>([
    ['that is no token', 'healthy'],
    ['that is empty', ''],
    ['of another run', packed({ ...state, step: 'another-run' })],
    ['without tallies', packed({ ...state, tallies: 'none' })],
    ['with a tally without counters', packed({ ...state, tallies: [{ checkId: 'alarm-x', passes: 99 }] })],
    ['of the future', packed({ ...state, since: '2026-11-23T10:00:00.001Z' })],
    ['that unfolds to more than it may', packed({ ...state, more: 'x'.repeat(1_000_000) })],
  ])('with a token %s', async (_, token) => {
    expect(await answered(token)).toEqual({ failure: expect.anything() });
  });

  test.each<[string, string | undefined]>([
    ['no checks', undefined],
    ['checks of another version', JSON.stringify({ v: POLICY_VERSION + 1, checks: [CHECK] })],
    ['checks of an unknown kind', JSON.stringify({ v: POLICY_VERSION, checks: [{ ...CHECK, kind: 'horoscope' }] })],
  ])('with %s', async (_, checks) => {
    if (checks === undefined) delete process.env.GATES_HOOK_CHECKS;
    else process.env.GATES_HOOK_CHECKS = checks;

    expect(await answered()).toEqual({ failure: expect.anything() });
  });

  test.each(['', '-1', 'NaN'])('with a bake time of %j', async (minutes) => {
    process.env.GATES_HOOK_BAKE_MINUTES = minutes;

    const { failure } = await answered();

    expect(failure.failureDetails.message).toBe('The checks could not be run. The log of the function says why');
    expect(logged()).toEqual([
      { level: 'ERROR', message: 'the action could not run its checks', error: expect.stringMatching(/^\w*Error$/) },
    ]);
  });

  test.each([undefined, '', '#{codepipeline.PipelineExecutionId}', 'run of', '-run\u00e9', 7])(
    'with %j for a run',
    async (run) => {
      const { failure } = await answered(undefined, run ?? null);

      expect(failure.failureDetails).toMatchObject({
        type: 'JobFailed',
        message: expect.stringContaining('not made by'),
      });
      expect(logged()).toEqual([{ level: 'ERROR', message: 'an action that nobody understands' }]);
    },
  );

  test.each<[string, string | undefined, string]>([
    ['a token', undefined, '`hookDetails` is not an object'],
    ['checks', '{}', '`v` is'],
  ])('with %s that cannot be read, and logs why', async (_, checks, reason) => {
    if (checks !== undefined) process.env.GATES_HOOK_CHECKS = checks;

    const { failure } = await answered(checks === undefined ? 'healthy' : undefined);

    expect(failure.failureDetails.message).toBe('The checks, or what is known of them so far, cannot be read');
    expect(logged()).toEqual([
      {
        level: 'ERROR',
        message: 'the action cannot be read',
        executionId: EXECUTION,
        reason: expect.stringContaining(reason),
      },
    ]);
  });

  test('with more checks than a token can tell of', async () => {
    const checks = Array.from({ length: 60 }, (_, n) => ({
      ...CHECK,
      id: createHash('sha1').update(`${n}`).digest('hex'),
    }));
    process.env.GATES_HOOK_CHECKS = JSON.stringify({ v: POLICY_VERSION, checks });

    const { failure } = await answered();

    expect(failure.failureDetails.message).toMatch(/does not fit into a continuation token: give fewer checks$/);
    expect(logged()).toEqual([
      { level: 'ERROR', message: 'what is known of the checks does not fit into a token', executionId: EXECUTION },
    ]);
  });
});

test('is quiet where the job was answered already: Lambda may bring it twice', async () => {
  codepipeline
    .on(PutJobSuccessResultCommand)
    .rejects(new InvalidJobStateException({ message: 'Succeeded', $metadata: {} }));

  await expect(handler(job())).resolves.toBeUndefined();
});

test('is quiet where CodePipeline knows the job no more: its action has ended', async () => {
  codepipeline.onAnyCommand().rejects(new JobNotFoundException({ message: 'no', $metadata: {} }));

  await expect(handler(job())).resolves.toBeUndefined();
  expect(lines.join('')).toContain('the action was answered already, or has ended');
});

test('logs neither the id of the job, nor the token, nor credentials', async () => {
  const { success } = await answered();
  codepipeline.on(PutJobSuccessResultCommand).rejects(new Error('secret job-2 s3cret'));
  await handler(job(success.continuationToken)).catch(() => undefined);
  alarm('ALARM');
  await handler(job(success.continuationToken)).catch(() => undefined);

  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toMatch(/job-\d|s3cret|t0ken|AKIA/);
  expect(lines.join('')).not.toContain(success.continuationToken);
});
