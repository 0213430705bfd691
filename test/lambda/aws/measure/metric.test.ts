import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import type { CheckCommand } from '../../../../contract/messages';
import type { MetricCheckPlan } from '../../../../contract/checks';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (minute: number) => new Date(Date.parse(SINCE) + minute * 60_000);
const NOW = at(5).toISOString();

const plan: MetricCheckPlan = {
  kind: 'metric',
  id: 'metric-errors',
  title: 'metric Errors',
  source: {
    region: 'us-east-1',
    period: 60,
    queries: [
      {
        id: 'value',
        namespace: 'AWS/Lambda',
        metric: 'Errors',
        dimensions: { FunctionName: 'shop', Resource: 'shop:live' },
        statistic: 'Sum',
        unit: 'Count',
      },
    ],
  },
  atMost: 5,
  missingData: 'INCONCLUSIVE',
  ...TIMING,
};

const cloudwatch = mockClient(CloudWatchClient);
beforeEach(() => cloudwatch.reset());
const regions: string[] = [];

function measured(check: Partial<MetricCheckPlan> = {}, command: Partial<CheckCommand> = {}) {
  return measure(
    { requestId: 'a'.repeat(32), check: { ...plan, ...check }, role: 'arn', since: SINCE, now: NOW, ...command },
    {
      of: (Service, region) => {
        regions.push(region);
        return new Service({ region, maxAttempts: 1 });
      },
      get: () => Promise.reject(new Error('not an http check')),
    } as Parameters<typeof measure>[1],
  );
}

type Answer = Partial<GetMetricDataCommandOutput>;

function page(minutes: readonly number[], values: readonly number[], more: object = {}, answer: Answer = {}): Answer {
  const result = { Id: 'value', Timestamps: minutes.map(at), Values: [...values], StatusCode: 'Complete' as const };
  return { MetricDataResults: [{ ...result, ...more }], ...answer };
}

const given = (answer: Answer) => cloudwatch.on(GetMetricDataCommand).resolves(answer);

test('a metric is read in its Region for whole periods, and passes', async () => {
  given(page([0, 1, 2], [0, 4, 1]));

  expect(await measured()).toEqual({
    checkId: 'metric-errors',
    at: NOW,
    verdict: 'PASS',
    value: '4',
    drawn: { value: 4, limit: 5 },
    threshold: 'at most 5',
    from: SINCE,
    to: at(3).toISOString(),
    healthySince: SINCE,
    reason: 'It was at worst 4 from 2026-11-23 10:00 to 10:03 UTC, and has to be at most 5.',
    link: expect.stringContaining("#metricsV2?graph=~(metrics~(~(~'AWS*2fLambda~'Errors~'FunctionName~'shop"),
    logs: expect.stringContaining('$252Faws$252Flambda$252Fshop/log-events'),
    traces: expect.stringContaining('#xray:traces/query?'),
  });
  expect(regions.at(-1)).toBe('us-east-1');
  expect(cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input)).toEqual([
    {
      MetricDataQueries: [
        {
          Id: 'value',
          ReturnData: true,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Errors',
              Dimensions: [
                { Name: 'FunctionName', Value: 'shop' },
                { Name: 'Resource', Value: 'shop:live' },
              ],
            },
            Period: 60,
            Stat: 'Sum',
            Unit: 'Count',
          },
        },
      ],
      StartTime: at(0),
      EndTime: at(3),
      ScanBy: 'TimestampAscending',
    },
  ]);
});

test('of an expression only its own values are asked for', async () => {
  given(page([0, 1, 2], [0, 0, 0]));
  const [query] = plan.source.queries;
  const queries = [
    { id: 'value', expression: 'FILL(m, 0)' },
    { ...query!, id: 'm' },
  ];

  expect(await measured({ source: { ...plan.source, queries } })).toMatchObject({ verdict: 'PASS' });
  const [call] = cloudwatch.commandCalls(GetMetricDataCommand);
  expect(call?.args[0].input.MetricDataQueries).toMatchObject([
    { Id: 'value', Expression: 'FILL(m, 0)', Period: 60, ReturnData: true },
    { Id: 'm', ReturnData: false, MetricStat: { Stat: 'Sum' } },
  ]);
});

test('both limits are lines in the graph that it leads to', async () => {
  given(page([0, 1, 2], [3, 3, 3]));

  const { link } = await measured({ atLeast: 2 });

  expect(link).toContain("annotations~(horizontal~(~(value~2~label~'limit*20of*20the*20check)~(value~5~");
});

test('nothing is asked before the first period is over', async () => {
  expect(await measured({}, { now: SINCE })).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 180 });
  expect(cloudwatch.calls()).toHaveLength(0);
});

test('values that come on several pages count together', async () => {
  cloudwatch
    .on(GetMetricDataCommand)
    .resolvesOnce(page([0, 1], [0, 9], { StatusCode: 'PartialData' }, { NextToken: 'more' }))
    .resolves(page([2], [0]));

  expect(await measured()).toMatchObject({ verdict: 'FAIL', value: '9' });
  expect(cloudwatch.commandCalls(GetMetricDataCommand, { NextToken: 'more' })).toHaveLength(1);
});

test('a division by zero leaves out its period, and is no error by itself', async () => {
  const Messages = [{ Code: 'ArithmeticError', Value: 'division by zero' }];
  given(page([0, 1], [0, 0], { Messages }));

  expect(await measured()).toMatchObject({ verdict: 'IN_PROGRESS' });
  expect(await measured({ missingData: 'HEALTHY' })).toMatchObject({ verdict: 'PASS' });
});

const twice = page([0, 1, 2], [0, 0, 0]).MetricDataResults!;
test.each<[string, Answer, string]>([
  ['a part of the data', page([0, 1, 2], [0, 0, 0], { StatusCode: 'PartialData' }), 'gave only a part of the data'],
  ['an error inside of CloudWatch', page([0, 1, 2], [0, 0, 0], { StatusCode: 'InternalError' }), 'could not give'],
  ['no permission in that account', page([0, 1, 2], [0, 0, 0], { StatusCode: 'Forbidden' }), 'could not give'],
  ['no status', page([0, 1, 2], [0, 0, 0], { StatusCode: undefined }), 'could not give'],
  ['no result', {}, 'gave only a part of the data'],
  ['two series', { MetricDataResults: [...twice, ...twice] }, 'more than one series'],
  ['values without times', page([0, 1], [0, 0, 0]), 'values without their times'],
  ['a warning', page([0, 1, 2], [0, 0, 0], {}, { Messages: [{ Code: 'MaxMetricsExceeded' }] }), 'with a warning'],
  ['pages without end', page([], [], {}, { NextToken: 'again' }), 'more data than can be read'],
])('%s is an error, and says so', async (_, answer, reason) => {
  given(answer);

  const measurement = await measured({ missingData: 'HEALTHY' });

  expect(measurement).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining(reason) });
});

test('a call that is refused is an error', async () => {
  cloudwatch.on(GetMetricDataCommand).rejects(Object.assign(new Error('arn:secret'), { name: 'AccessDenied' }));

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The check could not be carried out: AccessDenied.',
  });
});

test('whatever CloudWatch answers, a metric passes only with all values of its window, complete and within the limit', async () => {
  const status = fc.constantFrom(
    'Complete',
    'Complete',
    'Complete',
    'PartialData',
    'InternalError',
    'Forbidden',
    undefined,
  );
  const values = fc.array(fc.constantFrom(0, 0, 0, 0, 5, 5.1, NaN), { minLength: 2, maxLength: 4 });
  const first = fc.constantFrom(0, 0, 0, 1);
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(status, values, first), { minLength: 1, maxLength: 2 }), async (pages) => {
      cloudwatch.reset();
      let behavior = cloudwatch.on(GetMetricDataCommand);
      pages.forEach(([StatusCode, numbers, start], index) => {
        const last = index === pages.length - 1;
        const minutes = numbers.map((_, n) => start + n);
        behavior = behavior.resolvesOnce(page(minutes, numbers, { StatusCode }, last ? {} : { NextToken: 'n' }));
      });
      const { verdict } = await measured();
      seen.add(verdict);
      if (verdict === 'PASS') {
        expect(pages.at(-1)?.[0]).toBe('Complete');
        expect(pages.every(([code]) => code === 'Complete' || code === 'PartialData')).toBe(true);
        const known = pages.flatMap(([, numbers, start]) => numbers.map((number, n) => [start + n, number] as const));
        expect(known.map(([minute]) => minute).sort()).toEqual([0, 1, 2]);
        expect(known.every(([, number]) => number <= 5)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(seen).toContain('PASS');
});
