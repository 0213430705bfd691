/** Whether enough of a run's code is covered by its tests. */
import type { CodeCoverageCheckPlan } from '../../contract/checks';
import type { Measurement } from '../../contract/messages';
import { capitalize } from './capitals';
import { REPORT_RETRY } from './test-report';

/** The report of one build. */
export interface CoverageReport {
  /** As CodeBuild says it: GENERATING, SUCCEEDED, FAILED, INCOMPLETE or DELETING. */
  readonly status: string;
  readonly lines: Covered;
  readonly branches: Covered;
}

/** What CodeBuild says of the lines or the branches of a report. */
export interface Covered {
  readonly percent?: number | undefined;
  readonly covered?: number | undefined;
  readonly missed?: number | undefined;
}

type Judgement = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold' | 'callBackDelay'>;
type What = 'line' | 'branch';

/**
 * Of several reports the lowest counts: their percentages are of different code, so no mean would be fair.
 *
 * @param reports those of the latest builds of this run, and of nothing else
 * @param isBuilding whether a build of this run goes on that has not reported yet
 * @param earlier those of the newest other run that passed the gate; none where there is no such run
 */
export function judgeCoverage(
  plan: CodeCoverageCheckPlan,
  reports: readonly CoverageReport[],
  isBuilding: boolean,
  earlier: readonly CoverageReport[] = [],
): Judgement {
  const { maxDropPoints } = plan;
  const wanted = limitsOf(plan);
  const complete = reports.filter(isComplete);
  const found = wanted.map(([what, least]): Found => ({
    what,
    least,
    percent: lowest(complete, what),
    // An earlier run whose reports do not say it is nothing to compare with.
    before: maxDropPoints !== undefined && earlier.every(isComplete) ? lowest(earlier, what) : undefined,
  }));
  const minimums = wanted.map(([what, least]) => `${plural(what)} at least ${least} %`);
  const drop = maxDropPoints === undefined ? [] : [`at most ${pointsInWords(maxDropPoints)} less than before`];
  const threshold = [...minimums, ...drop].join(', ');
  const value = found.flatMap(({ what, percent }) =>
    percent === undefined ? [] : [`${plural(what)} ${inPercent(percent)}`],
  );
  return {
    ...(value.length === 0 ? {} : { value: value.join(', '), threshold }),
    ...verdict(found, maxDropPoints, reports, isBuilding),
  };
}

interface Found {
  readonly what: What;
  readonly least: number;
  /** Absent when a report does not say it. */
  readonly percent: number | undefined;
  /** In the run that it is compared with. Absent when there is none, or it does not say it. */
  readonly before: number | undefined;
}

/** Too little is a failure, whatever else is missing. */
function verdict(
  found: readonly Found[],
  maxDropPoints: number | undefined,
  reports: readonly CoverageReport[],
  isBuilding: boolean,
): Judgement {
  const low = found.find(({ percent, least }) => percent !== undefined && !(percent >= least));
  if (low !== undefined) {
    return {
      verdict: 'FAIL',
      reason: sentence(`${inWords(low)}, but has to be at least ${low.least} %`),
    };
  }
  const fallen = found.find((one) => hasFallen(one, maxDropPoints));
  if (fallen !== undefined) {
    const allowed =
      maxDropPoints === 0 ? 'it may not be lower' : `it may be at most ${pointsInWords(maxDropPoints ?? 0)} lower`;
    return {
      verdict: 'FAIL',
      reason: sentence(
        `${inWords(fallen)}, but was ${inPercent(fallen.before ?? NaN)} in the last run that passed, and ${allowed}`,
      ),
    };
  }
  if (isBuilding || reports.some(({ status }) => status === 'GENERATING')) {
    return { verdict: 'IN_PROGRESS', callBackDelay: REPORT_RETRY, reason: 'The coverage report is not finished yet.' };
  }
  if (reports.length === 0) {
    return { verdict: 'INCONCLUSIVE', reason: 'No build of this run has made a coverage report.' };
  }
  if (!reports.every(isComplete)) {
    return { verdict: 'INCONCLUSIVE', reason: 'The coverage report of this run is not complete.' };
  }
  const unknown = found.find(({ percent }) => percent === undefined);
  if (unknown !== undefined) {
    return {
      verdict: 'INCONCLUSIVE',
      reason: `The coverage report does not say how many ${plural(unknown.what)} are covered.`,
    };
  }
  const alone = maxDropPoints !== undefined && found.some(({ before }) => before === undefined);
  return {
    verdict: 'PASS',
    reason: `${sentence(found.map(inWords).join(', '))}${alone ? ' There is no report of an earlier run to compare with.' : ''}`,
  };
}

/** As a binary number, 80.1 less 79.6 is a little less than 0.5. */
function hasFallen({ percent, before }: Found, maxDropPoints = Infinity): boolean {
  return percent !== undefined && before !== undefined && !(before - percent <= maxDropPoints + 1e-9);
}

function isComplete({ status }: CoverageReport): boolean {
  return status === 'SUCCEEDED';
}

function limitsOf({ minLinePercent, minBranchPercent }: CodeCoverageCheckPlan) {
  const limits: readonly (readonly [What, number | undefined])[] = [
    ['line', minLinePercent],
    ['branch', minBranchPercent],
  ];
  return limits.flatMap(([what, least]) => (least === undefined ? [] : [[what, least] as const]));
}

/** Undefined when there is no report, or one of them does not say it. */
function lowest(reports: readonly CoverageReport[], what: What): number | undefined {
  const percents = reports.map((report) => percentOf(what === 'line' ? report.lines : report.branches));
  return percents.length === 0 || percents.some(Number.isNaN) ? undefined : Math.min(...percents);
}

/** NaN when it is not known. Of nothing no share is covered: a format without branches has none, whatever its percentage. */
function percentOf({ percent = NaN, covered = NaN, missed = NaN }: Covered): number {
  return covered + missed > 0 && percent >= 0 && percent <= 100 ? percent : NaN;
}

function inWords({ what, percent = NaN }: Found): string {
  return `${what} coverage is ${inPercent(percent)}`;
}

function sentence(text: string): string {
  return `${capitalize(text)}.`;
}

/** Rounded down, so that what is too little never reads like enough. As a binary number, 64.1 times 100 is a little less than 6410. */
function inPercent(percent: number): string {
  return `${Math.floor(percent * 100 + 1e-9) / 100} %`;
}

function pointsInWords(points: number): string {
  return points === 1 ? '1 point' : `${points} points`;
}

function plural(what: What): string {
  return what === 'line' ? 'lines' : 'branches';
}
