import type { Duration } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeDuration } from './types';

export interface MinuteRange {
  readonly prop: string;
  readonly min: Duration;
  readonly max: Duration;
}

/** Checks a duration in whole minutes. A token passes where minutes are its unit, its limits are the service's to check. */
export function mustBeWithin(duration: Duration, range: MinuteRange): void {
  mustBeDuration(range.prop, duration);
  if (duration.isUnresolved()) {
    mustBeMinutes(duration, range.prop);
    return;
  }
  const seconds = duration.toSeconds({ integral: false });
  const allowed = `between ${range.min.toHumanString()} and ${range.max.toHumanString()}`;
  if (seconds < range.min.toSeconds() || seconds > range.max.toSeconds()) {
    throw new GateError(
      'DurationOutOfRange',
      `\`${range.prop}\` is ${duration.toHumanString()}, but must be ${allowed}: choose a duration in that range`,
    );
  }
  if (seconds % 60 !== 0) {
    throw new GateError(
      'WholeMinutes',
      `\`${range.prop}\` is ${duration.toHumanString()}, but must be whole minutes, ${allowed}: round it`,
    );
  }
}

/** Only what is a number at synth can be converted. */
function mustBeMinutes(duration: Duration, prop: string): void {
  try {
    duration.toMinutes();
  } catch {
    throw new GateError('TokenDuration', `\`${prop}\` is known only at deployment: give it as \`Duration.minutes(…)\``);
  }
}

/** Minutes as a number or a number token. */
export function minutesOf(duration: Duration): number {
  return duration.toMinutes();
}

/** True when both are known and the first is not shorter than the second. */
export function surelyNotShorter(one: Duration, other: Duration): boolean {
  return !one.isUnresolved() && !other.isUnresolved() && one.toSeconds() >= other.toSeconds();
}
