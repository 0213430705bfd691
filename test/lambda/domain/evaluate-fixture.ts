/** Checks, and what was measured of them. */
import type { Measurement } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/checks';
import { withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';
import { evaluate, startOf, type EvaluationPlan } from '../../../lambda/domain/evaluate';
import { TIMING } from '../check-timing';

export const SINCE = '2026-11-23T08:00:00.000Z';
export const HOUR = 3600;

export type Verdict = Measurement['verdict'];

export function at(seconds: number): string {
  return new Date(Date.parse(SINCE) + seconds * 1000).toISOString();
}

export function check(more: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'http',
    id: 'a',
    title: 'health',
    url: 'https://example.com',
    minStatus: 200,
    maxStatus: 299,
    timeoutSeconds: 5,
    ...TIMING,
    ...more,
  } as CheckPlan;
}

export function measured(verdict: Verdict, seconds: number, more: Partial<Measurement> = {}): Measurement {
  return { checkId: 'a', at: at(seconds), verdict, reason: verdict.toLowerCase(), ...more };
}

/** One measurement a minute, the first when the gate began. */
export function minutes(...verdicts: readonly Verdict[]): Measurement[] {
  return verdicts.map((verdict, index) => measured(verdict, index * 60));
}

export function repeated(verdict: Verdict, times: number): Verdict[] {
  return Array.from({ length: times }, () => verdict);
}

export function tallies(checks: readonly CheckPlan[], measurements: readonly Measurement[]): CheckTally[] {
  return checks.flatMap((plan) => {
    const tally = measurements
      .filter(({ checkId }) => checkId === plan.id)
      .reduce<CheckTally | undefined>(
        (before, one) => withMeasurement(before, one, plan, startOf(plan, SINCE)),
        undefined,
      );
    return tally === undefined ? [] : [tally];
  });
}

export function judge(
  measurements: readonly Measurement[],
  seconds: number,
  more: Partial<CheckPlan> = {},
  plan: Partial<EvaluationPlan> = {},
) {
  const checks = [check(more)];
  return evaluate({ checks, bakeMinutes: 3, since: SINCE, ...plan }, tallies(checks, measurements), at(seconds));
}

export const PRESENT = { bakeMinutes: 0 };
