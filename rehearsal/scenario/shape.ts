/** Shapes of what a file may hold: each checks a value at a path, and says what is allowed there. */

export class ScenarioError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super([`${file} cannot be run:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ScenarioError';
  }
}

export interface Problems {
  add(path: string, problem: string): void;
}

export interface Shape<T> {
  /** What is allowed here, in words. */
  readonly allowed: string;
  /** Of an object or a choice: its members. */
  readonly fields?: Readonly<Record<string, Shape<unknown>>>;
  /** Those of them that must be there. */
  readonly required?: readonly string[];
  read(value: unknown, path: string, problems: Problems): T | undefined;
}

export type Of<S> = S extends Shape<infer T> ? T : never;

function shape<T>(allowed: string, read: (value: unknown) => T | undefined): Shape<T> {
  return {
    allowed,
    read: (value, path, problems) => {
      const found = read(value);
      if (found === undefined) problems.add(path, `must be ${allowed}, got ${shown(value)}`);
      return found;
    },
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export const text: Shape<string> = shape('a text', (value) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined,
);

export const whole: Shape<number> = shape('a whole number from 0', (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined,
);

export const number: Shape<number> = shape('a number from 0', (value) =>
  typeof value === 'number' && value >= 0 ? value : undefined,
);

export const httpStatus: Shape<number> = shape('an HTTP status from 200 to 599', (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599 ? value : undefined,
);

export const dollars: Shape<number> = shape('an amount of dollars, as 0.05', (value) =>
  typeof value === 'number' && value >= 0 ? value : undefined,
);

/** `shop.example.com/health` */
export const webAddress: Shape<string> = shape('a web address, as shop.example.com/health', (value) =>
  typeof value === 'string' && /^(https?:\/\/)?[a-z0-9.-]+\.[a-z]+(\/\S*)?$/.test(value) ? value : undefined,
);

export const flag: Shape<boolean> = shape('true or false', (value) => (typeof value === 'boolean' ? value : undefined));

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `2h`, `7d`, or several of them: `1h 30m`. */
export const duration: Shape<number> = shape('a time such as 90s, 15m, 2h, 7d or 1h 30m', (value) => {
  if (typeof value !== 'string' || !/^\d+[smhd]( \d+[smhd])*$/.test(value)) return undefined;
  return value.split(' ').reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0);
});

export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
  return shape(`one of ${values.join(', ')}`, (value) => values.find((candidate) => candidate === value));
}

/** `Stage/Action` */
export const actionPath: Shape<string> = shape('a stage and an action, as Prod/Approve', (value) =>
  typeof value === 'string' && /^[^/]+\/[^/]+$/.test(value) ? value : undefined,
);

/** `function:alias` */
export const aliasPath: Shape<string> = shape('a function and its alias, as shop-prod:live', (value) =>
  typeof value === 'string' && /^[^:]+:[^:]+$/.test(value) ? value : undefined,
);

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    allowed: `a list, each item ${item.allowed}`,
    read: (value, path, problems) => {
      if (!Array.isArray(value)) {
        problems.add(path, `must be a list, got ${shown(value)}`);
        return undefined;
      }
      return value.map((one, index) => item.read(one, `${path}[${index}]`, problems)) as T[];
    },
  };
}

/** One value, or a list of such. */
export function someOf<T>(item: Shape<T>): Shape<readonly T[]> {
  const many = listOf(item);
  return {
    allowed: `${item.allowed}, or a list of such`,
    read: (value, path, problems) =>
      Array.isArray(value) ? many.read(value, path, problems) : many.read([value], path, problems),
  };
}

export function mapOf<T>(key: Shape<string>, value: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    allowed: `a map from ${key.allowed} to ${value.allowed}`,
    read: (given, path, problems) => {
      if (!isObject(given)) {
        problems.add(path, `must be a map from ${key.allowed} to ${value.allowed}, got ${shown(given)}`);
        return undefined;
      }
      return Object.fromEntries(
        Object.entries(given).map(([name, inner]) => {
          key.read(name, `${path} (the name ${JSON.stringify(name)})`, problems);
          return [name, value.read(inner, `${path}.${name}`, problems)];
        }),
      ) as Record<string, T>;
    },
  };
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Of<F[K]> };

/** An object with these fields and no others. */
export function object<R extends Fields, O extends Fields>(
  required: R,
  optional: O,
): Shape<Values<R> & Partial<Values<O>>> {
  const fields: Fields = { ...required, ...optional };
  const names = Object.keys(fields).join(', ');
  return {
    allowed: `an object with ${names}`,
    fields,
    required: Object.keys(required),
    read: (value, path, problems) => {
      if (!isObject(value)) {
        problems.add(path, `must be an object with ${names}, got ${shown(value)}`);
        return undefined;
      }
      for (const name of Object.keys(value)) {
        if (fields[name] === undefined) problems.add(path, `has no field ${name}; the fields are ${names}`);
      }
      for (const name of Object.keys(required)) {
        if (value[name] === undefined) problems.add(path, `needs ${name}: ${fields[name]?.allowed ?? ''}`);
      }
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, fields[name]?.read(inner, `${path}.${name}`, problems)]),
      ) as Values<R> & Partial<Values<O>>;
    },
  };
}

/** An object with exactly one of these fields. */
export function choice<F extends Fields>(
  fields: F,
): Shape<{ [K in keyof F]: { readonly [P in K]: Of<F[P]> } }[keyof F]> {
  const names = Object.keys(fields).join(', ');
  return {
    allowed: `one of ${names}`,
    fields,
    read: (value, path, problems) => {
      const keys = isObject(value) ? Object.keys(value) : [];
      const [name] = keys;
      const field = name === undefined ? undefined : fields[name];
      if (keys.length !== 1 || name === undefined || field === undefined) {
        problems.add(path, `must be exactly one of ${names}, got ${keys.length > 0 ? keys.join(', ') : shown(value)}`);
        return undefined;
      }
      return { [name]: field.read((value as Record<string, unknown>)[name], `${path}.${name}`, problems) } as never;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
