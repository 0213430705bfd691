import { App, Stack, Token } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { Check, type CodeCoverageCheckOptions } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const stackOf = () => new Stack(new App(), 'Gates', { env: ENV });
const imported = (stack = stackOf()) => codebuild.ReportGroup.fromReportGroupName(stack, 'Coverage', 'shop-coverage');

test('it reads its report group, and no test cases', () => {
  const stack = stackOf();
  const group = new codebuild.ReportGroup(stack, 'Coverage', { type: codebuild.ReportGroupType.CODE_COVERAGE });
  const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Coverage/), 'Arn'] };

  const { plans, statements } = bindChecks(stack, [Check.codeCoverage(group, { minLinePercent: 80 })]);

  expect(stack.resolve(plans[0])).toMatchObject({
    kind: 'codeCoverage',
    title: 'coverage Coverage',
    reportGroupArn: arn,
    minLinePercent: 80,
  });
  expect(plans[0]).not.toHaveProperty('minBranchPercent');
  expect(stack.resolve(statements.map((statement) => statement.toJSON()))).toEqual([
    {
      Effect: 'Allow',
      Action: ['codebuild:ListReportsForReportGroup', 'codebuild:BatchGetReports'],
      Resource: arn,
    },
  ]);
});

test.each([
  [{}, /neither `minLinePercent` nor `minBranchPercent`.*give one of them/],
  [{ minLinePercent: 0 }, /`Check.codeCoverage minLinePercent` is 0, but has to be more than 0, and at most 100/],
  [{ minLinePercent: 100.1 }, /is 100.1/],
  [{ minLinePercent: NaN }, /minLinePercent/],
  [{ minLinePercent: '80' as never }, /is "80"/],
  [{ maxDropPoints: 1 }, /so it could not fail where there is nothing to compare with: give one of them.*NoLimit/],
  [
    { minLinePercent: 80, maxDropPoints: -0.1 },
    /maxDropPoints` is -0.1, but has to be 0 or more, and less than 20.*BadDrop/,
  ],
  [{ minLinePercent: 80, maxDropPoints: 20 }, /maxDropPoints` is 20, .* the points from all to the minimum/],
  [{ minLinePercent: 80, minBranchPercent: 70, maxDropPoints: 30 }, /less than 30/],
  [{ minLinePercent: 80, maxDropPoints: NaN }, /maxDropPoints/],
  [{ minLinePercent: 80, maxDropPoints: '1' as never }, /maxDropPoints` is "1"/],
  [{ minLinePercent: 80, minBranchPercent: -1 }, /`Check.codeCoverage minBranchPercent` is -1/],
  [undefined as never, /needs an object: give `{ minLinePercent: 80 }`/],
])('fails for %j', (options, message) => {
  expect(() => Check.codeCoverage(imported(), options)).toThrow(message);
});

test.each([
  { minLinePercent: 0.1 },
  { minBranchPercent: 100 },
  { minLinePercent: Token.asNumber({ Ref: 'Least' }) },
  { minLinePercent: 80, maxDropPoints: 0 },
  { minLinePercent: 80, maxDropPoints: 19.9 },
  { minLinePercent: 80, maxDropPoints: Token.asNumber({ Ref: 'Drop' }) },
  { minLinePercent: Token.asNumber({ Ref: 'Least' }), maxDropPoints: 99 },
])('takes %j', (options) => {
  expect(() => Check.codeCoverage(imported(), options)).not.toThrow();
});

test('a limit to drops is part of the plan, and reads nothing more', () => {
  const of = (options: CodeCoverageCheckOptions, stack = stackOf()) =>
    bindChecks(stack, [Check.codeCoverage(imported(stack), { minLinePercent: 80, ...options })]);

  expect(of({ maxDropPoints: 0.5 }).plans[0]).toMatchObject({ minLinePercent: 80, maxDropPoints: 0.5 });
  expect(of({}).plans[0]).not.toHaveProperty('maxDropPoints');
  expect(of({ maxDropPoints: 0.5 }).statements.map((one) => one.actions)).toEqual([
    ['codebuild:ListReportsForReportGroup', 'codebuild:BatchGetReports'],
  ]);
});

test('a report group that cannot hold such reports is refused, and the check that reads it is named', () => {
  const stack = stackOf();
  const tests = new codebuild.ReportGroup(stack, 'Tests');
  const coverage = new codebuild.ReportGroup(stack, 'Coverage', { type: codebuild.ReportGroupType.CODE_COVERAGE });

  expect(() => Check.codeCoverage(tests, { minLinePercent: 80 })).toThrow(/of type TEST.*or use `Check.testReport`/);
  expect(() => Check.testReport(coverage)).toThrow(/of type CODE_COVERAGE.*or use `Check.codeCoverage`/);
});

test('fails for what is no report group', () => {
  expect(() => Check.codeCoverage('shop-coverage' as never, { minLinePercent: 80 })).toThrow(/fromReportGroupName/);
});
