/** What the health of a target group's targets means for the version behind them. */
import type { Measurement } from '../../contract/messages';

/** One registered target, as the load balancer sees it. */
export interface TargetState {
  readonly state?: string;
  /** What the load balancer says about it. */
  readonly why?: string;
}

export interface TargetLimits {
  readonly minHealthy: number;
  readonly minHealthyPercent: number;
}

/** They are deregistered already and only finish their last requests. */
const LEAVING: ReadonlySet<string | undefined> = new Set(['draining', 'unhealthy.draining']);

/** Enough healthy targets are a PASS; too few are a FAIL only if those whose health is not known yet could not make up for them. */
export function judgeTargets(
  targets: readonly TargetState[],
  { minHealthy, minHealthyPercent }: TargetLimits,
): Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold'> {
  const staying = targets.filter(({ state }) => !LEAVING.has(state));
  if (staying.length === 0) {
    return { verdict: 'INCONCLUSIVE', reason: 'No targets are registered, so nothing can be said of their health.' };
  }
  const count = (wanted: string): number => staying.filter(({ state }) => state === wanted).length;
  const [healthy, unhealthy, initial] = [count('healthy'), count('unhealthy'), count('initial')];
  const unknown = staying.length - healthy - unhealthy - initial;
  const needed = Math.max(minHealthy, Math.ceil((staying.length * minHealthyPercent) / 100));
  const found = `${healthy} of ${staying.length} targets are healthy`;
  const judged = { value: `${healthy} of ${staying.length}`, threshold: `at least ${needed}` };
  if (!(needed > 0)) {
    return { verdict: 'ERROR', reason: 'The limits of the check cannot be understood.' };
  }
  if (healthy >= needed) {
    return { ...judged, verdict: 'PASS', reason: `${found}.` };
  }
  const missing = `${found}, but at least ${needed} have to be`;
  if (healthy + initial >= needed) {
    return {
      ...judged,
      verdict: 'IN_PROGRESS',
      reason: `${missing}: ${initial} are being registered or checked first.`,
    };
  }
  if (healthy + initial + unknown >= needed) {
    const why = whyOf(staying, (state) => !['healthy', 'unhealthy', 'initial'].includes(state ?? ''));
    return { ...judged, verdict: 'INCONCLUSIVE', reason: `${missing}: the health of ${unknown} is not known${why}.` };
  }
  return { ...judged, verdict: 'FAIL', reason: `${missing}${whyOf(staying, (state) => state === 'unhealthy')}.` };
}

/** What the load balancer says of the first such target. */
function whyOf(targets: readonly TargetState[], isSuch: (state: string | undefined) => boolean): string {
  const why = targets.find(({ state, why: said }) => isSuch(state) && said !== undefined && said !== '')?.why;
  return why === undefined ? '' : ` (${why})`;
}
