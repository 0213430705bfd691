/**
 * The reports that builds of a run made in one report group of CodeBuild. A report belongs to the run if it names a build that
 * CodePipeline started for it, so that no report of another change can stand in for it.
 */
import {
  BatchGetReportsCommand,
  CodeBuildClient,
  ListReportsForReportGroupCommand,
  type Report,
} from '@aws-sdk/client-codebuild';
import type { RunBuild } from '../../../contract/messages';
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

export interface RunReport extends Report {
  /** What made it. */
  readonly build: RunBuild;
}

export interface RunReports {
  readonly reports: readonly RunReport[];
  /** Whether a build goes on that has not reported yet. */
  readonly isBuilding: boolean;
}

/** Undefined when there may be reports of these builds that were not seen. */
export async function reportsOfRun(
  builds: readonly RunBuild[],
  reportGroupArn: string,
  clients: MeasureClients,
): Promise<RunReports | undefined> {
  if (builds.length === 0) {
    return { reports: [], isBuilding: false };
  }
  const reports = await reportsOf(builds, reportGroupArn, clients.of(CodeBuildClient, regionOf(reportGroupArn)));
  if (reports === undefined) {
    return undefined;
  }
  const reported = new Set(reports.map(({ executionId = '' }) => buildOf(executionId)));
  const isBuilding = builds.some(({ id, isRunning }) => isRunning && (id === undefined || !reported.has(buildOf(id))));
  return { reports, isBuilding };
}

/** The reports that a check judges, or what it finds where they are not known. */
export async function reportsFor(
  builds: readonly RunBuild[] | undefined,
  reportGroupArn: string,
  clients: MeasureClients,
): Promise<RunReports | Finding> {
  if (builds === undefined) {
    return { verdict: 'ERROR', reason: 'It is not known which builds belong to this run.' };
  }
  const found = await reportsOfRun(builds, reportGroupArn, clients);
  return found ?? { verdict: 'ERROR', reason: 'The reports of the report group cannot be read completely.' };
}

/** Where people see the report; of several, the group that they are in. */
export function linkTo(
  reports: readonly Report[],
  { reportGroupArn }: { readonly reportGroupArn: string },
): Pick<Finding, 'link'> {
  const [only, ...others] = reports;
  return linked({ link: testReportLink(only?.arn !== undefined && others.length === 0 ? only.arn : reportGroupArn) });
}

async function reportsOf(
  builds: readonly RunBuild[],
  reportGroupArn: string,
  client: CodeBuildClient,
): Promise<readonly RunReport[] | undefined> {
  const byId = new Map(
    builds.flatMap((build) => (build.id === undefined ? [] : [[buildOf(build.id), build] as const])),
  );
  const first = Math.min(...builds.map(({ startedAt }) => millis(startedAt))) - SKEW;
  const found: RunReport[] = [];
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
    for (const report of reports) {
      const build = report.executionId === undefined ? undefined : byId.get(buildOf(report.executionId));
      found.push(...(build === undefined ? [] : [{ ...report, build }]));
    }
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
