/** What approvers fill in, for later actions of the run to read. */

/** One field of the form of a gate. */
export type FieldRule = TextFieldRule | ChoiceFieldRule;

export interface TextFieldRule extends LabelledField {
  readonly kind: 'TEXT';
  /** It may stay empty. Absent = it may not. */
  readonly optional?: true;
  /** 1 … `FIELD_LENGTH`. Absent = that. */
  readonly maxLength?: number;
  /** Regular expression that the whole value matches. Absent = `SAFE_TEXT`. */
  readonly pattern?: string;
  /** What people are told of what is expected. */
  readonly hint?: string;
}

export interface ChoiceFieldRule extends LabelledField {
  readonly kind: 'CHOICE';
  /** At least one, at most `MOST_CHOICES`, all different. */
  readonly choices: readonly string[];
}

interface LabelledField {
  /** Unique within its gate, and the name of the variable of later actions. */
  readonly name: string;
  /** What people read, one line. */
  readonly label: string;
}

/** Values by the names of their fields. */
export type FieldValues = Readonly<Record<string, string>>;

/** The form stays short, and the values of a gate fit into a decision, a summary and a row many times over. */
export const MOST_FIELDS = 10;
export const MOST_CHOICES = 20;
/** Characters of a value; a configuration value of CodePipeline holds 1,000. */
export const FIELD_LENGTH = 200;
/** Characters of a label, of a hint, and of a pattern. */
export const LABEL_LENGTH = 100;
export const PATTERN_LENGTH = 200;
/**
 * Bytes of the values with their names, written as JSON, where each choice is its longest and each text one character. The details of an
 * approval hold 1,000 with its time to start, so a gate with more could not be approved.
 */
export const FIELDS_SIZE = 900;
/** What variables of CodePipeline and environment variables accept alike. */
export const FIELD_NAME = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,39}$/;

/**
 * Letters and digits of any language, blanks, and what tickets, versions, addresses and names need: nothing that a shell, a query or a
 * template would take for more than text. It begins with a letter or digit, so that it is no option of a command either.
 */
export const SAFE_TEXT = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} ._:/@+-]*';

/** A regular expression that the whole value has to match; throws for what is none. */
export function wholeMatch(pattern: string): RegExp {
  // Compiled alone first: `a)|(?:b` is none, but would end the group early, and then match a part of the value.
  return new RegExp(`^(?:${new RegExp(pattern, 'u').source})$`, 'u');
}
