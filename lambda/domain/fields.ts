/** The fields of a decision form: what may be entered, which approvals have it, and whose values later actions read. */
import { FIELD_LENGTH, SAFE_TEXT, wholeMatch, type FieldRule, type FieldValues } from '../../contract/fields';
import { cleanText } from './clean-text';
import { detailsOf } from './decision-details';
import type { Vote } from './vote';

/** Why a value is not taken, in words for whoever entered it; undefined when it is. An empty one was not entered. */
export function whyRefused(rule: FieldRule, value: string): string | undefined {
  const { label } = rule;
  if (value === '') {
    return rule.kind === 'TEXT' && rule.optional === true ? undefined : `${label}: this is needed to approve.`;
  }
  if (rule.kind === 'CHOICE') {
    return rule.choices.includes(value) ? undefined : `${label}: choose one of ${rule.choices.join(', ')}.`;
  }
  const most = rule.maxLength ?? FIELD_LENGTH;
  if (value.length > most) {
    return `${label}: this has ${value.length} characters, ${most} are the most.`;
  }
  // A variable in a value would be another value, wherever it is filled in.
  const isClean = cleanText(value, most) === value && !value.includes('#{');
  return isClean && wholeMatch(rule.pattern ?? SAFE_TEXT).test(value)
    ? undefined
    : `${label}: ${rule.hint ?? formOf(rule)}`;
}

/** The help text of a field that has none of its own. */
function formOf({ pattern }: { readonly pattern?: string }): string {
  return pattern === undefined
    ? 'this may hold letters, digits, blanks and . _ : / @ + -, and begins with a letter or digit.'
    : 'this does not have the form that the gate asks for.';
}

/** A decision, as far as it is about fields. */
type Filled = Pick<Vote, 'verdict' | 'details'>;

/** What was filled in with a decision. */
export function valuesOf(vote: Filled): FieldValues {
  return detailsOf(vote).fields ?? {};
}

/** What a form says of the fields, cleaned. Text that is too long is kept, so that it can be refused by its length. */
export function valuesIn(rules: readonly FieldRule[], typed: FieldValues): FieldValues {
  const values = rules.map((rule) => [rule.name, cleanText(valueOf(typed, rule), 4 * FIELD_LENGTH)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

/** Why an approval does not count at a gate with these fields; undefined when each is filled in as the gate asks. */
export function whyUnfilled(rules: readonly FieldRule[] = [], vote: Filled): string | undefined {
  const values = rules.length === 0 ? {} : valuesOf(vote);
  return rules.map((rule) => whyRefused(rule, valueOf(values, rule))).find((problem) => problem !== undefined);
}

/** A value for every field, empty where an optional one was not filled in. */
export function enteredValues(rules: readonly FieldRule[], values: FieldValues): FieldValues {
  return Object.fromEntries(rules.map((rule) => [rule.name, valueOf(values, rule)]));
}

/** Whose values later actions read: those of the newest approval, whatever order the approvals are in. */
export function newestOf<T extends Dated>(approvals: readonly T[]): T | undefined {
  return approvals.reduce<T | undefined>(
    (newest, one) => (newest === undefined || isNewer(one, newest) ? one : newest),
    undefined,
  );
}

type Dated = Pick<Vote, 'seq' | 'approver'>;

function isNewer(one: Dated, other: Dated): boolean {
  return one.seq === other.seq ? one.approver > other.approver : one.seq > other.seq;
}

/** `Change ticket: CHG-1, How much traffic first: 10 %` */
export function valuesInWords(rules: readonly FieldRule[], values: FieldValues): string {
  return rules
    .map((rule) => [rule.label, valueOf(values, rule)])
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${label}: ${value}`)
    .join(', ');
}

/** Names of fields may be those of properties that every object has. */
export function valueOf(values: FieldValues, { name }: FieldRule): string {
  return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
}
