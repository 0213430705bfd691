/** The health of a gate: its checks are measured when they are due, and judged by their running states. */
import type { Measurement } from '../../contract/messages';
import { isKnownKind, type CheckPlan } from '../../contract/checks';
import type { ChecksRule, RuleKind } from '../../contract/policy';
import { lastFindingOf, withMeasurement, type CheckTally } from '../domain/check-tally';
import { evaluate, startOf, verdictOf, type Evaluation, type EvaluationPlan } from '../domain/evaluate';
import { Pace, Patience } from '../domain/limits';
import { slowingDown } from '../domain/pace';
import { watchedSince, type CheckState, type Decided, type Waiting } from '../domain/request';
import { checksWithCourse } from '../domain/shown-checks';
import { elapsed, isBefore, latestOf, plus } from '../domain/time';
import type { Pipeline, Ports } from './ports';
import { tellRun, type TellRun } from './run-to-judge';

/** The checks of a request, and what is known of them. */
export interface Watch {
  readonly requestId: string;
  /** The role that measures. */
  readonly role: string;
  readonly plan: EvaluationPlan;
  readonly tellRun: TellRun;
  readonly tallies: readonly CheckTally[];
  /** All that the table holds: a tally from before the watch began counts for nothing and is written over. */
  readonly stored: readonly CheckTally[];
}

export function watchOf(
  request: Waiting | Decided,
  kind: RuleKind,
  { role, bakeMinutes }: ChecksRule,
  plans: readonly CheckPlan[],
  stored: readonly CheckTally[],
  pipeline?: Pipeline,
): Watch {
  const { run, shown } = request;
  const since = watchedSince(request);
  const baked = bakeMinutes === 0 || shown.bakedAt !== undefined || request.phase === 'DECIDED';
  const checks = run.kind.type === 'ROLLBACK' ? plans.map(forgivingRedAtStart) : plans;
  const plan = {
    checks,
    bakeMinutes: baked ? 0 : bakeMinutes,
    since,
    resting: kind === 'GUARDED' || request.phase === 'DECIDED' || request.held !== undefined,
  };
  const tallies = stored.filter(({ last }) => !isBefore(last.at, since));
  return { requestId: request.id, role, plan, tellRun: tellRun(run, pipeline), tallies, stored };
}

/** A rollback begins while the alarm that caused it is still red: it has to turn green, not to have been green. */
function forgivingRedAtStart(check: CheckPlan): CheckPlan {
  return check.kind === 'alarm' ? { ...check, alreadyRed: 'IGNORE_UNTIL_GREEN' } : check;
}

/** The health that people were shown last: nothing is measured any more. */
export function shownHealth(checks: readonly CheckState[]): Evaluation {
  return { ...verdictOf(checks), checks, due: [] };
}

/** Nobody knows what to measure: that is waited for, and later told. */
export function unreadableHealth(reason: string, since: string, now: string): Evaluation {
  const nothing = { reasons: [reason], checks: [], due: [] };
  return elapsed(since, now) < Patience.PARAMETER
    ? { verdict: 'RUNNING', ...nothing, next: plus(now, Pace.SOON) }
    : { verdict: 'UNREADABLE', ...nothing, next: plus(now, slowingDown(since, now)) };
}

/**
 * Measures the checks that are due, keeps what was found, and judges.
 *
 * @param since when given, every check whose last measurement is older than that is measured too, due or not
 */
export async function measuredHealth(ports: Ports, watch: Watch, now: string, since?: string): Promise<Evaluation> {
  const { plan, tallies } = watch;
  const { due } = evaluate(plan, tallies, now);
  const wanted = plan.checks.filter(
    (check) => due.includes(check) || (since !== undefined && isStale(check, watch, since, now)),
  );
  const measured = await Promise.all(wanted.map((check) => measure(ports, watch, check, now)));
  const others = tallies.filter(({ checkId }) => !measured.some((tally) => tally.checkId === checkId));
  const all = [...others, ...measured];
  const evaluation = evaluate(plan, all, now);
  return { ...evaluation, checks: checksWithCourse(evaluation.checks, all) };
}

/** A check whose delay is not over has nothing to say yet. */
function isStale(check: CheckPlan, { plan, tallies }: Watch, since: string, now: string): boolean {
  const last = tallyOf(check, tallies)?.last.at;
  const began = isKnownKind(check) && !isBefore(now, startOf(check, plan.since));
  return began && (last === undefined || isBefore(last, since));
}

async function measure(ports: Ports, watch: Watch, check: CheckPlan, now: string): Promise<CheckTally> {
  const { requestId, role, plan, tallies, stored } = watch;
  const before = tallyOf(check, tallies);
  const measurement = await ports.checks.measure({
    requestId,
    check,
    role,
    since: plan.since,
    ...lastFindingOf(before),
    now,
    ...(await watch.tellRun(check)),
  });
  const after = await keep(ports, watch, check, measurement, before, tallyOf(check, stored));
  if (
    before === undefined ||
    before.last.verdict !== measurement.verdict ||
    before.last.reason !== measurement.reason
  ) {
    await ports.store.record(requestId, measurement);
  }
  return after;
}

/**
 * Of two looks that measured at once the first is kept. A failure that the other one saw counts all the same, after it.
 *
 * @param before what counted so far
 * @param stored what the table holds, which may be from before the watch began
 */
async function keep(
  ports: Ports,
  watch: Watch,
  check: CheckPlan,
  measurement: Measurement,
  before: CheckTally | undefined,
  stored: CheckTally | undefined,
): Promise<CheckTally> {
  const { since } = watch.plan;
  const after = withMeasurement(before, measurement, check, startOf(check, since));
  if (await ports.store.tally(watch.requestId, after, stored)) {
    return after;
  }
  const records = measurement.verdict === 'FAIL' ? await ports.store.load(watch.requestId) : undefined;
  const first = tallyOf(check, records?.tallies ?? []);
  if (first === undefined || first.last.verdict === 'FAIL') {
    throw new MeasuredMeanwhile();
  }
  const later = { ...measurement, at: latestOf(measurement.at, plus(first.last.at, 1)) };
  return keep(ports, watch, check, later, isBefore(first.last.at, since) ? undefined : first, first);
}

function tallyOf(check: CheckPlan, tallies: readonly CheckTally[]): CheckTally | undefined {
  return tallies.find(({ checkId }) => checkId === check.id);
}

/** Another look measured the same check at the same time: what is known has to be read again. */
export class MeasuredMeanwhile extends Error {
  override readonly name = 'MeasuredMeanwhile';
}
