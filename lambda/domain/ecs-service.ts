/** Whether a service of ECS is steady: one version, all of its tasks running, and the version that the gate began with. */
import type { Measurement } from '../../contract/messages';
import { iso, millis } from './time';

export interface EcsService {
  readonly status?: string;
  readonly desired?: number;
  readonly running?: number;
  readonly pending?: number;
  /** Deployments that ECS makes, or task sets of CodeDeploy. */
  readonly versions: readonly EcsVersion[];
}

export interface EcsVersion {
  readonly isPrimary: boolean;
  readonly state?: 'COMPLETED' | 'IN_PROGRESS' | 'FAILED' | (string & {});
  /** Why it is in that state. */
  readonly why?: string;
  readonly createdAt?: number;
  /** Tasks that failed in a row. */
  readonly failedTasks?: number;
}

type Judged = Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold'>;

/**
 * A deployment after `from` is a failure: what the gate watched is not what serves now. ECS forgets a deployment that its circuit breaker
 * took back, and is steady again with the version before.
 */
export function judgeEcsService(service: EcsService, maxFailedTasks: number, from: string): Judged {
  const { status, desired, running, pending, versions } = service;
  if (status !== 'ACTIVE') {
    return { verdict: 'ERROR', reason: `The service is ${status ?? 'in a state that ECS does not tell'}.` };
  }
  const failed = versions.find(({ state }) => state === 'FAILED');
  if (failed !== undefined) {
    return { verdict: 'FAIL', reason: `A deployment failed${failed.why === undefined ? '' : `: ${failed.why}`}.` };
  }
  const primary = versions.find(({ isPrimary }) => isPrimary);
  if (primary?.createdAt === undefined || Number.isNaN(primary.createdAt)) {
    return { verdict: 'INCONCLUSIVE', reason: 'ECS does not say what the service deployed last, and when.' };
  }
  if (primary.createdAt > millis(from)) {
    const when = iso(primary.createdAt).slice(0, 16).replace('T', ' ');
    return { verdict: 'FAIL', reason: `It was deployed again at ${when} UTC, so it is not what the gate began with.` };
  }
  const { failedTasks = 0 } = primary;
  if (failedTasks > maxFailedTasks) {
    return { verdict: 'FAIL', reason: `${failedTasks} tasks failed in a row, at most ${maxFailedTasks} may.` };
  }
  if (desired === undefined || !(desired > 0)) {
    return { verdict: 'INCONCLUSIVE', reason: 'The service is to run no tasks, so nothing can be said of them.' };
  }
  const tasks = `${running} of ${desired} tasks run`;
  const judged = { value: `${running} of ${desired}`, threshold: `${desired} of ${desired}` };
  if (primary.state !== 'COMPLETED' && primary.state !== 'IN_PROGRESS') {
    return { ...judged, verdict: 'INCONCLUSIVE', reason: `${tasks}, but ECS does not say whether that is all.` };
  }
  if (versions.length > 1 || primary.state === 'IN_PROGRESS') {
    return { ...judged, verdict: 'IN_PROGRESS', reason: `${tasks}, and a deployment is in progress.` };
  }
  if (running !== desired || pending !== 0) {
    return { ...judged, verdict: 'IN_PROGRESS', reason: `${tasks}: the others are being started or stopped.` };
  }
  return { ...judged, verdict: 'PASS', reason: `The service is steady: ${tasks}.` };
}
