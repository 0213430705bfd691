/**
 * The expressions of DynamoDB that the stores use, evaluated on plain rows: enough of the language for them, and an error for
 * everything else. `memory-table.test.ts` holds it to what an emulator of DynamoDB answers.
 */
export type Attributes = Readonly<Record<string, unknown>>;

export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

type Operand = (row: Attributes, placeholders: Placeholders) => unknown;
type Test = (row: Attributes, placeholders: Placeholders) => boolean;
type Change = (row: Attributes, placeholders: Placeholders, target: Record<string, unknown>) => void;
type Path = readonly (string | number)[];

const conditions = new Map<string, Test>();
const updates = new Map<string, readonly Change[]>();

export function holds(expression: string, row: Attributes | undefined, placeholders: Placeholders): boolean {
  const test = conditions.get(expression) ?? new Parser(expression).condition();
  conditions.set(expression, test);
  return test(row ?? {}, placeholders);
}

/** The row after an update; every operand is read from the row before it. */
export function updated(expression: string, row: Attributes, placeholders: Placeholders): Record<string, unknown> {
  const changes = updates.get(expression) ?? new Parser(expression).update();
  updates.set(expression, changes);
  const target = copyOf(row) as Record<string, unknown>;
  changes.forEach((change) => change(row, placeholders, target));
  return target;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copyOf);
  }
  return typeof value === 'object' && value !== null && !(value instanceof Set)
    ? Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, copyOf(entry)]))
    : value;
}

const TOKEN = /\s*(<>|<=|>=|[=<>()[\],.+-]|[#:]?[A-Za-z0-9_]+)/y;

class Parser {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(private readonly expression: string) {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(expression); match !== null; match = TOKEN.exec(expression)) {
      tokens.push(match[1] ?? '');
    }
    this.tokens = tokens;
  }

  condition(): Test {
    const test = this.either();
    this.mustEnd();
    return test;
  }

  update(): readonly Change[] {
    const changes: Change[] = [];
    while (this.peek() !== undefined) {
      const clause = this.take().toUpperCase();
      do {
        changes.push(this.change(clause));
      } while (this.skip(','));
    }
    return changes;
  }

  private either(): Test {
    const tests = [this.both()];
    while (this.skip('OR')) {
      tests.push(this.both());
    }
    return (row, given) => tests.some((test) => test(row, given));
  }

  private both(): Test {
    const tests = [this.single()];
    while (this.skip('AND')) {
      tests.push(this.single());
    }
    return (row, given) => tests.every((test) => test(row, given));
  }

  private single(): Test {
    if (this.skip('NOT')) {
      const test = this.single();
      return (row, given) => !test(row, given);
    }
    if (this.skip('(')) {
      const test = this.either();
      this.must(')');
      return test;
    }
    const word = this.peek()?.toLowerCase();
    if (word === 'attribute_exists' || word === 'attribute_not_exists') {
      this.take();
      const [path] = this.arguments();
      return (row, given) => (path?.(row, given) !== undefined) === (word === 'attribute_exists');
    }
    if (word === 'contains') {
      this.take();
      const [whole, part] = this.arguments();
      return (row, given) => contains(whole?.(row, given), part?.(row, given));
    }
    const left = this.operand();
    if (this.skip('IN')) {
      const candidates = this.arguments();
      return (row, given) => candidates.some((candidate) => compare('=', left(row, given), candidate(row, given)));
    }
    const operator = this.take();
    const right = this.operand();
    return (row, given) => compare(operator, left(row, given), right(row, given));
  }

  private change(clause: string): Change {
    const path = this.path();
    switch (clause) {
      case 'SET': {
        this.must('=');
        let value = this.operand();
        if (this.skip('+')) {
          const [first, second] = [value, this.operand()];
          value = (row, given) => Number(first(row, given)) + Number(second(row, given));
        }
        return (row, given, target) => assign(target, path(given), value(row, given));
      }
      case 'REMOVE':
        return (_row, given, target) => assign(target, path(given), undefined);
      case 'ADD': {
        const added = this.operand();
        return (row, given, target) => assign(target, path(given), sum(at(row, path(given)), added(row, given)));
      }
      default:
        throw new Error(`no clause ${clause} in ${this.expression}`);
    }
  }

  private operand(): Operand {
    const word = this.peek() ?? '';
    if (word.startsWith(':')) {
      this.take();
      return (_row, { values }) => values[word];
    }
    switch (word.toLowerCase()) {
      case 'size': {
        this.take();
        const [whole] = this.arguments();
        return (row, given) => sizeOf(whole?.(row, given));
      }
      case 'if_not_exists': {
        this.take();
        const [path, otherwise] = this.arguments();
        return (row, given) => path?.(row, given) ?? otherwise?.(row, given);
      }
      case 'list_append': {
        this.take();
        const [first, second] = this.arguments();
        return (row, given) => [...(first?.(row, given) as unknown[]), ...(second?.(row, given) as unknown[])];
      }
      default: {
        const path = this.path();
        return (row, given) => at(row, path(given));
      }
    }
  }

  private path(): (given: Placeholders) => Path {
    const steps: (string | number)[] = [this.take()];
    for (;;) {
      if (this.skip('.')) {
        steps.push(this.take());
      } else if (this.skip('[')) {
        steps.push(Number(this.take()));
        this.must(']');
      } else {
        return ({ names }) => steps.map((step) => (typeof step === 'string' ? nameOf(step, names) : step));
      }
    }
  }

  private arguments(): readonly Operand[] {
    this.must('(');
    const found = [this.operand()];
    while (this.skip(',')) {
      found.push(this.operand());
    }
    this.must(')');
    return found;
  }

  private peek(): string | undefined {
    return this.tokens[this.at];
  }

  private take(): string {
    const token = this.tokens[this.at];
    if (token === undefined) {
      throw new Error(`cannot read ${this.expression}`);
    }
    this.at += 1;
    return token;
  }

  private skip(token: string): boolean {
    const found = this.peek()?.toUpperCase() === token;
    this.at += found ? 1 : 0;
    return found;
  }

  private must(token: string): void {
    if (!this.skip(token)) {
      throw new Error(`no ${token} in ${this.expression}`);
    }
  }

  private mustEnd(): void {
    if (this.peek() !== undefined) {
      throw new Error(`cannot read all of ${this.expression}`);
    }
  }
}

function nameOf(step: string, names: Readonly<Record<string, string>>): string {
  if (!step.startsWith('#')) {
    return step;
  }
  const name = names[step];
  if (name === undefined) {
    throw new Error(`no name for ${step}`);
  }
  return name;
}

function at(row: Attributes, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      value === undefined || value === null ? undefined : (value as Readonly<Record<string | number, unknown>>)[step],
    row,
  );
}

/** Undefined takes the attribute away. */
function assign(target: Record<string, unknown>, path: Path, value: unknown): void {
  const parent = at(target, path.slice(0, -1));
  const last = path.at(-1);
  if (Array.isArray(parent) && typeof last === 'number') {
    if (value === undefined) {
      parent.splice(last, 1);
    } else {
      parent[last] = value;
    }
  } else if (typeof parent === 'object' && parent !== null && last !== undefined) {
    if (value === undefined) {
      delete (parent as Record<string, unknown>)[last];
    } else {
      (parent as Record<string, unknown>)[last] = value;
    }
  } else if (value !== undefined || path.length > 1) {
    throw new Error(`no place for ${path.join('.')}`);
  }
}

function sum(before: unknown, added: unknown): unknown {
  return added instanceof Set
    ? new Set([...((before as Set<unknown> | undefined) ?? []), ...added])
    : Number(before ?? 0) + Number(added);
}

function sizeOf(value: unknown): number | undefined {
  return Array.isArray(value) || typeof value === 'string'
    ? value.length
    : value instanceof Set
      ? value.size
      : undefined;
}

function contains(whole: unknown, part: unknown): boolean {
  return whole instanceof Set
    ? whole.has(part)
    : typeof whole === 'string'
      ? whole.includes(String(part))
      : Array.isArray(whole) && whole.includes(part);
}

/** What is not there, or is of another type, compares to nothing; only `<>` holds then. */
function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '<>') {
    return left !== right;
  }
  if (typeof left !== typeof right || (typeof left !== 'string' && typeof left !== 'number')) {
    return operator === '=' && left !== undefined && left === right;
  }
  const [a, b] = [left as string | number, right as string | number];
  switch (operator) {
    case '=':
      return a === b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      throw new Error(`no operator ${operator}`);
  }
}
