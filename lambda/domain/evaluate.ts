/**
 * The evaluator, of gates and of deployment hooks: running states of checks in, one verdict out. It fails closed: what is
 * missing, erroneous, stale, unfinished or was not watched without interruption is never a PASS.
 */
import { isKnownKind, type CheckPlan } from '../../contract/checks';
import { longestGap, type CheckTally } from './check-tally';
import { Pace, PROGRESS_LIMIT } from './limits';
import type { CheckState } from './request';
import { iso, millis, MINUTE, SECOND } from './time';

export interface EvaluationPlan {
  readonly checks: readonly CheckPlan[];
  /** 0 = healthy at this moment: only the present counts, an earlier failure is forgotten once the check passes again. */
  readonly bakeMinutes: number;
  /** When the gate began to measure its checks. */
  readonly since: string;
  /** Nothing but people can change anything once the bake is over: the longer a check stays the same, the less often it is measured. */
  readonly resting?: boolean;
}

export interface Evaluation {
  /** UNREADABLE: a check of a kind that this version does not know, so nobody can say anything. */
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'RUNNING' | 'UNREADABLE';
  /** Which checks decided it and why, the worst first. */
  readonly reasons: readonly string[];
  readonly checks: readonly CheckState[];
  /** When a check is due again. */
  readonly next?: string;
  readonly due: readonly CheckPlan[];
}

export function evaluate(plan: EvaluationPlan, tallies: readonly CheckTally[], now: string): Evaluation {
  const end = endOf(plan);
  const judged = plan.checks.map((check) => {
    const tally = tallies.find(({ checkId }) => checkId === check.id);
    return { check, state: judge(check, tally, plan, end, millis(now)), dueAt: dueAt(check, tally, plan, end) };
  });
  const measurable = judged.filter(({ state }) => state.verdict !== 'UNREADABLE');
  const due = measurable.filter(({ dueAt: time }) => time <= millis(now)).map(({ check }) => check);
  const next = measurable.reduce<number | undefined>(
    (soonest, { dueAt: time }) => Math.min(soonest ?? time, time),
    undefined,
  );
  const checks = judged.map(({ state }) => state);
  return { ...verdictOf(checks), checks, due, ...(next === undefined ? {} : { next: iso(next) }) };
}

/** The bake ends when its time is over and every check that decides has had the time for its samples. */
function endOf({ checks, bakeMinutes, since }: EvaluationPlan): number {
  return checks
    .filter(({ observeOnly }) => !observeOnly)
    .map((check) => millis(since) + (check.initialDelay + (check.minSamples - 1) * check.interval) * SECOND)
    .reduce((latest, time) => Math.max(latest, time), millis(since) + bakeMinutes * MINUTE);
}

/** When a check is to be measured for the first time. */
export function startOf({ initialDelay }: Pick<CheckPlan, 'initialDelay'>, since: string): string {
  return iso(millis(since) + initialDelay * SECOND);
}

function dueAt(
  check: CheckPlan,
  tally: CheckTally | undefined,
  { since, resting }: EvaluationPlan,
  end: number,
): number {
  if (tally === undefined) {
    return millis(startOf(check, since));
  }
  const { last, unchangedSince, inProgressSince } = tally;
  const taken = millis(last.at);
  const isWorking = last.verdict === 'IN_PROGRESS';
  const regular = taken + (isWorking ? Math.max(last.callBackDelay ?? check.interval, 1) : check.interval) * SECOND;
  if (resting === true && taken >= end) {
    // What is in progress for its whole bake, as a canary is, has not been waiting before the end.
    const from = inProgressSince === undefined ? millis(unchangedSince) : Math.max(end, millis(inProgressSince));
    const same = taken - from;
    return Math.max(regular, taken + Math.min(same, Pace.RESTING_CHECK));
  }
  if (isWorking) {
    return regular;
  }
  // A last measurement at the very end, so that a passed bake ends with a fresh one.
  return taken < end ? Math.min(regular, end) : regular;
}

function judge(
  check: CheckPlan,
  tally: CheckTally | undefined,
  { bakeMinutes, resting }: EvaluationPlan,
  end: number,
  now: number,
): CheckState {
  const { id, title, observeOnly } = check;
  const say = (verdict: CheckState['verdict'], reason: string): CheckState => ({
    id,
    title,
    verdict,
    reason,
    observeOnly,
  });
  if (!isKnownKind(check)) {
    return say('UNREADABLE', 'this version of the workflow does not know this kind of check: update the workflow');
  }
  if (tally === undefined) {
    return now < end ? say('RUNNING', 'not measured yet') : say('INCONCLUSIVE', 'no measurement was made');
  }
  const bakes = bakeMinutes > 0;
  const { last } = tally;
  const gap = longestGap(check);
  if ((bakes ? tally.failures : tally.failuresInARow) > check.failureLimit) {
    return say('FAIL', tally.failure ?? last.reason);
  }
  if (tally.errorsInARow > check.consecutiveErrorLimit) {
    return say('ERROR', `${often(tally.errorsInARow, 'errors in a row')}${last.reason}`);
  }
  if (now < end) {
    return say('RUNNING', last.reason);
  }
  if (last.verdict === 'IN_PROGRESS') {
    // Written so that a time that cannot be read is over.
    return now < Math.max(end, last.waitsUntil === undefined ? end : millis(last.waitsUntil)) + PROGRESS_LIMIT
      ? say('RUNNING', last.reason)
      : say('INCONCLUSIVE', `still in progress long after the bake: ${last.reason}`);
  }
  const oldest = Math.max(end, now - (resting === true ? Pace.RESTING_CHECK : 0)) - gap;
  if (millis(last.at) < oldest) {
    return say('INCONCLUSIVE', `the last measurement is stale: it was made at ${last.at}`);
  }
  const inconclusive = bakes ? tally.inconclusives : tally.inconclusivesInARow;
  if (inconclusive > check.inconclusiveLimit) {
    return say('INCONCLUSIVE', `${often(inconclusive, 'measurements say nothing')}${tally.doubt ?? last.reason}`);
  }
  if (last.verdict !== 'PASS') {
    // Forgiven, but a check passes only with a good measurement; the limits bound how long this can go on.
    return say('RUNNING', last.reason);
  }
  if (tally.passes < check.minSamples) {
    const late = now >= end + check.minSamples * check.interval * SECOND + gap;
    return say(late ? 'INCONCLUSIVE' : 'RUNNING', `${tally.passes} good measurements of ${check.minSamples} needed`);
  }
  const hole = bakes ? holeBefore(end, tally, gap) : undefined;
  if (hole !== undefined) {
    return say('INCONCLUSIVE', `it was not seen healthy from ${hole.from} to ${hole.to}`);
  }
  return say('PASS', last.reason);
}

/** What happened after the end of the bake is no part of it: a check that rests is seen once an hour. */
function holeBefore(end: number, { hole }: CheckTally, gap: number): CheckTally['hole'] {
  // Written so that a time that cannot be read is a hole.
  const isHarmless = hole === undefined || Math.min(millis(hole.to), end) - millis(hole.from) <= gap;
  return isHarmless ? undefined : hole;
}

/** `31 measurements say nothing, most recently: ` */
function often(count: number, what: string): string {
  return count === 1 ? '' : `${count} ${what}, most recently: `;
}

const RANK: Record<CheckState['verdict'], number> = {
  FAIL: 0,
  UNREADABLE: 1,
  ERROR: 2,
  INCONCLUSIVE: 3,
  RUNNING: 4,
  PASS: 5,
};

/** What the states of checks mean together: the worst of those that decide. */
export function verdictOf(states: readonly CheckState[]): Pick<Evaluation, 'verdict' | 'reasons'> {
  const sorted = worstFirst(states);
  const first = sorted[0];
  if (first === undefined) {
    return { verdict: 'INCONCLUSIVE', reasons: ['no check decides'] };
  }
  return { verdict: first.verdict === 'ERROR' ? 'INCONCLUSIVE' : first.verdict, reasons: sorted.map(sentence) };
}

/** Those that decide. */
export function worstFirst(states: readonly CheckState[]): readonly CheckState[] {
  return states.filter(({ observeOnly }) => !observeOnly).sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
}

const WORD: Record<CheckState['verdict'], string> = {
  FAIL: 'failed',
  UNREADABLE: 'cannot be understood',
  ERROR: 'cannot tell',
  INCONCLUSIVE: 'cannot tell',
  RUNNING: 'is still watching',
  PASS: 'passed',
};

/** `alarm shop-5xx failed: it is red` */
export function sentence({ title, verdict, reason }: CheckState): string {
  return `${title} ${WORD[verdict]}${reason === '' ? '' : `: ${reason}`}`;
}
