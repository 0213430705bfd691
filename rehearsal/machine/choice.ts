type Comparison = (one: any, other: any) => boolean;

const order: Record<string, Comparison> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  GreaterThan: (one, other) => one > other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThanEquals: (one, other) => one >= other,
};

const types: Record<string, { readonly is: (value: unknown) => boolean; readonly of?: (value: any) => unknown }> = {
  String: { is: (value) => typeof value === 'string' },
  Numeric: { is: (value) => typeof value === 'number' },
  Boolean: { is: (value) => typeof value === 'boolean' },
  Timestamp: { is: isTimestamp, of: (value: string) => new Date(value).getTime() },
};

/** Whether the rule of a Choice state holds. */
export function holds(rule: any, path: (path: string) => unknown): boolean {
  if (rule.And !== undefined) {
    return rule.And.every((one: unknown) => holds(one, path));
  }
  if (rule.Or !== undefined) {
    return rule.Or.some((one: unknown) => holds(one, path));
  }
  if (rule.Not !== undefined) {
    return !holds(rule.Not, path);
  }
  const value = path(rule.Variable);
  const operator = Object.keys(rule).find((key) => key !== 'Variable' && key !== 'Next' && key !== 'Comment') ?? '';
  return compare(operator, value, rule[operator], path);
}

function compare(operator: string, value: unknown, argument: any, path: (path: string) => unknown): boolean {
  const checks: Record<string, () => boolean> = {
    IsPresent: () => value !== undefined,
    IsNull: () => value === null,
    IsBoolean: () => typeof value === 'boolean',
    IsNumeric: () => typeof value === 'number',
    IsString: () => typeof value === 'string',
    IsTimestamp: () => isTimestamp(value),
  };
  const check = checks[operator];
  if (check !== undefined) {
    return check() === argument;
  }
  if (operator === 'StringMatches') {
    return typeof value === 'string' && wildcard(argument).test(value);
  }
  const [, type = '', comparison = '', byPath] =
    /^(String|Numeric|Boolean|Timestamp)(Equals|LessThanEquals|GreaterThanEquals|LessThan|GreaterThan)(Path)?$/.exec(
      operator,
    ) ?? [];
  const kind = types[type];
  const test = order[comparison];
  if (kind === undefined || test === undefined) {
    throw new Error(`the rehearsal does not know the comparison ${operator}`);
  }
  const other = byPath === undefined ? argument : path(argument);
  const of = kind.of ?? ((one: unknown) => one);
  return kind.is(value) && kind.is(other) && test(of(value), of(other));
}

function isTimestamp(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}

function wildcard(pattern: string): RegExp {
  const parts = pattern
    .split(/(?<!\\)\*/)
    .map((part) => part.replace(/\\\*/g, '*').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
