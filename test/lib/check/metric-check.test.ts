import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Check, MissingData, type MetricCheckOptions } from '../../../lib/check';
import { acknowledgeReads } from '../../../lib/check/acknowledge-reads';
import { bindChecks } from '../../../lib/check/bind-checks';
import type { CheckPlace } from '../../../lib/check/fits-gate';
import { PROGRESS_LIMIT } from '../../../lambda/domain/limits';

const ENV = { account: '111111111111', region: 'eu-west-1' };

function stackOf(env: { account?: string; region?: string } | undefined = ENV): Stack {
  return new Stack(new App(), 'Gates', { env });
}

function planOf(check: Check, stack = stackOf()): any {
  return stack.resolve(bindChecks(stack, [check]).plans[0]);
}

const metric = (props: Partial<cloudwatch.MetricProps> = {}) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders', period: Duration.minutes(1), ...props });
const math = (expression: string, usingMetrics: Record<string, cloudwatch.IMetric> = { a: metric() }) =>
  new cloudwatch.MathExpression({ expression, usingMetrics, period: Duration.minutes(1) });
const refused = (one: cloudwatch.IMetric, options: MetricCheckOptions = { atMost: 5 }, stack = stackOf()) =>
  expect(() => bindChecks(stack, [Check.metric(one, options)]));

describe('a metric check', () => {
  test('has the statistic and the period of its metric, and is measured once a period', () => {
    const one = metric({
      statistic: 'p99',
      period: Duration.minutes(5),
      dimensionsMap: { Stage: 'prod', Api: 'shop' },
    });

    expect(planOf(Check.metric(one, { atMost: 5 }))).toEqual({
      kind: 'metric',
      id: 'metric-orders',
      title: 'metric Orders',
      source: {
        region: 'eu-west-1',
        period: 300,
        queries: [
          {
            id: 'value',
            namespace: 'Shop',
            metric: 'Orders',
            dimensions: { Api: 'shop', Stage: 'prod' },
            statistic: 'p99',
          },
        ],
      },
      atMost: 5,
      missingData: 'INCONCLUSIVE',
      initialDelay: 0,
      interval: 300,
      failureLimit: 0,
      consecutiveErrorLimit: 4,
      inconclusiveLimit: 0,
      minSamples: 1,
      observeOnly: false,
    });
    expect(planOf(Check.metric(metric({ period: Duration.seconds(10) }), { atMost: 5 })).interval).toBe(60);
  });

  test('takes limits on both sides, a unit, and what silence means', () => {
    const check = Check.metric(metric({ unit: cloudwatch.Unit.PERCENT, label: 'Stock' }), {
      atLeast: 10,
      atMost: 90,
      missingData: MissingData.HEALTHY,
      interval: Duration.minutes(2),
    });

    expect(planOf(check)).toMatchObject({
      title: 'metric Stock',
      atLeast: 10,
      atMost: 90,
      missingData: 'HEALTHY',
      interval: 120,
      source: { queries: [{ unit: 'Percent' }] },
    });
  });

  test('of metric math reads all that the expression uses, also within another one', () => {
    const inner = math('b + c', { b: metric({ metricName: 'B' }), c: metric({ metricName: 'C' }) });
    const check = Check.metric(math('value / inner', { value: metric(), inner }), { atMost: 5 });

    expect(planOf(check).source.queries).toEqual([
      { id: 'value_', expression: 'value / inner' },
      { id: 'value', namespace: 'Shop', metric: 'Orders', statistic: 'Average' },
      { id: 'inner', expression: 'b + c' },
      { id: 'b', namespace: 'Shop', metric: 'B', statistic: 'Average' },
      { id: 'c', namespace: 'Shop', metric: 'C', statistic: 'Average' },
    ]);
  });

  test('is read where the metric is', () => {
    expect(planOf(Check.metric(metric({ region: 'us-east-1' }), { atMost: 5 })).source.region).toBe('us-east-1');
    expect(planOf(Check.metric(math('a', { a: metric({ region: 'us-east-1' }) }), { atMost: 5 })).source.region).toBe(
      'us-east-1',
    );
    expect(planOf(Check.metric(metric(), { atMost: 5 }), new Stack(new App(), 'Gates')).source.region).toEqual({
      Ref: 'AWS::Region',
    });
  });

  test('may read metrics, which CloudWatch allows on all of them only, and says why', () => {
    const stack = stackOf();
    const { statements } = bindChecks(stack, [Check.metric(metric(), { atMost: 5 })]);
    expect(statements.map((statement) => statement.toJSON())).toEqual([
      { Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
    ]);

    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    acknowledgeReads(role, [
      ...statements,
      new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    ]);
    acknowledgeReads(role, [
      new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::boms/sbom/*.json'] }),
    ]);
    expect(role.node.metadata.at(-1)?.data).toEqual({
      'AwsSolutions-IAM5[Resource::arn:aws:s3:::boms/sbom/*.json]': expect.stringContaining('the id of the run'),
    });
    expect(JSON.stringify(role.node.metadata)).toContain(
      'CloudWatch reads metrics with a permission on all of them only; CloudWatch answers for composite alarms on every alarm only',
    );
  });

  test('believes limits and dimensions that are known only at deployment', () => {
    const limit = Token.asNumber({ Ref: 'Limit' });
    const one = metric({ dimensionsMap: { Stage: Token.asString({ Ref: 'Stage' }) }, unit: cloudwatch.Unit.PERCENT });

    expect(planOf(Check.metric(one, { atMost: limit }))).toMatchObject({
      atMost: { Ref: 'Limit' },
      source: { queries: [{ dimensions: { Stage: { Ref: 'Stage' } } }] },
    });
  });
});

describe('a metric check is refused', () => {
  test('without a limit, because it could never fail', () => {
    refused(metric(), {}).toThrow(/has neither `atMost` nor `atLeast`.*\[NoLimit\]/);
    refused(metric(), { atMost: NaN }).toThrow(/`Check.metric atMost` is NaN, but has to be a number.*\[BadLimit\]/);
    refused(metric(), { atLeast: '5' as never }).toThrow('[BadLimit]');
  });

  test('when no value could keep both limits', () => {
    refused(metric(), { atLeast: 6, atMost: 5 }).toThrow(/`Check.metric atLeast` is 6.*\[LimitsCrossed\]/);
    expect(planOf(Check.metric(metric(), { atLeast: 5, atMost: 5 }))).toMatchObject({ atLeast: 5, atMost: 5 });
  });

  test.each<[Partial<cloudwatch.MetricProps>, MetricCheckOptions, string]>([
    [
      { unit: cloudwatch.Unit.PERCENT },
      { atMost: 100 },
      'is always from 0 to 100, so the check could never fail by it',
    ],
    [{ unit: cloudwatch.Unit.PERCENT }, { atLeast: 0 }, 'could never fail by it'],
    [{ unit: cloudwatch.Unit.PERCENT }, { atMost: -1 }, 'could never pass'],
    [{ unit: cloudwatch.Unit.PERCENT }, { atLeast: 101 }, 'could never pass'],
    [{ unit: cloudwatch.Unit.COUNT }, { atMost: -1 }, 'a count is never below 0, so the check could never pass'],
    [{ unit: cloudwatch.Unit.COUNT }, { atLeast: 0 }, 'could never fail by it'],
    [{ statistic: 'SampleCount' }, { atLeast: 0 }, 'a number of samples is never below 0'],
  ])('when its metric %j could never reach or never leave the limit %j', (props, options, reason) => {
    refused(metric(props), options).toThrow(reason);
    refused(metric(props), options).toThrow('[LimitOutOfRange]');
  });

  test.each<[Partial<cloudwatch.MetricProps>, MetricCheckOptions]>([
    [{ unit: cloudwatch.Unit.PERCENT }, { atMost: 99.9 }],
    [{ unit: cloudwatch.Unit.PERCENT }, { atMost: 0 }],
    [{ unit: cloudwatch.Unit.PERCENT }, { atLeast: 100 }],
    [{ unit: cloudwatch.Unit.PERCENT, statistic: 'Sum' }, { atMost: 300 }],
    [{ unit: cloudwatch.Unit.COUNT }, { atMost: 0 }],
    [{ unit: cloudwatch.Unit.COUNT }, { atLeast: 0.5 }],
    [{}, { atMost: -5 }],
  ])('not for %j with %j', (props, options) => {
    expect(planOf(Check.metric(metric(props), options))).toMatchObject(options);
  });

  test('when it would be measured more often than there is data', () => {
    const one = metric({ period: Duration.minutes(5) });
    refused(one, { atMost: 5, interval: Duration.seconds(299) }).toThrow(
      /interval` is 4 minutes 59 seconds, but has to be at least the period of the metric, 5 minutes.*\[IntervalUnderPeriod\]/,
    );
    expect(planOf(Check.metric(one, { atMost: 5, interval: Duration.minutes(5) })).interval).toBe(300);
  });

  test('when it would be measured less often than CloudWatch keeps the data', () => {
    const one = metric({ period: Duration.seconds(10) });
    refused(one, { atMost: 5, interval: Duration.minutes(91) }).toThrow('[IntervalOverRetention]');
    expect(planOf(Check.metric(one, { atMost: 5, interval: Duration.minutes(90) })).interval).toBe(5400);
  });

  test.each([
    "SEARCH('{Shop,Stage} Orders', 'Sum')",
    "SUM(search('{Shop,Stage} Orders', 'Sum'))",
    '[a, a]',
    'METRICS()',
    'SORT(METRICS(), AVG, DESC)',
    'ANOMALY_DETECTION_BAND(a, 2)',
    'SELECT AVG(Orders) FROM Shop GROUP BY Stage',
  ])('when its expression may give several series: %s', (expression) => {
    refused(math(expression)).toThrow('[SeveralSeries]');
    refused(math('x', { x: math(expression) })).toThrow('[SeveralSeries]');
  });

  test('when it is a search', () => {
    refused(new cloudwatch.SearchExpression({ expression: 'SUM' })).toThrow('[SeveralSeries]');
    expect(planOf(Check.metric(math('SUM(METRICS()) + a'), { atMost: 5 })).kind).toBe('metric');
  });

  test('when its expression uses more metrics than fit into the policy of a gate', () => {
    const many = (count: number) =>
      math('m0', Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, metric()])));
    refused(many(11)).toThrow(/uses? .*11 metrics|of 11 metrics.*\[TooManyMetrics\]/);
    expect(planOf(Check.metric(many(10), { atMost: 5 })).source.queries).toHaveLength(11);
  });

  test('when its metrics are in several places, because a check reads one', () => {
    const elsewhere = metric({ account: '222222222222' });
    refused(math('a + b', { a: metric(), b: metric({ region: 'us-east-1' }) })).toThrow(
      /metrics of eu-west-1 and us-east-1, but a check reads one Region.*\[SeveralPlaces\]/,
    );
    refused(math('a + b', { a: metric(), b: elsewhere })).toThrow(
      /metrics of 111111111111 and 222222222222, but a check reads one account.*\[SeveralPlaces\]/,
    );
  });

  test('when its metric is in another account and nobody reads there', () => {
    const elsewhere = metric({ account: '222222222222' });
    refused(elsewhere).toThrow('[CheckInOtherAccount]');
    refused(math('a', { a: elsewhere })).toThrow('[CheckInOtherAccount]');
    refused(elsewhere, { atMost: 5 }, new Stack(new App(), 'Gates')).toThrow('[CheckAccountUnknown]');
    expect(planOf(Check.metric(metric({ account: ENV.account }), { atMost: 5 })).kind).toBe('metric');

    const { plans, statements } = bindChecks(stackOf(), [Check.metric(elsewhere, { atMost: 5 })], {
      workflowName: 'Approvals',
    });
    expect(plans[0]).toMatchObject({ reader: expect.stringContaining(':222222222222:role/') });
    expect(statements.map((statement) => statement.toJSON().Action)).toEqual(['sts:AssumeRole']);
  });

  test('when it is given something else', () => {
    refused('Orders' as never).toThrow('`Check.metric` is given "Orders": give a metric such as `fn.metricErrors()`');
    refused(undefined as never).toThrow('[WrongType]');
    expect(() => Check.metric(metric(), null as never)).toThrow('[WrongType]');
    refused(metric(), { atMost: 5, missingData: 'GOOD' as never }).toThrow('take it from `MissingData`');
  });
});

describe('a period of a metric has to end while its gate waits for it', () => {
  const minutes = (count: number) => Duration.minutes(count);
  const counted = (period: Duration) => metric({ period, statistic: 'Sum' });
  const ofMetric = (period: number) => Check.metric(counted(minutes(period)), { atMost: 5 });
  const ofRatio = (period: number) =>
    Check.errorRatio({ errors: counted(minutes(period)), requests: counted(minutes(period)), maxPercent: 1 });
  const bind = (check: Check, place: CheckPlace) => () => bindChecks(stackOf(), [check], place);

  test.each([
    ['metric', ofMetric],
    ['error ratio', ofRatio],
  ])('of a %s check: at worst it begins a period late, and its data takes two minutes', (_, check) => {
    const patience = PROGRESS_LIMIT / 60_000;

    expect(bind(check(60), { bakeTime: minutes(122 - patience) })).not.toThrow();
    expect(bind(check(60), { bakeTime: minutes(121 - patience) })).toThrow(
      /has a metric with a period of 1 hour, .* known 2 hours 2 minutes after the gate began.* 2 hours 1 minute .*`bakeTime` of 1 hour 1 minute: shorten the period, or lengthen `bakeTime` to 1 hour 2 minutes or more \[PeriodTooLong\]/,
    );
    expect(bind(check(360), { bakeTime: minutes(60) })).toThrow('[PeriodTooLong]');
    expect(bind(check(24 * 60), { bakeTime: minutes(0), timeout: Duration.days(7) })).toThrow('[PeriodTooLong]');
  });

  test('also after its initial delay, for which a gate without a bake waits anyway', () => {
    const check = (initialDelay: number, period: number) =>
      Check.metric(counted(minutes(period)), { atMost: 5, initialDelay: minutes(initialDelay) });

    expect(bind(check(60, 5), { bakeTime: minutes(0) })).not.toThrow();
    expect(bind(check(60, 60), { bakeTime: minutes(0) })).toThrow('[PeriodTooLong]');
  });

  test('before the time-out of the gate', () => {
    expect(bind(ofMetric(5), { bakeTime: minutes(0), timeout: minutes(12) })).not.toThrow();
    expect(bind(ofMetric(5), { bakeTime: minutes(0), timeout: minutes(11) })).toThrow(
      /lengthen `timeout` to 12 minutes or more \[PeriodTooLong\]/,
    );
  });
});
