import { Duration, Token } from 'aws-cdk-lib';
import type { CheckTiming } from '../../contract/checks';
import { GateError } from '../errors';
import { human } from '../private/human';
import { mustBeDuration, mustBeText, shown } from '../private/types';
import type { CheckOptions } from './check-options';
import { mustBeReaderName } from './reader-name';

/** What every kind of check has, without what depends on the gate or hook that the check stands in. */
export type Timing = Omit<CheckTiming, 'id' | 'inconclusiveLimit' | 'reader'> & {
  readonly inconclusiveLimit?: number;
  readonly readerName?: string;
};

const DAY = 24 * 60 * 60;

export const LONGEST_TITLE = 80;

/** Validates the options. Times that are tokens pass when they are in seconds, the unit that is deployed. */
export function timingOf(method: string, options: CheckOptions, defaultTitle: string): Timing {
  return {
    title: titleOf(method, options.title ?? defaultTitle),
    initialDelay: secondsOf(`${method} initialDelay`, options.initialDelay ?? Duration.seconds(0), 0, DAY),
    interval: secondsOf(`${method} interval`, options.interval ?? Duration.minutes(1), 10, DAY),
    failureLimit: wholeNumber(`${method} failureLimit`, options.failureLimit ?? 0, 0, 1000),
    consecutiveErrorLimit: wholeNumber(`${method} consecutiveErrorLimit`, options.consecutiveErrorLimit ?? 4, 0, 1000),
    ...(options.inconclusiveLimit === undefined
      ? {}
      : { inconclusiveLimit: wholeNumber(`${method} inconclusiveLimit`, options.inconclusiveLimit, 0, 1000) }),
    minSamples: wholeNumber(`${method} minSamples`, options.minSamples ?? 1, 1, 10_000),
    observeOnly: options.observeOnly ?? false,
    ...(options.readerName === undefined ? {} : { readerName: mustBeReaderName(method, options.readerName) }),
  };
}

/** A whole number within limits. A token passes. */
export function wholeNumber(prop: string, value: number, min: number, max: number): number {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max)) {
    return value;
  }
  throw new GateError(
    'NumberOutOfRange',
    `\`${prop}\` is ${shown(value)}, but has to be a whole number from ${min} to ${max}`,
  );
}

/** Whole seconds within limits; a token has to be in seconds already, since it cannot be converted at synth. */
export function secondsOf(prop: string, duration: Duration, min: number, max: number): number {
  mustBeDuration(prop, duration);
  if (duration.isUnresolved()) {
    try {
      return duration.toSeconds();
    } catch {
      throw new GateError(
        'TokenDuration',
        `\`${prop}\` is known only at deployment: give it as \`Duration.seconds(…)\``,
      );
    }
  }
  const seconds = duration.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < min || seconds > max) {
    throw new GateError(
      'DurationOutOfRange',
      `\`${prop}\` is ${duration.toHumanString()}, but has to be whole seconds from ${human(min)} to ${human(max)}`,
    );
  }
  return seconds;
}

function titleOf(method: string, title: string): string {
  mustBeText(`${method} title`, title);
  if (Token.isUnresolved(title)) {
    return title;
  }
  const short = title.trim();
  if (short.length === 0 || short.length > LONGEST_TITLE || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(short)) {
    throw new GateError(
      'BadTitle',
      `\`${method} title\` is ${JSON.stringify(title)}, but has to be one line of 1 to ${LONGEST_TITLE} characters: choose a \`title\``,
    );
  }
  return short;
}
