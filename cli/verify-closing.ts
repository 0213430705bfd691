/** Whether the follow-up of an emergency was closed by a second person, and which follow-ups are open. */
import { isOfRequest, type ClosingRow, type RecordRow, type RequestRow } from '../contract/record';
import { endingIn } from '../lambda/domain/record-csv';
import { millis, MINUTE } from '../lambda/domain/time';
import { decisionText } from '../lambda/domain/vote';
import { sha256, verifyText } from '../lambda/signing/link-key';

/** The signature holds the time of the page; the table writes moments later. */
const ON_ITS_WAY = MINUTE;

/** What does not hold about a closing; nothing when it is proven. */
export function closingProblems({ n, entry }: ClosingRow, rows: readonly RecordRow[]): readonly string[] {
  const { request, about, openedBy, reviewer, review } = entry;
  const { approver, mail } = reviewer;
  const opened = rows.find((row) => row.n === about);
  const signed = decisionText({ ...review, request, approver, verdict: 'REVIEWED' });
  const say = (holds: boolean, problem: string) => (holds ? [] : [problem]);
  return [
    ...say(sha256(mail.toLowerCase()).startsWith(approver), `the reviewer ${approver} is not ${mail}`),
    ...say(verifyText(review.key, signed, review.sig), `the signature of ${mail} is not of this review`),
    ...say(
      Math.abs(millis(review.at) - review.seq) <= ON_ITS_WAY,
      `the time of the review of ${mail} is not the one that was signed`,
    ),
    ...say(review.comment.trim() !== '', `${mail} closed the follow-up without a word`),
    ...say(!openedBy.includes(approver), `${mail} opened the gate alone, and is no second person`),
    ...say(about < n, `it closes the follow-up of entry ${about}, which comes later`),
    // What came before this export is not here to be asked.
    ...(opened === undefined ? [] : aboutProblems(opened, entry)),
  ];
}

function aboutProblems(
  opened: RecordRow,
  { request, about, openedBy, reviewer }: ClosingRow['entry'],
): readonly string[] {
  if (!isOfRequest(opened) || opened.entry.request !== request || !isOpenedAlone(opened)) {
    return [`it closes the follow-up of entry ${about}, which needs none`];
  }
  const { votes, invited, rule } = opened.entry;
  const broke = votes.filter(({ verdict }) => verdict === 'BREAK_GLASS').map(({ approver }) => approver);
  const isAuthor =
    rule?.people?.excludeAuthor === true &&
    invited.some(({ approver, excluded }) => approver === reviewer.approver && WROTE.test(excluded ?? ''));
  return [
    ...(broke.every((approver) => openedBy.includes(approver))
      ? []
      : ['it names others than those who broke the glass']),
    ...(broke.includes(reviewer.approver) ? [`${reviewer.mail} broke the glass, and is no second person`] : []),
    ...(isAuthor ? [`${reviewer.mail} wrote or started what was opened`] : []),
  ];
}

const WROTE = /^(wrote|started) /;

/** Entries whose follow-up is not closed in this export. */
export function openFollowUps(rows: readonly RecordRow[]): readonly number[] {
  const closed = new Set(rows.flatMap(({ entry }) => ('kind' in entry ? [entry.about] : [])));
  return rows.filter(isOfRequest).flatMap((row) => (isOpenedAlone(row) && !closed.has(row.n) ? [row.n] : []));
}

function isOpenedAlone({ entry }: RequestRow): boolean {
  return endingIn(entry).by === 'BREAK_GLASS';
}
