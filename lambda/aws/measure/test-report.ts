/** What the tests of this run came to: by the reports that its builds made in one report group. */
import { CodeBuildClient, DescribeTestCasesCommand, type Report } from '@aws-sdk/client-codebuild';
import type { TestReportCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { failuresIn, judgeTests, NAMED_TESTS, type TestReport } from '../../domain/test-report';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';
import type { Finding } from './measure';
import { linkTo, reportsOfRun } from './run-reports';

export async function measureTestReport(
  plan: TestReportCheckPlan,
  { run }: Pick<CheckCommand, 'run'>,
  clients: MeasureClients,
): Promise<Finding> {
  if (run?.builds === undefined) {
    return { verdict: 'ERROR', reason: 'It is not known which builds belong to this run.' };
  }
  const found = await reportsOfRun(run.builds, plan.reportGroupArn, clients);
  if (found === undefined) {
    return { verdict: 'ERROR', reason: 'The reports of the report group cannot be read completely.' };
  }
  const reports = found.reports.map(asTestReport);
  const client = () => clients.of(CodeBuildClient, regionOf(plan.reportGroupArn));
  const failed = failuresIn(reports) > 0 ? await failedTests(found.reports, client()) : [];
  return { ...judgeTests(plan, reports, found.isBuilding, failed), ...linkTo(found.reports, plan) };
}

function asTestReport({ status, testSummary }: Report): TestReport {
  return { status: status ?? 'UNKNOWN', total: testSummary?.total ?? NaN, counts: testSummary?.statusCounts ?? {} };
}

/** A failure stays one when nobody can say which. */
async function failedTests(reports: readonly Report[], client: CodeBuildClient): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { arn: reportArn } of reports) {
    for (const status of ['FAILED', 'ERROR']) {
      if (names.length < NAMED_TESTS) {
        const { testCases = [] } = await client
          .send(new DescribeTestCasesCommand({ reportArn, filter: { status }, maxResults: NAMED_TESTS }))
          .catch(() => ({ testCases: [] }));
        names.push(...testCases.flatMap(({ name }) => name ?? []));
      }
    }
  }
  return names;
}
