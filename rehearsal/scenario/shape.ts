/** Shapes of what a file may hold: each says in words what is allowed, for messages, the reference and the JSON schema. */
import { z } from 'zod';
import { nearest } from './nearest';

export class ScenarioError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super([`${file} cannot be run:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ScenarioError';
  }
}

interface Words {
  /** What is allowed, in words. */
  readonly allowed: string;
  /** Of an object or a choice: its members, and those of them that must be there. */
  readonly fields?: Readonly<Record<string, z.ZodType>>;
  readonly required?: readonly string[];
  /** What JSON Schema cannot know by itself. */
  readonly json?: () => z.core.JSONSchema.BaseSchema;
}

const known = new WeakMap<object, Words>();

/** A description makes another shape of one, whose parent it is. */
export function wordsOf(shape: z.ZodType): Words {
  const { parent } = shape._zod as { readonly parent?: z.ZodType };
  return known.get(shape) ?? (parent === undefined ? { allowed: 'something' } : wordsOf(parent));
}

function said<S extends z.ZodType>(shape: S, words: Words): S {
  known.set(shape, words);
  return shape;
}

/** The message of everything that is not as it should be. */
function must(allowed: string) {
  return { error: ({ input }: { readonly input?: unknown }) => `must be ${allowed}, got ${shown(input)}` };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A number is a text as well: YAML takes `quorum: 2` for one. */
export const text = said(
  z.union([z.string(), z.number()], must('a text')).transform((value) => String(value)),
  { allowed: 'a text' },
);

export const whole = numberOf('a whole number from 0', z.int(must('a whole number from 0')));
export const number = numberOf('a number from 0');
export const dollars = numberOf('an amount of dollars, as 0.05');

function numberOf(allowed: string, kind: z.ZodNumber | z.ZodInt = z.number(must(allowed))) {
  return said(kind.min(0, must(allowed)), { allowed });
}

const STATUS = 'an HTTP status from 200 to 599';
export const httpStatus = said(z.int(must(STATUS)).min(200, must(STATUS)).max(599, must(STATUS)), { allowed: STATUS });

function pattern(allowed: string, expression: RegExp) {
  return said(z.string(must(allowed)).regex(expression, must(allowed)), { allowed });
}

/** `shop.example.com/health` */
export const webAddress = pattern(
  'a web address, as shop.example.com/health',
  /^(https?:\/\/)?[a-z0-9.-]+\.[a-z]+(\/\S*)?$/,
);

/** `Stage/Action` */
export const actionPath = pattern('a stage and an action, as Prod/Approve', /^[^/]+\/[^/]+$/);

/** `function:alias` */
export const aliasPath = pattern('a function and its alias, as shop-prod:live', /^[^:]+:[^:]+$/);

/** `function:alias`, or a service's name. */
export const trafficPath = pattern(
  'a function and its alias, as shop-prod:live, the name of an ECS service, or a stage of a REST API, as shop/prod',
  /^.+$/,
);

const PERCENT = 'a percentage from 0 to 100, as 0.1 %';

/** `5 %`, as a share of 1. */
export const percent = said(
  pattern(PERCENT, /^(100|\d{1,2}(\.\d+)?) ?%$/).transform((value) => parseFloat(value) / 100),
  { allowed: PERCENT },
);

export const flag = said(z.boolean(must('true or false')), { allowed: 'true or false' });

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TIME = 'a time such as 90s, 15m, 2h, 7d or 1h 30m';

/** `90s`, `15m`, `2h`, `7d`, or several of them: `1h 30m`. In milliseconds. */
export const duration = said(
  pattern(TIME, /^\d+[smhd]( \d+[smhd])*$/).transform((value) =>
    value.split(' ').reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0),
  ),
  { allowed: TIME },
);

export function oneOf<const T extends string>(...values: readonly [T, ...T[]]) {
  const allowed = `one of ${values.join(', ')}`;
  return said(z.enum(values, must(allowed)), { allowed });
}

export function listOf<S extends z.ZodType>(item: S) {
  const list = z.array(item, must('a list')) as z.ZodType<readonly z.output<S>[], readonly z.input<S>[]>;
  return said(list, { allowed: `a list, each item ${wordsOf(item).allowed}` });
}

/** One value, or a list of such. */
export function someOf<S extends z.ZodType>(item: S) {
  const many = listOf(item);
  const list = z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), many);
  return said(list as z.ZodType<readonly z.output<S>[], z.input<S> | readonly z.input<S>[]>, {
    allowed: `${wordsOf(item).allowed}, or a list of such`,
    json: () => ({ anyOf: [jsonSchemaOf(item), jsonSchemaOf(many)] }),
  });
}

export function mapOf<S extends z.ZodType>(key: z.ZodType<string>, value: S) {
  const allowed = `a map from ${wordsOf(key).allowed} to ${wordsOf(value).allowed}`;
  const map = z.partialRecord(key as never, value, must(allowed));
  return said(map as unknown as z.ZodType<Record<string, z.output<S>>, Record<string, z.input<S>>>, {
    allowed,
    json: () => ({
      type: 'object',
      // JSON has no other names than texts.
      ...(key === text ? {} : { propertyNames: jsonSchemaOf(key) }),
      additionalProperties: jsonSchemaOf(value),
    }),
  });
}

type Fields = Readonly<Record<string, z.ZodType>>;
type Values<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]> };
type Written<F extends Fields> = { readonly [K in keyof F]: z.input<F[K]> };

/** An object with these fields and no others. */
export function object<R extends Fields, O extends Fields>(required: R, optional: O) {
  const fields: Fields = { ...required, ...optional };
  const names = Object.keys(fields).join(', ');
  const members = Object.fromEntries(
    Object.entries(fields).map(([name, shape]) => [name, name in required ? shape : shape.optional()]),
  );
  const shape = z.strictObject(members, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has no field ${issue.keys.join(', ')}; the fields are ${names}`
        : `must be an object with ${names}, got ${shown(issue.input)}`,
  });
  return said(shape as unknown as z.ZodType<Values<R> & Partial<Values<O>>, Written<R> & Partial<Written<O>>>, {
    allowed: `an object with ${names}`,
    fields,
    required: Object.keys(required),
  });
}

/** An object with exactly one of these fields. */
export function choice<F extends Fields>(fields: F) {
  const names = Object.keys(fields).join(', ');
  const members = Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, shape.optional()]));
  const wrong = (input: unknown): string => {
    const keys = isObject(input) ? Object.keys(input) : [];
    const meant = keys.length === 1 ? nearest(keys[0] ?? '', Object.keys(fields)) : undefined;
    const hint = meant === undefined || keys[0] === meant ? '' : `: did you mean ${meant}?`;
    return `must be exactly one of ${names}, got ${keys.length > 0 ? keys.join(', ') : shown(input)}${hint}`;
  };
  const shape = z
    .strictObject(members, { error: ({ input }) => wrong(input) })
    .refine((value) => Object.keys(value).length === 1, { error: ({ input }) => wrong(input) })
    .meta({ minProperties: 1, maxProperties: 1 });
  type One<V extends Readonly<Record<keyof F, unknown>>> = { [K in keyof F]: { readonly [P in K]: V[P] } }[keyof F];
  return said(shape as unknown as z.ZodType<One<Values<F>>, One<Written<F>>>, { allowed: `one of ${names}`, fields });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As editors read it. */
export function jsonSchemaOf(shape: z.ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const json = wordsOf(zodSchema as unknown as z.ZodType).json?.();
      if (json === undefined) return;
      for (const key of Object.keys(jsonSchema)) {
        if (key !== 'description') delete jsonSchema[key];
      }
      Object.assign(jsonSchema, json);
    },
  });
  return schema;
}

/** What is wrong with a value, each with its place: `steps[0].push: needs message: a text`. */
export function problemsOf(error: z.ZodError, whole: z.ZodType): readonly string[] {
  const placesOf = (code: string) =>
    error.issues.flatMap((issue) => (issue.code === code ? [placeOf(issue.path)] : []));
  const unknown = placesOf('unrecognized_keys');
  // Where a step is not known, nothing is left of it to complain about.
  const issues = error.issues.filter(({ code, path }) => code !== 'custom' || !unknown.includes(placeOf(path)));
  return issues.map((issue) => {
    const { path } = issue;
    const shape = shapeAt(whole, path);
    if (issue.input === undefined && issue.code !== 'custom' && path.length > 0) {
      return `${placeOf(path.slice(0, -1))}: needs ${String(path.at(-1))}: ${wordsOf(shape).allowed}`;
    }
    if (issue.code === 'invalid_key') {
      const name = JSON.stringify(path.at(-1));
      return `${placeOf(path.slice(0, -1))} (the name ${name}): ${issue.issues[0]?.message ?? issue.message}`;
    }
    return `${placeOf(path)}: ${issue.message}`;
  });
}

/** The shape of a member, as far as objects and choices lead. */
function shapeAt(shape: z.ZodType, path: readonly PropertyKey[]): z.ZodType {
  return path.reduce<z.ZodType>((at, key) => {
    const { fields } = wordsOf(at);
    if (fields !== undefined) return fields[String(key)] ?? z.unknown();
    return at instanceof z.ZodArray ? (at.element as z.ZodType) : z.unknown();
  }, shape);
}

function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '') || 'the file';
}
