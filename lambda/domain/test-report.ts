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

type Judgement = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold' | 'callBackDelay'>;

/** So many failed tests are named. */
export const NAMED_TESTS = 3;
const NAME_LIMIT = 60;
/** When it is worth looking again for a report that is being made, in seconds. */
export const REPORT_RETRY = 30;

/**
 * @param reports those of the latest builds of this run, and of nothing else
 * @param isBuilding whether a build of this run has not ended
 * @param failedTests names of some tests that failed
 */
export function judgeTests(
  plan: TestReportCheckPlan,
  reports: readonly TestReport[],
  isBuilding: boolean,
  failedTests: readonly string[] = [],
): Judgement {
  const read = { value: inWords(reports), threshold: wanted(plan) };
  return { ...(reports.length === 0 ? {} : read), ...verdict(plan, reports, isBuilding, failedTests) };
}

/** A test that failed is a failure, whatever else is missing. */
function verdict(
  plan: TestReportCheckPlan,
  reports: readonly TestReport[],
  isBuilding: boolean,
  failedTests: readonly string[],
): Judgement {
  const failed = failuresIn(reports);
  if (failed > 0 || reports.some(({ status }) => status === 'FAILED')) {
    const names = failedTests.slice(0, NAMED_TESTS).map((name) => cleanText(name, NAME_LIMIT));
    const more = failed > names.length && names.length > 0 ? ', …' : '';
    const named = names.length === 0 ? '' : `: ${names.join(', ')}${more}`;
    const what = failed === 0 ? 'The tests failed' : `${tests(failed)} failed`;
    return { verdict: 'FAIL', reason: `${what}${named}.` };
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
  return withinLimits(plan, reports);
}

function withinLimits(plan: TestReportCheckPlan, reports: readonly TestReport[]): Judgement {
  const { minTests, maxSkipped } = plan;
  const [count, skipped] = [ran(reports), skippedIn(reports)];
  if (count < minTests) {
    return { verdict: 'FAIL', reason: `${tests(count)} ran, but at least ${minTests} should have.` };
  }
  if (maxSkipped !== undefined && skipped > maxSkipped) {
    return { verdict: 'FAIL', reason: `${tests(skipped)} skipped, but at most ${maxSkipped} may be.` };
  }
  return { verdict: 'PASS', reason: `${tests(count)} passed${skipped === 0 ? '' : `, ${skipped} skipped`}.` };
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

/** Whether its counts are numbers, and add up: what is missing might have failed. */
function isComplete({ status, total, counts }: TestReport): boolean {
  const numbers = [total, ...Object.values(counts)];
  const sum = Object.values(counts).reduce((all, count) => all + count, 0);
  return status === 'SUCCEEDED' && numbers.every((one) => Number.isInteger(one) && one >= 0) && sum === total;
}

function inWords(reports: readonly TestReport[]): string {
  return `${ran(reports)} ran, ${failuresIn(reports)} failed, ${skippedIn(reports)} skipped`;
}

function wanted({ minTests, maxSkipped }: TestReportCheckPlan): string {
  const skipped = maxSkipped === undefined ? '' : `, at most ${maxSkipped} skipped`;
  return `at least ${minTests} ran, 0 failed${skipped}`;
}

function tests(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`;
}
