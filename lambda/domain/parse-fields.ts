/** The fields of a decision form in a policy, in the values of an approval, and in what a later action asks for. */
import {
  FIELD_LENGTH,
  FIELD_NAME,
  LABEL_LENGTH,
  MOST_CHOICES,
  MOST_FIELDS,
  PATTERN_LENGTH,
  wholeMatch,
  type ChoiceFieldRule,
  type FieldRule,
  type FieldValues,
  type TextFieldRule,
} from '../../contract/fields';
import { cleanText } from './clean-text';
import { list, Malformed, mustKnowAll, object, oneOf, text, whole, type Fields } from './parsed';

const TEXT_FIELDS = {
  kind: true,
  name: true,
  label: true,
  optional: true,
  maxLength: true,
  pattern: true,
  hint: true,
} as const;
const CHOICE_FIELDS = { kind: true, name: true, label: true, choices: true } as const;

/** @throws Malformed */
export function parseFields(value: unknown): readonly FieldRule[] {
  const fields = list(value, 'fields').map((one) => fieldOf(object(one, 'field')));
  const names = new Set(fields.map(({ name }) => name));
  if (fields.length === 0 || fields.length > MOST_FIELDS || names.size < fields.length) {
    throw new Malformed(`\`fields\` is not 1 to ${MOST_FIELDS} fields, each with a name of its own`);
  }
  return fields;
}

/** @throws Malformed */
export function parseFieldValues(value: unknown): FieldValues {
  const values = object(value, 'fields');
  const names = Object.keys(values);
  if (names.length === 0 || names.length > MOST_FIELDS || !names.every((name) => FIELD_NAME.test(name))) {
    throw new Malformed(`\`fields\` is not 1 to ${MOST_FIELDS} values by the names of fields`);
  }
  return Object.fromEntries(names.map((name) => [name, line(values, name, FIELD_LENGTH)]));
}

function fieldOf(fields: Fields): FieldRule {
  const labelled = { name: text(fields, 'name', FIELD_NAME), label: line(fields, 'label', LABEL_LENGTH) };
  const kind = oneOf(fields, 'kind', ['TEXT', 'CHOICE']);
  switch (kind) {
    case 'TEXT':
      mustKnowAll<TextFieldRule>(fields, 'field', TEXT_FIELDS);
      return {
        kind,
        ...labelled,
        ...(fields['optional'] === undefined ? {} : { optional: yes(fields, 'optional') }),
        ...(fields['maxLength'] === undefined ? {} : { maxLength: whole(fields, 'maxLength', 1, FIELD_LENGTH) }),
        ...(fields['pattern'] === undefined ? {} : { pattern: patternOf(fields) }),
        ...(fields['hint'] === undefined ? {} : { hint: line(fields, 'hint', LABEL_LENGTH) }),
      };
    case 'CHOICE':
      mustKnowAll<ChoiceFieldRule>(fields, 'field', CHOICE_FIELDS);
      return { kind, ...labelled, choices: choicesOf(fields['choices']) };
  }
}

function choicesOf(value: unknown): readonly string[] {
  const choices = list(value, 'choices').map((choice) => line({ choice }, 'choice', LABEL_LENGTH));
  if (choices.length === 0 || choices.length > MOST_CHOICES || new Set(choices).size < choices.length) {
    throw new Malformed(`\`choices\` is not 1 to ${MOST_CHOICES} different ones`);
  }
  return choices;
}

function patternOf(fields: Fields): string {
  const pattern = text(fields, 'pattern');
  try {
    wholeMatch(pattern);
  } catch {
    throw new Malformed('`pattern` is no regular expression');
  }
  if (pattern.length > PATTERN_LENGTH) {
    throw new Malformed(`\`pattern\` has more than ${PATTERN_LENGTH} characters`);
  }
  return pattern;
}

/** One line, and nothing hidden in it. */
function line(fields: Fields, name: string, most: number): string {
  const value = text(fields, name);
  if (cleanText(value, most) !== value) {
    throw new Malformed(`\`${name}\` is not one line of at most ${most} characters`);
  }
  return value;
}

function yes(fields: Fields, name: string): true {
  if (fields[name] !== true) {
    throw new Malformed(`\`${name}\` is not true`);
  }
  return true;
}
