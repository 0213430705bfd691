import { Duration, Token } from 'aws-cdk-lib';
import type { CheckPlan } from '../../contract/checks';
import { GateError } from '../errors';
import { human } from '../private/human';
import { mustEndFirstPeriod } from './first-period';

/** The record of a gate keeps what differs from the measurement before, and a check that changes its mind may fill it. */
const MOST_MEASUREMENTS = 100_000;

/** What the place of the checks means for them. */
export interface CheckPlace {
  /** How long they are watched: zero = until they can tell for the first time. */
  readonly bakeTime?: Duration;
  /** How long their gate waits. */
  readonly timeout?: Duration;
  /**
   * What `inconclusiveLimit` is where a check does not say.
   *
   * @default 0
   */
  readonly inconclusiveLimit?: number;
  /** The workflow whose readers read in other accounts. Without one, checks of other accounts are refused. */
  readonly workflowName?: string;
  /** What runs the checks, if it is no gate. */
  readonly hook?: HookOfChecks;
}

/** What runs checks in the place of a gate. */
export interface HookOfChecks {
  /** The property that has the checks. */
  readonly prop: string;
  /** As people read it: `a hook of a deployment`. */
  readonly what: string;
  /** How long it can wait. */
  readonly longest: Duration;
  /** It goes on after its bake until the last data are there. */
  readonly waitsForData?: boolean;
}

/** A check that decides has to be able to pass, and to fail, in the time that its gate has. */
export function mustFit(plan: CheckPlan, { bakeTime, timeout }: CheckPlace): void {
  const { initialDelay, interval, minSamples, failureLimit, title } = plan;
  if ([initialDelay, interval, minSamples, failureLimit].some((value) => Token.isUnresolved(value))) {
    return;
  }
  const bake = secondsOf(bakeTime);
  mustEndFirstPeriod(plan, { bake, timeout: secondsOf(timeout) });
  const [prop, window] = bake === 0 ? ['timeout', secondsOf(timeout)] : ['bakeTime', bake];
  if (window === undefined) {
    return;
  }
  const needed = initialDelay + (minSamples - 1) * interval;
  if (needed > window) {
    throw new GateError(
      prop === 'bakeTime' ? 'BakeTooShort' : 'TimeoutTooShort',
      `\`${prop}\` is ${human(window)}, but check '${title}' needs ${human(needed)} for its \`initialDelay\` and ` +
        '`minSamples`: give it more time, or lower them',
    );
  }
  const measurements = measurementsIn(window, plan);
  if (failureLimit >= measurements) {
    throw new GateError(
      'FailureLimitTooHigh',
      `\`failureLimit\` of check '${title}' is ${failureLimit}, but ${measurements} measurements fit into the \`${prop}\` of ` +
        `${human(window)}, so it could never fail: lower it to ${measurements - 1} or less, or let the check only observe by \`observeOnly\``,
    );
  }
}

/** A bake of any check leaves a record that can be kept and read. */
export function mustBeBounded(plan: CheckPlan, { bakeTime }: CheckPlace): void {
  const bake = secondsOf(bakeTime);
  if (bake === undefined || Token.isUnresolved(plan.interval) || Token.isUnresolved(plan.initialDelay)) {
    return;
  }
  const measurements = Math.ceil(bake / plan.interval);
  if (measurements > MOST_MEASUREMENTS) {
    const shortest = Math.ceil(bake / MOST_MEASUREMENTS);
    throw new GateError(
      'TooManyMeasurements',
      `check '${plan.title}' would be measured ${measurements} times in a \`bakeTime\` of ${human(bake)}, but at most ${MOST_MEASUREMENTS} ` +
        `are kept: set its \`interval\` to ${human(shortest)} or longer`,
    );
  }
}

function measurementsIn(window: number, { initialDelay, interval }: CheckPlan): number {
  return Math.floor((window - initialDelay) / interval) + 1;
}

/** Undefined where only deployment knows. */
function secondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toSeconds();
}
