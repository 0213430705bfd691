/** EventBridge's content matching, which SNS filters and event source mappings share. */

type Matcher = (value: unknown, argument: any) => boolean;

const matchers: Record<string, Matcher> = {
  prefix: (value, argument) => typeof value === 'string' && affix(value, argument, 'startsWith'),
  suffix: (value, argument) => typeof value === 'string' && affix(value, argument, 'endsWith'),
  'equals-ignore-case': (value, argument) =>
    typeof value === 'string' && value.toLowerCase() === String(argument).toLowerCase(),
  wildcard: (value, argument) => typeof value === 'string' && wildcard(argument).test(value),
  numeric: (value, argument) => typeof value === 'number' && numeric(value, argument),
  'anything-but': (value, argument) => value !== undefined && !oneOf(value, anythingBut(argument)),
};

/** Whether an event matches a pattern: every field of the pattern must match. */
export function matchesPattern(pattern: any, event: any): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') {
      return (wanted as unknown[]).some((one) => matchesPattern(one, event));
    }
    const value = event !== null && typeof event === 'object' ? event[key] : undefined;
    if (Array.isArray(wanted)) {
      return matchesField(wanted, value);
    }
    return matchesPattern(wanted, value);
  });
}

function matchesField(wanted: readonly unknown[], value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length === 0 ? oneOf(undefined, wanted) : value.some((item) => oneOf(item, wanted));
  }
  return oneOf(value, wanted);
}

function oneOf(value: unknown, wanted: readonly unknown[]): boolean {
  return wanted.some((one) => {
    if (one === null || typeof one !== 'object') {
      return one === value;
    }
    const [[kind, argument] = ['', undefined]] = Object.entries(one);
    if (kind === 'exists') {
      return argument === (value !== undefined && (value === null || typeof value !== 'object'));
    }
    const matcher = matchers[kind];
    if (matcher === undefined) {
      throw new Error(`event pattern: the rehearsal does not know ${kind}`);
    }
    return matcher(value, argument);
  });
}

function anythingBut(argument: unknown): readonly unknown[] {
  if (Array.isArray(argument)) {
    return argument;
  }
  if (argument !== null && typeof argument === 'object') {
    return Object.entries(argument).flatMap(([kind, values]) =>
      [values].flat().map((value) => ({ [kind]: value as unknown })),
    );
  }
  return [argument];
}

function affix(value: string, argument: unknown, how: 'startsWith' | 'endsWith'): boolean {
  if (argument !== null && typeof argument === 'object') {
    const folded = String((argument as Record<string, unknown>)['equals-ignore-case']).toLowerCase();
    return value.toLowerCase()[how](folded);
  }
  return value[how](String(argument));
}

function wildcard(pattern: unknown): RegExp {
  const parts = String(pattern)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function numeric(value: number, conditions: readonly unknown[]): boolean {
  for (let index = 0; index < conditions.length; index += 2) {
    const limit = Number(conditions[index + 1]);
    const holds: Record<string, boolean> = {
      '=': value === limit,
      '<': value < limit,
      '<=': value <= limit,
      '>': value > limit,
      '>=': value >= limit,
    };
    if (holds[String(conditions[index])] !== true) {
      return false;
    }
  }
  return true;
}
