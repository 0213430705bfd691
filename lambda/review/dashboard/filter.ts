/** What of the dashboard somebody wants to see. All of it is what a stranger typed. */
import { cleanText } from '../../domain/clean-text';
import type { GateName } from '../../../contract/policy';
import type { RecordedOutcome, RecordedRun, RecordRow } from '../../../contract/record';
import { NAME } from '../../domain/parsed';
import { endingIn } from '../../domain/record-csv';
import { isKnown, type Request, type Run } from '../../domain/request';
import { placesTaken } from '../../domain/responses';
import { DAY, isBefore, iso, plus } from '../../domain/time';
import { APPROVER_ID } from '../../domain/vote';

export const STATES = ['WAITING', 'APPROVED', 'REJECTED', 'EXPIRED', 'STOPPED', 'EMERGENCY', 'BYPASSED'] as const;
export type State = (typeof STATES)[number];

export interface Filter {
  /** In names, changes, authors, ids. */
  readonly text: string;
  readonly pipeline?: string;
  readonly stage?: string;
  /** Id of somebody who was asked. */
  readonly person?: string;
  readonly state?: State;
  /** Days in UTC, both included: `2026-11-30`. */
  readonly from?: string;
  readonly to?: string;
  /** Entries of the record before this number. */
  readonly before?: number;
}

const TEXT_LIMIT = 100;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** What is not understood is left out: more is shown then, never less. */
export function parseFilter(query: URLSearchParams): Filter {
  const get = (name: string, isValid: (value: string) => boolean) => {
    const value = query.get(name) ?? '';
    return isValid(value) ? value : undefined;
  };
  const isDay = (value: string) => DATE.test(value) && isInCalendar(value);
  const before = get('before', (value) => /^[1-9]\d{0,11}$/.test(value));
  const chosen = {
    pipeline: get('pipeline', (value) => NAME.test(value)),
    stage: get('stage', (value) => NAME.test(value)),
    person: get('person', (value) => APPROVER_ID.test(value)),
    state: STATES.find((state) => state === query.get('state')),
    from: get('from', isDay),
    to: get('to', isDay),
    before: before === undefined ? undefined : Number(before),
  };
  return {
    text: cleanText(query.get('q') ?? '', TEXT_LIMIT),
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
  };
}

/** `2026-02-30` is read as 2 March, which nobody meant. */
function isInCalendar(day: string): boolean {
  const time = Date.parse(startOf(day));
  return !Number.isNaN(time) && iso(time).startsWith(day);
}

/** The filter as a query; `more` adds or replaces, an empty value takes away. */
export function queryOf(filter: Filter, more: Readonly<Record<string, string>> = {}): string {
  const { text, ...others } = filter;
  const all = { q: text, ...others, ...more };
  const present = Object.entries(all).filter(([, value]) => value !== '' && value !== undefined);
  return new URLSearchParams(present.map(([name, value]): [string, string] => [name, String(value)])).toString();
}

/** Whether it leaves anything out. Where to go on is no filter. */
export function isFiltering(filter: Filter): boolean {
  return queryOf(filter, { before: '' }) !== '';
}

export function isWanted(filter: Filter, request: Request): boolean {
  const { asked, run } = { run: undefined, ...request };
  return (
    (filter.state === undefined || filter.state === 'WAITING') &&
    isOfGate(filter, asked) &&
    isWithin(filter, asked.at) &&
    (filter.person === undefined || wasAsked(request, filter.person)) &&
    hasText(filter, [request.id, ...wordsOf(asked, run)])
  );
}

/** As one of the invited, or in the place of one of them. */
function wasAsked(request: Request, person: string): boolean {
  return (
    isKnown(request) && (request.run.invited.includes(person) || placesTaken(request.responses, person).length > 0)
  );
}

/** Ways to end that have a state of their own, beside that of their outcome. */
const SPECIAL: Partial<Record<RecordedOutcome['by'], State>> = { BYPASS: 'BYPASSED', BREAK_GLASS: 'EMERGENCY' };

export function isWantedEntry(filter: Filter, { at, entry }: RecordRow): boolean {
  if ('kind' in entry) {
    const { gate, request, reviewer, review } = entry;
    return (
      (filter.state === undefined || filter.state === 'EMERGENCY') &&
      isOfGate(filter, gate) &&
      isWithin(filter, at) &&
      (filter.person === undefined || filter.person === reviewer.approver) &&
      hasText(filter, [request, review.comment, reviewer.mail, reviewer.name, ...wordsOf(gate, undefined)])
    );
  }
  const ending = endingIn(entry);
  const special: State | undefined = SPECIAL[ending.by];
  return (
    (filter.state === undefined || filter.state === special || filter.state === ending.kind) &&
    isOfGate(filter, entry.gate) &&
    isWithin(filter, at) &&
    (filter.person === undefined || entry.invited.some(({ approver }) => approver === filter.person)) &&
    hasText(filter, [
      entry.request,
      ending.summary,
      ...wordsOf(entry.gate, entry.run),
      ...entry.invited.flatMap(({ mail, name }) => [mail, name]),
      ...entry.votes.map(({ comment }) => comment),
    ])
  );
}

/** What requests and entries of the record both say of a run at a gate. */
function wordsOf(gate: GateName, run: Run | RecordedRun | undefined): readonly (string | undefined)[] {
  return [
    gate.pipeline,
    gate.stage,
    gate.action,
    run?.executionId,
    run?.startedBy,
    ...(run?.revisions ?? []).flatMap(({ id, message, author }) => [id, message, author]),
    ...(run?.authors ?? []),
  ];
}

/** Nothing that was decided from then on can be wanted. */
export function isTooNew({ to }: Filter, at: string): boolean {
  return to !== undefined && !isBefore(at, plus(startOf(to), DAY));
}

/** Nothing that was decided before that can be wanted. */
export function isTooOld({ from }: Filter, at: string): boolean {
  return from !== undefined && isBefore(at, startOf(from));
}

function isOfGate({ pipeline, stage }: Filter, gate: { readonly pipeline: string; readonly stage: string }): boolean {
  return (pipeline === undefined || pipeline === gate.pipeline) && (stage === undefined || stage === gate.stage);
}

function isWithin(filter: Filter, at: string): boolean {
  return !isTooOld(filter, at) && !isTooNew(filter, at);
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function hasText({ text }: Filter, where: readonly (string | undefined)[]): boolean {
  const wanted = text.toLowerCase();
  return where.some((place) => place?.toLowerCase().includes(wanted) === true);
}
