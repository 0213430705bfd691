/** What becomes of a decision whose signature holds: a vote, a review, a link that is revoked, a wrong number that is counted. */
import { log } from '../aws/log';
import { replaces, wasCurrent } from '../domain/count-votes';
import { needsFollowUp } from '../domain/follow-up';
import { Pace } from '../domain/limits';
import type { SignedDecision } from '../domain/parse-decision';
import { isKnown, type Request } from '../domain/request';
import type { RequestRecords } from '../domain/rows';
import { elapsed, isBefore } from '../domain/time';
import type { Invitation, Verdict, Vote } from '../domain/vote';
import type { Look, Ports } from './ports';

export interface VerifiedDecision {
  readonly decision: SignedDecision;
  readonly records: RequestRecords;
  readonly invitation: Invitation;
  /** The public key that verified it. */
  readonly key: string;
  /** When the table wrote it. */
  readonly at: string;
}

/** Answers the look that the decision asks for, if any. */
export async function accept(ports: Ports, verified: VerifiedDecision): Promise<Look | undefined> {
  const { decision, records } = verified;
  const { verdict } = decision;
  switch (verdict) {
    case 'WRONG_NUMBER':
      await ports.invitations.countWrongNumber(records.request.id, decision.approver, decision.sigHash);
      return undefined;
    case 'REVOKE':
      return revoke(ports, verified);
    case 'REVIEWED':
      return review(ports, verified);
    case 'APPROVE':
    case 'REJECT':
    case 'BREAK_GLASS':
      return vote(ports, verified, verdict);
  }
}

async function revoke(ports: Ports, { decision, records, invitation, key, at }: VerifiedDecision): Promise<Look> {
  const { id } = records.request;
  if (!(await ports.invitations.removeKey(id, invitation, key))) {
    throw new KeysChanged();
  }
  log('INFO', 'a link was revoked', { requestId: id, approver: decision.approver });
  return lookAfter(decision, at);
}

async function review(ports: Ports, { decision, records, key, at }: VerifiedDecision): Promise<Look | undefined> {
  const { request } = records;
  const { approver, comment, evidence, seq, sig } = decision;
  if (request.phase !== 'DELIVERED' || !needsFollowUp(request) || evidence !== request.shown?.evidence) {
    log('INFO', 'a review of nothing that waits for one', { requestId: request.id, approver });
    return undefined;
  }
  await ports.store.review(request.id, { approver, comment, evidence, seq, at, sig, key });
  return lookAfter(decision, at);
}

async function vote(
  ports: Ports,
  { decision, records: { request, votes }, key, at }: VerifiedDecision,
  verdict: Verdict,
): Promise<Look | undefined> {
  const { approver, comment, evidence, seq, details, sig } = decision;
  if (!isKnown(request) || !isInTime(request, at)) {
    log('INFO', 'a decision came after the end', { requestId: request.id, approver });
    return undefined;
  }
  const earlier = votes.find((one) => one.approver === approver);
  if (!replaces({ seq, verdict }, earlier)) {
    log('INFO', 'a decision came after a newer one of the same approver', { requestId: request.id, approver });
    // It may be one that is brought again because its look could not be started.
    return lookAfter(decision, at);
  }
  const { evidenceHistory } = request.shown;
  const current = wasCurrent(evidenceHistory, { at, evidence });
  const shown = evidenceHistory.find(({ hash }) => hash === evidence)?.shown;
  const newest: Vote = {
    approver,
    verdict,
    comment,
    evidence,
    seq,
    ...(details === undefined ? {} : { details }),
    at,
    sig,
    key,
    current,
    ...(shown === undefined ? {} : { shown }),
  };
  await ports.store.vote(request.id, newest);
  if (earlier !== undefined || holdsBack(decision)) {
    await ports.store.countRejection(request.id);
  }
  return isRepeated(newest, earlier) ? undefined : lookAfter(decision, at);
}

/**
 * Whether no look that has not read this decision may fix the outcome any more: because it rejects, starts later, or fills in values for later
 * actions. The same goes for a decision that takes the place of an earlier one: an outcome that rests on the earlier one would be recorded without
 * the signature that supports it.
 */
function holdsBack({ verdict, details }: SignedDecision): boolean {
  return verdict === 'REJECT' || details !== undefined;
}

/** The same answer of the same approver, moments later: many of them in a row start one look. */
function isRepeated({ verdict, current, details, at }: Vote, earlier: Vote | undefined): boolean {
  const isSame = earlier?.verdict === verdict && earlier.current === current && earlier.details === details;
  return isSame && elapsed(earlier.at, at) < Pace.REPEATED_VOTE;
}

function isInTime(request: Request, at: string): boolean {
  if (!isKnown(request)) {
    return false;
  }
  return isBefore(at, request.run.deadline) && (request.phase === 'WAITING' || isBefore(at, request.outcome.at));
}

export function lookAfter({ request, sigHash }: SignedDecision, at: string): Look {
  return { name: `vote-${request}-${sigHash.slice(0, 32)}`, target: { requestId: request, vote: true }, at };
}

/** Another look wrote the same invitation: the record is brought again. */
class KeysChanged extends Error {
  override readonly name = 'KeysChanged';
}
