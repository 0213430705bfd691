/**
 * What a decision says beside its comment. It travels as one text that the signature covers: canonical JSON, so that it has one
 * spelling. What is not known is refused, and the decision with it: it may restrict.
 */
import type { DecisionDetails } from '../../contract/record';
import { DETAILS_LIMIT } from './limits';
import { parseFieldValues } from './parse-fields';
import { json, Malformed, mustKnowAll, object, time, type Fields } from './parsed';
import { canonical } from './same';
import type { Submission } from './vote';

interface Property<T> {
  /** What it may stand beside. */
  readonly of: readonly Submission[];
  /** @throws Malformed */
  readonly read: (details: Fields) => T;
}

/** A property that is new in the details does not compile until it is read here. */
const PROPERTIES: {
  readonly [Name in keyof Required<DecisionDetails>]: Property<Required<DecisionDetails>[Name]>;
} = {
  fields: { of: ['APPROVE'], read: (details) => parseFieldValues(details['fields']) },
  notBefore: { of: ['APPROVE'], read: (details) => time(details, 'notBefore') },
};

/** Undefined where there is nothing to say: such a decision signs no details. */
export function detailsText(details: DecisionDetails): string | undefined {
  const text = canonical(details);
  return text === '{}' ? undefined : text;
}

/** How many bytes too long these are. A decision with details that are too long is ignored. */
export function detailsOver(details: DecisionDetails): number {
  return Math.max(0, sizeOf(detailsText(details) ?? '') - DETAILS_LIMIT);
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** @throws Malformed */
export function parseDetails(text: unknown, verdict: Submission): DecisionDetails {
  if (typeof text !== 'string' || sizeOf(text) > DETAILS_LIMIT) {
    throw new Malformed(`\`details\` is not a text of at most ${DETAILS_LIMIT} bytes`);
  }
  const fields = object(json(text), 'details');
  mustKnowAll<DecisionDetails>(fields, 'details', PROPERTIES);
  const names = Object.keys(fields) as (keyof DecisionDetails)[];
  const misplaced = names.find((name) => !PROPERTIES[name].of.includes(verdict));
  if (misplaced !== undefined) {
    throw new Malformed(`\`details\` has \`${misplaced}\`, which is nothing for ${verdict}`);
  }
  const details: DecisionDetails = Object.fromEntries(names.map((name) => [name, PROPERTIES[name].read(fields)]));
  if (detailsText(details) !== text) {
    throw new Malformed('`details` is empty or not in its canonical form');
  }
  return details;
}

/** Of a row that may have none, as its signature has it. */
export function optionalDetails(row: Fields, verdict: Submission): { readonly details?: string } {
  const text = row['details'];
  if (text === undefined) {
    return {};
  }
  parseDetails(text, verdict);
  return { details: text as string };
}

/** Of a decision that was read already. */
export function detailsOf({
  verdict,
  details,
}: {
  readonly verdict: Submission;
  readonly details?: string;
}): DecisionDetails {
  return details === undefined ? {} : parseDetails(details, verdict);
}
