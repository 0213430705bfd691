import { cleanText } from './clean-text';
import { facts, foreignLines, greeting, stageOf, written, type MailRecipient } from './mail-text';
import { endingOf, type Ended } from './request';
import type { MailText } from './write-mail';

/** Asks somebody to look at what another person did alone. */
export function reviewMail(request: Ended, recipient: MailRecipient, url: string, workflow: string): MailText {
  const sentence = `one person opened ${stageOf(request)} of ${cleanText(request.asked.pipeline, 100)} alone, in an emergency. Please look at what happened.`;
  return written({ words: 'Review an emergency', tone: 'ASKS' }, request, [
    { kind: 'LEAD', sentence: `${greeting(recipient)}${sentence}`, more: '' },
    { kind: 'QUOTE', lines: foreignLines(endingOf(request).summary, 512, 1) },
    { kind: 'FACTS', facts: facts(request, workflow) },
    { kind: 'LINK', words: 'Close its follow-up here, with a comment', url },
    { kind: 'TEXT', lines: ['The follow-up stays open until a second person closes it. You are reminded until then.'] },
    { kind: 'ASIDE', lines: ['The link acts for you, so please do not forward it. Opening it decides nothing.'] },
  ]);
}
