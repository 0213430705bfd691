/** What the tests of this run came to: by the reports that its builds made in one report group. */
import {
  CodeBuildClient,
  DescribeTestCasesCommand,
  type DescribeTestCasesCommandOutput,
  type Report,
  type TestCase,
} from '@aws-sdk/client-codebuild';
import type { TestReportCheckPlan } from '../../../contract/checks';
import type { CheckCommand, RunBuild } from '../../../contract/messages';
import { newFailures, type FailedTest } from '../../domain/known-failures';
import {
  failuresIn,
  judgeTests,
  NAMED_TESTS,
  NO_FAILURES,
  type Failures,
  type TestReport,
} from '../../domain/test-report';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';
import type { Finding } from './measure';
import { linkTo, reportsFor, reportsOfRun, type RunReport } from './run-reports';

/** As many as one call describes (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_DescribeTestCases.html). */
const PAGE = 100;
/** CodeBuild keeps 500 test cases of a report (https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html). */
const MAX_PAGES = 5;

export async function measureTestReport(
  plan: TestReportCheckPlan,
  { run }: Pick<CheckCommand, 'run'>,
  clients: MeasureClients,
): Promise<Finding> {
  const found = await reportsFor(run?.builds, plan.reportGroupArn, clients);
  if ('verdict' in found) {
    return found;
  }
  const reports = found.reports.map(asTestReport);
  const failures =
    failuresIn(reports) > 0 ? await failuresOf(plan, found.reports, run?.lastGreen, clients) : NO_FAILURES;
  return { ...judgeTests(plan, reports, found.isBuilding, failures), ...linkTo(found.reports, plan) };
}

function asTestReport({ status, testSummary }: Report): TestReport {
  return { status: status ?? 'UNKNOWN', total: testSummary?.total ?? NaN, counts: testSummary?.statusCounts ?? {} };
}

async function failuresOf(
  { failures, reportGroupArn }: TestReportCheckPlan,
  reports: readonly RunReport[],
  lastGreen: readonly RunBuild[] | undefined,
  clients: MeasureClients,
): Promise<Failures> {
  const client = clients.of(CodeBuildClient, regionOf(reportGroupArn));
  const before = failures === 'NEW' ? await reportsOfRun(lastGreen ?? [], reportGroupArn, clients) : undefined;
  if (before === undefined || before.reports.length === 0) {
    // A failure stays one when nobody can say which.
    const failed = await failedTests(reports, client, NAMED_TESTS).catch(() => []);
    return { named: namesOf(failed), known: 0, ...(failures === 'NEW' ? { isIncomparable: true } : {}) };
  }
  const failed = await failedTests(reports, client);
  const fresh = newFailures(failed, await failedTests(before.reports, client));
  return { named: namesOf(fresh), known: failed.length - fresh.length };
}

/** Those beyond the last page are not known by name: they never count as tests that had failed before. */
async function failedTests(
  reports: readonly RunReport[],
  client: CodeBuildClient,
  enough = Infinity,
): Promise<readonly FailedTest[]> {
  const failed: FailedTest[] = [];
  for (const { arn: reportArn, build } of reports) {
    for (const status of ['FAILED', 'ERROR']) {
      let nextToken: string | undefined;
      let hasMore = true;
      for (let page = 0; hasMore && page < MAX_PAGES && failed.length < enough; page++) {
        const described: DescribeTestCasesCommandOutput = await client.send(
          new DescribeTestCasesCommand({
            reportArn,
            filter: { status },
            maxResults: Math.min(PAGE, enough),
            nextToken,
          }),
        );
        failed.push(...(described.testCases ?? []).map((one) => asFailedTest(one, build)));
        nextToken = described.nextToken;
        hasMore = nextToken !== undefined;
      }
    }
  }
  return failed;
}

/** One suite may run in several actions, for Linux and for Windows: what fails in one of them may be sound in the other. */
function asFailedTest({ testSuiteName = '', prefix = '', name }: TestCase, { stage, action }: RunBuild): FailedTest {
  return name === undefined
    ? { name: 'unnamed' }
    : { name, id: JSON.stringify([stage, action, testSuiteName, prefix, name]) };
}

function namesOf(failed: readonly FailedTest[]): readonly string[] {
  return failed.slice(0, NAMED_TESTS).map(({ name }) => name);
}
