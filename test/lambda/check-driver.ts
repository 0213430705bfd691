import type { CheckCommand, Measurement } from '../../contract/messages';
import { lastFindingOf, withMeasurement, type CheckTally } from '../../lambda/domain/check-tally';
import { evaluate, startOf, type Evaluation, type EvaluationPlan } from '../../lambda/domain/evaluate';

/** What a check finds when it is measured for the nth time (from 0). */
export type Finder = (command: Omit<CheckCommand, 'requestId' | 'role'>, time: number) => Measurement;

export interface Driven {
  readonly evaluation: Evaluation;
  /** When it ended. */
  readonly at: string;
  readonly measurements: readonly Measurement[];
}

/** A gate that does not get on is a bug. */
const MOST_ROUNDS = 5000;

/** Watches as a gate does: measures what is due, judges, sleeps until the next check is due, until the verdict is final. */
export function driveGate(plan: EvaluationPlan, find: Finder, lastTime: string): Driven {
  const tallies = new Map<string, CheckTally>();
  const measurements: Measurement[] = [];
  let now = plan.since;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const check of evaluate(plan, [...tallies.values()], now).due) {
      const tally = tallies.get(check.id);
      const command = { check, since: plan.since, ...lastFindingOf(tally), now };
      const measurement = find(command, measurements.filter(({ checkId }) => checkId === check.id).length);
      measurements.push(measurement);
      tallies.set(check.id, withMeasurement(tally, measurement, check, startOf(check, plan.since)));
    }
    const evaluation = evaluate(plan, [...tallies.values()], now);
    const { next } = evaluation;
    if (evaluation.verdict !== 'RUNNING' || next === undefined || Date.parse(next) > Date.parse(lastTime)) {
      return { evaluation, at: now, measurements };
    }
    now = next;
  }
  throw new Error('the gate never sleeps');
}
