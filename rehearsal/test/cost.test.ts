import { costOf, PRICES, totalOf } from '../cost';
import { ASSUMED_SECONDS, Tally } from '../counts';

describe('what a rehearsal would have cost', () => {
  const tally = new Tally();
  tally.called('Approvals/Decide', 'dynamodb:PutItem');
  tally.called('Approvals/Decide', 'dynamodb:PutItem');
  tally.called('Approvals/Check', 'cloudwatch:DescribeAlarms');
  tally.called('Approvals/Check', 'cloudwatch:GetMetricData');
  tally.readMetrics(3);
  tally.invoked('Approvals/Decide', 512);
  tally.consumed('write', 3);
  const counts = tally.counts({ transitions: 1_000, mails: 0 });

  test('calls are counted by operation, and by who made them', () => {
    expect(counts.calls).toEqual({
      'dynamodb:PutItem': 2,
      'cloudwatch:DescribeAlarms': 1,
      'cloudwatch:GetMetricData': 1,
    });
    expect(counts.callsBy['Approvals/Check']).toEqual({
      'cloudwatch:DescribeAlarms': 1,
      'cloudwatch:GetMetricData': 1,
    });
    expect(counts.invocations).toEqual({ 'Approvals/Decide': { count: 1, gigabyteSeconds: ASSUMED_SECONDS / 2 } });
  });

  test('each line is a count by its price, and the sum is theirs', () => {
    const lines = costOf(counts);
    const dollars = Object.fromEntries(lines.map((line) => [line.what, line.dollars]));

    expect(dollars['state transitions']).toBeCloseTo(0.025);
    expect(dollars['DynamoDB write units']).toBeCloseTo(3 * PRICES.writeUnit);
    expect(dollars['CloudWatch requests']).toBeCloseTo(PRICES.cloudWatchRequest, 10);
    expect(dollars['CloudWatch metrics read']).toBeCloseTo(3 * PRICES.metricRead, 10);
    expect(totalOf(lines)).toBeCloseTo(lines.reduce((sum, line) => sum + line.dollars, 0));
  });
});
