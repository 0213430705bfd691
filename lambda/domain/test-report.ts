/** Whether the tests of a run let its change go on. */
import type { Measurement } from '../../contract/messages';
import type { TestReportCheckPlan } from '../../contract/checks';
import { cleanText } from './clean-text';

/** The report of one build. */
export interface TestReport {
  /** As CodeBuild says it: GENERATING, SUCCEEDED, FAILED, INCOMPLETE or DELETING. */
  readonly status: string;
  /** Test cases in all. */
  readonly total: number;
  /** How many of them ended how: SUCCEEDED, FAILED, ERROR, SKIPPED or UNKNOWN. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What is known of the failed tests. */
export interface Failures {
  /** Names of some that count. */
  readonly named: readonly string[];
  /** So many had failed in the last run that passed, and do not count. */
  readonly known: number;
  /** They should have been compared, and there is nothing to compare with. */
  readonly isIncomparable?: true;
}

export const NO_FAILURES: Failures = { named: [], known: 0 };

type Judgement = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold' | 'callBackDelay'>;

/** So many failed tests are named. */
export const NAMED_TESTS = 3;
const NAME_LIMIT = 60;
/** When it is worth looking again for a report that is being made, in seconds. */
export const REPORT_RETRY = 30;

/**
 * @param reports those of the latest builds of this run, and of nothing else
 * @param isBuilding whether a build of this run has not ended
 * @param failures what is known of the tests that failed
 */
export function judgeTests(
  plan: TestReportCheckPlan,
  reports: readonly TestReport[],
  isBuilding: boolean,
  failures: Failures = NO_FAILURES,
): Judgement {
  const read = { value: inWords(reports), threshold: wanted(plan) };
  return { ...(reports.length === 0 ? {} : read), ...verdict(plan, reports, isBuilding, failures) };
}

/** A test that failed is a failure, whatever else is missing. */
function verdict(
  plan: TestReportCheckPlan,
  reports: readonly TestReport[],
  isBuilding: boolean,
  failures: Failures,
): Judgement {
  // One that is named counts, whatever the sums say.
  const failed = Math.max(failuresIn(reports) - failures.known, failures.named.length);
  if (failed > 0 || reports.some((report) => report.status === 'FAILED' && failuresIn([report]) === 0)) {
    return { verdict: 'FAIL', reason: failureInWords(failed, failures) };
  }
  if (reports.some(({ status }) => status === 'GENERATING') || isBuilding) {
    return { verdict: 'IN_PROGRESS', callBackDelay: REPORT_RETRY, reason: 'The test report is not finished yet.' };
  }
  if (reports.length === 0) {
    return { verdict: 'INCONCLUSIVE', reason: 'No build of this run has made a test report.' };
  }
  if (!reports.every(isComplete)) {
    return { verdict: 'INCONCLUSIVE', reason: 'The test report of this run is not complete.' };
  }
  const unknown = reports.reduce((sum, { total }) => sum + total, 0) - ran(reports) - skippedIn(reports);
  if (unknown > 0) {
    return { verdict: 'INCONCLUSIVE', reason: `${tests(unknown)} ended without a result.` };
  }
  return withinLimits(plan, reports, failures.known);
}

function failureInWords(failed: number, { named, known, isIncomparable }: Failures): string {
  const names = named.slice(0, NAMED_TESTS).map((name) => cleanText(name, NAME_LIMIT));
  const more = failed > names.length && names.length > 0 ? ', …' : '';
  const what = failed <= 0 ? 'The tests failed' : `${tests(failed)} failed${known > 0 ? ' that had not before' : ''}`;
  const which = names.length === 0 ? '' : `: ${names.join(', ')}${more}`;
  const alone = isIncomparable === true ? ' There is no report of an earlier run to compare with.' : '';
  return `${what}${which}.${alone}`;
}

function withinLimits(plan: TestReportCheckPlan, reports: readonly TestReport[], known: number): Judgement {
  const { minTests, maxSkipped } = plan;
  const [count, skipped] = [ran(reports), skippedIn(reports)];
  if (count < minTests) {
    return { verdict: 'FAIL', reason: `${tests(count)} ran, but at least ${minTests} should have.` };
  }
  if (maxSkipped !== undefined && skipped > maxSkipped) {
    return { verdict: 'FAIL', reason: `${tests(skipped)} skipped, but at most ${maxSkipped} may be.` };
  }
  const skips = skipped === 0 ? '' : `, ${skipped} skipped`;
  const failures = known === 0 ? '' : `, ${known} failed as in the last run that passed`;
  return { verdict: 'PASS', reason: `${tests(count - known)} passed${skips}${failures}.` };
}

export function failuresIn(reports: readonly TestReport[]): number {
  return sumOf(reports, 'FAILED') + sumOf(reports, 'ERROR');
}

function skippedIn(reports: readonly TestReport[]): number {
  return sumOf(reports, 'SKIPPED');
}

function ran(reports: readonly TestReport[]): number {
  return sumOf(reports, 'SUCCEEDED') + failuresIn(reports);
}

function sumOf(reports: readonly TestReport[], status: string): number {
  return reports.reduce((sum, { counts }) => sum + (counts[status] ?? 0), 0);
}

/** Whether its counts are numbers, and add up: what is missing might have failed. A failure that counts was found before. */
function isComplete({ status, total, counts }: TestReport): boolean {
  const numbers = [total, ...Object.values(counts)];
  const sum = Object.values(counts).reduce((all, count) => all + count, 0);
  return (
    ['SUCCEEDED', 'FAILED'].includes(status) &&
    numbers.every((one) => Number.isInteger(one) && one >= 0) &&
    sum === total
  );
}

function inWords(reports: readonly TestReport[]): string {
  return `${ran(reports)} ran, ${failuresIn(reports)} failed, ${skippedIn(reports)} skipped`;
}

function wanted({ minTests, maxSkipped, failures }: TestReportCheckPlan): string {
  const skipped = maxSkipped === undefined ? '' : `, at most ${maxSkipped} skipped`;
  return `at least ${minTests} ran, 0 failed${failures === 'NEW' ? ' that had not before' : ''}${skipped}`;
}

function tests(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`;
}
