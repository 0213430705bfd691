/** What approvers filled in, as it waits for later actions of the run; and what an action that asks for it is answered. */
import { FIELD_LENGTH, FIELD_NAME, MOST_FIELDS, type FieldValues } from '../../contract/fields';
import type { FieldsQuestion } from '../../contract/messages';
import { FIELDS_KEY } from '../../contract/names';
import type { GateName } from '../../contract/policy';
import { json, list, Malformed, NAME, object, parsed, text, time, type Fields, type Parsed } from './parsed';
import { mustBeOfThisVersion } from './rows';

export interface ApprovedFields {
  /** When the outcome was fixed. */
  readonly at: string;
  /** Of every field, empty where an optional one was not filled in. */
  readonly values: FieldValues;
}

/** Ids of runs are unique among all pipelines. */
export function fieldsKey(executionId: string): string {
  return `${FIELDS_KEY}${executionId}`;
}

/** No stage or action has a slash in its name. */
export function stageAndAction({ stage, action }: Pick<GateName, 'stage' | 'action'>): string {
  return `${stage}/${action}`;
}

/** Without values where the gate has asked once more in the same run since they were filled in. */
export function parseApprovedFields(row: Fields): Parsed<Pick<ApprovedFields, 'at'> & Partial<ApprovedFields>> {
  return parsed('fields', () => {
    mustBeOfThisVersion(row);
    return { at: time(row, 'at'), ...(row['values'] === undefined ? {} : { values: parseValues(row['values']) }) };
  });
}

/** Throws `Malformed`. */
function parseValues(value: unknown): FieldValues {
  const values = object(value, 'values');
  if (!Object.entries(values).every(([name, one]) => FIELD_NAME.test(name) && isValue(one))) {
    throw new Malformed('`values` are not those of fields');
  }
  return values as FieldValues;
}

function isValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= FIELD_LENGTH;
}

const RUN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The user parameters of an action that asks. */
export function parseFieldsQuestion(parameters: unknown): Parsed<FieldsQuestion> {
  return parsed('user parameters', () => {
    const fields = object(json(parameters), 'user parameters');
    const names = list(fields['fields'], 'fields').map((name) => text({ name }, 'name', FIELD_NAME));
    if (names.length === 0 || names.length > MOST_FIELDS) {
      throw new Malformed(`\`fields\` is not 1 to ${MOST_FIELDS} names`);
    }
    return {
      run: text(fields, 'run', RUN),
      stage: text(fields, 'stage', NAME),
      action: text(fields, 'action', NAME),
      fields: names,
    };
  });
}

export type FieldsAnswer =
  { readonly kind: 'VALUES'; readonly values: FieldValues } | { readonly kind: 'FAILED'; readonly message: string };

/** All fields that the action names, or none: an action that comes later must not run with half of them. */
export function fieldsAnswer(question: FieldsQuestion, values: FieldValues | undefined): FieldsAnswer {
  const { stage, action, fields } = question;
  if (values === undefined) {
    return {
      kind: 'FAILED',
      message:
        `Nobody has filled in the fields of gate ${stage}/${action} in this run: it was approved in the console, where there is no form, or ` +
        'not approved at all. Let the gate ask again in this run (retry all actions of its stage), and approve by link',
    };
  }
  const missing = fields.filter((name) => !Object.hasOwn(values, name));
  if (missing.length > 0) {
    return {
      kind: 'FAILED',
      message:
        `Gate ${stage}/${action} was approved by a rule that does not ask for ${missing.join(', ')}: the one from before this change. ` +
        'Start the pipeline again: the new rule applies from now on',
    };
  }
  return { kind: 'VALUES', values: Object.fromEntries(fields.map((name) => [name, values[name] ?? ''])) };
}
