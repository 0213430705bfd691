import { App, Stack, Token } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { Check, TestFailures } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const stackOf = () => new Stack(new App(), 'Gates', { env: ENV });

function bound(stack: Stack, check: Check): { plan: any; statements: any[] } {
  const { plans, statements } = bindChecks(stack, [check]);
  return {
    plan: stack.resolve(plans[0]),
    statements: stack.resolve(statements.map((statement) => statement.toJSON())),
  };
}

test('a test report has defaults that let no failed test pass', () => {
  const stack = stackOf();
  const group = new codebuild.ReportGroup(stack, 'Reports', { reportGroupName: 'shop-unit-tests' });
  const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Reports/), 'Arn'] };

  const { plan, statements } = bound(stack, Check.testReport(group));

  expect(plan).toMatchObject({
    kind: 'testReport',
    title: 'tests Reports',
    reportGroupArn: arn,
    minTests: 1,
    failures: 'ALL',
    failureLimit: 0,
  });
  expect(plan).not.toHaveProperty('maxSkipped');
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: ['codebuild:ListReportsForReportGroup', 'codebuild:BatchGetReports', 'codebuild:DescribeTestCases'],
      Resource: arn,
    },
  ]);
});

test('a group that builds made is imported by its name', () => {
  const stack = stackOf();
  const group = codebuild.ReportGroup.fromReportGroupName(stack, 'Reports', 'shop-test-unit');

  expect(bound(stack, Check.testReport(group, { minTests: 100, maxSkipped: 0 })).plan).toMatchObject({
    id: 'tests-shop-test-unit',
    title: 'tests shop-test-unit',
    minTests: 100,
    maxSkipped: 0,
  });
});

test.each([
  [{ minTests: 0 }, /`Check.testReport minTests` is 0, but has to be a whole number from 1/],
  [{ minTests: 1_000_001 }, /from 1 to 1000000/],
  [{ minTests: 1.5 }, /is 1.5/],
  [{ maxSkipped: -1 }, /`Check.testReport maxSkipped` is -1, but has to be a whole number from 0/],
  [{ maxSkipped: NaN }, /is NaN/],
  [{ failures: 'KNOWN' as never }, /`Check.testReport failures` is "KNOWN", but has to be ALL or NEW/],
])('fails for %j', (options, message) => {
  const group = codebuild.ReportGroup.fromReportGroupName(stackOf(), 'Reports', 'x');

  expect(() => Check.testReport(group, options)).toThrow(message);
});

test.each([
  { minTests: 1 },
  { minTests: 1_000_000 },
  { maxSkipped: 1_000_000 },
  { minTests: Token.asNumber({ Ref: 'Least' }), maxSkipped: Token.asNumber({ Ref: 'Most' }) },
])('takes %j', (options) => {
  const group = codebuild.ReportGroup.fromReportGroupName(stackOf(), 'Reports', 'x');

  expect(() => Check.testReport(group, options)).not.toThrow();
});

test('new failures alone count where that is asked for', () => {
  const stack = stackOf();
  const group = codebuild.ReportGroup.fromReportGroupName(stack, 'Reports', 'x');

  expect(bound(stack, Check.testReport(group, { failures: TestFailures.NEW })).plan).toMatchObject({ failures: 'NEW' });
});

test('fails for what is no report group', () => {
  expect(() => Check.testReport('shop-unit-tests' as never)).toThrow(/fromReportGroupName/);
});

test('a report group in another account is read by a reader there', () => {
  const app = new App();
  const other = new Stack(app, 'Other', { env: { ...ENV, account: '222222222222' } });
  const gates = new Stack(app, 'Gates', { env: ENV });
  const group = codebuild.ReportGroup.fromReportGroupName(other, 'Reports', 'shop');

  const { plans } = bindChecks(gates, [Check.testReport(group)], { workflowName: 'shop' });

  const reader = JSON.stringify(gates.resolve(plans[0]?.reader));
  expect(reader).toContain(':iam::222222222222:role/approval-gates/shop/');
});
