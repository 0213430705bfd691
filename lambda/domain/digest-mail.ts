/** What people read in one mail about several requests: those that wait for them, each with a link of its own, and how others ended. */
import { inPlaceOf } from './absence-mail';
import { capitalize } from './capitals';
import { cleanText } from './clean-text';
import type { DigestTopic } from './digest';
import type { MailFact, MailMatter, MailPart, MailTitle } from './mail-parts';
import {
  AS_THEMSELVES,
  changes,
  ending,
  furtherMail,
  greeting,
  LINK_WORDS,
  outcomeMail,
  reminderMail,
  requestMail,
  runOf,
  stageOf,
  titleOf,
  weakening,
  type AnswerLink,
  type MailRecipient,
  type MailSender,
} from './mail-text';
import { quiet } from './quiet';
import { findingFacts } from './findings-mail';
import { whyPeopleDecide } from './left-to-people';
import { localTime } from './plain-time';
import { endingOf, type Request, type Run } from './request';
import { isLive, rollbackSentence } from './run-sentences';
import { soonest } from './time';
import { writeMail, type MailText } from './write-mail';

type Waits = Extract<DigestTopic, { readonly kind: 'WAITS' }> & {
  readonly link: AnswerLink;
  /** Its reader is asked because the others have not answered. */
  readonly further: boolean;
};
type HasEnded = Extract<DigestTopic, { readonly kind: 'ENDED' }>;

/** One request in a digest. */
export type DigestItem = Waits | HasEnded;

/** @param more so many requests follow in another mail */
export function digestMail(
  items: readonly DigestItem[],
  more: number,
  recipient: MailRecipient,
  sender: MailSender,
): MailText {
  return (
    (more === 0 && items.length === 1 ? alone(items[0], recipient, sender) : undefined) ??
    several(items, more, recipient, sender)
  );
}

/** One request alone makes the mail that would have gone out without a digest. */
function alone(item: DigestItem | undefined, recipient: MailRecipient, sender: MailSender): MailText | undefined {
  if (item === undefined) {
    return undefined;
  }
  if (item.kind === 'ENDED') {
    return outcomeMail(item.request, recipient);
  }
  const { because, request, link, further } = item;
  switch (because) {
    case 'ASKED':
      return (further ? furtherMail : requestMail)(request, recipient, link, sender);
    case 'REMINDED':
      return reminderMail(request, recipient, link, sender);
    case 'OTHERS_ASKED':
      return undefined;
  }
}

function several(items: readonly DigestItem[], more: number, recipient: MailRecipient, sender: MailSender): MailText {
  const waiting = items.filter((item) => item.kind === 'WAITS');
  const ended = items.filter((item) => item.kind === 'ENDED');
  const [first] = waiting;
  const title: MailTitle = first === undefined ? { words: 'Ended', tone: 'CALM' } : { words: 'Approve?', tone: 'ASKS' };
  return writeMail({
    title,
    subject: `${title.words}${first === undefined ? ':' : ''} ${summary(waiting.length, ended.length)}`,
    parts: [
      {
        kind: 'LEAD',
        sentence: `${greeting(recipient)}${summary(waiting.length, ended.length)}.`,
        more: more === 0 ? '' : `${counted(more, 'more request follows', 'more requests follow')} in another email.`,
      },
      ...byPipeline('Pipeline', waiting, (item) => waits(item, recipient, sender)),
      ...byPipeline('Results of pipeline', ended, hasEnded),
      ...(first === undefined ? [] : [{ kind: 'ASIDE', lines: [aboutLinks(first.link, recipient)] } as const]),
    ],
  });
}

function summary(waiting: number, ended: number): string {
  const wait = counted(waiting, 'approval waits', 'approvals wait');
  const over = counted(ended, 'approval has ended', 'approvals have ended');
  return waiting === 0 ? over : ended === 0 ? `${wait} for you` : `${wait} for you, ${over}`;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function byPipeline<T extends { readonly request: Request }>(
  heading: string,
  items: readonly T[],
  matterOf: (item: T) => MailMatter,
): readonly MailPart[] {
  const pipelines = [...new Set(items.map(({ request }) => request.asked.pipeline))];
  return pipelines.map((pipeline) => ({
    kind: 'MATTERS',
    heading: `${heading} ${cleanText(pipeline, 100)}`,
    matters: items.filter(({ request }) => request.asked.pipeline === pipeline).map(matterOf),
  }));
}

function waits(
  { because, request, link, further }: Waits,
  recipient: MailRecipient,
  { timeZone }: MailSender,
): MailMatter {
  const { run, shown } = request;
  const why =
    because === 'REMINDED'
      ? ['This still waits for your answer.']
      : because === 'OTHERS_ASKED'
        ? ['There are not enough answers yet, so more people are asked.']
        : further
          ? ['There are not enough answers so far, so you are asked as well.']
          : [];
  return {
    title: gateOf(request),
    facts: [...changesOf(request), ...findingFacts(request), ...(link.leadsTo === 'CONSOLE' ? runOf(request) : [])],
    lines: [
      ...(isLive(request) ? [`It is live in ${stageOf(request)} already.`] : []),
      ...[quiet(rollbackSentence(run) ?? ''), weakening(shown) ?? whyPeopleDecide(request) ?? ''].filter(
        (said) => said !== '',
      ),
      ...why,
      ...inPlaceOf(request, recipient.id, timeZone),
      `Please answer by ${localTime(soonest(run.deadline, recipient.until), timeZone)}.`,
    ],
    link: { words: LINK_WORDS[link.leadsTo], url: link.url },
  };
}

function hasEnded({ request }: HasEnded): MailMatter {
  const outcome = endingOf(request);
  const { words } = titleOf(outcome);
  const { sentence, more } = ending(outcome, request);
  const summary = quiet(cleanText(outcome.summary, 512));
  return {
    title: gateOf(request),
    facts: [
      { kind: 'VALUE', label: 'Result', value: words },
      ...changesOf(request),
      ...(summary === '' ? [] : [{ kind: 'VALUE', label: 'Summary', value: summary } as const]),
    ],
    lines: [`${capitalize(sentence)}${more === '' ? '' : ` ${more}`}`],
  };
}

/** Without the note: the page shows it. */
function changesOf({ run }: { readonly run: Run }): readonly MailFact[] {
  return changes(run).filter(({ kind }) => kind !== 'NOTE');
}

function gateOf(request: Request): string {
  return `${stageOf(request)} / ${cleanText(request.asked.action, 100)}`;
}

function aboutLinks({ leadsTo }: AnswerLink, { shared }: MailRecipient): string {
  if (leadsTo === 'CONSOLE') {
    return AS_THEMSELVES;
  }
  return shared
    ? 'Each link acts for this mailbox, on one request. Opening it decides nothing.'
    : 'Each link acts for you, on one request, so please do not forward this email. Opening a link decides nothing.';
}
