import { Token } from 'aws-cdk-lib';
import type { CheckPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { human } from '../private/human';

/** The data of a period may take so long to arrive. */
const SETTLES = 2 * 60;
/** A check in progress is waited for so long after the bake. */
const PATIENCE = 60 * 60;

/** Seconds until a check can tell at the latest, if its measurements succeed. Undefined where only deployment knows. */
export function neededBy(plan: CheckPlan): number | undefined {
  const [samples, period] = [forSamples(plan), periodOf(plan)];
  return samples === undefined ? undefined : Math.max(samples, period === undefined ? 0 : firstPeriod(plan, period));
}

/** A metric says nothing before its first whole period is over: it has to be while the gate waits. */
export function mustEndFirstPeriod(
  plan: CheckPlan,
  { bake, timeout }: { readonly bake: number | undefined; readonly timeout: number | undefined },
): void {
  const [samples, period] = [forSamples(plan), periodOf(plan)];
  if (bake === undefined || samples === undefined || period === undefined) {
    return;
  }
  const needed = firstPeriod(plan, period);
  const waited = Math.max(bake, samples) + PATIENCE;
  const tooShort = (prop: string, value: number, allowed: number, least: number): GateError =>
    new GateError(
      'PeriodTooLong',
      `check '${plan.title}' has a metric with a period of ${human(period)}, of which the first whole one may be known ${human(needed)} after the ` +
        `gate began, but the gate waits only ${human(allowed)} for it, by a \`${prop}\` of ${human(value)}: shorten the period, or lengthen ` +
        `\`${prop}\` to ${human(least)} or more`,
    );
  if (needed > waited) {
    throw tooShort('bakeTime', bake, waited, needed - PATIENCE);
  }
  if (timeout !== undefined && needed > timeout) {
    throw tooShort('timeout', timeout, timeout, needed);
  }
}

function forSamples({ initialDelay, interval, minSamples }: CheckPlan): number | undefined {
  return [initialDelay, interval, minSamples].some((value) => Token.isUnresolved(value))
    ? undefined
    : initialDelay + (minSamples - 1) * interval;
}

function periodOf(plan: CheckPlan): number | undefined {
  const period =
    plan.kind === 'metric' ? plan.source.period : plan.kind === 'errorRatio' ? plan.requests.period : undefined;
  return Token.isUnresolved(period) ? undefined : period;
}

/** A check may begin just after a period did, which is not its own: it waits for the next one to begin, to end, and to have its data. */
function firstPeriod({ initialDelay }: CheckPlan, period: number): number {
  return initialDelay + 2 * period + SETTLES;
}
