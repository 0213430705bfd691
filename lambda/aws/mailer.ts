/** The way to one person's mailbox. */
import type { Invitation } from '../domain/vote';
import type { MailText } from '../domain/write-mail';

/** Some ways carry both of its forms, some the plain text alone. */
export type Mail = MailText;

/** Somebody with a mailbox: a person or an invitation. */
export interface Recipient {
  readonly id: string;
  readonly mail: string;
}

export interface Mailer {
  /** Whether mail will arrive; asks again where a subscription is gone. */
  mailbox(recipient: Recipient): Promise<NonNullable<Invitation['mailbox']>>;
  send(recipient: Recipient, mail: Mail): Promise<void>;
}
