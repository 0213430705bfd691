import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodeDeployClient,
  DeploymentDoesNotExistException,
  LifecycleEventAlreadyCompletedException,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { POLICY_VERSION } from '../../../contract/policy';
import { TIMING } from '../check-timing';

process.env.AWS_REGION = 'eu-west-1';

const cloudwatch = mockClient(CloudWatchClient);
const codedeploy = mockClient(CodeDeployClient);
let handler: typeof import('../../../lambda/hook/handler').handler;
let lines: string[];

const EVENT = { DeploymentId: 'd-ABC', LifecycleEventHookExecutionId: 'token-s3cret' };
const CONTEXT = { getRemainingTimeInMillis: () => 900_000 };

const CHECK = {
  kind: 'alarm',
  id: 'alarm-x',
  title: 'alarm x',
  alarmName: 'x',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
  consecutiveErrorLimit: 0,
};

beforeAll(async () => {
  ({ handler } = await import('../../../lambda/hook/handler'));
});
beforeEach(() => {
  cloudwatch.reset();
  codedeploy.reset();
  codedeploy.on(PutLifecycleEventHookExecutionStatusCommand).resolves({});
  cloudwatch.on(DescribeAlarmHistoryCommand).resolves({ AlarmHistoryItems: [] });
  setChecks([CHECK]);
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const setChecks = (checks: readonly object[], v: number = POLICY_VERSION) => {
  process.env.GATES_HOOK_CHECKS = JSON.stringify({ v, checks });
};

const alarm = (state: 'OK' | 'ALARM') =>
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'x', StateValue: state }] });

const reports = () =>
  codedeploy.commandCalls(PutLifecycleEventHookExecutionStatusCommand).map((call) => call.args[0].input);

const logged = () => lines.map((line) => JSON.parse(line));

test('reports Succeeded when the checks pass', async () => {
  alarm('OK');

  await handler(EVENT, CONTEXT);

  expect(reports()).toEqual([
    { deploymentId: 'd-ABC', lifecycleEventHookExecutionId: 'token-s3cret', status: 'Succeeded' },
  ]);
  expect(logged().slice(1)).toEqual([{ level: 'INFO', message: 'the hook reported Succeeded', requestId: 'd-ABC' }]);
});

test('waits for a measurement as long as there is time to report', async () => {
  const slowly = (): Promise<object> =>
    new Promise((resolve) => setTimeout(resolve, 50, { MetricAlarms: [{ AlarmName: 'x', StateValue: 'OK' }] }));
  cloudwatch.on(DescribeAlarmsCommand).callsFake(slowly);

  await handler(EVENT, { getRemainingTimeInMillis: () => 16_000 });

  expect(reports()).toMatchObject([{ status: 'Succeeded' }]);
});

test('says that its checks could not be run, by the name of the error alone', async () => {
  delete process.env.GATES_HOOK_CHECKS;

  await handler(EVENT, CONTEXT);

  expect(logged()).toContainEqual({
    level: 'ERROR',
    message: 'the hook could not run its checks',
    requestId: 'd-ABC',
    error: 'Error',
  });
});

test('reports Failed when a check fails, and logs why', async () => {
  alarm('ALARM');

  await handler(EVENT, CONTEXT);

  expect(reports()).toMatchObject([{ status: 'Failed' }]);
  expect(logged()).toContainEqual({
    level: 'ERROR',
    message: 'check did not pass: FAIL',
    requestId: 'd-ABC',
    checkId: 'alarm-x',
    reason: "Alarm 'x' was red already when the gate began.",
  });
});

test.each([
  ['the alarm is not there', () => void cloudwatch.on(DescribeAlarmsCommand).resolves({})],
  ['CloudWatch refuses', () => void cloudwatch.on(DescribeAlarmsCommand).rejects(new Error('AccessDenied'))],
  ['the checks are not there', () => void delete process.env.GATES_HOOK_CHECKS],
  ['the checks are no JSON', () => void (process.env.GATES_HOOK_CHECKS = '{')],
  ['there is no check', () => void (process.env.GATES_HOOK_CHECKS = '{"v":2,"checks":[]}')],
  ['the document is of another kind', () => void (process.env.GATES_HOOK_CHECKS = '[]')],
  ['the document is of another version', () => setChecks([CHECK], POLICY_VERSION + 1)],
  ['a check has no timing', () => setChecks([{ ...CHECK, interval: undefined }])],
  ['a check is null', () => void (process.env.GATES_HOOK_CHECKS = '{"v":2,"checks":[null]}')],
])('reports Failed when %s', async (_, arrange) => {
  arrange();

  await handler(EVENT, CONTEXT);

  expect(reports()).toMatchObject([{ status: 'Failed' }]);
});

test('says why the checks cannot be read', async () => {
  setChecks([CHECK], POLICY_VERSION + 1);

  await handler(EVENT, CONTEXT);

  expect(logged()).toContainEqual({
    level: 'ERROR',
    message: 'the checks of the hook cannot be read',
    requestId: 'd-ABC',
    reason: expect.stringContaining('written by another version of the library'),
  });
});

test('reports Failed for a kind of check that it does not know, and says so', async () => {
  alarm('OK');
  setChecks([CHECK, { ...CHECK, id: 'canary-x', kind: 'horoscope' }]);

  await handler(EVENT, CONTEXT);

  expect(reports()).toMatchObject([{ status: 'Failed' }]);
  expect(logged()).toContainEqual({
    level: 'ERROR',
    message: 'check did not pass: UNREADABLE',
    requestId: 'd-ABC',
    checkId: 'canary-x',
    reason: 'this version of the workflow does not know this kind of check: update the workflow',
  });
});

test('a check that is only observed is logged and fails nothing', async () => {
  alarm('OK');
  setChecks([CHECK, { ...CHECK, id: 'canary-x', kind: 'horoscope', observeOnly: true }]);

  await handler(EVENT, CONTEXT);

  expect(reports()).toMatchObject([{ status: 'Succeeded' }]);
  expect(logged()).toContainEqual(expect.objectContaining({ level: 'INFO', checkId: 'canary-x' }));
});

test('the words of a function stay out of the log of the hook', async () => {
  const lambda = mockClient(LambdaClient);
  lambda
    .on(InvokeCommand)
    .resolves({ StatusCode: 200, Payload: Buffer.from('{"hookStatus":"FAILED","reason":"s3cret order"}') as never });
  const functionArn = 'arn:aws:lambda:us-east-1:111111111111:function:smoke';
  setChecks([{ ...TIMING, kind: 'lambda', id: 'smoke', title: 'smoke', functionArn }]);

  await handler(EVENT, CONTEXT);

  expect(reports()).toMatchObject([{ status: 'Failed' }]);
  expect(logged()).toContainEqual({
    level: 'ERROR',
    message: 'check did not pass: FAIL',
    requestId: 'd-ABC',
    checkId: 'smoke',
  });
  expect(lines.join()).not.toContain('s3cret');
  lambda.restore();
});

test('reports Failed when the time is too short for what is missing, and says so', async () => {
  cloudwatch.on(DescribeAlarmsCommand).rejects(new Error('no'));
  setChecks([{ ...CHECK, consecutiveErrorLimit: 4 }]);

  await handler(EVENT, { getRemainingTimeInMillis: () => 60_000 });

  expect(reports()).toMatchObject([{ status: 'Failed' }]);
  expect(logged()).toContainEqual({
    level: 'ERROR',
    message: 'the time was up before the checks had passed or failed',
    requestId: 'd-ABC',
  });
});

test('reports Failed before its own time is up, although a check hangs', async () => {
  cloudwatch.on(DescribeAlarmsCommand).callsFake(() => new Promise(() => undefined));

  await handler(EVENT, { getRemainingTimeInMillis: () => 15_050 });

  expect(reports()).toMatchObject([{ status: 'Failed' }]);
  expect(logged()).toContainEqual({ level: 'ERROR', message: 'the hook ran out of time', requestId: 'd-ABC' });
});

test('a repeated delivery finds the answer there, which is fine', async () => {
  alarm('OK');
  codedeploy
    .on(PutLifecycleEventHookExecutionStatusCommand)
    .rejects(new LifecycleEventAlreadyCompletedException({ $metadata: {}, message: 'done' }));

  await expect(handler(EVENT, CONTEXT)).resolves.toBeUndefined();
  expect(logged()).toContainEqual({ level: 'INFO', message: 'the hook was answered already', requestId: 'd-ABC' });
});

test('a report that is refused is an error, so that it is tried again', async () => {
  alarm('OK');
  codedeploy
    .on(PutLifecycleEventHookExecutionStatusCommand)
    .rejects(new DeploymentDoesNotExistException({ $metadata: {}, message: 'no' }));

  await expect(handler(EVENT, CONTEXT)).rejects.toThrow(DeploymentDoesNotExistException);
});

test('never logs the id that allows to answer', async () => {
  alarm('OK');

  await handler(EVENT, CONTEXT);

  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join()).not.toContain('s3cret');
});
