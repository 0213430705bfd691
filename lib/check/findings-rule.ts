import { Token } from 'aws-cdk-lib';
import type { FindingLimits as Limits, WaiverPlan } from '../../contract/checks';
import { GateError } from '../errors';
import type { FindingLimits } from './finding-limits';
import { wholeNumber } from './timing';
import { Waiver } from './waiver';

const MOST_FINDINGS = 100_000;
/** A rule that accepts more than that judges nothing. */
const MOST_WAIVERS = 50;

export function limitsOf(method: string, limits: FindingLimits = {}): Limits {
  const { critical = 0, high = 0, medium, low, unrated = 0 } = limits;
  const given = Object.entries({ critical, high, unrated, medium, low }).filter(([, limit]) => limit !== undefined);
  for (const [severity, limit] of given) {
    wholeNumber(`${method} limits.${severity}`, limit as number, 0, MOST_FINDINGS);
  }
  mustRise(method, critical, high);
  return Object.fromEntries(given);
}

/** Refuses to allow more CRITICAL findings than HIGH ones. */
function mustRise(method: string, critical: number, high: number): void {
  if (!Token.isUnresolved(critical) && !Token.isUnresolved(high) && critical > high) {
    throw new GateError(
      'LimitsMixedUp',
      `\`${method} limits\` lets ${critical} critical findings pass but only ${high} high ones: lower \`critical\`, or raise \`high\``,
    );
  }
}

/** The waivers of a check: one for each finding. */
export function waiversOf(method: string, waivers: readonly Waiver[]): readonly WaiverPlan[] {
  if (waivers.length > MOST_WAIVERS) {
    throw new GateError(
      'TooManyWaivers',
      `\`${method} waivers\` has ${waivers.length}, but at most ${MOST_WAIVERS} are read: remove those whose findings are gone`,
    );
  }
  waivers.forEach((waiver: unknown) => {
    if (!(waiver instanceof Waiver)) {
      throw new GateError('WrongType', `\`${method} waivers\` has to hold waivers: make them by \`Waiver.of\``);
    }
  });
  const plans = waivers.map(({ _plan }) => _plan);
  const twice = plans.find(({ finding }, index) => plans.findIndex((one) => one.finding === finding) !== index);
  if (twice !== undefined) {
    throw new GateError('WaivedTwice', `\`${method} waivers\` waives '${twice.finding}' twice: keep one of the two`);
  }
  return plans;
}
