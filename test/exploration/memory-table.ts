/** DynamoDB as a value: a table is a set of rows that never change, and a command makes the next one of it. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { holds, updated, type Attributes, type Placeholders } from './expressions';

/** A row, known by its content: two rows that say the same are one object. */
export interface Row {
  /** Number of this content. */
  readonly id: number;
  readonly pk: string;
  readonly sk: string;
  readonly fields: Attributes;
  readonly json: string;
}

/** Rows in the order of their keys. */
export type Rows = readonly Row[];

export type TableCommand = QueryCommand | PutCommand | UpdateCommand;

export interface TableAnswer {
  readonly rows: Rows;
  /** The row that was written. */
  readonly written?: Row;
  readonly refused: boolean;
  readonly found: readonly Row[];
}

const known = new Map<string, Row>();

/** What a row holds as one text, whatever the order of its attributes; undefined attributes are none. */
export function canonical(value: unknown): unknown {
  if (value instanceof Set) {
    return { $set: [...value].sort() };
  }
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, entry]) => entry !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, entry]) => [name, canonical(entry)]),
    );
  }
  return value;
}

function frozen(value: unknown): unknown {
  if (Array.isArray(value)) {
    return Object.freeze(value.map(frozen));
  }
  if (typeof value === 'object' && value !== null) {
    const members = (value as { readonly $set?: readonly unknown[] }).$set;
    return members === undefined
      ? Object.freeze(Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, frozen(entry)])))
      : new Set(members);
  }
  return value;
}

export function rowOf(fields: Attributes): Row {
  const plain = canonical(fields) as Attributes;
  const json = JSON.stringify(plain);
  const found = known.get(json);
  if (found !== undefined) {
    return found;
  }
  const row = {
    id: known.size,
    pk: String(plain['pk']),
    sk: String(plain['sk']),
    fields: frozen(plain) as Attributes,
    json,
  };
  known.set(json, row);
  return row;
}

export function apply(rows: Rows, command: TableCommand): TableAnswer {
  if (command instanceof QueryCommand) {
    const { ExpressionAttributeValues: values = {}, ScanIndexForward: forward, Limit: limit } = command.input;
    const found = rows.filter(({ pk, sk }) => pk === values[':pk'] && sk === (values[':sk'] ?? sk));
    const ordered = forward === false ? found.toReversed() : found;
    return { rows, refused: false, found: ordered.slice(0, limit) };
  }
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = command.input;
  const placeholders: Placeholders = { names, values };
  const key = command instanceof PutCommand ? command.input.Item : command.input.Key;
  const before = rows.find(({ pk, sk }) => pk === key?.['pk'] && sk === key?.['sk']);
  const { ConditionExpression: condition } = command.input;
  if (condition !== undefined && !holds(condition, before?.fields, placeholders)) {
    return { rows, refused: true, found: [] };
  }
  const written = rowOf(
    command instanceof PutCommand
      ? { ...command.input.Item }
      : updated(command.input.UpdateExpression ?? '', before?.fields ?? { ...key }, placeholders),
  );
  return { rows: withRow(rows, before, written), written, refused: false, found: [] };
}

function withRow(rows: Rows, before: Row | undefined, written: Row): Rows {
  if (before !== undefined) {
    return before === written ? rows : rows.map((row) => (row === before ? written : row));
  }
  const place = rows.findIndex(({ pk, sk }) => pk > written.pk || (pk === written.pk && sk > written.sk));
  return place < 0 ? [...rows, written] : [...rows.slice(0, place), written, ...rows.slice(place)];
}

/** The answer as the document client gives it. */
export function reply(answer: TableAnswer, command: TableCommand): object {
  if (answer.refused) {
    throw conditionFailed();
  }
  if (command instanceof QueryCommand) {
    return { Items: answer.found.map(({ fields }) => fields) };
  }
  return command.input.ReturnValues === 'ALL_NEW' ? { Attributes: answer.written?.fields } : {};
}

export function conditionFailed(): Error {
  return new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
}
