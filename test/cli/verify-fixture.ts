/** What `verify` finds in a record, and parts of entries by which a test changes one. */
import type { RecordedVote, RecordEntry, RecordExport } from '../../contract/record';
import { verify, type Anchor } from '../../cli/verify';
import { at, peopleRule } from '../lambda/samples';
import { ANA, approved, BO, CY, exported, rejected } from './recorded';

export const RECORDED = exported(approved(), rejected('second'), approved('third'));

export function findings(
  document: RecordExport,
  { after, anchors = [] }: { after?: Anchor; anchors?: readonly Anchor[] } = {},
): readonly string[] {
  const options = { anchors, ...(after === undefined ? {} : { after }) };
  return verify(document, options).findings.map(({ n, problem }) => `${n ?? ''}: ${problem}`);
}

export const placeOf = (document: RecordExport, n: number): Anchor => ({
  n,
  hash: document.entries[n - 1]?.hash ?? '',
});

export const firstVote = ({ votes }: RecordEntry) => votes[0] as RecordedVote;

export const withVote = (change: Partial<RecordedVote>) => (entry: RecordEntry) => ({
  votes: [{ ...firstVote(entry), ...change }, ...entry.votes.slice(1)],
});

export function rule() {
  return approved().rule as NonNullable<RecordEntry['rule']>;
}

function run() {
  return approved().run as NonNullable<RecordEntry['run']>;
}

export function rollback() {
  return { ...run(), kind: 'ROLLBACK' as const, target: 'run-0' };
}

export function ofQuorum(quorum: number): NonNullable<RecordEntry['rule']> {
  return { kind: 'MANUAL', people: peopleRule({ groups: [{ quorum, ids: [ANA.id, BO.id, CY.id] }] }) };
}

export function outcome(kind: RecordEntry['outcome']['kind'], by: RecordEntry['outcome']['by']) {
  return { kind, by, at: at(90), summary: 'as told' };
}
