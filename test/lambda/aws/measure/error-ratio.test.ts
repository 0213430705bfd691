import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import type { CheckCommand } from '../../../../contract/messages';
import type { ErrorRatioCheckPlan, MetricSource } from '../../../../contract/checks';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (minute: number) => new Date(Date.parse(SINCE) + minute * 60_000);

const sourceOf = (metric: string): MetricSource => ({
  region: 'eu-west-1',
  period: 60,
  queries: [{ id: 'value', namespace: 'AWS/Lambda', metric, statistic: 'Sum' }],
});
const plan: ErrorRatioCheckPlan = {
  kind: 'errorRatio',
  id: 'error-ratio',
  title: 'error ratio',
  errors: sourceOf('Errors'),
  requests: sourceOf('Invocations'),
  maxPercent: 1,
  minRequests: 300,
  missingData: 'INCONCLUSIVE',
  ...TIMING,
};

const cloudwatch = mockClient(CloudWatchClient);
beforeEach(() => cloudwatch.reset());

const measured = (command: Partial<CheckCommand> = {}) =>
  measure(
    { requestId: 'a'.repeat(32), check: plan, role: 'arn', since: SINCE, now: at(20).toISOString(), ...command },
    {
      of: (Service, region) => new Service({ region, maxAttempts: 1 }),
      get: () => Promise.reject(new Error('not an http check')),
    } as Parameters<typeof measure>[1],
  );

const isOf = (name: string, { MetricDataQueries = [] }: GetMetricDataCommandInput) =>
  MetricDataQueries[0]?.MetricStat?.Metric?.MetricName === name;

/** Each minute has so many of both. */
function given(errors: number, requests: number, status: { errors?: string; requests?: string } = {}) {
  cloudwatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => {
    const isErrors = isOf('Errors', input);
    const count = (input.EndTime!.getTime() - input.StartTime!.getTime()) / 60_000;
    const Timestamps = Array.from({ length: count }, (_, n) => new Date(input.StartTime!.getTime() + n * 60_000));
    const StatusCode = (isErrors ? status.errors : status.requests) ?? 'Complete';
    return {
      MetricDataResults: [{ Timestamps, Values: Timestamps.map(() => (isErrors ? errors : requests)), StatusCode }],
    };
  });
}

test('errors and requests are counted over the same minutes, all since the gate began', async () => {
  given(1, 1000);

  expect(await measured({ lastFinding: at(19).toISOString() })).toMatchObject({
    verdict: 'PASS',
    value: '0.1 %',
    from: SINCE,
    to: at(18).toISOString(),
    healthySince: at(12).toISOString(),
    reason: '18 of 18000 requests were errors (0.1 %) from 2026-11-23 10:00 to 10:18 UTC, at most 1 % may be.',
    link: expect.stringMatching(/~'AWS\*2fLambda~'Errors~.*~'AWS\*2fLambda~'Invocations~/),
  });
  const inputs = cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
  expect(inputs.map(({ StartTime, EndTime }) => [StartTime, EndTime])).toEqual([
    [at(0), at(18)],
    [at(0), at(18)],
  ]);
  expect(inputs.filter((input) => isOf('Errors', input))).toHaveLength(1);
});

test('what an earlier failure was found in does not fail again', async () => {
  cloudwatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => {
    const Timestamps = Array.from({ length: 18 }, (_, minute) => at(minute));
    const errors = Timestamps.map((_, minute) => (minute < 12 ? 50 : 0));
    const Values = isOf('Errors', input) ? errors : Timestamps.map(() => 200);
    return { MetricDataResults: [{ Timestamps, Values, StatusCode: 'Complete' }] };
  });
  expect(await measured()).toMatchObject({ verdict: 'FAIL' });
  const times = { lastFinding: at(17).toISOString(), lastFailure: at(14).toISOString() };
  expect(await measured(times)).toMatchObject({ verdict: 'PASS', value: '0 %', healthySince: at(12).toISOString() });
  expect(await measured({ lastFinding: at(17).toISOString() })).toMatchObject({ verdict: 'FAIL' });
});

test('hours in which there were too few requests are no hole', async () => {
  given(0, 1);
  expect(await measured({ now: at(302).toISOString() })).toMatchObject({ verdict: 'PASS', healthySince: SINCE });
});

test('too many errors fail', async () => {
  given(50, 1000);
  expect(await measured()).toMatchObject({ verdict: 'FAIL', value: '5 %' });
});

test('counts go back only as far as CloudWatch keeps them', async () => {
  given(0, 1000);
  const now = at(20 * 24 * 60);
  await measured({ now: now.toISOString(), lastFinding: new Date(now.getTime() - 60_000).toISOString() });
  const [call] = cloudwatch.commandCalls(GetMetricDataCommand);
  expect(call?.args[0].input.StartTime).toEqual(at(5 * 24 * 60 - 2));
});

test.each([{ errors: 'InternalError' }, { requests: 'PartialData' }])('%j is an error', async (status) => {
  given(0, 1000, status);
  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: expect.stringMatching(/^The metrics cannot be read: CloudWatch /),
  });
});

test('a metric that cannot be read says why, whichever of the two it is', async () => {
  given(0, 1000, { requests: 'InternalError' });

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The metrics cannot be read: CloudWatch could not give the data.',
  });
});

test('nothing is asked before the first period is over', async () => {
  expect(await measured({ now: SINCE })).toMatchObject({
    verdict: 'IN_PROGRESS',
    reason: expect.stringContaining('is not over yet'),
  });
  expect(cloudwatch.calls()).toHaveLength(0);
});
