/** Who is signed in, by the cookie that holds the seed of their session. */
import type { Person } from '../../../contract/policy';
import type { Session } from '../../domain/sign-in';
import { isBefore } from '../../domain/time';
import { SEED } from '../../domain/vote';
import { SESSION } from '../../domain/limits';
import { SECOND } from '../../domain/time';
import { hasKey, publicKeyOf, sessionIdOf } from '../../signing/link-key';
import { SESSION_COOKIE } from '../call';
import type { DashboardStore } from './store';

/** Somebody who looks at the dashboard. */
export interface Viewer {
  readonly id: string;
  readonly seed: string;
  readonly session: Session;
  /** Everybody whom the workflow knows, for their names. */
  readonly people: readonly Person[];
}

/** Undefined for whoever is not signed in, not any more, or not declared any more. */
export async function viewerOf(
  store: DashboardStore,
  cookie: string | undefined,
  now: string,
): Promise<Viewer | undefined> {
  if (cookie === undefined || !SEED.test(cookie)) {
    return undefined;
  }
  const key = publicKeyOf(cookie);
  const id = sessionIdOf(key);
  const session = await store.session(id);
  if (session === undefined || session.endedAt !== undefined || !isBefore(now, session.until)) {
    return undefined;
  }
  if (!hasKey([session.key], key)) {
    return undefined;
  }
  const people = await store.people();
  // Whoever has become a guest sees no dashboard from then on.
  const isViewer = people.some((person) => person.id === session.approver && person.until === undefined);
  return isViewer ? { id, seed: cookie, session, people } : undefined;
}

/** Lax, so that a link to the dashboard in an email or a chat opens it; every POST has to come from our own page besides. */
export function sessionCookie(seed: string): string {
  return `${SESSION_COOKIE}=${seed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${SESSION / SECOND}`;
}

export function noSessionCookie(): string {
  return `${SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;
}
