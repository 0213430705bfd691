import type { Duration } from 'aws-cdk-lib';
import { GateError } from '../errors';

// What only callers without a type checker can pass. Without these they would read of a property of `undefined`.

/** Refuses what is no text. */
export function mustBeText(prop: string, value: unknown): void {
  if (typeof value !== 'string') {
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be a text: give one`);
  }
}

/** Refuses what is no list: with a single value, people often forget the brackets. */
export function mustBeList(prop: string, value: unknown, example: string): void {
  if (!Array.isArray(value)) {
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be a list: write ${example}`);
  }
}

/** Refuses a list where a method takes what is in it one by one. */
export function mustBeSpread(method: string, values: readonly unknown[]): void {
  if (values.some((value) => Array.isArray(value))) {
    throw new GateError(
      'WrongType',
      `\`${method}\` is given a list, but takes what is in it one by one: write \`...\` in front of the list`,
    );
  }
}

/** Refuses what is neither true nor false. */
export function mustBeBoolean(prop: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') {
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be true or false: write one of them`);
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

/** Refuses what is no value of a class of ours. Absent is allowed. */
export function mustBeMadeBy(
  prop: string,
  value: unknown,
  ofClass: NewableFunction,
  factories: readonly [string, ...string[]],
  fix = factories.length === 1 ? 'use that' : 'use one of them',
): void {
  if (value !== undefined && !(value instanceof ofClass)) {
    const named = factories.map((factory) => `\`${factory}\``);
    const made = named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
    throw new GateError('WrongType', `\`${prop}\` is ${shown(value)}, but has to be made by ${made}: ${fix}`);
  }
}

/** Refuses what lacks the properties of a construct or a reference. */
export function mustHave(method: string, value: unknown, props: readonly string[], fix: string): void {
  const texts = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  if (props.some((prop) => typeof texts[prop] !== 'string')) {
    throw new GateError('WrongType', `\`${method}\` is given ${shown(value)}: ${fix}`);
  }
}

const MOST_SHOWN = 3;

/** A value in a message, in few words. A text has quotes, so that nobody takes it for the number in it. */
export function shown(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (typeof value === 'function') {
    return 'a function or class';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  if (Array.isArray(value)) {
    const others = value.length > MOST_SHOWN ? [`${value.length - MOST_SHOWN} more`] : [];
    return `[${[...value.slice(0, MOST_SHOWN).map(shown), ...others].join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  return 'node' in value ? 'a construct' : (classOf(value) ?? JSON.stringify(value));
}

/** Undefined for an object that is written down. What is in one that a class has made says little; callers know the class that they were given it by. */
function classOf(value: object): string | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) {
    return undefined;
  }
  return classOf(prototype) ?? `a value of \`${prototype.constructor.name}\``;
}
