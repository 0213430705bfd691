/** One look of a hook at its checks: those that are due are measured, and all are judged by their running states. */
import type { CheckPlan } from '../../contract/checks';
import type { CheckCommand, Measurement } from '../../contract/messages';
import { lastFindingOf, withMeasurement, type CheckTally } from './check-tally';
import { evaluate, startOf, type Evaluation, type EvaluationPlan } from './evaluate';

/** Measures one check once. */
export type MeasureCheck = (command: CheckCommand) => Promise<Measurement>;

export interface Looked {
  readonly evaluation: Evaluation;
  readonly tallies: readonly CheckTally[];
}

/** @param hook what the measurements are told in the place of a request's id */
export async function look(
  plan: EvaluationPlan,
  tallies: readonly CheckTally[],
  hook: string,
  now: string,
  measure: MeasureCheck,
): Promise<Looked> {
  return measured(plan, tallies, evaluate(plan, tallies, now).due, hook, now, measure);
}

/** A look whose pass is found out at this very moment, whatever the running states say of earlier ones. */
export async function lookAnew(
  plan: EvaluationPlan,
  tallies: readonly CheckTally[],
  hook: string,
  now: string,
  measure: MeasureCheck,
): Promise<Looked> {
  const looked = await look(plan, tallies, hook, now, measure);
  if (looked.evaluation.verdict !== 'PASS') {
    return looked;
  }
  const isOld = ({ id }: CheckPlan): boolean =>
    looked.tallies.some(({ checkId, last }) => checkId === id && last.at !== now);
  return measured(plan, looked.tallies, plan.checks.filter(isOld), hook, now, measure);
}

async function measured(
  plan: EvaluationPlan,
  tallies: readonly CheckTally[],
  due: readonly CheckPlan[],
  hook: string,
  now: string,
  measure: MeasureCheck,
): Promise<Looked> {
  const tallyOf = ({ id }: CheckPlan): CheckTally | undefined => tallies.find(({ checkId }) => checkId === id);
  const anew = await Promise.all(
    due.map(async (check) => {
      const before = tallyOf(check);
      const measurement = await measure(commandFor(check, before, hook, plan.since, now));
      return withMeasurement(before, measurement, check, startOf(check, plan.since));
    }),
  );
  const others = tallies.filter(({ checkId }) => !due.some(({ id }) => id === checkId));
  const all = [...others, ...anew];
  return { evaluation: evaluate(plan, all, now), tallies: all };
}

function commandFor(
  check: CheckPlan,
  tally: CheckTally | undefined,
  requestId: string,
  since: string,
  now: string,
): CheckCommand {
  // A hook reads with its own permissions and assumes no role.
  return { requestId, check, role: '', since, ...lastFindingOf(tally), now };
}
