/** Who is signed in, by the cookie that holds the seed of their session. */
import type { Person } from '../../../contract/policy';
import { SESSION } from '../../domain/limits';
import { isOver, viewerAmong } from '../../domain/sign-in';
import { SECOND } from '../../domain/time';
import { SEED } from '../../domain/vote';
import { hasKey, publicKeyOf, sessionIdOf } from '../../signing/link-key';
import { SESSION_COOKIE } from '../call';
import type { DashboardStore } from './store';

/** Somebody whose session is in force. */
export interface SignedIn {
  /** Of the session. */
  readonly id: string;
  readonly seed: string;
  readonly me: Person;
  readonly people: readonly Person[];
}

/** Undefined for whoever is not signed in, not any more, or not declared any more. */
export async function signedIn(
  store: DashboardStore,
  cookie: string | undefined,
  now: string,
): Promise<SignedIn | undefined> {
  if (cookie === undefined || !SEED.test(cookie)) {
    return undefined;
  }
  const key = publicKeyOf(cookie);
  const id = sessionIdOf(key);
  const session = await store.session(id);
  if (session === undefined || isOver(session, now) || !hasKey([session.key], key)) {
    return undefined;
  }
  const people = await store.people(now);
  const me = viewerAmong(people, session.approver);
  return me === undefined ? undefined : { id, seed: cookie, me, people };
}

/** Lax, so that a link to the dashboard in an email or a chat opens it; every POST has to come from our own page besides. */
export function sessionCookie(seed: string): string {
  return `${SESSION_COOKIE}=${seed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${SESSION / SECOND}`;
}

export function noSessionCookie(): string {
  return `${SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;
}
