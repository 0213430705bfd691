/** The record as a table for spreadsheets. */
import {
  isClosing,
  isOfRequest,
  type ClosingRow,
  type RequestRow,
  type RecordedOutcome,
  type RecordEntry,
  type RecordRow,
} from '../../contract/record';
import { nameOf } from './count-votes';
import { detailsOf } from './decision-details';

const COLUMNS: readonly (readonly [
  string,
  (row: RequestRow) => string | number,
  (row: ClosingRow) => string | number,
])[] = [
  ['number', ({ n }) => n, ({ n }) => n],
  ['time', ({ entry }) => endingIn(entry).at, ({ entry }) => entry.review.at],
  ['pipeline', ({ entry }) => entry.gate.pipeline, ({ entry }) => entry.gate.pipeline],
  ['stage', ({ entry }) => entry.gate.stage, ({ entry }) => entry.gate.stage],
  ['action', ({ entry }) => entry.gate.action, ({ entry }) => entry.gate.action],
  ['change', ({ entry }) => ofRevisions(entry, ({ id }) => id), () => ''],
  ['message', ({ entry }) => ofRevisions(entry, ({ message }) => message), () => ''],
  ['author', ({ entry }) => [...new Set(entry.run?.authors ?? [])].join(', '), () => ''],
  ['outcome', ({ entry }) => endingIn(entry).kind, () => 'REVIEWED'],
  ['decided by', ({ entry }) => decidersOf(entry).join(', '), ({ entry }) => nameOf(entry.reviewer)],
  ['how', ({ entry }) => endingIn(entry).by, ({ entry }) => `follow-up of ${entry.about}`],
  ['reasons', ({ entry }) => endingIn(entry).summary, ({ entry }) => entry.review.comment],
  ['asked at', ({ entry }) => entry.asked.at, ({ entry }) => entry.openedAt],
  ['not before', ({ entry }) => chosenStartIn(entry), () => ''],
  ['fields', ({ entry }) => ofFields(endingIn(entry)), () => ''],
  ['hash', ({ hash }) => hash, ({ hash }) => hash],
];

/** Without it, Excel does not read UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** RFC 4180, with a line of headings, and every cell in quotes. */
export function csvOf(rows: readonly RecordRow[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...rows.map(cellsOf)];
  return `${BYTE_ORDER_MARK}${lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')}`;
}

function cellsOf(row: RecordRow): readonly (string | number)[] {
  return isClosing(row)
    ? COLUMNS.map(([, , closing]) => closing(row))
    : isOfRequest(row)
      ? COLUMNS.map(([, request]) => request(row))
      : [];
}

/** What really happened, if that is not what was decided. */
export function endingIn({ outcome, overtakenBy }: RecordEntry): RecordedOutcome {
  return overtakenBy ?? outcome;
}

/** The latest time that those chose whose approvals opened the gate; nothing where none did. */
function chosenStartIn(entry: RecordEntry): string {
  const { kind, by } = endingIn(entry);
  const starts =
    kind !== 'APPROVED' || by !== 'PEOPLE' ? [] : entry.votes.filter(({ current }) => current).map(detailsOf);
  return starts.map(({ notBefore = '' }) => notBefore).reduce((one, other) => (other > one ? other : one), '');
}

/** Names of those whose votes made the outcome; nobody where something else did. */
export function decidersOf(entry: RecordEntry): readonly string[] {
  const { kind, by } = endingIn(entry);
  const verdict = by === 'BREAK_GLASS' ? by : kind === 'APPROVED' ? 'APPROVE' : 'REJECT';
  return by !== 'PEOPLE' && by !== 'BREAK_GLASS'
    ? []
    : entry.votes
        .filter((vote) => vote.verdict === verdict && (vote.current || verdict === 'REJECT'))
        .flatMap(({ approver }) =>
          entry.invited
            .filter((invited) => invited.approver === approver)
            .map((invited) => `${nameOf(invited)}${inPlaceOf(entry, approver)}`),
        );
}

/** ` (for Ana)`, behind somebody who was asked in Ana's place. */
export function inPlaceOf({ standIns = [], votes }: RecordEntry, delegate: string): string {
  const names = standIns
    .filter((one) => one.delegate === delegate && votes.every(({ approver }) => approver !== one.person))
    .map(nameOf);
  return names.length === 0 ? '' : ` (for ${names.join(' and ')})`;
}

/** What later actions read. */
function ofFields({ fields = {} }: RecordedOutcome): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function ofRevisions(
  { run }: RecordEntry,
  get: (revision: NonNullable<RecordEntry['run']>['revisions'][number]) => string | undefined,
): string {
  return (run?.revisions ?? []).flatMap((revision) => get(revision) ?? []).join('\n');
}

/** What a spreadsheet may begin a formula with, after a separator and blanks. */
const BEGINNING = /(^|[;,"\t\r\n])([;,"\s]*)([=+\-@＝＋－＠]?)/g;

/**
 * Other people wrote most of it, and a spreadsheet must not take a commit message for a formula. Some split the file at semicolons, at
 * tabs or at every line, whatever stands in quotes: so no part of a cell begins like a formula, either.
 */
function cellOf(value: string | number): string {
  const text = String(value).replace(BEGINNING, (_, separator: string, blanks: string, sign: string) =>
    sign === '' ? `${separator}${blanks}` : `${separator}${blanks}'${sign}`,
  );
  return `"${text.replaceAll('"', '""')}"`;
}
