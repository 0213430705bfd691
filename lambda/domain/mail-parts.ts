/**
 * A mail as it is meant, before it is written down. It is written twice, as plain text and as HTML, from the same parts: both say
 * the same. Text that other people wrote is cleaned before it gets into a part.
 */
export interface MailParts {
  readonly title: MailTitle;
  readonly subject: string;
  /** In the order in which they are read; an empty one is left out. */
  readonly parts: readonly MailPart[];
}

/** What the mail is about in a word or two, at the start of its subject. */
export interface MailTitle {
  readonly words: string;
  readonly tone: 'ASKS' | 'GOOD' | 'BAD' | 'CALM';
}

export type MailPart =
  /** The one sentence to read, and what follows from it. */
  | { readonly kind: 'LEAD'; readonly sentence: string; readonly more: string }
  /** What somebody else said. */
  | { readonly kind: 'QUOTE'; readonly lines: readonly string[] }
  | { readonly kind: 'FACTS'; readonly facts: readonly MailFact[] }
  /** The only link by which somebody answers, except that each matter of a digest has its own. */
  | { readonly kind: 'LINK'; readonly words: string; readonly url: string }
  /** Of a digest: several matters under a heading. */
  | { readonly kind: 'MATTERS'; readonly heading: string; readonly matters: readonly MailMatter[] }
  | { readonly kind: 'TEXT'; readonly lines: readonly string[] }
  /** As TEXT, and less important. */
  | { readonly kind: 'ASIDE'; readonly lines: readonly string[] };

/** One of several requests that a mail is about. */
export interface MailMatter {
  /** `Prod / Approve` */
  readonly title: string;
  readonly facts: readonly MailFact[];
  /** In our own words. */
  readonly lines: readonly string[];
  readonly link?: { readonly words: string; readonly url: string };
}

export type MailFact =
  | { readonly kind: 'VALUE'; readonly label: string; readonly value: string }
  | { readonly kind: 'CHANGE'; readonly id: string; readonly message: string; readonly author: string }
  /** Where people see more of what the line above says: an address of the AWS console, which anybody may know. */
  | { readonly kind: 'SEE'; readonly words: string; readonly url: string }
  /** What a prepared change set would do to its stack. */
  | { readonly kind: 'CHANGE_SET'; readonly stack: string; readonly says: string }
  /** Changes that are not told one by one. */
  | { readonly kind: 'MORE'; readonly words: string }
  | { readonly kind: 'NOTE'; readonly lines: readonly string[] };
