/** What the record keeps of a request that ended, and how its entries hang together. */
import { peopleOf, type Person } from '../../contract/policy';
import {
  CLOSING,
  RECORD_KIND,
  RECORD_VERSION,
  type RecordedCheck,
  type RecordedInvitation,
  type RecordedOutcome,
  type RecordedRevision,
  type RecordedRun,
  type RecordedStandIn,
  type RecordedVote,
  type ClosingEntry,
  type RecordEntry,
  type RecordExport,
  type RecordRow,
} from '../../contract/record';
import { cleanLines, cleanText } from './clean-text';
import type { StandIn } from './delegation';
import type { FollowedUp } from './follow-up';
import { REASON_LIMIT, RECORDED_MESSAGE_LIMIT } from './limits';
import { recordedShown } from './record-shown';
import type { CheckState, Delivered, Outcome, Revision, Run, Shown } from './request';
import { gateOf, isKnown } from './request';
import type { RequestRecords } from './rows';
import { canonical } from './same';
import type { Invitation, Review, Vote } from './vote';

/** Partition of the record in the requests table. */
export const RECORD = 'record';

/** `previous` of the first entry. */
export const NOTHING_BEFORE = '0'.repeat(64);

/** Sort key of an entry: numbers of twelve digits stand in their order. */
export function recordKey(n: number): string {
  return String(n).padStart(12, '0');
}

/** The text whose SHA-256 is the hash of an entry. It does not depend on the order in which a table or a reader keeps properties. */
export function recordText({ n, at, previous, entry }: Pick<RecordRow, 'n' | 'at' | 'previous' | 'entry'>): string {
  return canonical([`cdk-approval-gates/record/v${RECORD_VERSION}`, n, at, previous, entry]);
}

export function entryOf(
  workflow: string,
  {
    request,
    invitations,
    votes,
    standIns = [],
  }: Pick<RequestRecords, 'invitations' | 'votes'> &
    Partial<Pick<RequestRecords, 'standIns'>> & { readonly request: Delivered },
): RecordEntry {
  const { id, asked, outcome, overtakenBy, deliveredAt } = request;
  return {
    workflow,
    request: id,
    gate: gateOf(request),
    asked: { at: asked.at, by: asked.by },
    ...(isKnown(request) ? { run: runOf(request.run), rule: ruleOf(request.shown) } : {}),
    invited: invitations.map(invitationOf),
    votes: votes.map(voteOf),
    ...recordedShown(votes),
    ...(standIns.length === 0 ? {} : { standIns: standIns.map(standInOf) }),
    ...(isKnown(request) && request.shown.checks.length > 0 ? { checks: request.shown.checks.map(checkOf) } : {}),
    outcome: outcomeOf(outcome),
    ...(overtakenBy === undefined ? {} : { overtakenBy: outcomeOf(overtakenBy) }),
    deliveredAt,
  };
}

/** That a second person has looked at it. */
export function closingEntryOf(
  workflow: string,
  request: FollowedUp,
  { comment, evidence, seq, at, sig, key }: Review,
  { id: approver, mail, name }: Pick<Person, 'id' | 'mail' | 'name'>,
): ClosingEntry {
  return {
    kind: CLOSING,
    workflow,
    request: request.id,
    gate: gateOf(request),
    about: request.recorded ?? 0,
    openedAt: request.followUp.since,
    openedBy: request.followUp.openedBy,
    reviewer: present({ approver, mail, name }),
    review: { comment, evidence, seq, at, sig, key },
  };
}

/** Consecutive entries as a document of their own. */
export function exportDocument(
  workflow: string,
  entries: readonly RecordRow[],
  range: { readonly from?: string; readonly to?: string } = {},
): RecordExport {
  return { kind: RECORD_KIND, v: RECORD_VERSION, workflow, ...range, entries };
}

function runOf({
  kind,
  executionId,
  deadline,
  trigger,
  startedBy,
  authors,
  range,
  revisions,
  serving,
}: Run): RecordedRun {
  const along = range?.kind === 'ALONG' ? range.authors : [];
  return present({
    executionId,
    deadline,
    kind: kind.type,
    target: kind.type === 'ROLLBACK' ? kind.target : undefined,
    trigger,
    startedBy,
    authors: [...new Set([...authors, ...along])],
    revisions: revisions.map(revisionOf),
    serving: serving.map(({ name, id }) => ({ name, id })),
  });
}

function revisionOf({ name, id, message, url, author, createdAt }: Revision): RecordedRevision {
  const shortened = message === undefined ? undefined : cleanLines(message, RECORDED_MESSAGE_LIMIT);
  return present({ name, id, message: shortened, url, author, createdAt });
}

function ruleOf({ policy: { rule }, proposed }: Shown): NonNullable<RecordEntry['rule']> {
  const onFail = rule.kind === 'AUTOMATED_ELSE_PEOPLE' ? rule.onFail : undefined;
  return present({ kind: rule.kind, people: peopleOf(rule), onFail, weakens: proposed?.weakens });
}

/** Without its keys: each vote has the one that verifies it. */
function invitationOf({ approver, mail, name, shared, sentAt, excluded }: Invitation): RecordedInvitation {
  return present({ approver, mail, name, shared, sentAt, excluded });
}

function voteOf({ approver, verdict, comment, evidence, seq, details, at, sig, key, current }: Vote): RecordedVote {
  return present({ approver, verdict, comment, evidence, seq, details, at, sig, key, current });
}

function standInOf({ person, mail, name, delegate, since, until }: StandIn): RecordedStandIn {
  return present({ person, mail, name, delegate, since, until });
}

function checkOf({ title, verdict, reason, observeOnly, course }: CheckState): RecordedCheck {
  return present({ title, verdict, reason: cleanText(reason, REASON_LIMIT), observeOnly, course });
}

function outcomeOf({ kind, by, at, summary, fields }: Outcome): RecordedOutcome {
  return present({ kind, by, at, summary, fields });
}

type Present<T> = { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same without properties that are undefined: a table does not keep them. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
