/**
 * The evaluator: measurements in, one verdict out. It fails closed: what is missing, erroneous, stale or unfinished
 * is never a PASS.
 */
import type { Measurement } from '../../contract/messages';
import type { CheckPlan } from '../../contract/policy';
import type { CheckState } from './records';
import { HOUR, iso, millis, MINUTE, SECOND } from './time';

export interface EvaluationPlan {
  readonly checks: readonly CheckPlan[];
  /** 0 = healthy at this moment: only the present counts, an earlier failure is forgotten once it passes again. */
  readonly bakeMinutes: number;
  /** When the gate began to watch. */
  readonly since: string;
}

export interface Evaluation {
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'RUNNING';
  /** Which checks decided it and why, the worst first. */
  readonly reasons: readonly string[];
  readonly checks: readonly CheckState[];
  /** When a check is due again. */
  readonly next?: string;
  readonly due: readonly CheckPlan[];
}

/** A check that answers "in progress" for so long after the bake cannot tell. */
const PROGRESS_LIMIT = HOUR;
/** A sample this much older than its interval asks for is stale. */
const STALE_SLACK = 2 * MINUTE;

export function evaluate(plan: EvaluationPlan, measurements: readonly Measurement[], now: string): Evaluation {
  const at = millis(now);
  const since = millis(plan.since);
  const deciding = plan.checks.filter((check) => !check.observeOnly);
  const end = endOf(plan, deciding, since);
  const states = plan.checks.map((check) => {
    const samples = samplesOf(check, measurements, since, at);
    return { check, samples, state: judge(check, samples, plan.bakeMinutes, end, at) };
  });
  const dueTimes = states.map(({ check, samples }) => ({ check, dueAt: dueAt(check, samples, since, end) }));
  const due = dueTimes.filter(({ dueAt: time }) => time <= at).map(({ check }) => check);
  const next = plan.checks.length === 0 ? undefined : Math.min(...dueTimes.map(({ dueAt: time }) => time));
  const checks = states.map(({ state }) => state);
  const { verdict, reasons } = worst(checks);
  return { verdict, reasons, checks, due, ...(next === undefined ? {} : { next: iso(next) }) };
}

/** The bake ends when its time is over and every check that decides has had the time for its samples. */
function endOf(plan: EvaluationPlan, deciding: readonly CheckPlan[], since: number): number {
  const sampled = deciding.map((check) => since + sampleSpan(check));
  return Math.max(since + plan.bakeMinutes * MINUTE, ...sampled);
}

function sampleSpan(check: CheckPlan): number {
  return (check.initialDelay + (check.minimumSamples - 1) * check.interval) * SECOND;
}

function samplesOf(check: CheckPlan, measurements: readonly Measurement[], since: number, now: number): Measurement[] {
  const first = since + check.initialDelay * SECOND;
  return measurements
    .filter(({ checkId, at }) => checkId === check.id && millis(at) >= first && millis(at) <= now)
    .sort((a, b) => millis(a.at) - millis(b.at));
}

function dueAt(check: CheckPlan, samples: readonly Measurement[], since: number, end: number): number {
  const last = samples[samples.length - 1];
  if (last === undefined) {
    return since + check.initialDelay * SECOND;
  }
  const taken = millis(last.at);
  const wait = last.verdict === 'IN_PROGRESS' ? Math.max(last.callBackDelay ?? check.interval, 1) : check.interval;
  const regular = taken + wait * SECOND;
  // A last look at the very end, so that a passed bake ends with a fresh sample.
  return taken < end && last.verdict !== 'IN_PROGRESS' ? Math.min(regular, end) : regular;
}

function judge(
  check: CheckPlan,
  samples: readonly Measurement[],
  bakeMinutes: number,
  end: number,
  now: number,
): CheckState {
  const say = (verdict: CheckState['verdict'], reason: string): CheckState => ({
    id: check.id,
    title: check.title,
    verdict,
    reason,
    observeOnly: check.observeOnly,
  });
  const finished = samples.filter(({ verdict }) => verdict !== 'IN_PROGRESS');
  const last = finished[finished.length - 1];
  const failures = bakeMinutes > 0 ? finished.filter(failed) : sinceLastPass(finished).filter(failed);
  const worstFailure = failures[failures.length - 1];
  if (worstFailure !== undefined && failures.length > check.failureLimit) {
    return say('FAIL', worstFailure.reason);
  }
  const errors = trailingErrors(finished);
  if (last !== undefined && errors > check.consecutiveErrorLimit) {
    return say('ERROR', `${errors} errors in a row, the last: ${last.reason}`);
  }
  if (now < end) {
    return say('RUNNING', last?.reason ?? 'not measured yet');
  }
  const newest = samples[samples.length - 1];
  if (newest === undefined || last === undefined) {
    const unfinished = newest !== undefined && now < end + PROGRESS_LIMIT;
    return unfinished ? say('RUNNING', newest.reason) : say('INCONCLUSIVE', 'no measurement was made');
  }
  if (newest.verdict === 'IN_PROGRESS') {
    return now < end + PROGRESS_LIMIT
      ? say('RUNNING', newest.reason)
      : say('INCONCLUSIVE', `still in progress long after the bake: ${newest.reason}`);
  }
  if (now - millis(last.at) > 2 * check.interval * SECOND + STALE_SLACK) {
    return say('INCONCLUSIVE', `the last measurement is stale: it was made at ${last.at}`);
  }
  if (last.verdict === 'INCONCLUSIVE') {
    return say('INCONCLUSIVE', last.reason);
  }
  if (last.verdict !== 'PASS') {
    // Forgiven, but the last word must be a good one; the limits bound how long this can go on.
    return say('RUNNING', last.reason);
  }
  const passes = finished.filter(({ verdict }) => verdict === 'PASS').length;
  if (passes < check.minimumSamples) {
    const late = now >= end + (check.minimumSamples * check.interval * SECOND + STALE_SLACK);
    const reason = `${passes} good measurements of ${check.minimumSamples} needed`;
    return say(late ? 'INCONCLUSIVE' : 'RUNNING', reason);
  }
  return say('PASS', last.reason);
}

function failed({ verdict }: Measurement): boolean {
  return verdict === 'FAIL';
}

function sinceLastPass(finished: readonly Measurement[]): readonly Measurement[] {
  const pass = finished.map(({ verdict }) => verdict).lastIndexOf('PASS');
  return finished.slice(pass + 1);
}

function trailingErrors(finished: readonly Measurement[]): number {
  let count = 0;
  while (count < finished.length && finished[finished.length - 1 - count]?.verdict === 'ERROR') {
    count += 1;
  }
  return count;
}

const RANK: Record<CheckState['verdict'], number> = { FAIL: 0, ERROR: 1, INCONCLUSIVE: 2, RUNNING: 3, PASS: 4 };

function worst(states: readonly CheckState[]): Pick<Evaluation, 'verdict' | 'reasons'> {
  const deciding = states.filter(({ observeOnly }) => !observeOnly);
  const sorted = [...deciding].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  const first = sorted[0];
  if (first === undefined) {
    return { verdict: 'INCONCLUSIVE', reasons: ['no check decides'] };
  }
  const verdict = first.verdict === 'ERROR' ? 'INCONCLUSIVE' : first.verdict;
  return { verdict, reasons: sorted.map(sentence) };
}

const WORD: Record<CheckState['verdict'], string> = {
  FAIL: 'failed',
  ERROR: 'cannot tell',
  INCONCLUSIVE: 'cannot tell',
  RUNNING: 'is still watching',
  PASS: 'passed',
};

function sentence({ title, verdict, reason }: CheckState): string {
  return `${title} ${WORD[verdict]}${reason === '' ? '' : `: ${reason}`}`;
}
