/**
 * What the tests of this run came to: the reports that its builds made in one report group. A report belongs to the run if it
 * names a build that CodePipeline started for it, so that no report of another change can stand in for it.
 */
import {
  BatchGetReportsCommand,
  CodeBuildClient,
  DescribeTestCasesCommand,
  ListReportsForReportGroupCommand,
  type Report,
} from '@aws-sdk/client-codebuild';
import type { TestReportCheckPlan } from '../../../contract/checks';
import type { CheckCommand, RunBuild } from '../../../contract/messages';
import { failuresIn, judgeTests, NAMED_TESTS, type TestReport } from '../../domain/test-report';
import { millis, MINUTE } from '../../domain/time';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';
import { linked, testReportLink } from './console-link';
import type { Finding } from './measure';

/** As many as one call describes (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetReports.html). */
const PAGE = 100;
/** More reports than that since the run's first build are not looked through. */
const MAX_PAGES = 20;
/** Clocks of two services may differ by so much. */
const SKEW = 5 * MINUTE;

export async function measureTestReport(
  plan: TestReportCheckPlan,
  { run }: Pick<CheckCommand, 'run'>,
  clients: MeasureClients,
): Promise<Finding> {
  const builds = run?.builds;
  if (builds === undefined) {
    return { verdict: 'ERROR', reason: 'It is not known which builds belong to this run.' };
  }
  if (builds.length === 0) {
    return judgeTests(plan, [], false);
  }
  const client = clients.of(CodeBuildClient, regionOf(plan.reportGroupArn));
  const found = await reportsOf(builds, plan.reportGroupArn, client);
  if (found === undefined) {
    return { verdict: 'ERROR', reason: 'The reports of the report group cannot be read completely.' };
  }
  const reported = new Set(found.map(({ executionId = '' }) => buildOf(executionId)));
  const isBuilding = builds.some(({ id, isRunning }) => isRunning && (id === undefined || !reported.has(buildOf(id))));
  const reports = found.map(asTestReport);
  const failed = failuresIn(reports) > 0 ? await failedTests(found, client) : [];
  const [only, ...others] = found;
  const shown = only?.arn !== undefined && others.length === 0 ? only.arn : plan.reportGroupArn;
  return { ...judgeTests(plan, reports, isBuilding, failed), ...linked({ link: testReportLink(shown) }) };
}

/** Undefined when there may be reports of these builds that were not seen. */
async function reportsOf(
  builds: readonly RunBuild[],
  reportGroupArn: string,
  client: CodeBuildClient,
): Promise<readonly Report[] | undefined> {
  const ids = new Set(builds.flatMap(({ id }) => (id === undefined ? [] : [buildOf(id)])));
  const first = Math.min(...builds.map(({ startedAt }) => millis(startedAt))) - SKEW;
  const found: Report[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listed = await client.send(
      new ListReportsForReportGroupCommand({ reportGroupArn, sortOrder: 'DESCENDING', maxResults: PAGE, nextToken }),
    );
    const arns = listed.reports ?? [];
    const reports = await described(arns, client);
    if (reports.length < arns.length) {
      return undefined;
    }
    found.push(...reports.filter(({ executionId }) => executionId !== undefined && ids.has(buildOf(executionId))));
    nextToken = listed.nextToken;
    const isOlder = ({ created }: Report) => created !== undefined && created.getTime() < first;
    if (nextToken === undefined || reports.some(isOlder)) {
      return found;
    }
  }
  return undefined;
}

async function described(reportArns: string[], client: CodeBuildClient): Promise<readonly Report[]> {
  if (reportArns.length === 0) {
    return [];
  }
  const { reports = [] } = await client.send(new BatchGetReportsCommand({ reportArns }));
  return reports;
}

/** The id of a build alone, of its ARN or as CodePipeline has it: `project:uuid`. */
function buildOf(idOrArn: string): string {
  return idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
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
