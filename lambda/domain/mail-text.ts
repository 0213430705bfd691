/**
 * What people read in their mail: what, which change, by when, the link, and what happens when nobody answers.
 * Plain text, short enough for a phone, safe whatever the author of the change wrote.
 */
import { afterNo, type AfterNo } from './after-no';
import { cleanAscii, cleanLines, cleanText } from './clean-text';
import { plainTime } from './plain-time';
import type { OutcomeKind, RequestMeta, Revision } from './records';

/** A mail; the subject is ASCII, below 100 characters and one line, as SNS wants it. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** Who reads it: an `Invitation` and a `Person` both are one. */
export interface MailRecipient {
  readonly name?: string;
  readonly mail: string;
  readonly shared: boolean;
}

const SUBJECT_LIMIT = 99;
const MESSAGE_LIMIT = 140;
const NOTE_LIMIT = 240;

/** Asks one person, by a personal link. */
export function requestMail(meta: RequestMeta, recipient: MailRecipient, link: string, workflow: string): MailText {
  return {
    subject: subjectOf('Approve?', meta),
    text: paragraphs([
      `${greeting(recipient)}${question(meta)}`,
      facts(meta, workflow),
      `Look and answer here:\n${link}`,
      closing(meta),
      personal(recipient),
    ]),
  };
}

/** The same once more, for those who have not answered at half of the time. */
export function reminderMail(meta: RequestMeta, recipient: MailRecipient, link: string, workflow: string): MailText {
  return {
    subject: subjectOf('Still waiting:', meta),
    text: paragraphs([
      `${greeting(recipient)}this still waits for your answer: ${question(meta)}`,
      facts(meta, workflow),
      `Look and answer here:\n${link}`,
      closing(meta),
      personal(recipient),
    ]),
  };
}

/** Tells everyone who was asked how it ended. */
export function outcomeMail(meta: RequestMeta, recipient: MailRecipient): MailText {
  const outcome = meta.overtakenBy ?? meta.outcome;
  const kind = outcome?.kind ?? 'STOPPED';
  return {
    subject: subjectOf(`${TITLES[kind]}:`, meta),
    text: paragraphs([
      `${greeting(recipient)}${endings(meta)[kind]}`,
      outcome === undefined ? '' : quiet(cleanText(outcome.summary, 512)),
      facts(meta, ''),
      'Nothing is left to do, and the links to this gate no longer work.',
    ]),
  };
}

const TITLES: Readonly<Record<OutcomeKind, string>> = {
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
  STOPPED: 'Stopped',
};

function endings(meta: RequestMeta): Readonly<Record<OutcomeKind, string>> {
  const stage = cleanText(meta.stage, 100);
  return {
    APPROVED: `the change was approved, ${stage} goes on.`,
    REJECTED: `the change was rejected. ${consequence(meta)}`,
    EXPIRED: `nobody answered in time. ${consequence(meta)}`,
    STOPPED: `the run was stopped before the gate had an answer. ${stage} stays as it is.`,
  };
}

function question(meta: RequestMeta): string {
  const why =
    meta.policy?.checks?.onInconclusive === 'ASK_APPROVERS' ? ' The checks cannot tell, so people are asked.' : '';
  return `may this change pass ${cleanText(meta.stage, 100)} of ${cleanText(meta.pipeline, 100)}?${why}`;
}

function greeting(recipient: MailRecipient): string {
  const name = cleanText(recipient.name ?? '', 40);
  return name === '' ? 'Hello, ' : `Hello ${quiet(name)}, `;
}

function facts(meta: RequestMeta, workflow: string): string {
  const revisions = meta.revisions ?? [];
  const lines = [
    `Pipeline: ${cleanText(meta.pipeline, 100)}`,
    `Gate: ${cleanText(meta.stage, 100)} / ${cleanText(meta.action, 100)}`,
    ...revisions.slice(0, 2).map((revision) => `Change: ${changeOf(revision)}`),
    revisions.length > 2 ? `and ${revisions.length - 2} more, see the page` : '',
    meta.text === undefined ? '' : `Note: ${quiet(cleanLines(meta.text, NOTE_LIMIT, 4))}`,
    workflow === '' ? '' : `Asked by: ${cleanText(workflow, 60)}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function changeOf(revision: Revision): string {
  const id = cleanText(revision.id, 100).slice(0, 12);
  const message = quiet(cleanText((revision.message ?? '').split('\n', 1)[0] ?? '', MESSAGE_LIMIT));
  const author = quiet(cleanText(revision.author ?? '', 60));
  return `${id}${message === '' ? '' : ` "${message}"`}${author === '' ? '' : ` by ${author}`}`;
}

function closing(meta: RequestMeta): string {
  const until = meta.deadline === undefined ? 'Please answer soon.' : `Please answer by ${plainTime(meta.deadline)}.`;
  const quorum = meta.policy?.approvers?.quorum ?? 1;
  const needed = quorum > 1 ? ` ${quorum} people have to say yes; one no stops it.` : ' One answer is enough.';
  return `${until}${needed}\nIf nobody answers, it counts as no: ${lower(consequence(meta))}`;
}

function consequence(meta: RequestMeta): string {
  const stage = cleanText(meta.stage, 100);
  const what: Record<AfterNo, string> = {
    STAYS: 'nothing is undone',
    GOES_BACK: `${stage} goes back to its last good version`,
    NOTHING_TO_GO_BACK_TO: `${stage} has no good version yet to go back to`,
  };
  return `The change goes no further, and ${what[afterNo(meta)]}.`;
}

function personal(recipient: MailRecipient): string {
  return recipient.shared
    ? 'The link speaks for this mailbox. Opening it decides nothing.'
    : 'The link speaks for you, so please do not forward it. Opening it decides nothing.';
}

function subjectOf(prefix: string, meta: RequestMeta): string {
  const gate = `${prefix} ${cleanAscii(meta.pipeline, 40)} ${cleanAscii(meta.stage, 24)}`;
  const message = cleanAscii((meta.revisions?.[0]?.message ?? '').split('\n', 1)[0] ?? '', 200);
  return cleanAscii(message === '' ? gate : `${gate} - ${message}`, SUBJECT_LIMIT);
}

/** Mail programs turn addresses into links by themselves: only ours may be one. */
function quiet(text: string): string {
  return text.replace(/:\/\//g, ': //').replace(/\bwww\./gi, 'www .');
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
