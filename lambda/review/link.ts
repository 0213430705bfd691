/** Whether a personal link opens, and what it opens. One answer for every link that does not. */
import type { CheckTally } from '../domain/check-tally';
import { log } from '../aws/log';
import type { Waiting } from '../domain/request';
import { UnreadableRow, type RequestRecords } from '../domain/rows';
import { isBefore } from '../domain/time';
import { APPROVER_ID, REQUEST_ID, SEED, type Invitation, type Vote } from '../domain/vote';
import { hasKey, publicKeyOf } from '../signing/link-key';
import { endingFor, type Ending } from './ending';
import type { Store } from './store';

/** What a link carries: ids in the path and the query, the secret in the query (later in a hidden field) alone. */
export interface Link {
  readonly requestId: string;
  readonly approver: string;
  readonly seed: string;
}

export type Opening = Question | Ending;

/** A request that waits for answers, as one approver sees it. */
export interface Question {
  readonly kind: 'QUESTION';
  readonly link: Link;
  readonly request: Waiting;
  readonly me: Invitation;
  readonly invitations: readonly Invitation[];
  readonly votes: readonly Vote[];
  /** What the checks have found so far. */
  readonly tallies: readonly CheckTally[];
}

/** A well-formed link, or nothing: what is malformed costs no read. */
export function parseLink(requestId: string, approver: string | null, seed: string | null): Link | undefined {
  if (approver === null || seed === null) {
    return undefined;
  }
  const isWellFormed = REQUEST_ID.test(requestId) && APPROVER_ID.test(approver) && SEED.test(seed);
  return isWellFormed ? { requestId, approver, seed } : undefined;
}

/** No seed has this public key by accident, so it stands in wherever there is none: the same work for every link. */
const NO_KEYS = ['A'.repeat(43)];

/** The same reads and the same key derivation whether the link is right, wrong, unknown or revoked. */
export async function openLink(store: Store, link: Link, now: string): Promise<Opening | undefined> {
  const records = await readable(store, link.requestId);
  const publicKey = publicKeyOf(link.seed);
  const me = records?.invitations.find(({ approver }) => approver === link.approver);
  const isTheirs = hasKey(me === undefined || me.keys.length === 0 ? NO_KEYS : me.keys, publicKey);
  return isTheirs && records !== undefined && me !== undefined ? openingFor(link, records, me, now) : undefined;
}

/** A row of another version would be misread, so its request has no page. */
async function readable(store: Store, requestId: string): Promise<RequestRecords | undefined> {
  try {
    return await store.load(requestId);
  } catch (error) {
    if (error instanceof UnreadableRow) {
      log('ERROR', 'a link does not open: a row of its request cannot be read', { requestId, reason: error.message });
      return undefined;
    }
    throw error;
  }
}

function openingFor(link: Link, records: RequestRecords, me: Invitation, now: string): Opening | undefined {
  const { request, invitations, votes, tallies } = records;
  if (request.phase === 'OPENED') {
    return undefined;
  }
  return request.phase === 'WAITING' && isBefore(now, request.run.deadline)
    ? { kind: 'QUESTION', link, request, me, invitations, votes, tallies }
    : endingFor(link, request, me, voteOf(votes, link.approver), now);
}

/** The newest answer of an approver that `decide` has verified. */
export function voteOf(votes: readonly Vote[], approver: string): Vote | undefined {
  return votes.find((vote) => vote.approver === approver);
}
