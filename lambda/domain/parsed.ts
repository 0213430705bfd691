/** What a parser answers: the value, or what is wrong with the input, in words that repeat nothing of it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export class Malformed extends Error {
  override readonly name = 'Malformed';
}

export type Fields = Readonly<Record<string, unknown>>;

/** The value, or nothing: for lists that leave out what cannot be read. */
export function ifRead<T>(read: Parsed<T>): readonly T[] {
  return read.ok ? [read.value] : [];
}

/** Runs a parser that throws `Malformed` at the first thing that is wrong. */
export function parsed<T>(what: string, parse: () => T): Parsed<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof Malformed) {
      return { ok: false, problem: `${what}: ${error.message}` };
    }
    throw error;
  }
}

export function json(text: unknown): unknown {
  if (typeof text !== 'string') {
    throw new Malformed('not a text');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed('not JSON');
  }
}

export function object(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Malformed(`\`${name}\` is not an object`);
  }
  return value as Fields;
}

/** A field that is not known may be one that restricts: a newer version of the library wrote it. Which fields there are, the compiler checks. */
export function mustKnowAll<T>(
  fields: Fields,
  name: string,
  known: Readonly<Record<keyof Required<T>, unknown>>,
): void {
  if (Object.keys(fields).some((field) => !Object.hasOwn(known, field))) {
    throw new Malformed(
      `\`${name}\` has a field that is not known here: this was written by another version of the library, so update workflow and pipelines to one`,
    );
  }
}

export function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new Malformed(`\`${name}\` is not a list`);
  }
  return value;
}

export function text(fields: Fields, name: string, pattern = /^[\s\S]{1,4096}$/): string {
  const value = fields[name];
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw new Malformed(`\`${name}\` is missing or not of the expected form`);
  }
  return value;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined || fields[name] === null ? undefined : text(fields, name);
}

export function whole(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new Malformed(`\`${name}\` is not a whole number from ${min} to ${max}`);
  }
  return value;
}

export function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') {
    throw new Malformed(`\`${name}\` is neither true nor false`);
  }
  return value;
}

export function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === fields[name]);
  if (found === undefined) {
    throw new Malformed(`\`${name}\` is none of ${allowed.join(', ')}`);
  }
  return found;
}

/** Stages, actions and pipelines are named like this in CodePipeline. */
export const NAME = /^[A-Za-z0-9.@_-]{1,100}$/;

export function time(fields: Fields, name: string): string {
  const value = Date.parse(text(fields, name, /^\d{4}-\d{2}-\d{2}T[\d:.]{5,15}Z$/));
  if (Number.isNaN(value)) {
    throw new Malformed(`\`${name}\` is not a time`);
  }
  return new Date(value).toISOString();
}
