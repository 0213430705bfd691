/** One request, the same for the rehearsal and for the emulator: two of three people approve by their links. */
import { isRecorded, linkIn, type ReviewClient } from '../../rehearsal/approval-gates/review-page';
import { parseRecordRow } from '../../lambda/domain/parse-record';
import type { Fields } from '../../lambda/domain/parsed';
import { RECORD, recordText } from '../../lambda/domain/record';
import { sha256 } from '../../lambda/signing/link-key';
import type { Mail } from '../../rehearsal/record';
import { gateState, runOf } from '../../rehearsal/scenario/observe';
import type { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import { canonical } from '../exploration/memory-table';

const GATE = 'Prod/Approve';
const ASKED = ['ana@example.com', 'bo@example.com', 'cy@example.com'];

export interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly deliveredAt?: string;
}

/** Where the story happens. */
export interface Place {
  readonly rehearsal: Rehearsal;
  readonly review: ReviewClient;
  inbox(): readonly Pick<Mail, 'to' | 'subject' | 'text'>[];
  /** Everything in the workflow's tables. */
  rows(): Promise<readonly Row[]>;
  /** Lets time pass until something holds. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
}

/** What is left of the story afterwards. */
export interface Ending {
  readonly rows: readonly Row[];
  readonly mails: readonly string[];
  readonly run: string;
  readonly answer: { readonly gate: string; readonly summary: string };
}

export async function tell({ rehearsal, review, inbox, rows, until }: Place): Promise<Ending> {
  const gate = () => gateState(runOf(rehearsal, GATE));
  const has = async (wanted: (row: Row) => boolean) => (await rows()).some(wanted);
  const mailsWith = (part: (mail: Pick<Mail, 'subject' | 'text'>) => boolean) => inbox().filter(part).length;

  const execution = rehearsal.push({ message: 'Sell mugs', author: 'dora' });
  await until('the author of the run is known', () => has(({ sk }) => sk === 'trigger'));
  await until('everybody has a link', () => mailsWith((mail) => linkIn(mail) !== undefined) === ASKED.length);

  await approve(review, 'ana@example.com');
  await until('the first vote is kept', () => has(({ sk }) => sk.startsWith('vote#')));
  expect(gate()).toBe('asks');

  await approve(review, 'cy@example.com');
  await until('the run is over', () => execution.status !== 'InProgress');
  await until('everybody has heard', () => mailsWith(({ subject }) => subject.startsWith('Approved')) === ASKED.length);
  await until('the record is closed', () => has(({ sk, deliveredAt }) => sk === 'meta' && deliveredAt !== undefined));

  return {
    rows: await rows(),
    mails: inbox().map(({ to, subject, text }) => `${to}: ${subject}\n${text}`),
    run: execution.status,
    answer: { gate: gate(), summary: String(runOf(rehearsal, GATE)?.summary) },
  };
}

async function approve(review: ReviewClient, as: string): Promise<void> {
  const page = await review.open({ gate: GATE, as });
  expect(page).toMatchObject({ status: 200 });
  const number = String(page.number);
  const answered = await review.submit(page, { verdict: 'APPROVE', number, comment: 'Looks good' });
  expect({ recorded: isRecorded(answered), html: answered.html }).toMatchObject({ recorded: true });
}

/** An ending without what differs from telling to telling: times, ids, keys, addresses, and the order of rows. */
export function essence({ rows, mails, ...rest }: Ending): object {
  // How many mails went to somebody in one second: that is a matter of pace.
  const kept = rows.filter(({ pk }) => !pk.startsWith('mailbox#'));
  return {
    ...rest,
    mails: mails.map(plain).sort(),
    rows: kept.map((row) => JSON.parse(plain(JSON.stringify(canonical(verified(row))))) as unknown).sort(byText),
  };
}

/** The hash of an entry of the record covers its times and signatures: what matters is that it is the right one. */
function verified(row: Row): object {
  if (row.pk !== RECORD) {
    return row;
  }
  const read = parseRecordRow(row as unknown as Fields);
  return { ...row, hash: read.ok && read.value.hash === sha256(recordText(read.value)) ? 'right' : 'wrong' };
}

function plain(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replace(/[A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC/g, '<time>')
    .replace(/"(ttl|seq)":\d+/g, '"$1":0')
    .replace(/https?:\/\/[^/\s]+\/r\//g, '<site>/r/')
    .replace(/(?<=AnswerRole)[0-9A-F-]+/g, '<name>')
    .replace(/(?<=key=)[\w-]{43}|(?<=")[\w-]{43}(?=")|(?<="sig":")[\w-]{86}/g, '<key>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g, '<id>')
    .replace(/#[0-9a-f]{64}/g, '#<vote>');
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
