/** What a gate loses when it asks for other fields. */
import { FIELD_LENGTH, type FieldRule } from '../../contract/fields';

/** Weaker means: an approval opens the gate now that did not before, because a value was missing or not allowed. */
export function fieldsWeakened(before: readonly FieldRule[] = [], after: readonly FieldRule[] = []): readonly string[] {
  return before.flatMap((rule) => {
    const now = after.find(({ name }) => name === rule.name);
    if (now === undefined) {
      return isNeeded(rule) ? [`no longer asks for: ${rule.label}`] : [];
    }
    return isAsStrict(rule, now) ? [] : [`takes other values: ${rule.label}`];
  });
}

function isNeeded(rule: FieldRule): boolean {
  return rule.kind === 'CHOICE' || rule.optional !== true;
}

/** Whether a pattern takes less than another one is not asked. */
function isAsStrict(before: FieldRule, after: FieldRule): boolean {
  if (before.kind === 'CHOICE' && after.kind === 'CHOICE') {
    return after.choices.every((choice) => before.choices.includes(choice));
  }
  return (
    before.kind === 'TEXT' &&
    after.kind === 'TEXT' &&
    (isNeeded(after) || !isNeeded(before)) &&
    (after.maxLength ?? FIELD_LENGTH) <= (before.maxLength ?? FIELD_LENGTH) &&
    after.pattern === before.pattern
  );
}
