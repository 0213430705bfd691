/** The reference paths and simple selections that state machines use: `$.a.b[0]`, `$['a']`, `$.a[*].b`. */
const STEP = /\.([\w\-:]+)|\['((?:[^'\\]|\\.)*)'\]|\[(-?\d+)\]|(\[\*\]|\.\*)/gy;

export class PathError extends Error {}

/** What `path` selects, or undefined. */
export function select(path: string, data: unknown): unknown {
  const { steps, many } = parse(path);
  let values: unknown[] = [data];
  for (const step of steps) {
    values = values.flatMap((value) => (step === '*' ? children(value) : follow(value, step)));
  }
  return many ? values : values[0];
}

/** Like `select`, but what is not there is an error of the machine. */
export function demand(path: string, data: unknown): unknown {
  const value = select(path, data);
  if (value === undefined) {
    throw new PathError(`The JSONPath '${path}' could not be found in the input`);
  }
  return value;
}

/** A copy of `data` with `value` at `path`. */
export function insert(path: string, data: unknown, value: unknown): unknown {
  const { steps } = parse(path);
  const put = (at: unknown, left: readonly (string | number)[]): unknown => {
    const [step, ...rest] = left;
    if (step === undefined) {
      return value;
    }
    if (typeof step === 'number' && Array.isArray(at)) {
      return at.map((item, index) => (index === step ? put(item, rest) : (item as unknown)));
    }
    const object = at !== null && typeof at === 'object' && !Array.isArray(at) ? (at as Record<string, unknown>) : {};
    return { ...object, [step]: put(object[step], rest) };
  };
  return put(data, steps);
}

function parse(path: string): { readonly steps: readonly (string | number)[]; readonly many: boolean } {
  const steps: (string | number)[] = [];
  let at = 1;
  let many = false;
  STEP.lastIndex = at;
  for (let found = STEP.exec(path); found !== null; found = STEP.exec(path)) {
    const [whole, name, quoted, index, all] = found;
    at += whole.length;
    many ||= all !== undefined;
    steps.push(
      all !== undefined ? '*' : index !== undefined ? Number(index) : (name ?? quoted?.replace(/\\'/g, "'") ?? ''),
    );
  }
  if (!path.startsWith('$') || at !== path.length) {
    throw new PathError(`the rehearsal cannot read the path ${path}`);
  }
  return { steps, many };
}

function follow(value: unknown, step: string | number): unknown[] {
  if (Array.isArray(value) && typeof step === 'number') {
    const item = value.at(step) as unknown;
    return item === undefined ? [] : [item];
  }
  const owner = value !== null && typeof value === 'object' && Object.hasOwn(value, step);
  return owner ? [(value as Record<string, unknown>)[step]] : [];
}

function children(value: unknown): unknown[] {
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}
