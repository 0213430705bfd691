/** The checks of a request: measured when they are due, judged by all that was ever found. */
import type { CheckPlan, GatePolicy } from '../../contract/policy';
import type { RequestRecords } from '../aws/request-store';
import { evaluate, type Evaluation } from '../domain/evaluate';
import { lastFinding } from '../domain/last-finding';
import { millis, plus, SECOND } from '../domain/time';
import { POLICY_PATIENCE } from './identify';
import type { Ports } from './ports';

/** Measures the checks that are due, keeps what was found, and judges. */
export async function watchChecks(
  ports: Ports,
  { meta, measurements }: RequestRecords,
  { checks }: GatePolicy,
  now: string,
  measureAnew: boolean,
): Promise<Evaluation> {
  const since = meta.identifiedAt ?? meta.requestedAt;
  const bakeMinutes = checks?.bakeMinutes ?? 0;
  const read = checks === undefined ? [] : await ports.policies.checks(checks.parameter);
  if (read === undefined && millis(now) - millis(since) < POLICY_PATIENCE) {
    // Written by the same deployment as the policy, maybe a little later.
    return { verdict: 'RUNNING', reasons: [], checks: [], due: [], next: plus(now, 30 * SECOND) };
  }
  const written = read ?? [];
  const plans = meta.executionType === 'ROLLBACK' ? written.map(forgivingRedAtStart) : written;
  const plan = { checks: plans, bakeMinutes, since };
  const { due } = evaluate(plan, measurements, now);
  const role = checks?.role ?? '';
  const taken = await Promise.all(
    (measureAnew ? started(plans, since, now) : due).map((check) => {
      const lastLook = lastFinding(measurements.filter(({ checkId }) => checkId === check.id));
      const seen = lastLook === undefined ? {} : { lastLook };
      return ports.checks.measure({ requestId: meta.pk, check, role, since, ...seen, now });
    }),
  );
  for (const measurement of taken) {
    await ports.store.addMeasurement(meta.pk, measurement);
  }
  return evaluate(plan, [...measurements, ...taken], now);
}

/** A rollback begins while the alarm that caused it is still red: it has to turn green, not to have been green. */
function forgivingRedAtStart(check: CheckPlan): CheckPlan {
  return check.kind === 'alarm' ? { ...check, alreadyRed: 'IGNORE_UNTIL_GREEN' } : check;
}

/** A check whose delay is not over would count nothing. */
function started(plans: readonly CheckPlan[], since: string, now: string): readonly CheckPlan[] {
  return plans.filter(({ initialDelay }) => millis(plus(since, initialDelay * SECOND)) <= millis(now));
}
