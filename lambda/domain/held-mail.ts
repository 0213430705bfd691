/** What those read who approved something that goes ahead later: when that is, and where they can take it back. */
import {
  AS_THEMSELVES,
  facts,
  foreignLines,
  greeting,
  personal,
  stageOf,
  whatOf,
  written,
  type AnswerLink,
  type MailRecipient,
  type MailSender,
} from './mail-text';
import { cleanText } from './clean-text';
import { localTime } from './plain-time';
import type { Held, Waiting } from './request';
import type { MailText } from './write-mail';

export type HeldUntil = Held & Required<Pick<Held, 'opensAt'>>;

export function heldMail(
  request: Waiting,
  recipient: MailRecipient,
  link: AnswerLink,
  sender: MailSender,
  { summary, opensAt }: HeldUntil,
): MailText {
  const { asked, shown } = request;
  const time = localTime(opensAt, sender.timeZone ?? shown.policy.window?.timeZone);
  return written({ words: 'Goes ahead later', tone: 'CALM' }, request, [
    {
      kind: 'LEAD',
      sentence: `${greeting(recipient)}this ${whatOf(request)} is approved, and ${stageOf(request)} of ${cleanText(asked.pipeline, 100)} goes ahead on ${time}.`,
      more: 'Until then a rejection stops it, also one by you.',
    },
    { kind: 'QUOTE', lines: foreignLines(summary, 512, 1) },
    { kind: 'FACTS', facts: facts(request, sender.workflow) },
    { kind: 'LINK', words: LINK_WORDS[link.leadsTo], url: link.url },
    { kind: 'ASIDE', lines: [link.leadsTo === 'CONSOLE' ? AS_THEMSELVES : personal(recipient)] },
  ]);
}

const LINK_WORDS: Readonly<Record<AnswerLink['leadsTo'], string>> = {
  PAGE: 'Look, or take it back, here',
  CONSOLE: 'Look, or take it back, in the AWS console',
};
