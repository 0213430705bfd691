import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import type { CanaryCheckPlan, MetricSource } from '../../../../contract/checks';
import { measure } from '../../../../lambda/aws/measure/measure';
import { chance } from '../../../judge/random';
import { TIMING } from '../../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (minute: number) => new Date(Date.parse(SINCE) + minute * 60_000);

function source(metric: string, region = 'eu-west-1'): MetricSource {
  return { region, period: 60, queries: [{ id: 'value', namespace: 'Shop', metric, statistic: 'Average' }] };
}

const plan: CanaryCheckPlan = {
  ...TIMING,
  kind: 'canary',
  id: 'canary',
  title: 'canary errors',
  period: 60,
  points: 60,
  minPoints: 30,
  metrics: [
    {
      name: 'errors',
      canary: source('Canary'),
      baseline: source('Stable', 'us-east-1'),
      worseWhen: 'HIGHER',
      minEffect: 0.1,
      group: 'all',
      criticality: 'NORMAL',
    },
  ],
  groupWeights: {},
  pass: 95,
  marginal: 75,
};

const cloudwatch = mockClient(CloudWatchClient);
const regions: string[] = [];
beforeEach(() => {
  cloudwatch.reset();
  regions.length = 0;
});

function measured(minute: number) {
  return measure({ requestId: 'a'.repeat(32), check: plan, role: 'arn', since: SINCE, now: at(minute).toISOString() }, {
    of: (Service, region) => {
      regions.push(region);
      return new Service({ region, maxAttempts: 1 });
    },
    get: () => Promise.reject(new Error('not an http check')),
  } as Parameters<typeof measure>[1]);
}

/** What CloudWatch has of each of the two metrics. */
function given(canary: number, stable: number, status = 'Complete') {
  const { normal } = chance(1);
  cloudwatch.on(GetMetricDataCommand).callsFake((input: { MetricDataQueries: any[] }) => {
    const isCanary = input.MetricDataQueries[0].MetricStat.Metric.MetricName === 'Canary';
    const Values = Array.from({ length: 60 }, () => (isCanary ? canary : stable) + normal());
    const Timestamps = Values.map((_value, index) => at(index));
    return { MetricDataResults: [{ Id: 'value', StatusCode: status, Timestamps, Values }] };
  });
}

test('both sides are read in their Regions, for the periods of the look', async () => {
  given(50, 50);

  expect(await measured(62)).toMatchObject({
    checkId: 'canary',
    verdict: 'PASS',
    healthySince: SINCE,
    value: 'score 100',
    link: expect.stringContaining("~'Shop~'Canary~"),
  });
  expect(regions).toEqual(['eu-west-1', 'us-east-1']);
  const inputs = cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
  expect(inputs).toHaveLength(2);
  inputs.forEach((input) => expect(input).toMatchObject({ StartTime: at(0), EndTime: at(60) }));
});

test('a worse canary fails at the first look', async () => {
  given(100, 50);

  expect(await measured(32)).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('Look 1 of 3: errors') });
});

test('nothing is asked before the first look is due', async () => {
  expect(await measured(31)).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 60 });
  expect(cloudwatch.calls()).toHaveLength(0);
});

test.each(['Canary', 'Stable'])('nothing is judged where only %s cannot be read', async (side) => {
  given(100, 50);
  cloudwatch.on(GetMetricDataCommand).callsFake((input: { MetricDataQueries: any[] }) => {
    const { MetricName } = input.MetricDataQueries[0].MetricStat.Metric;
    return { MetricDataResults: [{ Id: 'value', StatusCode: MetricName === side ? 'InternalError' : 'Complete' }] };
  });

  expect(await measured(62)).toMatchObject({
    verdict: 'ERROR',
    reason: 'errors cannot be read: CloudWatch could not give the data.',
  });
});

test('a part of the data is an error, and names the metric', async () => {
  given(100, 50, 'PartialData');

  expect(await measured(62)).toMatchObject({
    verdict: 'ERROR',
    reason: 'errors cannot be read: CloudWatch gave only a part of the data.',
  });
});

test('without permission it is an error', async () => {
  cloudwatch.on(GetMetricDataCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));

  expect(await measured(62)).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('AccessDenied') });
});
