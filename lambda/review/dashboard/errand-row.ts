/** Rows by which the dashboard asks `decide` for something: attributes that the role of `review` may put, and no others. */
import { randomUUID } from 'node:crypto';
import { ERRAND_KEPT } from '../../domain/limits';
import { expiryOf } from '../../domain/rows';
import {
  errandText,
  linkUsedText,
  SESSION_KEY,
  SIGN_IN,
  VIEWER_KEY,
  type SessionWish,
  type ViewerWish,
} from '../../domain/sign-in';
import { millis } from '../../domain/time';
import { sha256, signText } from '../../signing/link-key';

export interface ErrandRow {
  readonly pk: string;
  readonly sk: string;
  readonly verdict?: SessionWish;
  readonly comment?: string;
  readonly seq?: number;
  readonly at: string;
  readonly sig?: string;
  readonly ttl: number;
}

/** Nobody has to be anybody to ask for a link: it goes to the mailbox of whoever is declared. */
export function linkWanted(approver: string, now: string): ErrandRow {
  return { pk: `${SIGN_IN}${approver}`, sk: `wanted#${randomUUID()}`, at: now, ttl: expiryOf(now, ERRAND_KEPT) };
}

export function linkUsed(approver: string, linkSeed: string, sessionKey: string, now: string): ErrandRow {
  const seq = millis(now);
  const sig = signText(linkSeed, linkUsedText({ approver, sessionKey, seq }));
  return {
    pk: `${SIGN_IN}${approver}`,
    sk: sha256(sig),
    comment: sessionKey,
    seq,
    at: now,
    sig,
    ttl: expiryOf(now, ERRAND_KEPT),
  };
}

export function sessionWish(
  { id, seed }: { readonly id: string; readonly seed: string },
  wish: SessionWish,
  about: string,
  now: string,
): ErrandRow {
  const seq = millis(now);
  const sig = signText(seed, errandText({ session: id, wish, about, seq }));
  return {
    pk: `${SESSION_KEY}${id}`,
    sk: sha256(sig),
    verdict: wish,
    comment: about,
    seq,
    at: now,
    sig,
    ttl: expiryOf(now, ERRAND_KEPT),
  };
}

/** Unsigned: behind an authorizer, the browser holds no key of ours. */
export function viewerWish(approver: string, wish: ViewerWish, about: string, now: string): ErrandRow {
  return {
    pk: `${VIEWER_KEY}${approver}`,
    sk: randomUUID(),
    verdict: wish,
    comment: about,
    at: now,
    ttl: expiryOf(now, ERRAND_KEPT),
  };
}
