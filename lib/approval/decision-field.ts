import { Token } from 'aws-cdk-lib';
import type { FieldRule } from '../../contract/fields';
import {
  FIELD_LENGTH,
  FIELD_NAME,
  FIELDS_SIZE,
  LABEL_LENGTH,
  MOST_CHOICES,
  MOST_FIELDS,
  PATTERN_LENGTH,
  wholeMatch,
} from '../../contract/fields';
import { GateError } from '../errors';
import { CONTROL, mustBeLiteral } from '../private/text';
import { mustBeOptions, mustBeText, shown } from '../private/types';

/** A line of text that approvers fill in. */
export interface TextFieldOptions {
  /** What approvers read beside the field: one line of 1 to 100 characters. */
  readonly label: string;

  /**
   * Whether an approval needs it. Later actions read the empty text where it was left out.
   *
   * @default true
   */
  readonly required?: boolean;

  /**
   * Most characters that it takes, from 1 to 200.
   *
   * @default 200
   */
  readonly maxLength?: number;

  /**
   * Regular expression of JavaScript that the whole text has to match: at most 200 characters, read with the flag `u`. Only one that
   * backtracks little is fit for it. A pattern that lets in more than the default may let in what a shell, a query or a template of a later
   * action takes for more than text.
   *
   * @default - letters and digits of any language, blanks and `. _ : / @ + -`, beginning with a letter or digit
   */
  readonly pattern?: string;

  /**
   * What approvers are told of what is expected: one line of 1 to 100 characters.
   *
   * @default - where there is no `pattern` either: what the default pattern takes
   */
  readonly hint?: string;
}

/** One of several values, which approvers choose. */
export interface ChoiceFieldOptions {
  /** What approvers read beside the field: one line of 1 to 100 characters. */
  readonly label: string;

  /** 1 to 20 different texts, each one line of 1 to 100 characters. Nothing is chosen beforehand, and an approval needs a choice. */
  readonly choices: string[];
}

/**
 * A field of the form by which people approve. What they enter is signed with their approval and stands in the record; `ApprovalFieldsAction`
 * gives it to later actions.
 *
 * Of several approvers, each fills in the form; later actions read what the newest approval says, and the page says whose that is.
 * A rejection needs no fields. It is data from people: treat it as such in later actions, as an argument and not as part of a command.
 */
export class DecisionField {
  /**
   * A line of text, such as the number of a ticket. Line breaks, control characters and `#{` are never taken.
   *
   * @param name of the variable that later actions read: a letter or '_', then letters, digits and '_', at most 40 characters
   */
  public static text(name: string, options: TextFieldOptions): DecisionField {
    mustBeFieldName(name);
    mustBeOptions('DecisionField.text', options, "`{ label: 'Change ticket' }`");
    const { required = true, maxLength, pattern, hint } = options;
    mustBeLine('label', options.label);
    mustBeLength(maxLength);
    mustBePattern(pattern);
    if (hint !== undefined) {
      mustBeLine('hint', hint);
    }
    return new DecisionField({
      kind: 'TEXT',
      name,
      label: options.label,
      ...(required ? {} : { optional: true }),
      ...(maxLength === undefined ? {} : { maxLength }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /**
   * One of several values, such as how much traffic goes first.
   *
   * @param name of the variable that later actions read: a letter or '_', then letters, digits and '_', at most 40 characters
   */
  public static choice(name: string, options: ChoiceFieldOptions): DecisionField {
    mustBeFieldName(name);
    mustBeOptions('DecisionField.choice', options, "`{ label: 'Traffic', choices: ['10', '50'] }`");
    const { label, choices } = options;
    mustBeLine('label', label);
    mustBeChoices(choices);
    return new DecisionField({ kind: 'CHOICE', name, label, choices });
  }

  /** Name of the variable. */
  public readonly name: string;

  private constructor(
    /**
     * As the policy has it.
     *
     * @internal
     */
    public readonly _rule: FieldRule,
  ) {
    this.name = _rule.name;
  }
}

/** Refuses lists that callers without a type checker may pass, and those that say nothing. */
export function mustBeFields(fields: DecisionField[] | undefined): void {
  if (fields === undefined) {
    return;
  }
  const list: readonly unknown[] | undefined = Array.isArray(fields) ? fields : undefined;
  if (list === undefined || list.some((one) => !(one instanceof DecisionField))) {
    throw new GateError(
      'WrongType',
      "`fields` has to be a list of fields: write `[DecisionField.text('ticket', { label: 'Change ticket' })]`",
    );
  }
  if (fields.length === 0 || fields.length > MOST_FIELDS) {
    throw new GateError(
      'InvalidField',
      `\`fields\` has ${fields.length} fields, but needs 1 to ${MOST_FIELDS}: change that, or leave the property out`,
    );
  }
  const twice = fields.find(({ name }, index) => fields.slice(0, index).some((other) => other.name === name));
  if (twice !== undefined) {
    throw new GateError('InvalidField', `\`fields\` has ${shown(twice.name)} twice: rename one`);
  }
  const size = Buffer.byteLength(
    JSON.stringify(Object.fromEntries(fields.map(({ name, _rule }) => [name, longest(_rule)]))),
  );
  if (size > FIELDS_SIZE) {
    throw new GateError(
      'InvalidField',
      `\`fields\` take ${size} bytes with their names and longest choices, but one approval holds ${FIELDS_SIZE}: shorten names or choices`,
    );
  }
}

/** The longest choice; of a text, the shortest one that is a value. */
function longest(rule: FieldRule): string {
  const choices = rule.kind === 'CHOICE' ? rule.choices : ['x'];
  return choices.reduce((one, other) => (Buffer.byteLength(other) > Buffer.byteLength(one) ? other : one));
}

function mustBeFieldName(name: string): void {
  mustBeText('name', name);
  mustBeLiteral('name', name, 'later actions name the field by it');
  if (!FIELD_NAME.test(name)) {
    throw new GateError(
      'InvalidField',
      `\`name\` of a field is ${shown(name)}, but must be a letter or '_', then letters, digits and '_', at most 40 characters: rename it`,
    );
  }
}

/** As people read it: what is cleaned away on the page would be missing here. */
function mustBeLine(prop: string, value: string): void {
  mustBeText(prop, value);
  mustBeLiteral(prop, value, 'it is part of the policy');
  const isPlain = value.trim().replace(/\s+/g, ' ') === value && !CONTROL.test(value);
  if (value === '' || value.length > LABEL_LENGTH || !isPlain || value.includes('#{')) {
    throw new GateError(
      'InvalidField',
      `\`${prop}\` is ${shown(value)}, but must be one line of 1 to ${LABEL_LENGTH} characters, without blanks at its ends or twice in a row, ` +
        'control characters or `#{`: change it',
    );
  }
}

function mustBeChoices(choices: string[]): void {
  if (!Array.isArray(choices) || choices.length === 0 || choices.length > MOST_CHOICES) {
    throw new GateError(
      'InvalidField',
      `\`choices\` is ${shown(choices)}, but has to be a list of 1 to ${MOST_CHOICES} texts: change it`,
    );
  }
  choices.forEach((choice) => mustBeLine('choices', choice));
  const twice = choices.find((choice, index) => choices.indexOf(choice) !== index);
  if (twice !== undefined) {
    throw new GateError('InvalidField', `\`choices\` has ${shown(twice)} twice: remove one`);
  }
}

function mustBeLength(maxLength: number | undefined): void {
  if (maxLength === undefined) {
    return;
  }
  if (Token.isUnresolved(maxLength) || !Number.isInteger(maxLength) || maxLength < 1 || maxLength > FIELD_LENGTH) {
    throw new GateError(
      'InvalidField',
      `\`maxLength\` is ${Token.isUnresolved(maxLength) ? 'a token' : maxLength}, but must be a whole number from 1 to ${FIELD_LENGTH} that is ` +
        'known at synth: choose one',
    );
  }
}

function mustBePattern(pattern: string | undefined): void {
  if (pattern === undefined) {
    return;
  }
  mustBeText('pattern', pattern);
  mustBeLiteral('pattern', pattern, 'it is part of the policy');
  if (pattern === '' || pattern.length > PATTERN_LENGTH || !isPattern(pattern)) {
    throw new GateError(
      'InvalidField',
      `\`pattern\` is ${shown(pattern)}, but must be a regular expression of JavaScript with the flag \`u\`, of 1 to ${PATTERN_LENGTH} ` +
        "characters: change it, as in 'CHG-[0-9]+'",
    );
  }
}

function isPattern(pattern: string): boolean {
  try {
    wholeMatch(pattern);
    return true;
  } catch {
    return false;
  }
}
