import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  Check,
  MetricCriticality,
  WorseWhen,
  type CanaryAnalysisCheckOptions,
  type ComparedMetric,
} from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

function stackOf(): Stack {
  return new Stack(new App(), 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });
}

const metric = (track: string, props: Partial<cloudwatch.MetricProps> = {}) =>
  new cloudwatch.Metric({
    namespace: 'Shop',
    metricName: 'Errors',
    dimensionsMap: { Track: track },
    period: Duration.minutes(1),
    ...props,
  });

const compared = (more: Partial<ComparedMetric> = {}): ComparedMetric => ({
  canary: metric('canary'),
  baseline: metric('stable'),
  ...more,
});

const BAKE = { bakeTime: Duration.hours(1) };

function bound(options: Partial<CanaryAnalysisCheckOptions> = {}, place: Parameters<typeof bindChecks>[2] = BAKE) {
  return bindChecks(stackOf(), [Check.canaryAnalysis({ metrics: [compared()], ...options })], place);
}

function planOf(options?: Partial<CanaryAnalysisCheckOptions>, place?: Parameters<typeof bindChecks>[2]): any {
  return stackOf().resolve(bound(options, place).plans[0]);
}

const side = (track: string) => ({
  region: 'eu-west-1',
  period: 60,
  queries: [{ id: 'value', namespace: 'Shop', metric: 'Errors', dimensions: { Track: track }, statistic: 'Average' }],
});

describe('a canary analysis', () => {
  test('compares for the whole bake, with the numbers of the judge', () => {
    expect(planOf()).toEqual({
      kind: 'canary',
      id: 'canary-errors',
      title: 'canary Errors',
      period: 60,
      points: 60,
      minPoints: 30,
      metrics: [
        {
          name: 'Errors',
          canary: side('canary'),
          baseline: side('stable'),
          worseWhen: 'HIGHER',
          minEffect: 0.1,
          group: 'all',
          criticality: 'NORMAL',
        },
      ],
      groupWeights: {},
      pass: 95,
      marginal: 75,
      initialDelay: 0,
      interval: 60,
      failureLimit: 0,
      consecutiveErrorLimit: 4,
      inconclusiveLimit: 0,
      minSamples: 1,
      observeOnly: false,
    });
  });

  test('takes what is asked for', () => {
    const metrics = [
      compared({
        name: 'orders',
        worseWhen: WorseWhen.LOWER,
        minEffectPercent: 0,
        group: 'business',
        criticality: MetricCriticality.CRITICAL,
      }),
      compared({ worseWhen: WorseWhen.DIFFERENT, criticality: MetricCriticality.REPORT_ONLY }),
    ];
    const options = {
      metrics,
      groupWeights: { business: 70 },
      passScore: 60,
      minPoints: 5,
      initialDelay: Duration.minutes(10),
    };
    expect(planOf(options)).toMatchObject({
      title: 'canary orders, Errors',
      points: 50,
      minPoints: 5,
      groupWeights: { business: 70 },
      pass: 60,
      marginal: 60,
      metrics: [
        { name: 'orders', worseWhen: 'LOWER', minEffect: 0, group: 'business', criticality: 'CRITICAL' },
        { name: 'Errors', worseWhen: 'DIFFERENT', criticality: 'REPORT_ONLY' },
      ],
    });
  });

  test('may read metrics, and nothing else', () => {
    expect(bound().statements.map((statement) => statement.toJSON())).toEqual([
      { Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
    ]);
  });
});

const weights = (groupWeights: Record<string, number>) => ({ groupWeights });

test.each<[string, Partial<CanaryAnalysisCheckOptions>, RegExp]>([
  ['no metrics', { metrics: [] }, /has 0 metrics, but has to have 1 to 10: .*CanaryMetrics/],
  ['eleven metrics', { metrics: Array(11).fill(compared()) }, /has 11 metrics/],
  [
    'a metric twice',
    { metrics: [compared(), compared()] },
    /two metrics named 'Errors': give each a `name`.*SameNameTwice/,
  ],
  [
    'only shown ones',
    { metrics: [compared({ criticality: MetricCriticality.REPORT_ONLY })] },
    /could never fail.*OnlyObservers/,
  ],
  [
    'a metric compared with itself',
    { metrics: [compared({ baseline: metric('canary') })] },
    /with itself, so it could never fail.*SameMetric/,
  ],
  [
    'two periods',
    { metrics: [compared({ baseline: metric('stable', { period: Duration.minutes(5) }) })] },
    /periods of 1 minute and 5 minutes.*PeriodsDiffer/,
  ],
  [
    'a period of seconds',
    {
      metrics: [
        compared({
          canary: metric('canary', { period: Duration.seconds(10) }),
          baseline: metric('stable', { period: Duration.seconds(10) }),
        }),
      ],
    },
    /period of 10 seconds, which CloudWatch keeps for 3 hours.*PeriodTooShort/,
  ],
  ['an unknown direction', { metrics: [compared({ worseWhen: 'UP' as WorseWhen })] }, /worseWhen.*WorseWhen/],
  [
    'an unknown criticality',
    { metrics: [compared({ criticality: 'HIGH' as MetricCriticality })] },
    /criticality.*MetricCriticality/,
  ],
  [
    'an effect below 0',
    { metrics: [compared({ minEffectPercent: -1 })] },
    /minEffectPercent.* is -1, .*from 0 to 1000/,
  ],
  ['a name of two lines', { metrics: [compared({ name: 'a\nb' })] }, /one line of 1 to 60 characters/],
  ['an empty group', { metrics: [compared({ group: '' })] }, /one line of 1 to 60 characters/],
  [
    'a baseline of another Region',
    { metrics: [compared({ baseline: metric('stable', { region: 'us-east-1' }) })] },
    /metrics of two accounts or Regions.*SeveralPlaces/,
  ],
  ['a metric that is none', { metrics: [compared({ baseline: 'errors' as any })] }, /WrongType/],
  ['a score of 0', { passScore: 0 }, /passScore.*from 1 to 100/],
  ['a marginal score above the other', { passScore: 80, marginalScore: 81 }, /marginalScore.* is 81, .*from 1 to 80/],
  ['too few points', { minPoints: 4 }, /minPoints.* is 4, .*from 5 to 1000/],
  [
    'a weight of no group',
    weights({ latency: 50 }),
    /names group 'latency', but the groups that decide are all.*UnknownGroup/,
  ],
  ['a weight of 0', weights({ all: 0 }), /groupWeights.*from 1 to 100/],
  [
    'weights that leave nothing',
    { ...weights({ business: 100 }), metrics: [compared({ name: 'orders', group: 'business' }), compared()] },
    /add up to 100, which leaves nothing for group 'all': lower them, or name it.*WeightsOver100/,
  ],
  [
    'weights of more than all',
    {
      ...weights({ business: 60, all: 41 }),
      metrics: [compared({ name: 'orders', group: 'business' }), compared()],
    },
    /add up to 101, but are per cent: lower them to 100 in all.*WeightsOver100/,
  ],
  [
    'a weight of a group that only reports',
    {
      ...weights({ business: 50 }),
      metrics: [
        compared({ name: 'orders', group: 'business', criticality: MetricCriticality.REPORT_ONLY }),
        compared(),
      ],
    },
    /names group 'business', but the groups that decide are all.*UnknownGroup/,
  ],
  [
    'a delay known at deployment only',
    { initialDelay: Duration.seconds(Token.asNumber('x')) },
    /has to know its numbers at synth.*TokenDuration/,
  ],
])('%s is refused at synth', (_what, options, message) => {
  expect(() => bound(options)).toThrow(message);
});

test('a metric that only reports needs no weight', () => {
  const metrics = [
    compared({ name: 'orders', group: 'business' }),
    compared({ criticality: MetricCriticality.REPORT_ONLY }),
  ];

  expect(planOf({ ...weights({ business: 100 }), metrics })).toMatchObject({ groupWeights: { business: 100 } });
});

test.each<[string, Parameters<typeof bindChecks>[2]]>([
  ['no bake', {}],
  ['a bake of 29 minutes', { bakeTime: Duration.minutes(29) }],
  ['a bake known at deployment only', { bakeTime: Duration.seconds(Token.asNumber('x')) }],
])('%s is refused at synth', (_what, place) => {
  expect(() => bound({}, place)).toThrow(/needs 30 minutes for 30 data points: .*BakeTooShort/);
});

test('the shortest and the longest bake', () => {
  expect(planOf({}, { bakeTime: Duration.minutes(30) }).points).toBe(30);
  expect(planOf({}, { bakeTime: Duration.days(14) }).points).toBe(20_160);
  expect(() => bound({}, { bakeTime: Duration.minutes(20_161) })).toThrow(/no longer than 14 days.*BakeTooLong/);
  const period = Duration.minutes(5);
  const metrics = [compared({ canary: metric('canary', { period }), baseline: metric('stable', { period }) })];
  expect(planOf({ metrics }, { bakeTime: Duration.days(62) }).points).toBe(17_856);
  expect(() => bound({ metrics }, { bakeTime: Duration.days(63) })).toThrow(/no longer than 62 days.*BakeTooLong/);
});
