/** Verifies a record by what stands in it: its chain, the signature of each vote, and that votes support each outcome. */
import {
  isClosing,
  isOfRequest,
  type ClosingRow,
  type RecordEntry,
  type RecordExport,
  type RecordRow,
  type RequestRow,
} from '../contract/record';
import { NOTHING_BEFORE, recordText } from '../lambda/domain/record';
import { isBefore } from '../lambda/domain/time';
import { sha256 } from '../lambda/signing/link-key';
import { supportOf } from './support';
import { closingProblems, openFollowUps } from './verify-closing';
import { proofOf, type VerifiedVote } from './vote-proof';

/** A place in the chain that is known from elsewhere: from an event, or from the export before. */
export interface Anchor {
  readonly n: number;
  readonly hash: string;
}

export interface Options {
  /** The entry before the first one of this export. */
  readonly after?: Anchor;
  readonly anchors: readonly Anchor[];
}

/** What does not hold. Without a number it is about the record as a whole. */
export interface Finding {
  readonly n?: number;
  readonly problem: string;
}

export interface VerifiedEntry {
  readonly row: RequestRow;
  readonly votes: readonly VerifiedVote[];
}

/** The closing of a follow-up. */
export interface VerifiedClosing {
  readonly row: ClosingRow;
  /** What does not hold about it; nothing when it is proven. */
  readonly problems: readonly string[];
}

export interface Verification {
  readonly workflow: string;
  /** In the order of their numbers. */
  readonly entries: readonly (VerifiedEntry | VerifiedClosing)[];
  /** Numbers of entries whose follow-up is not closed here. */
  readonly open: readonly number[];
  readonly findings: readonly Finding[];
  /** The end of the chain: the anchor of the next export. */
  readonly last?: Anchor;
  /** The first number, when it is not pinned to anything before. */
  readonly unpinned?: number;
}

export function verify({ workflow, entries: rows }: RecordExport, { after, anchors }: Options): Verification {
  const requests = rows
    .filter(isOfRequest)
    .map((row) => ({ row, votes: row.entry.votes.map((vote) => proofOf(row.entry, vote)) }));
  const closings = rows.filter((row) => isClosing(row)).map((row) => ({ row, problems: closingProblems(row, rows) }));
  const entries = [...requests, ...closings].sort((a, b) => a.row.n - b.row.n);
  const findings = [
    ...chain(rows, after),
    ...rows.flatMap(about(hashOf)),
    ...anchors.flatMap((anchor) => anchored(rows, anchor)),
    ...rows.flatMap(about((row) => belongs(row, workflow))),
    ...repeated(rows),
    ...requests.flatMap(({ row, votes }) => entryFindings(row, votes)),
    ...closings.flatMap(({ row: { n }, problems }) => problems.map((problem) => ({ n, problem }))),
  ];
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    workflow,
    entries,
    open: openFollowUps(rows),
    findings: findings.sort((a, b) => (a.n ?? 0) - (b.n ?? 0)),
    ...(last === undefined ? {} : { last: { n: last.n, hash: last.hash } }),
    ...(first === undefined || first.n === 1 || after !== undefined ? {} : { unpinned: first.n }),
  };
}

function about(check: (row: RecordRow) => string | undefined): (row: RecordRow) => readonly Finding[] {
  return (row) => {
    const problem = check(row);
    return problem === undefined ? [] : [{ n: row.n, problem }];
  };
}

/** Every entry hangs on the one before. */
function chain(rows: readonly RecordRow[], after: Anchor | undefined): readonly Finding[] {
  return rows.flatMap((row, index): readonly Finding[] => {
    const { n } = row;
    const before = rows[index - 1];
    if (before === undefined) {
      return beginning(row, after);
    }
    if (n <= before.n) {
      return [{ n, problem: `it stands after entry ${before.n}: numbers only rise` }];
    }
    if (n > before.n + 1) {
      const missing = n === before.n + 2 ? `entry ${n - 1} is` : `entries ${before.n + 1} to ${n - 1} are`;
      return [{ n, problem: `${missing} missing before it` }];
    }
    return [
      ...(row.previous === before.hash ? [] : [{ n, problem: `it does not hang on the hash of entry ${before.n}` }]),
      ...(isBefore(row.at, before.at) ? [{ n, problem: `it is earlier than entry ${before.n}` }] : []),
    ];
  });
}

function beginning({ n, previous }: RecordRow, after: Anchor | undefined): readonly Finding[] {
  if (after !== undefined && n !== after.n + 1) {
    return [{ n, problem: `it does not follow entry ${after.n}, which --after names` }];
  }
  if (after !== undefined && previous !== after.hash) {
    return [{ n, problem: `it does not hang on the hash of entry ${after.n} that --after names` }];
  }
  return n === 1 && previous !== NOTHING_BEFORE ? [{ n, problem: 'it is the first one, and hangs on another' }] : [];
}

function hashOf(row: RecordRow): string | undefined {
  return row.hash === sha256(recordText(row)) ? undefined : 'its hash is not that of what it says: it was changed';
}

function anchored(rows: readonly RecordRow[], { n, hash }: Anchor): readonly Finding[] {
  const row = rows.find((one) => one.n === n);
  if (row === undefined) {
    return [{ n, problem: 'an anchor names it, and it is not here: the record was cut off, or this is another time' }];
  }
  return row.hash === hash ? [] : [{ n, problem: 'its hash is not that of the anchor: the record was written anew' }];
}

function belongs({ entry }: RecordRow, workflow: string): string | undefined {
  return entry.workflow === workflow ? undefined : 'it is of another workflow';
}

function repeated(rows: readonly RecordRow[]): readonly Finding[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ n, entry }) => {
    // A request has one entry, and its follow-up one closing.
    const request = `${'kind' in entry ? entry.kind : ''} ${entry.request}`;
    const earlier = first.get(request);
    first.set(request, earlier ?? n);
    return earlier === undefined ? [] : [{ n, problem: `its request is that of entry ${earlier}` }];
  });
}

function entryFindings({ n, entry }: RequestRow, votes: readonly VerifiedVote[]): readonly Finding[] {
  const again = votes.filter(
    ({ vote }, index) => votes.findIndex((one) => one.vote.approver === vote.approver) < index,
  );
  const proven = votes.filter((vote) => vote.problems.length === 0 && !again.includes(vote)).map(({ vote }) => vote);
  const problems = [
    ...votes.flatMap((vote) => vote.problems),
    ...again.map(({ vote }) => `approver ${vote.approver} has more than one vote`),
    ...invitations(entry),
    ...standIns(entry),
    ...supportOf(entry, proven),
  ];
  return problems.map((problem) => ({ n, problem }));
}

/** An approver is known by the hash of an address: nobody votes under another address. */
function invitations({ invited }: RecordEntry): readonly string[] {
  const seen = new Set<string>();
  return invited.flatMap(({ approver, mail }) => {
    const twice = seen.has(approver);
    seen.add(approver);
    return [
      ...(twice ? [`${mail} was invited twice`] : []),
      ...(sha256(mail.toLowerCase()).startsWith(approver) ? [] : [`the approver ${approver} is not ${mail}`]),
    ];
  });
}

/** Nobody stands in for somebody unless the rule says so. */
function standIns({ standIns: all = [], invited, rule }: RecordEntry): readonly string[] {
  return all.flatMap(({ person, mail, delegate }) => {
    const who = invited.find(({ approver }) => approver === delegate)?.mail ?? `approver ${delegate}`;
    const isDeclared = rule?.people?.delegates?.[person]?.includes(delegate) === true;
    return [
      ...(isDeclared
        ? []
        : [`${who} was asked in the place of ${mail}, and the rule does not name them as a delegate`]),
      ...(sha256(mail.toLowerCase()).startsWith(person) ? [] : [`the approver ${person} is not ${mail}`]),
    ];
  });
}
