/** Records as `decide` makes them, with real keys and signatures, and what a forger may do to them. */
import type { DecisionDetails, RecordedVote, RecordEntry, RecordExport, RecordRow } from '../../contract/record';
import { detailsText } from '../../lambda/domain/decision-details';
import { evidenceText } from '../../lambda/domain/evidence';
import { exportDocument, NOTHING_BEFORE, recordText } from '../../lambda/domain/record';
import { decisionText } from '../../lambda/domain/vote';
import { newSeed, publicKeyOf, sha256, signText } from '../../lambda/signing/link-key';
import { at, days, GATE, START } from '../lambda/samples';

interface Approver {
  readonly id: string;
  readonly mail: string;
  readonly seed: string;
}

function approver(mail: string): Approver {
  return { id: sha256(mail).slice(0, 12), mail, seed: newSeed() };
}

export const ANA = approver('ana@example.com');
export const BO = approver('bo@example.com');
export const CY = approver('cy@example.com');
const PEOPLE = [ANA, BO, CY];

const RUN: NonNullable<RecordEntry['run']> = {
  executionId: 'run-1',
  deadline: at(days(1)),
  kind: 'STANDARD',
  authors: ['dev@example.com'],
  revisions: [{ name: 'app', id: 'abc123', message: 'fix the cart', author: 'dev@example.com' }],
  serving: [{ name: 'app', id: 'abc122' }],
};

const SHOWN = { newerRunWaiting: false, verdicts: [['errors', 'PASS']] as const };

export function requestNamed(name: string): string {
  return sha256(name).slice(0, 32);
}

/** A vote with the signature of its approver, or of somebody else. */
export function vote(
  by: Approver,
  verdict: RecordedVote['verdict'],
  seconds: number,
  {
    comment = '',
    request = requestNamed('first'),
    seed = by.seed,
    current = true,
    run = RUN,
    details = {} as DecisionDetails,
  } = {},
): RecordedVote {
  const evidence = sha256(evidenceText({ ...run, ...SHOWN }));
  const seq = Date.parse(at(seconds));
  const text = detailsText(details);
  const signed = { verdict, comment, evidence, seq, ...(text === undefined ? {} : { details: text }) };
  const sig = signText(seed, decisionText({ request, approver: by.id, ...signed }));
  const given = { ...signed, at: at(seconds), sig, key: publicKeyOf(seed), current };
  return { approver: by.id, ...given };
}

/** Two of three approved it. */
export function approved(name = 'first', more: Partial<RecordEntry> = {}): RecordEntry {
  const request = requestNamed(name);
  const votes = more.votes ?? [
    vote(ANA, 'APPROVE', 60, { comment: 'read it', request }),
    vote(BO, 'APPROVE', 90, { request }),
  ];
  return {
    workflow: 'shop',
    request,
    gate: GATE,
    asked: { at: START, by: 'NOTIFICATION' },
    run: RUN,
    rule: {
      kind: 'MANUAL',
      people: {
        groups: [{ quorum: 2, ids: PEOPLE.map(({ id }) => id) }],
        excludeAuthor: true,
        reason: 'OPTIONAL',
      },
    },
    invited: PEOPLE.map(({ id, mail }) => ({ approver: id, mail, shared: false, sentAt: at(1) })),
    votes,
    shown: Object.fromEntries(votes.map(({ evidence }) => [evidence, SHOWN])),
    changeSets: [],
    outcome: {
      kind: 'APPROVED',
      by: 'PEOPLE',
      at: at(90),
      summary: 'Approved by ana@example.com, bo@example.com (2 of 2 needed)',
    },
    deliveredAt: at(91),
    ...more,
  };
}

export function rejected(name: string): RecordEntry {
  const request = requestNamed(name);
  return approved(name, {
    votes: [vote(CY, 'REJECT', 70, { comment: 'not today', request })],
    outcome: { kind: 'REJECTED', by: 'PEOPLE', at: at(70), summary: 'Rejected by cy@example.com. not today' },
  });
}

/** A chain of these entries, with hashes that fit. */
export function chained(
  entries: readonly RecordRow['entry'][],
  first = 1,
  hash = NOTHING_BEFORE,
): readonly RecordRow[] {
  const rows: RecordRow[] = [];
  for (const entry of entries) {
    const place = { n: first + rows.length, at: at(100 + rows.length), previous: rows.at(-1)?.hash ?? hash, entry };
    rows.push({ v: 1, ...place, hash: sha256(recordText(place)) });
  }
  return rows;
}

export function exported(...entries: readonly RecordRow['entry'][]): RecordExport {
  return exportDocument('shop', chained(entries));
}

/** The export with one entry changed, and no hash. */
export function tampered(document: RecordExport, n: number, change: (entry: RecordEntry) => object): RecordExport {
  const entries = document.entries.map((row) =>
    row.n === n ? { ...row, entry: { ...row.entry, ...change(row.entry as RecordEntry) } } : row,
  );
  return { ...document, entries };
}

/** The export with one entry changed, and every hash made anew, as whoever can write the table would do it. */
export function forged(document: RecordExport, n: number, change: (entry: RecordEntry) => object): RecordExport {
  const entries = tampered(document, n, change).entries.map(({ entry }) => entry);
  return exportDocument(document.workflow, chained(entries));
}
