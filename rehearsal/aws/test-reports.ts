import { randomUUID } from 'node:crypto';
import { AwsError, type Service } from '../service';
import type { World } from '../world';

/** What the builds of an action report of their tests. */
export interface SaidReport {
  readonly group: string;
  readonly passed?: number;
  /** Names of the tests that fail. */
  readonly failed?: readonly string[];
  readonly skipped?: number;
  /** In place of SUCCEEDED or FAILED. */
  readonly status?: 'GENERATING' | 'INCOMPLETE';
  /** They report nothing. */
  readonly missing?: boolean;
}

interface Report {
  readonly arn: string;
  readonly group: string;
  readonly buildArn: string;
  readonly created: number;
  readonly said: SaidReport;
}

type Around = Pick<World, 'account' | 'region' | 'clock' | 'journal'>;

/** Test reports of CodeBuild: a scenario says what the builds of an action report. */
export class TestReports {
  private readonly said = new Map<string, SaidReport>();
  private readonly reports: Report[] = [];

  constructor(private readonly around: Around) {}

  /** @param action `Stage/Action`, whose builds report so from now on */
  say(action: string, report: SaidReport): void {
    this.said.set(action, report);
  }

  /** A build has ended. */
  built({ id, action }: { readonly id: string; readonly action: string }): void {
    const said = this.said.get(action);
    if (said === undefined || said.missing === true) return;
    const { group, passed = 0, failed = [] } = said;
    this.reports.push({
      arn: `${this.arnOf('report', group)}:${randomUUID()}`,
      group,
      buildArn: this.arnOf('build', id),
      created: this.around.clock.now(),
      said,
    });
    const level = failed.length === 0 ? 'info' : 'warning';
    this.around.journal.add('codebuild', `${action} reports ${passed} passed, ${failed.length} failed tests`, level);
  }

  service(): Service {
    return {
      name: 'codebuild',
      operations: {
        ListReportsForReportGroup: (input) => this.list(input),
        BatchGetReports: ({ reportArns = [] }) => this.describe(reportArns),
        DescribeTestCases: (input) => this.cases(input),
      },
      authorize: {
        ListReportsForReportGroup: ({ reportGroupArn }) => ({
          action: 'codebuild:ListReportsForReportGroup',
          resources: [reportGroupArn],
        }),
        BatchGetReports: ({ reportArns = [] }) => ({
          action: 'codebuild:BatchGetReports',
          resources: [...new Set((reportArns as string[]).map(groupOf))],
        }),
        DescribeTestCases: ({ reportArn }) => ({
          action: 'codebuild:DescribeTestCases',
          resources: [groupOf(reportArn)],
        }),
      },
    };
  }

  private arnOf(type: 'build' | 'report' | 'report-group', name: string): string {
    return `arn:aws:codebuild:${this.around.region}:${this.around.account}:${type}/${name}`;
  }

  private list({ reportGroupArn, sortOrder, maxResults = 100, nextToken }: any): object {
    const arns = this.reports
      .filter(({ group }) => this.arnOf('report-group', group) === reportGroupArn)
      .map(({ arn }) => arn);
    const ordered = sortOrder === 'DESCENDING' ? arns.reverse() : arns;
    const from = Number(nextToken ?? 0);
    const next = from + maxResults;
    return {
      reports: ordered.slice(from, next),
      ...(next < ordered.length ? { nextToken: String(next) } : {}),
    };
  }

  private describe(arns: readonly string[]): object {
    if (arns.length === 0 || arns.length > 100) {
      throw new AwsError('InvalidInputException', 'from 1 to 100 reports');
    }
    const found = this.reports.filter(({ arn }) => arns.includes(arn));
    return {
      reports: found.map((report) => this.view(report)),
      reportsNotFound: arns.filter((arn) => !found.some((report) => report.arn === arn)),
    };
  }

  private view({ arn, group, buildArn, created, said }: Report): object {
    const { passed = 0, failed = [], skipped = 0 } = said;
    const counts = { SUCCEEDED: passed, FAILED: failed.length, ERROR: 0, SKIPPED: skipped, UNKNOWN: 0 };
    return {
      arn,
      type: 'TEST',
      name: group,
      reportGroupArn: this.arnOf('report-group', group),
      executionId: buildArn,
      status: said.status ?? (failed.length === 0 ? 'SUCCEEDED' : 'FAILED'),
      created: new Date(created),
      truncated: false,
      testSummary: {
        total: passed + failed.length + skipped,
        statusCounts: counts,
        durationInNanoSeconds: 1_000_000_000,
      },
    };
  }

  private cases({ reportArn, filter, maxResults = 100 }: any): object {
    const report = this.reports.find(({ arn }) => arn === reportArn);
    if (report === undefined) throw new AwsError('ResourceNotFoundException', `no report ${String(reportArn)}`);
    const failed = filter?.status === 'FAILED' ? (report.said.failed ?? []) : [];
    return {
      testCases: failed.slice(0, maxResults).map((name) => ({ reportArn, name, status: 'FAILED' })),
    };
  }
}

/** ARN of the group that a report is in. */
function groupOf(reportArn: string): string {
  return reportArn.replace(':report/', ':report-group/').replace(/:[^:]+$/, '');
}
