/** Runs the checks of a hook side by side until each has passed or failed, or the time is up. */
import type { CheckCommand, Measurement } from '../../contract/messages';
import type { ChecksDocument, CheckPlan } from '../../contract/policy';
import { lastFinding } from '../domain/last-finding';
import { nextStep } from './verdict';

export interface HookWorld {
  /** One look at one check. */
  measure(command: CheckCommand): Promise<Measurement>;
  /** The present, for the measurements. */
  now(): Date;
  pause(seconds: number): Promise<void>;
  /** Seconds left before the function has to report. */
  secondsLeft(): number;
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  /** Shown and logged only. */
  readonly observeOnly: boolean;
  readonly reason: string;
  readonly kind: CheckPlan['kind'];
}

export async function runChecks(document: ChecksDocument, hook: string, world: HookWorld): Promise<CheckResult[]> {
  const since = world.now().toISOString();
  return Promise.all(document.checks.map((plan) => runCheck(plan, hook, since, world)));
}

/** True only when there is a check that decides, and each of them has passed. */
export function allPassed(results: readonly CheckResult[]): boolean {
  const deciding = results.filter(({ observeOnly }) => !observeOnly);
  return deciding.length > 0 && deciding.every(({ passed }) => passed);
}

async function runCheck(plan: CheckPlan, hook: string, since: string, world: HookWorld): Promise<CheckResult> {
  const { id, title, observeOnly, kind } = plan;
  const measurements: Measurement[] = [];
  for (;;) {
    const step = nextStep(plan, measurements);
    const reason = measurements[measurements.length - 1]?.reason ?? '';
    if (step.kind !== 'wait') {
      return { id, title, observeOnly, kind, passed: step.kind === 'passed', reason };
    }
    if (observeOnly && measurements.length > 0) {
      return { id, title, observeOnly, kind, passed: false, reason };
    }
    if (step.seconds >= world.secondsLeft()) {
      return { id, title, observeOnly, kind, passed: false, reason: `The time was up. ${reason}`.trim() };
    }
    if (step.seconds > 0) {
      await world.pause(step.seconds);
    }
    const lastLook = lastFinding(measurements);
    measurements.push(
      await world.measure({
        requestId: hook,
        check: plan,
        role: '',
        since,
        ...(lastLook === undefined ? {} : { lastLook }),
        now: world.now().toISOString(),
      }),
    );
  }
}
