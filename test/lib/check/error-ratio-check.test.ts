import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Check, MissingData, type ErrorRatioCheckOptions } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const stackOf = () => new Stack(new App(), 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });
const metric = (metricName: string, props: Partial<cloudwatch.MetricProps> = {}) =>
  new cloudwatch.Metric({
    namespace: 'Shop',
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(1),
    ...props,
  });
const check = (options: Partial<ErrorRatioCheckOptions> = {}) =>
  Check.errorRatio({ errors: metric('Errors'), requests: metric('Requests'), maxPercent: 1, ...options });
const planOf = (one: Check, stack = stackOf()): any => stack.resolve(bindChecks(stack, [one]).plans[0]);
const refused = (options: Partial<ErrorRatioCheckOptions>) => expect(() => bindChecks(stackOf(), [check(options)]));

describe('an error ratio', () => {
  test('counts both metrics over the same periods', () => {
    expect(planOf(check())).toMatchObject({
      kind: 'errorRatio',
      id: 'error-ratio-of-errors',
      title: 'error ratio of Errors',
      errors: { region: 'eu-west-1', period: 60, queries: [{ metric: 'Errors', statistic: 'Sum' }] },
      requests: { region: 'eu-west-1', period: 60, queries: [{ metric: 'Requests', statistic: 'Sum' }] },
      maxPercent: 1,
      minRequests: 300,
      missingData: 'INCONCLUSIVE',
      interval: 60,
    });
    expect(planOf(check({ missingData: MissingData.HEALTHY, minRequests: 1000 }))).toMatchObject({
      missingData: 'HEALTHY',
      minRequests: 1000,
    });
  });

  test.each([
    [0.1, 3000],
    [0.7, 429],
    [50, 6],
    [0, 300],
  ])('of at most %d %% needs %i requests where nobody says otherwise', (maxPercent, minRequests) => {
    expect(planOf(check({ maxPercent }))).toMatchObject({ minRequests });
  });

  test('may read metrics', () => {
    const { statements } = bindChecks(stackOf(), [check()]);
    expect(statements.map((statement) => statement.toJSON())).toEqual([
      { Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
    ]);
  });

  test('is read in another account by a reader there', () => {
    const props = { account: '222222222222' };
    const one = check({ errors: metric('Errors', props), requests: metric('Requests', props) });
    expect(() => bindChecks(stackOf(), [one])).toThrow('[CheckInOtherAccount]');
    expect(bindChecks(stackOf(), [one], { workflowName: 'Approvals' }).plans[0]).toMatchObject({
      reader: expect.stringContaining(':222222222222:role/'),
    });
  });

  test('believes a limit that is known only at deployment, and needs to be told how many requests', () => {
    const maxPercent = Token.asNumber({ Ref: 'Limit' });
    expect(planOf(check({ maxPercent, minRequests: 500 }))).toMatchObject({ maxPercent: { Ref: 'Limit' } });
    refused({ maxPercent }).toThrow(/`minRequests` has no default.*\[MinimumUnknown\]/);
  });
});

describe('an error ratio is refused', () => {
  test.each([-0.1, 100, NaN, '1'])('of at most %p percent', (maxPercent) => {
    refused({ maxPercent: maxPercent as number }).toThrow(/`Check.errorRatio maxPercent` is .*\[BadPercent\]/);
  });

  test('with a number of requests that is none', () => {
    refused({ minRequests: 0 }).toThrow('`Check.errorRatio minRequests` is 0');
    refused({ minRequests: 1.5 }).toThrow('[NumberOutOfRange]');
    expect(planOf(check({ minRequests: 1 }))).toMatchObject({ minRequests: 1 });
  });

  test('of metrics that are no counts', () => {
    refused({ errors: metric('Errors', { statistic: 'Average' }) }).toThrow(
      /errors` is 'Errors' with the statistic Average, but has to be a count: give it `statistic: 'Sum'`.*\[NoCount\]/,
    );
    refused({ requests: metric('Requests', { statistic: 'p99' }) }).toThrow('[NoCount]');
  });

  test('of metrics with different periods or places', () => {
    refused({ errors: metric('Errors', { period: Duration.minutes(5) }) }).toThrow('[OtherPeriods]');
    refused({ errors: metric('Errors', { region: 'us-east-1' }) }).toThrow('[SeveralPlaces]');
    refused({ errors: metric('Errors', { account: '222222222222' }) }).toThrow('[SeveralPlaces]');
  });

  test('when it is measured more often than there is data', () => {
    refused({ interval: Duration.seconds(30) }).toThrow(/`Check.errorRatio interval`.*\[IntervalUnderPeriod\]/);
  });

  test('without its metrics', () => {
    refused({ errors: undefined }).toThrow('`Check.errorRatio errors` is given nothing');
    expect(() => Check.errorRatio(undefined as never)).toThrow('[WrongType]');
    refused({ missingData: 'GOOD' as never }).toThrow('take it from `MissingData`');
  });
});
