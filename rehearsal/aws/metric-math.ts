/** The metric math that a rehearsal can do: numbers, ids, `+ - * /`, comparisons, brackets, `IF`, and `FILL` of a metric with a number. */

/** Values by the starts of their periods; a plain number has the same value everywhere. */
export type Series = ReadonlyMap<number, number> | number;

export class MathError extends Error {}

/** What a division by zero leaves out, CloudWatch says by a message. */
export interface MathResult {
  readonly series: Series;
  readonly dividedByZero: boolean;
}

/**
 * @param seriesOf what an id stands for
 * @param periods the starts of the periods that are asked for
 */
export function evaluateMath(
  expression: string,
  seriesOf: (id: string) => MathResult,
  periods: readonly number[],
): MathResult {
  const tokens = tokensOf(expression);
  let at = 0;
  let dividedByZero = false;
  const unexpected = (): never => {
    throw new MathError(
      `the rehearsal cannot evaluate “${expression}”: it knows + - * /, comparisons, brackets, IF(condition, value, value) and FILL(metric, number), and stops at ${tokens[at] ?? 'its end'}`,
    );
  };
  const take = (wanted: string): void => {
    if (tokens[at] !== wanted) unexpected();
    at += 1;
  };

  const comparison = (): Series => {
    const left = sum();
    const compare = COMPARISONS.get(tokens[at] ?? '');
    if (compare === undefined) return left;
    at += 1;
    return combined(left, sum(), (one, other) => (compare(one, other) ? 1 : 0));
  };
  const sum = (): Series => {
    let left = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at++] === '+' ? 1 : -1;
      left = combined(left, product(), (one, other) => one + sign * other);
    }
    return left;
  };
  const product = (): Series => {
    let left = factor();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const divides = tokens[at++] === '/';
      left = combined(left, factor(), (one, other) => {
        if (!divides) return one * other;
        if (other !== 0) return one / other;
        dividedByZero = true;
        return undefined;
      });
    }
    return left;
  };
  const factor = (): Series => {
    const token = tokens[at++] ?? unexpected();
    if (token === '(') {
      const inner = comparison();
      take(')');
      return inner;
    }
    if (token === '-') return combined(0, factor(), (zero, value) => zero - value);
    if (/^[\d.]/.test(token)) return Number(token);
    if (token === 'FILL') return fill();
    if (token === 'IF') return choice();
    if (!/^[a-z]\w*$/.test(token) || tokens[at] === '(') {
      at -= 1;
      return unexpected();
    }
    const found = seriesOf(token);
    dividedByZero ||= found.dividedByZero;
    return found.series;
  };
  const fill = (): Series => {
    take('(');
    const series = sum();
    take(',');
    const value = sum();
    take(')');
    if (typeof series === 'number' || typeof value !== 'number') return unexpected();
    return new Map(periods.map((start) => [start, series.get(start) ?? value]));
  };
  const choice = (): Series => {
    take('(');
    const condition = comparison();
    take(',');
    const one = comparison();
    take(',');
    const other = comparison();
    take(')');
    return chosen(condition, one, other);
  };

  const series = comparison();
  if (at < tokens.length) unexpected();
  return { series, dividedByZero };
}

const COMPARISONS: ReadonlyMap<string, (one: number, other: number) => boolean> = new Map([
  ['>', (one, other) => one > other],
  ['>=', (one, other) => one >= other],
  ['<', (one, other) => one < other],
  ['<=', (one, other) => one <= other],
  ['==', (one, other) => one === other],
  ['!=', (one, other) => one !== other],
]);

function tokensOf(expression: string): readonly string[] {
  return expression.match(/\d+(?:\.\d+)?|\.\d+|\w+|[<>=!]=|\S/g) ?? [];
}

/** Where the condition has no value, or what it chooses has none, the result has none. */
function chosen(condition: Series, one: Series, other: Series): Series {
  if (typeof condition === 'number') {
    return condition === 0 ? other : one;
  }
  const values = [...condition].flatMap(([start, holds]) => {
    const series = holds === 0 ? other : one;
    const value = typeof series === 'number' ? series : series.get(start);
    return value === undefined ? [] : [[start, value] as const];
  });
  return new Map(values);
}

/** Where one of two series has no value, the result has none. */
function combined(one: Series, other: Series, combine: (one: number, other: number) => number | undefined): Series {
  if (typeof one === 'number' && typeof other === 'number') {
    return combine(one, other) ?? new Map<number, number>();
  }
  const starts = [one, other].flatMap((series) => (typeof series === 'number' ? [] : [...series.keys()]));
  const valueAt = (series: Series, start: number): number | undefined =>
    typeof series === 'number' ? series : series.get(start);
  const values = [...new Set(starts)]
    .sort((a, b) => a - b)
    .flatMap((start) => {
      const [left, right] = [valueAt(one, start), valueAt(other, start)];
      const value = left === undefined || right === undefined ? undefined : combine(left, right);
      return value === undefined ? [] : [[start, value] as const];
    });
  return new Map(values);
}
