/** Conditions of IAM statements, as far as people write them: an operator that is not known here is an error, never a yes. */

/** Values of a call by condition key, in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>;

type Compare = (found: string, wanted: string) => boolean;

const OPERATORS: Readonly<Record<string, Compare>> = {
  StringEquals: (found, wanted) => found === wanted,
  StringEqualsIgnoreCase: (found, wanted) => found.toLowerCase() === wanted.toLowerCase(),
  StringLike: (found, wanted) => matches(wanted, found),
  ArnEquals: (found, wanted) => matchesArn(wanted, found),
  ArnLike: (found, wanted) => matchesArn(wanted, found),
  Bool: (found, wanted) => found.toLowerCase() === wanted.toLowerCase(),
  NumericEquals: (found, wanted) => Number(found) === Number(wanted),
  NumericLessThan: (found, wanted) => Number(found) < Number(wanted),
  NumericLessThanEquals: (found, wanted) => Number(found) <= Number(wanted),
  NumericGreaterThan: (found, wanted) => Number(found) > Number(wanted),
  NumericGreaterThanEquals: (found, wanted) => Number(found) >= Number(wanted),
  DateLessThan: (found, wanted) => Date.parse(found) < Date.parse(wanted),
  DateLessThanEquals: (found, wanted) => Date.parse(found) <= Date.parse(wanted),
  DateGreaterThan: (found, wanted) => Date.parse(found) > Date.parse(wanted),
  DateGreaterThanEquals: (found, wanted) => Date.parse(found) >= Date.parse(wanted),
};

/** `StringNotLike` says no where `StringLike` says yes. */
const NEGATED = /^(String|Arn|Numeric)Not(Equals|EqualsIgnoreCase|Like)$/;

/** All conditions of a statement have to hold. */
export function conditionsHold(conditions: Readonly<Record<string, unknown>>, context: Context): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys as Readonly<Record<string, unknown>>).every(([key, wanted]) =>
      holds(operator, context.get(key.toLowerCase()), [wanted].flat().map(String), context),
    ),
  );
}

function holds(
  operator: string,
  found: readonly string[] | undefined,
  patterns: readonly string[],
  context: Context,
): boolean {
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === 'Null') {
    return patterns.some((pattern) => (pattern === 'true') === (found === undefined));
  }
  const isNegated = NEGATED.test(name);
  const compare = OPERATORS[isNegated ? name.replace('Not', '') : name];
  if (compare === undefined) {
    throw new Error(`the rehearsal does not know the condition operator ${operator}`);
  }
  const wanted = patterns.map((pattern) => withVariables(pattern, context));
  const isMet = (value: string): boolean => wanted.some((pattern) => compare(value, pattern)) !== isNegated;
  if (set === 'ForAllValues') {
    return (found ?? []).every(isMet);
  }
  if (found === undefined || found.length === 0) {
    return set === undefined && (ifExists !== undefined || isNegated);
  }
  return isNegated && set === undefined ? found.every(isMet) : found.some(isMet);
}

/** `${aws:PrincipalTag/team}` and the like, `${*}` for a literal star. */
function withVariables(pattern: string, context: Context): string {
  return pattern.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const [key = '', fallback] = name.split(/,\s*/);
    return context.get(key.toLowerCase())?.[0] ?? fallback?.replace(/^'|'$/g, '') ?? (/^[*?$]$/.test(key) ? key : '');
  });
}

/** `*` stands for any text, `?` for one character. */
export function matches(pattern: string, text: string): boolean {
  return expressionOf(pattern).test(text);
}

/** Each of the six parts of an ARN by itself: a star does not reach beyond its colon, save in the last part. */
function matchesArn(pattern: string, arn: string): boolean {
  const [wanted, found] = [partsOf(pattern), partsOf(arn)];
  return pattern === '*' || wanted.every((part, index) => matches(part, found[index] ?? ''));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const expressions = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[\\s\\S]*')
    .replace(/\?/g, '[\\s\\S]');
  const made = new RegExp(`^${escaped}$`);
  expressions.set(pattern, made);
  return made;
}
