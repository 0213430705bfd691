/** What a hook does next about one check, from what it has measured so far. Only enough good measurements let it pass. */
import type { Measurement } from '../../contract/messages';
import type { CheckPlan } from '../../contract/policy';

export type Step =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'wait'; readonly seconds: number };

/** Pause before the next try when a check could not tell, or answered "in progress" without saying for how long. */
const RETRY_SECONDS = 10;

export function nextStep(plan: CheckPlan, measurements: readonly Measurement[]): Step {
  const last = measurements[measurements.length - 1];
  if (last === undefined) {
    return { kind: 'wait', seconds: plan.initialDelay };
  }
  if (measurements.filter(({ verdict }) => verdict === 'FAIL').length > plan.failureLimit) {
    return { kind: 'failed', reason: last.reason };
  }
  if (last.verdict === 'IN_PROGRESS') {
    return { kind: 'wait', seconds: last.callBackDelay ?? RETRY_SECONDS };
  }
  if (last.verdict === 'ERROR' || last.verdict === 'INCONCLUSIVE') {
    const inARow = measurements.length - 1 - measurements.findLastIndex((one) => !cannotTell(one));
    return inARow > plan.consecutiveErrorLimit
      ? { kind: 'failed', reason: last.reason }
      : { kind: 'wait', seconds: Math.min(RETRY_SECONDS, plan.interval) };
  }
  const good = measurements.filter(({ verdict }) => verdict === 'PASS').length;
  return last.verdict === 'PASS' && good >= plan.minimumSamples
    ? { kind: 'passed' }
    : { kind: 'wait', seconds: plan.interval };
}

function cannotTell({ verdict }: Measurement): boolean {
  return verdict === 'ERROR' || verdict === 'INCONCLUSIVE';
}
