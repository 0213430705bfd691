import { createHash, randomUUID } from 'node:crypto';

type Function = (...parameters: any[]) => unknown;

const functions: Record<string, Function> = {
  Format: (template: string, ...values) => {
    let next = 0;
    return template.replace(/\{\}/g, () => text(values[next++]));
  },
  StringToJson: (value: string) => JSON.parse(value) as unknown,
  JsonToString: (value) => JSON.stringify(value),
  Array: (...values) => values,
  ArrayPartition: (list: unknown[], size: number) =>
    Array.from({ length: Math.ceil(list.length / size) }, (_item, index) =>
      list.slice(index * size, (index + 1) * size),
    ),
  ArrayContains: (list: unknown[], value) => list.some((item) => JSON.stringify(item) === JSON.stringify(value)),
  ArrayRange: (from: number, to: number, step: number) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_item, index) => from + index * step),
  ArrayGetItem: (list: unknown[], index: number) => list[index],
  ArrayLength: (list: unknown[]) => list.length,
  ArrayUnique: (list: unknown[]) => [...new Map(list.map((item) => [JSON.stringify(item), item])).values()],
  Base64Encode: (value: string) => Buffer.from(value).toString('base64'),
  Base64Decode: (value: string) => Buffer.from(value, 'base64').toString('utf8'),
  Hash: (value, algorithm: string) =>
    createHash(algorithm.replace('-', '').toLowerCase()).update(text(value)).digest('hex'),
  JsonMerge: (one: object, other: object) => ({ ...one, ...other }),
  MathAdd: (one: number, other: number) => one + other,
  StringSplit: (value: string, separators: string) =>
    value.split(new RegExp(`[${separators.replace(/[\]\\^-]/g, '\\$&')}]`)),
  UUID: () => randomUUID(),
};

/** Evaluates `States.Format('{}', $.a)`; `path` gives the values of paths. */
export function evaluate(expression: string, path: (path: string) => unknown): unknown {
  const reader = new Reader(expression, path);
  const value = reader.value();
  reader.end();
  return value;
}

class Reader {
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly path: (path: string) => unknown,
  ) {}

  value(): unknown {
    this.skip();
    const rest = this.source.slice(this.at);
    const [call, name] = /^States\.(\w+)\(/.exec(rest) ?? [];
    if (call !== undefined && name !== undefined) {
      this.at += call.length;
      return this.call(name);
    }
    const [quoted] = /^'(?:[^'\\]|\\.)*'/.exec(rest) ?? [];
    if (quoted !== undefined) {
      this.at += quoted.length;
      return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
    }
    const [word = ''] = /^[^,()]+/.exec(rest) ?? [];
    this.at += word.length;
    const literal = word.trim();
    return literal.startsWith('$') ? this.path(literal) : JSON.parse(literal);
  }

  end(): void {
    this.skip();
    if (this.at !== this.source.length) {
      throw new Error(`the rehearsal cannot read ${this.source}`);
    }
  }

  private call(name: string): unknown {
    const parameters: unknown[] = [];
    this.skip();
    while (this.source[this.at] !== ')') {
      parameters.push(this.value());
      this.skip();
      if (this.source[this.at] === ',') {
        this.at += 1;
      } else if (this.source[this.at] !== ')') {
        throw new Error(`the rehearsal cannot read ${this.source}`);
      }
    }
    this.at += 1;
    const run = functions[name];
    if (run === undefined) {
      throw new Error(`the rehearsal does not know States.${name}`);
    }
    return run(...parameters);
  }

  private skip(): void {
    while (this.source[this.at] === ' ') {
      this.at += 1;
    }
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
