import { randomUUID } from 'node:crypto';
import { AwsError, type Service } from '../service';
import type { World } from '../world';

/** What the builds of an action report to a group. */
export type SaidReport = { readonly group: string } & (SaidTests | SaidCoverage);

/** Which share of the code their tests cover, from 0 to 1. */
export interface SaidCoverage {
  readonly lines: number;
  /** Absent = the format knows no branches. */
  readonly branches?: number;
}

interface SaidTests {
  readonly passed?: number;
  /** Names of the tests that fail. */
  readonly failed?: readonly string[];
  readonly skipped?: number;
  /** In place of SUCCEEDED or FAILED. */
  readonly status?: 'GENERATING' | 'INCOMPLETE';
  /** They report nothing. */
  readonly missing?: boolean;
}

const isCoverage = (said: SaidTests | SaidCoverage): said is SaidCoverage => 'lines' in said;

interface Report {
  readonly arn: string;
  readonly group: string;
  readonly buildArn: string;
  readonly created: number;
  readonly said: SaidReport;
}

type Around = Pick<World, 'account' | 'region' | 'clock' | 'journal'>;

/** Reports of CodeBuild: a scenario says what the builds of an action report. */
export class TestReports {
  /** By action, and by group. */
  private readonly said = new Map<string, Map<string, SaidReport>>();
  private readonly reports: Report[] = [];

  constructor(private readonly around: Around) {}

  /** @param action `Stage/Action`, whose builds report so from now on */
  say(action: string, report: SaidReport): void {
    this.said.set(action, (this.said.get(action) ?? new Map<string, SaidReport>()).set(report.group, report));
  }

  /** A build has ended. */
  built({ id, action }: { readonly id: string; readonly action: string }): void {
    for (const said of this.said.get(action)?.values() ?? []) {
      if (!isCoverage(said) && said.missing === true) continue;
      this.reports.push({
        arn: `${this.arnOf('report', said.group)}:${randomUUID()}`,
        group: said.group,
        buildArn: this.arnOf('build', id),
        created: this.around.clock.now(),
        said,
      });
      const hasFailed = !isCoverage(said) && (said.failed ?? []).length > 0;
      this.around.journal.add('codebuild', `${action} reports ${inWords(said)}`, hasFailed ? 'warning' : 'info');
    }
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
    const report = {
      arn,
      name: group,
      reportGroupArn: this.arnOf('report-group', group),
      executionId: buildArn,
      created: new Date(created),
      truncated: false,
    };
    return { ...report, ...(isCoverage(said) ? coverageView(said) : testsView(said)) };
  }

  private cases({ reportArn, filter, maxResults = 100, nextToken }: any): object {
    const report = this.reports.find(({ arn }) => arn === reportArn);
    if (report === undefined) throw new AwsError('ResourceNotFoundException', `no report ${String(reportArn)}`);
    const isAsked = filter?.status === 'FAILED' && !isCoverage(report.said);
    const failed = isAsked ? ((report.said as SaidTests).failed ?? []) : [];
    const from = Number(nextToken ?? 0);
    const next = from + maxResults;
    return {
      testCases: failed.slice(from, next).map((name) => ({ reportArn, name, status: 'FAILED' })),
      ...(next < failed.length ? { nextToken: String(next) } : {}),
    };
  }
}

function testsView({ passed = 0, failed = [], skipped = 0, status }: SaidTests): object {
  return {
    type: 'TEST',
    status: status ?? (failed.length === 0 ? 'SUCCEEDED' : 'FAILED'),
    testSummary: {
      total: passed + failed.length + skipped,
      statusCounts: { SUCCEEDED: passed, FAILED: failed.length, ERROR: 0, SKIPPED: skipped, UNKNOWN: 0 },
      durationInNanoSeconds: 1_000_000_000,
    },
  };
}

function coverageView({ lines, branches }: SaidCoverage): object {
  const [ofLines, ofBranches] = [coverageOf(lines), branches === undefined ? NOTHING : coverageOf(branches)];
  return {
    type: 'CODE_COVERAGE',
    status: 'SUCCEEDED',
    codeCoverageSummary: {
      lineCoveragePercentage: ofLines.percent,
      linesCovered: ofLines.covered,
      linesMissed: ofLines.missed,
      branchCoveragePercentage: ofBranches.percent,
      branchesCovered: ofBranches.covered,
      branchesMissed: ofBranches.missed,
    },
  };
}

const NOTHING = { percent: 0, covered: 0, missed: 0 };
const SIZE = 100_000;

function coverageOf(share: number): typeof NOTHING {
  const covered = Math.round(share * SIZE);
  return { percent: (100 * covered) / SIZE, covered, missed: SIZE - covered };
}

function inWords(said: SaidTests | SaidCoverage): string {
  if (isCoverage(said)) return `that its tests cover ${coverageOf(said.lines).percent} % of the lines`;
  return `${said.passed ?? 0} passed, ${said.failed?.length ?? 0} failed tests`;
}

/** ARN of the group that a report is in. */
function groupOf(reportArn: string): string {
  return reportArn.replace(':report/', ':report-group/').replace(/:[^:]+$/, '');
}
