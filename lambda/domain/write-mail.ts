import { htmlMail } from './mail-html';
import type { MailParts } from './mail-parts';
import { plainMail } from './mail-plain';

/** A mail, as plain text and as HTML. The subject is ASCII, below 100 characters and one line, as SNS wants it. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function writeMail(mail: MailParts): MailText {
  return { subject: mail.subject, text: plainMail(mail), html: htmlMail(mail) };
}
