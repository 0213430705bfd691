/** The way to one person's mailbox. */
import type { Invitation } from '../domain/vote';

export interface Mail {
  readonly subject: string;
  readonly text: string;
  /** The same once more, for those ways that carry both. */
  readonly html: string;
}

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
