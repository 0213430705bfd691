/**
 * What people read in their mail: what, which change, by when, the link, and what happens when nobody answers.
 * Short enough for a phone, safe whatever the author of the change wrote.
 */
import { inPlaceOf } from './absence-mail';
import { rangeInWords } from './change-range';
import { changeSetInWords } from './change-set';
import { cleanAscii, cleanLines, cleanText } from './clean-text';
import { weakeningSentence } from './in-force';
import { endingFacts, findingFacts } from './findings-mail';
import { hasFailed, whyPeopleDecide } from './left-to-people';
import { closing } from './mail-closing';
import { quiet } from './quiet';
import type { MailFact, MailParts, MailTitle } from './mail-parts';
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
  type Shown,
  type Waiting,
} from './request';
import { isLive, rejectionSentence, rollbackSentence, whatIsAsked } from './run-sentences';
import { writeMail, type MailText } from './write-mail';

/** Who reads it: an `Invitation` and a `Person` both are one. */
export interface MailRecipient {
  readonly name?: string;
  readonly mail: string;
  readonly shared: boolean;
  /** A guest has to answer before that time. */
  readonly until?: string;
  /** By which they are found among those who were asked in somebody's place. */
  readonly id?: string;
}

/** Who writes it. */
export interface MailSender {
  readonly workflow: string;
  /** Where its readers live, as IANA names it: times are said for there as well. */
  readonly timeZone?: string;
}

/** Where the link of a mail leads: to a page by a secret of this person's own, or to the AWS console, by no secret. */
export interface AnswerLink {
  readonly leadsTo: 'PAGE' | 'CONSOLE';
  readonly url: string;
}

export const LINK_WORDS: Readonly<Record<AnswerLink['leadsTo'], string>> = {
  PAGE: 'Look and answer here',
  CONSOLE: 'Look and answer in the AWS console',
};

export const AS_THEMSELVES =
  'Please sign in there as yourself: an answer counts as yours only by the role or user that you are known by. ' +
  'From anybody else it is recorded as a bypass.';

const SUBJECT_LIMIT = 99;
const MESSAGE_LIMIT = 140;
const NOTE_LIMIT = 240;
const WEAKENING_LIMIT = 400;
const MOST_NAMES = 5;
const MOST_CHANGE_SETS_TOLD = 5;

/** A name that nobody chose: a path in an app and the hash that keeps it apart from others. */
const GENERATED_NAME = /-[0-9A-F]{8}$/;

/** Asks one person. */
export function requestMail(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
): MailText {
  return asking('Approve?', '', request, recipient, link, sender);
}

/** The same once more, for those who have not answered when some of the time is over. */
export function reminderMail(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
): MailText {
  return asking('Still waiting', 'this still waits for your answer: ', request, recipient, link, sender);
}

/** Asks somebody who is asked because others have not answered. */
export function furtherMail(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
): MailText {
  const opening = 'there are not enough answers so far, so you are asked as well: ';
  return asking('Approve?', opening, request, recipient, link, sender);
}

/** To somebody who asked for it. Whoever has a vote beside that answers by the same link. */
export function emergencyMail(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
): MailText {
  return written({ words: 'In an emergency', tone: 'ASKS' }, request, [
    {
      kind: 'LEAD',
      sentence: `${greeting(recipient)}by this link you can open ${stageOf(request)} of ${cleanText(request.asked.pipeline, 100)} in an emergency, alone and at once.`,
      more: 'Everybody who was asked is told that it was you, and why.',
    },
    { kind: 'FACTS', facts: [...facts(request, sender.workflow), ...prepared(request)] },
    { kind: 'LINK', words: LINK_WORDS[link.leadsTo], url: link.url },
    { kind: 'ASIDE', lines: [personal(recipient)] },
  ]);
}

/** Tells those who were asked first that others are asked, too. */
export function escalationMail(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  further: readonly string[],
  sender: MailSender,
): MailText {
  return written({ words: 'More people asked', tone: 'CALM' }, request, [
    {
      kind: 'LEAD',
      sentence: `${greeting(recipient)}there are not enough answers yet about this ${whatOf(request)} at ${stageOf(request)} of ${cleanText(request.asked.pipeline, 100)}.`,
      more: `Also asked now: ${namesOf(further)}.`,
    },
    { kind: 'FACTS', facts: facts(request, sender.workflow) },
    ...answering(request, recipient, link, sender),
  ]);
}

function namesOf(names: readonly string[]): string {
  const told = names.slice(0, MOST_NAMES).map((name) => quiet(cleanText(name, 60)));
  return names.length > MOST_NAMES ? `${told.join(', ')} and ${names.length - MOST_NAMES} more` : told.join(', ');
}

export function whatOf({ run }: Waiting): string {
  return run.kind.type === 'ROLLBACK' ? 'rollback' : 'change';
}

function asking(
  words: string,
  opening: string,
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
): MailText {
  const { sentence, more } = question(request);
  return written({ words: `${urgency(request)}${words}`, tone: 'ASKS' }, request, [
    { kind: 'LEAD', sentence: `${greeting(recipient)}${opening}${sentence}`, more },
    { kind: 'TEXT', lines: inPlaceOf(request, recipient.id, sender.timeZone) },
    {
      kind: 'FACTS',
      facts: [
        ...facts(request, sender.workflow),
        ...findingFacts(request),
        ...prepared(request),
        ...(link.leadsTo === 'CONSOLE' ? runOf(request) : []),
      ],
    },
    ...answering(request, recipient, link, sender),
  ]);
}

/** Where to answer, by when, and what follows. */
function answering(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
): MailParts['parts'] {
  return [
    { kind: 'LINK', words: LINK_WORDS[link.leadsTo], url: link.url },
    { kind: 'TEXT', lines: closing(request, recipient.until, sender.timeZone) },
    { kind: 'ASIDE', lines: [link.leadsTo === 'CONSOLE' ? AS_THEMSELVES : personal(recipient)] },
  ];
}

/** What is not to be mistaken, in a list of emails, for the ordinary question. It stays the same while people are asked. */
function urgency(request: Waiting): string {
  return hasFailed(request) ? 'Check failed. ' : isLive(request) ? 'Live already. ' : '';
}

/** Tells everyone who was asked how it ended. */
export function outcomeMail(request: Ended, recipient: MailRecipient): MailText {
  const outcome = endingOf(request);
  const { sentence, more } = ending(outcome, request);
  const checks = endingFacts(request);
  return written(titleOf(outcome), request, [
    { kind: 'LEAD', sentence: `${greeting(recipient)}${sentence}`, more },
    // What checks say has a line for each of them.
    { kind: 'QUOTE', lines: outcome.by === 'CHECKS' && checks.length > 0 ? [] : foreignLines(outcome.summary, 512, 1) },
    { kind: 'FACTS', facts: [...facts(request, ''), ...checks] },
    {
      kind: 'ASIDE',
      lines: [
        outcome.by === 'BREAK_GLASS'
          ? 'A second person has to review it: those who may are asked by another email. Nothing else is left to do.'
          : 'Nothing is left to do: this gate takes no more answers.',
      ],
    },
  ]);
}

export function written(title: MailTitle, request: Request, parts: MailParts['parts']): MailText {
  const subject = subjectOf(/\W$/.test(title.words) ? title.words : `${title.words}:`, request);
  return writeMail({ title, subject, parts });
}

const TITLES: Readonly<Record<OutcomeKind, MailTitle>> = {
  APPROVED: { words: 'Approved', tone: 'GOOD' },
  REJECTED: { words: 'Rejected', tone: 'BAD' },
  EXPIRED: { words: 'Expired', tone: 'BAD' },
  STOPPED: { words: 'Stopped', tone: 'CALM' },
};

/** How it ended, in a word or two. */
export function titleOf({ by, kind }: Outcome): MailTitle {
  return SPECIAL_TITLES[by] ?? TITLES[kind];
}

const SPECIAL_TITLES: Partial<Record<Outcome['by'], MailTitle>> = {
  NEWER_RUN: { words: 'Replaced', tone: 'CALM' },
  BREAK_GLASS: { words: 'Opened in an emergency', tone: 'BAD' },
};

/** The sentence to read, and what follows from it. */
interface Lead {
  readonly sentence: string;
  readonly more: string;
}

export function ending({ kind, by }: Outcome, request: Ended): Lead {
  const stage = stageOf(request);
  const isToStay = isKnown(request) && whatIsAsked(request) === 'stay';
  const then = (it: string): string => (isToStay ? `${it} stays in ${stage}.` : `${stage} goes ahead.`);
  const what = isKnown(request) && request.run.kind.type === 'ROLLBACK' ? 'rollback' : 'change';
  const byChecks = by === 'CHECKS' ? ' by its checks' : '';
  switch (kind) {
    case 'APPROVED':
      if (by === 'BREAK_GLASS') {
        const sentence = `one person opened the gate alone, in an emergency, and ${then('the change')}`;
        return { sentence, more: 'Nothing else that this gate asks for was waited for.' };
      }
      return by === 'ROLLBACK'
        ? {
            sentence: 'the rollback passed by itself, because the run that it brings back had passed this gate.',
            more: `${stage} goes ahead.`,
          }
        : { sentence: `the ${what} was approved${byChecks}, and ${then('it')}`, more: '' };
    case 'REJECTED':
      if (by === 'NEWER_RUN') {
        const sentence = 'a newer run took the place of this one before there were enough answers.';
        return { sentence, more: 'It asks for itself.' };
      }
      return by === 'ROLLBACK'
        ? {
            sentence: 'the rollback stepped aside for the newer run that waited behind it.',
            more: `${stage} keeps the version that is live.`,
          }
        : { sentence: `the ${what} was rejected${byChecks}.`, more: consequence(request, what) };
    case 'EXPIRED':
      return { sentence: 'there were not enough answers in time.', more: consequence(request, what) };
    case 'STOPPED':
      return { sentence: 'the run ended before the gate had an answer.', more: `${stage} stays as it is.` };
  }
}

function consequence(request: Ended, what: string): string {
  return isKnown(request)
    ? quiet(rejectionSentence(request.run, stageOf(request), false))
    : `The ${what} goes no further.`;
}

function question(request: Waiting): Lead {
  const { run, shown, asked } = request;
  const rollback = rollbackSentence(run);
  const what = rollback === undefined ? 'change' : 'rollback';
  return {
    sentence: `can this ${what} ${whatIsAsked(request)} in ${stageOf(request)} of ${cleanText(asked.pipeline, 100)}?`,
    more: [
      isLive(request) ? 'It is live there already.' : '',
      weakening(shown) ?? whyPeopleDecide(request) ?? '',
      quiet(rollback ?? ''),
    ]
      .filter((said) => said !== '')
      .join(' '),
  };
}

/** People are asked by the former rule, whatever the checks say. */
export function weakening({ proposed }: Shown): string | undefined {
  const sentence = weakeningSentence(proposed);
  return sentence === undefined
    ? undefined
    : `${quiet(cleanText(sentence, WEAKENING_LIMIT))}. The former rule applies until this is approved.`;
}

export function greeting(recipient: MailRecipient): string {
  const name = cleanText(recipient.name ?? '', 40);
  return name === '' ? 'Hello, ' : `Hello ${quiet(name)}, `;
}

export function facts(request: Request, workflow: string): readonly MailFact[] {
  const { asked } = request;
  const asker = GENERATED_NAME.test(workflow) ? '' : quiet(cleanText(workflow, 60));
  return [
    { kind: 'VALUE', label: 'Pipeline', value: cleanText(asked.pipeline, 100) },
    { kind: 'VALUE', label: 'Gate', value: `${stageOf(request)} / ${cleanText(asked.action, 100)}` },
    ...(isKnown(request) ? changes(request.run) : []),
    ...(asker === '' ? [] : [{ kind: 'VALUE', label: 'Workflow', value: asker } as const]),
  ];
}

/** In the console several runs may wait, side by side or one after the other. */
export function runOf({ run }: Waiting): readonly MailFact[] {
  return [{ kind: 'VALUE', label: 'Run', value: cleanText(run.executionId, 100) }];
}

export function changes({ kind, revisions, range, text }: Run): readonly MailFact[] {
  // Of a rollback, the first sentence says which changes it takes away.
  const along = kind.type === 'ROLLBACK' ? undefined : rangeInWords(range);
  const others = revisions.length - 2;
  const note = foreignLines(text ?? '', NOTE_LIMIT, 4);
  return [
    ...revisions.slice(0, 2).map(changeOf),
    ...(others > 0 ? [{ kind: 'MORE', words: `and ${others} more, see the link` } as const] : []),
    ...(along === undefined ? [] : [{ kind: 'MORE', words: `It ${along}.` } as const]),
    ...(note.length > 0 ? [{ kind: 'NOTE', lines: note } as const] : []),
  ];
}

/** One line for each change set: the page lists what is in it. */
function prepared({ shown: { changeSets = [] } }: Waiting): readonly MailFact[] {
  const others = changeSets.length - MOST_CHANGE_SETS_TOLD;
  return [
    ...changeSets.slice(0, MOST_CHANGE_SETS_TOLD).map((view): MailFact => ({
      kind: 'CHANGE_SET',
      stack: quiet(cleanText(view.stack, 128)),
      says: quiet(cleanText(changeSetInWords(view), 300)),
    })),
    ...(others > 0
      ? [{ kind: 'MORE', words: `and ${others} more change set${others === 1 ? '' : 's'}, see the link` } as const]
      : []),
  ];
}

function changeOf(revision: Revision): MailFact {
  return {
    kind: 'CHANGE',
    id: quiet(cleanText(revision.id, 100).slice(0, 12)),
    message: quiet(cleanText((revision.message ?? '').split('\n', 1)[0] ?? '', MESSAGE_LIMIT)),
    author: quiet(cleanText(revision.author ?? '', 60)),
  };
}

export function personal(recipient: MailRecipient): string {
  return recipient.shared
    ? 'The link acts for this mailbox. Opening it decides nothing.'
    : 'The link acts for you, so please do not forward it. Opening it decides nothing.';
}

function subjectOf(title: string, request: Request): string {
  const { asked } = request;
  const run: Known['run'] | undefined = isKnown(request) ? request.run : undefined;
  const rollback = run?.kind.type === 'ROLLBACK' ? 'rollback of ' : '';
  const gate = `${title} ${rollback}${cleanAscii(asked.pipeline, 40)} ${cleanAscii(asked.stage, 24)}`;
  const message = cleanAscii((run?.revisions[0]?.message ?? '').split('\n', 1)[0] ?? '', 200);
  return cleanAscii(message === '' ? gate : `${gate} - ${message}`, SUBJECT_LIMIT);
}

export function stageOf({ asked }: Request): string {
  return cleanText(asked.stage, 100);
}

/** What somebody else wrote; no line at all where nothing is left of it. */
export function foreignLines(text: string, limit: number, lines: number): readonly string[] {
  const clean = quiet(cleanLines(text, limit, lines));
  return clean === '' ? [] : clean.split('\n');
}
