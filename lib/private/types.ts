import type { Duration } from 'aws-cdk-lib';
import { GateError } from '../errors';

// What only callers without a type checker can pass. Without these they would read of a property of `undefined`.

/** Refuses what is no text. */
export function mustBeText(prop: string, value: unknown): void {
  if (typeof value !== 'string') {
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be a text: give one`);
  }
}

/** Refuses what is no object of options. */
export function mustBeOptions(method: string, value: unknown, example: string): void {
  if (typeof value !== 'object' || value === null) {
    throw new GateError(
      'WrongType',
      `\`${method}\` has ${shown(value)} for its options, but needs an object: give ${example}`,
    );
  }
}

/** Refuses what is no member of an enum. */
export function mustBeOneOf(prop: string, value: unknown, allowed: readonly string[], fix: string): void {
  if (value !== undefined && !allowed.includes(value as string)) {
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be ${allowed.join(' or ')}: ${fix}`);
  }
}

/** Refuses what is no duration. */
export function mustBeDuration(prop: string, value: Duration): void {
  if (typeof (value as Partial<Duration> | undefined)?.toSeconds !== 'function') {
    throw new GateError(
      'WrongType',
      `\`${prop}\` is ${shown(value)}, but has to be a duration: write it as \`Duration.minutes(5)\``,
    );
  }
}

/** Refuses what none of our factories has made. */
export function mustBeMade(prop: string, value: unknown, what: string, fix: string): void {
  if (typeof (value as { readonly _shape?: unknown } | null | undefined)?._shape !== 'function') {
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be ${what}: ${fix}`);
  }
}

/** Refuses what lacks the properties of a construct or a reference. */
export function mustHave(method: string, value: unknown, props: readonly string[], fix: string): void {
  const texts = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  if (props.some((prop) => typeof texts[prop] !== 'string')) {
    throw new GateError('WrongType', `\`${method}\` is given ${shown(value)}: ${fix}`);
  }
}

/** A value in a message. Constructs cannot be written as JSON. */
export function shown(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  return typeof value === 'object' && value !== null && 'node' in value ? 'a construct' : JSON.stringify(value);
}
