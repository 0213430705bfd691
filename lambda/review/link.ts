/** Whether a personal link opens, and what it opens. One answer for every link that does not. */
import { APPROVER_ID, REQUEST_ID, SEED } from '../domain/records';
import type { Invitation, RequestMeta, Vote } from '../domain/records';
import { hasKey, publicKeyOf } from '../signing/link-key';
import type { Store } from './store';

/** What a link carries: ids in the path and the query, the secret in the query (later in a hidden field) alone. */
export interface Link {
  readonly request: string;
  readonly by: string;
  readonly key: string;
}

/** A request as one approver sees it. */
export interface Opened extends Link {
  readonly meta: RequestMeta;
  readonly me: Invitation;
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
}

/** A well-formed link, or nothing: what is malformed costs no read. */
export function parseLink(request: string, by: unknown, key: unknown): Link | undefined {
  if (typeof by !== 'string' || typeof key !== 'string') {
    return undefined;
  }
  return REQUEST_ID.test(request) && APPROVER_ID.test(by) && SEED.test(key) ? { request, by, key } : undefined;
}

/** No seed has this public key by accident, so it stands in wherever there is none: the same work for every link. */
const NO_KEYS = ['A'.repeat(43)];

/** The same reads and the same key derivation whether the link is right, wrong, unknown or revoked. */
export async function openLink(store: Store, link: Link): Promise<Opened | undefined> {
  const { meta, invitations, votes } = await store.load(link.request);
  const publicKey = publicKeyOf(link.key);
  const me = invitations.find((invitation) => invitation.approver === link.by);
  const known = hasKey(me === undefined || me.keys.length === 0 ? NO_KEYS : me.keys, publicKey);
  if (!known || me === undefined || meta === undefined || meta.identifiedAt === undefined) {
    return undefined;
  }
  return { ...link, meta, me, invitations, votes };
}

/** A link dies when its request ends or its time is over; a request without a deadline was never alive. */
export function isAlive(meta: RequestMeta, now: number): boolean {
  const deadline = meta.deadline === undefined ? Number.NaN : Date.parse(meta.deadline);
  return meta.endedAt === undefined && now < deadline;
}
