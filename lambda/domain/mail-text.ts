/**
 * What people read in their mail: what, which change, by when, the link, and what happens when nobody answers.
 * Plain text, short enough for a phone, safe whatever the author of the change wrote.
 */
import { peopleOf, type RuleKind } from '../../contract/policy';
import { cleanAscii, cleanLines, cleanText } from './clean-text';
import { localTime } from './plain-time';
import {
  endingOf,
  isKnown,
  type Ended,
  type Known,
  type Outcome,
  type OutcomeKind,
  type Request,
  type Revision,
  type Run,
  type Waiting,
} from './request';
import { rejectionSentence, rollbackSentence } from './run-sentences';

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

/** Who writes it. */
export interface MailSender {
  readonly workflow: string;
  /** Where its readers live, as IANA names it: times are said for there as well. */
  readonly timeZone?: string;
}

const SUBJECT_LIMIT = 99;
const MESSAGE_LIMIT = 140;
const NOTE_LIMIT = 240;

/** A name that nobody chose: a path in an app and the hash that keeps it apart from others. */
const GENERATED_NAME = /-[0-9A-F]{8}$/;

/** Asks one person, by a personal link. */
export function requestMail(request: Waiting, recipient: MailRecipient, link: string, sender: MailSender): MailText {
  return asking('Approve?', '', request, recipient, link, sender);
}

/** The same once more, for those who have not answered at half of the time. */
export function reminderMail(request: Waiting, recipient: MailRecipient, link: string, sender: MailSender): MailText {
  return asking('Still waiting:', 'this still waits for your answer: ', request, recipient, link, sender);
}

function asking(
  title: string,
  opening: string,
  request: Waiting,
  recipient: MailRecipient,
  link: string,
  sender: MailSender,
): MailText {
  return {
    subject: subjectOf(title, request),
    text: paragraphs([
      `${greeting(recipient)}${opening}${question(request)}`,
      facts(request, sender.workflow),
      `Look and answer here:\n${link}`,
      closing(request, sender.timeZone),
      personal(recipient),
    ]),
  };
}

/** Tells everyone who was asked how it ended. */
export function outcomeMail(request: Ended, recipient: MailRecipient): MailText {
  const outcome = endingOf(request);
  return {
    subject: subjectOf(`${TITLES[outcome.kind]}:`, request),
    text: paragraphs([
      `${greeting(recipient)}${ending(outcome, request)}`,
      quoted(outcome.summary, 512, 1),
      facts(request, ''),
      'Nothing is left to do: the links to this gate take no more answers.',
    ]),
  };
}

const TITLES: Readonly<Record<OutcomeKind, string>> = {
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
  STOPPED: 'Stopped',
};

function ending({ kind, by }: Outcome, request: Ended): string {
  const stage = stageOf(request);
  const what = isKnown(request) && request.run.kind.type === 'ROLLBACK' ? 'rollback' : 'change';
  switch (kind) {
    case 'APPROVED':
      return by === 'ROLLBACK'
        ? `the rollback passed by itself, because the run that it brings back had passed this gate. ${stage} goes on.`
        : `the ${what} was approved, ${stage} goes on.`;
    case 'REJECTED':
      return by === 'ROLLBACK'
        ? `the rollback stepped aside for the newer run that waited behind it. What serves in ${stage} stays.`
        : `the ${what} was rejected. ${consequence(request, what)}`;
    case 'EXPIRED':
      return `there were not enough answers in time. ${consequence(request, what)}`;
    case 'STOPPED':
      return `the run ended before the gate had an answer. ${stage} stays as it is.`;
  }
}

function consequence(request: Ended, what: string): string {
  return isKnown(request)
    ? quiet(rejectionSentence(request.run, stageOf(request), false))
    : `The ${what} goes no further.`;
}

/** Why people are asked, where that is not plain from the kind of gate. */
const REASONS_TO_ASK: Readonly<Record<RuleKind, string>> = {
  MANUAL: '',
  AUTOMATED: '',
  GUARDED: '',
  AUTOMATED_ELSE_PEOPLE: ' The checks cannot tell, so people are asked.',
};

function question(request: Waiting): string {
  const { run, shown, asked } = request;
  const rollback = rollbackSentence(run);
  const what = rollback === undefined ? 'change' : 'rollback';
  const why = REASONS_TO_ASK[shown.policy.rule.kind];
  return [
    `may this ${what} pass ${stageOf(request)} of ${cleanText(asked.pipeline, 100)}?${why}`,
    ...(rollback === undefined ? [] : [quiet(rollback)]),
  ].join(' ');
}

function greeting(recipient: MailRecipient): string {
  const name = cleanText(recipient.name ?? '', 40);
  return name === '' ? 'Hello, ' : `Hello ${quiet(name)}, `;
}

function facts(request: Request, workflow: string): string {
  const { asked } = request;
  const lines = [
    `Pipeline: ${cleanText(asked.pipeline, 100)}`,
    `Gate: ${stageOf(request)} / ${cleanText(asked.action, 100)}`,
    ...(isKnown(request) ? changes(request.run) : []),
    workflow === '' || GENERATED_NAME.test(workflow) ? '' : `Asked by: ${quiet(cleanText(workflow, 60))}`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function changes({ revisions, text }: Run): readonly string[] {
  return [
    ...revisions.slice(0, 2).map((revision) => `Change: ${changeOf(revision)}`),
    revisions.length > 2 ? `and ${revisions.length - 2} more, see the page` : '',
    noteOf(text ?? ''),
  ];
}

function noteOf(text: string): string {
  const note = quoted(text, NOTE_LIMIT, 4);
  return note === '' ? '' : `Note:\n${note}`;
}

function changeOf(revision: Revision): string {
  const id = quiet(cleanText(revision.id, 100).slice(0, 12));
  const message = quiet(cleanText((revision.message ?? '').split('\n', 1)[0] ?? '', MESSAGE_LIMIT));
  const author = quiet(cleanText(revision.author ?? '', 60));
  return `${id}${message === '' ? '' : ` "${message}"`}${author === '' ? '' : ` by ${author}`}`;
}

function closing(request: Waiting, timeZone: string | undefined): string {
  const { run, shown } = request;
  const quorum = peopleOf(shown.policy.rule)?.quorum ?? 1;
  const needed = quorum > 1 ? `${quorum} people have to say yes; one no stops it.` : 'One answer is enough.';
  const silence = quiet(rejectionSentence(run, stageOf(request), shown.newerRunWaiting));
  return `Please answer by ${localTime(run.deadline, timeZone)}. ${needed}\nIf nobody answers, it counts as no: ${lower(silence)}`;
}

function personal(recipient: MailRecipient): string {
  return recipient.shared
    ? 'The link speaks for this mailbox. Opening it decides nothing.'
    : 'The link speaks for you, so please do not forward it. Opening it decides nothing.';
}

function subjectOf(title: string, request: Request): string {
  const { asked } = request;
  const run: Known['run'] | undefined = isKnown(request) ? request.run : undefined;
  const rollback = run?.kind.type === 'ROLLBACK' ? 'rollback of ' : '';
  const gate = `${title} ${rollback}${cleanAscii(asked.pipeline, 40)} ${cleanAscii(asked.stage, 24)}`;
  const message = cleanAscii((run?.revisions[0]?.message ?? '').split('\n', 1)[0] ?? '', 200);
  return cleanAscii(message === '' ? gate : `${gate} - ${message}`, SUBJECT_LIMIT);
}

function stageOf({ asked }: Request): string {
  return cleanText(asked.stage, 100);
}

/** What somebody else wrote, each line marked as such: none of them can pass for a line of ours. */
function quoted(text: string, limit: number, lines: number): string {
  const clean = quiet(cleanLines(text, limit, lines));
  return clean === '' ? '' : clean.replace(/^/gm, '> ');
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
