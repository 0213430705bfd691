/**
 * Signing in at the dashboard. The email carries an Ed25519 seed and the table its public key, as with the link of a request. Using
 * the link makes a second key pair for the session: the browser keeps its seed in a cookie, the table its public key. Neither the
 * table nor the function that faces the internet can sign anybody in.
 */
import type { Person } from '../../contract/policy';
import { WISH_TEXT } from './absence';
import { cleanText } from './clean-text';
import { SIGN_IN_LINK } from './limits';
import type { MailRecipient } from './mail-text';
import { Malformed, oneOf, optionalText, parsed, text, time, whole, type Fields, type Parsed } from './parsed';
import { plainDuration } from './plain-time';
import { isBefore } from './time';
import { APPROVER_ID, REQUEST_ID } from './vote';
import { writeMail, type MailText } from './write-mail';

/** Beginnings of the partition keys of sign-ins and sessions, in both tables. */
export const SIGN_IN = 'sign-in#';
export const SESSION_KEY = 'session#';
/** Beginning of the partition key of what people ask for whom an authorizer let in. */
export const VIEWER_KEY = 'viewer#';

/** What `review` asks of `decide` by a row of the decisions table that is no decision. */
export type Errand = LinkWanted | LinkUsed | SessionErrand | ViewerErrand;

/** Somebody typed an address and wants a link to sign in. Anybody may. */
export interface LinkWanted {
  readonly kind: 'LINK_WANTED';
  readonly approver: string;
}

/** Somebody used their link; from then on the session speaks for them. */
export interface LinkUsed {
  readonly kind: 'LINK_USED';
  readonly approver: string;
  /** Public key of the session. */
  readonly sessionKey: string;
  readonly seq: number;
  /** By the link. */
  readonly sig: string;
}

/**
 * What somebody who is signed in may ask for. None of it decides anything: whom somebody may name as their delegate stands in reviewed
 * code.
 */
export type SessionWish = 'LOOK' | 'EMAIL_LINK' | 'SIGN_OUT' | 'AWAY' | 'BACK';

export interface SessionErrand {
  readonly kind: 'SESSION';
  readonly session: string;
  readonly wish: SessionWish;
  /** With EMAIL_LINK: the request. With AWAY: the absence, as `wishText` writes it. Else empty. */
  readonly about: string;
  readonly seq: number;
  /** By the session. */
  readonly sig: string;
}

/** What somebody may ask for whom an authorizer let in. An absence has to be signed: it hands a place over to somebody else. */
export type ViewerWish = Exclude<SessionWish, 'SIGN_OUT' | 'AWAY' | 'BACK'>;

/**
 * Somebody whom an authorizer let in asks for something. Nothing proves it: whatever is done for it has to be harmless whoever asks.
 */
export interface ViewerErrand {
  readonly kind: 'VIEWER';
  readonly approver: string;
  readonly wish: ViewerWish;
  /** With EMAIL_LINK: the request. Else empty. */
  readonly about: string;
}

/** A link that was mailed. */
export interface SignInLink {
  readonly approver: string;
  readonly key: string;
  readonly sentAt: string;
  /** The session that used it. */
  readonly usedBy?: string;
}

/** Somebody who is signed in. */
export interface Session {
  readonly approver: string;
  readonly mail: string;
  readonly name?: string;
  readonly key: string;
  readonly since: string;
  readonly until: string;
  readonly endedAt?: string;
}

/** Whether a session is over: signed out, or too old. */
export function isOver({ endedAt, until }: Session, now: string): boolean {
  return endedAt !== undefined || !isBefore(now, until);
}

/** Guests answer by the links of their requests, and see nothing of the other pipelines. */
export function mayLook({ until }: Person): boolean {
  return until === undefined;
}

export function viewerAmong(people: readonly Person[], approver: string): Person | undefined {
  return people.find((person) => person.id === approver && mayLook(person));
}

const SESSION_ID = /^[0-9a-f]{32}$/;
const PUBLIC_KEY = /^[A-Za-z0-9_-]{43}$/;
const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;
/** What each wish is about. */
const ABOUT: Readonly<Record<SessionWish, RegExp>> = {
  LOOK: /^$/,
  EMAIL_LINK: REQUEST_ID,
  SIGN_OUT: /^$/,
  AWAY: WISH_TEXT,
  BACK: /^$/,
};
const WISHES = Object.keys(ABOUT) as readonly SessionWish[];
const VIEWER_WISHES: readonly ViewerWish[] = ['LOOK', 'EMAIL_LINK'];

/** The text that a link signs when it is used. */
export function linkUsedText({ approver, sessionKey, seq }: Pick<LinkUsed, 'approver' | 'sessionKey' | 'seq'>): string {
  return JSON.stringify(['cdk-approval-gates/sign-in/v1', approver, sessionKey, seq]);
}

/** The text that a session signs. */
export function errandText({ session, wish, about, seq }: Omit<SessionErrand, 'kind' | 'sig'>): string {
  return JSON.stringify(['cdk-approval-gates/session/v1', session, wish, about, seq]);
}

/** Whether a row of the decisions table is an errand, well formed or not. */
export function isErrand({ pk }: Fields): boolean {
  return typeof pk === 'string' && [SIGN_IN, SESSION_KEY, VIEWER_KEY].some((key) => pk.startsWith(key));
}

export function parseErrand(row: Fields): Parsed<Errand> {
  return parsed('errand', () => {
    const pk = text(row, 'pk');
    if (pk.startsWith(SIGN_IN)) {
      return signInOf(row, pk.slice(SIGN_IN.length));
    }
    return pk.startsWith(VIEWER_KEY) ? viewerErrandOf(row, pk) : sessionErrandOf(row, pk);
  });
}

function signInOf(row: Fields, id: string): LinkWanted | LinkUsed {
  const approver = text({ id }, 'id', APPROVER_ID);
  if (row['sig'] === undefined) {
    return { kind: 'LINK_WANTED', approver };
  }
  return {
    kind: 'LINK_USED',
    approver,
    sessionKey: text(row, 'comment', PUBLIC_KEY),
    seq: whole(row, 'seq', 0, Number.MAX_SAFE_INTEGER),
    sig: text(row, 'sig', SIGNATURE),
  };
}

function sessionErrandOf(row: Fields, pk: string): SessionErrand {
  const wish = oneOf(row, 'verdict', WISHES);
  return {
    kind: 'SESSION',
    session: text({ id: pk.slice(SESSION_KEY.length) }, 'id', SESSION_ID),
    wish,
    about: subjectOf(row, wish),
    seq: whole(row, 'seq', 0, Number.MAX_SAFE_INTEGER),
    sig: text(row, 'sig', SIGNATURE),
  };
}

function viewerErrandOf(row: Fields, pk: string): ViewerErrand {
  const wish = oneOf(row, 'verdict', VIEWER_WISHES);
  return {
    kind: 'VIEWER',
    approver: text({ id: pk.slice(VIEWER_KEY.length) }, 'id', APPROVER_ID),
    wish,
    about: subjectOf(row, wish),
  };
}

function subjectOf({ comment }: Fields, wish: SessionWish): string {
  if (typeof comment !== 'string' || !ABOUT[wish].test(comment)) {
    throw new Malformed('`comment` is not what this wish is about');
  }
  return comment;
}

export function parseSignInLink(row: Fields): Parsed<SignInLink> {
  return parsed('link to sign in', () => {
    const usedBy = optionalText(row, 'usedBy');
    return {
      approver: text(row, 'approver', APPROVER_ID),
      key: text(row, 'key', PUBLIC_KEY),
      sentAt: time(row, 'sentAt'),
      ...(usedBy === undefined ? {} : { usedBy }),
    };
  });
}

export function parseSession(row: Fields): Parsed<Session> {
  return parsed('session', () => {
    const name = optionalText(row, 'name');
    return {
      approver: text(row, 'approver', APPROVER_ID),
      mail: text(row, 'mail'),
      ...(name === undefined ? {} : { name }),
      key: text(row, 'key', PUBLIC_KEY),
      since: time(row, 'since'),
      until: time(row, 'until'),
      ...(row['endedAt'] === undefined ? {} : { endedAt: time(row, 'endedAt') }),
    };
  });
}

/** Mails a link to sign in. */
export function signInMail(recipient: MailRecipient, link: string): MailText {
  const name = cleanText(recipient.name ?? '', 40);
  const greeting = name === '' ? 'Hello' : `Hello ${name.replace(/:\/\//g, ': //')}`;
  return writeMail({
    title: { words: 'Sign in', tone: 'CALM' },
    subject: 'Sign in to the approvals dashboard',
    parts: [
      { kind: 'LEAD', sentence: `${greeting}, here is your link to the approvals dashboard.`, more: '' },
      { kind: 'LINK', words: 'Sign in here', url: link },
      {
        kind: 'TEXT',
        lines: [
          `It works once, for ${plainDuration(SIGN_IN_LINK)}. It shows what waits and what was decided; it cannot approve anything.`,
        ],
      },
      {
        kind: 'ASIDE',
        lines: ['If you did not ask for it, ignore this email: nobody is signed in until the link is used.'],
      },
    ],
  });
}
