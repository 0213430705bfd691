/**
 * The decisions table's stream: verify a decision, copy it as a vote, start a look. The first image counts, whatever is put
 * later. A record is done once its vote is copied: the look is a run of its own, so one request in trouble holds back no other.
 */
import type { OverviewTarget, RequestTarget } from '../../contract/messages';
import { Metric } from '../../contract/names';
import { count, errorName, log } from '../aws/log';
import { replaces, wasCurrent } from '../domain/count-votes';
import { parseDecision, type SignedDecision } from '../domain/parse-decision';
import type { Fields } from '../domain/parsed';
import { needsFollowUp } from '../domain/follow-up';
import { isErrand } from '../domain/sign-in';
import { isKnown, type Request } from '../domain/request';
import { UnreadableRow, type RequestRecords } from '../domain/rows';
import { Pace } from '../domain/limits';
import { elapsed, isBefore } from '../domain/time';
import { decisionText, type Invitation, type Vote } from '../domain/vote';
import { sha256, verifyText } from '../signing/link-key';
import { runErrand } from './errands';
import type { Ports } from './ports';

/** A record of the stream, freed of its wrapping. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** When DynamoDB wrote it: the only time that is believed. */
  readonly at: string;
  readonly byTtl: boolean;
  readonly row: Fields;
}

/** A look that a row asks for. It is named by the row, so a record that is brought again starts it once. */
export interface Look {
  readonly name: string;
  readonly target: RequestTarget | OverviewTarget;
  readonly at: string;
}

/**
 * Takes every record; answers the sequence numbers of those to bring again. All are copied before the first look starts: a no
 * that came right after a yes is there when that is counted.
 */
export async function takeDecisions(ports: Ports, records: readonly StreamRecord[]): Promise<readonly string[]> {
  const failed: string[] = [];
  const held = new Set<unknown>();
  const looks: { readonly sequenceNumber: string; readonly look: Look }[] = [];
  for (const record of records) {
    const request = record.row['pk'];
    // What follows on a failed record of the same request waits for it, so that their order holds.
    if (held.has(request)) {
      continue;
    }
    try {
      const look = await take(ports, record);
      if (look !== undefined) {
        looks.push({ sequenceNumber: record.sequenceNumber, look });
      }
    } catch (error) {
      log('ERROR', 'a decision could not be taken, it will be brought again', { error: errorName(error) });
      failed.push(record.sequenceNumber);
      held.add(request);
    }
  }
  for (const { sequenceNumber, look } of looks) {
    try {
      await ports.startTimer(look.name, look.target, look.at);
    } catch (error) {
      log('ERROR', 'a look could not be started, its decision will be brought again', { error: errorName(error) });
      failed.push(sequenceNumber);
    }
  }
  return failed;
}

/** Answers the look that the decision asks for, if any. */
async function take(ports: Ports, record: StreamRecord): Promise<Look | undefined> {
  if (record.kind !== 'INSERT') {
    if (!record.byTtl) {
      log('ERROR', `a decision was ${record.kind === 'MODIFY' ? 'changed' : 'removed'}: nothing honest does that`);
      count(Metric.DECISIONS_TAMPERED, ports.workflow, record.at);
    }
    return undefined;
  }
  if (isErrand(record.row)) {
    return runErrand(ports, record.row, record.at);
  }
  const read = parseDecision(record.row);
  if (!read.ok) {
    log('WARN', 'junk in the decisions table', { reason: read.problem });
    return undefined;
  }
  const decision = read.value;
  const records = await load(ports, decision.request, record.at);
  const invitation = records?.invitations.find(({ approver }) => approver === decision.approver);
  if (records === undefined || invitation === undefined || decision.sigHash !== sha256(decision.sig)) {
    log('WARN', 'a decision of nobody invited', { requestId: decision.request });
    return undefined;
  }
  if (isCopied(records, decision)) {
    // It may have been copied and not counted.
    await ports.store.countRejection(decision.request);
    return lookAfter(decision, record.at);
  }
  const key = signingKey(invitation, decision);
  if (key === undefined) {
    const keys = { requestId: decision.request, approver: decision.approver };
    log('WARN', 'a decision whose signature is not valid', keys);
    return undefined;
  }
  return accept(ports, records, invitation, key, decision, record.at);
}

/** A request of another version takes no votes; its console does. */
async function load(ports: Ports, requestId: string, at: string): Promise<RequestRecords | undefined> {
  try {
    return await ports.store.load(requestId);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) {
      throw error;
    }
    log('ERROR', 'a request cannot be read, so it takes no votes', { requestId, reason: error.message });
    count(Metric.UNREADABLE, ports.workflow, at, { requestId });
    return undefined;
  }
}

/** A record that is brought again after its key was revoked has been verified before. */
function isCopied({ votes, reviews }: RequestRecords, { approver, sig }: SignedDecision): boolean {
  return [...votes, ...reviews].some((vote) => vote.approver === approver && vote.sig === sig);
}

function signingKey({ keys }: Invitation, decision: SignedDecision): string | undefined {
  const text = decisionText(decision);
  return keys.find((key) => verifyText(key, text, decision.sig));
}

async function accept(
  ports: Ports,
  { request, votes }: RequestRecords,
  invitation: Invitation,
  key: string,
  decision: SignedDecision,
  at: string,
): Promise<Look | undefined> {
  const { approver, sigHash, verdict, comment, evidence, seq, details, sig } = decision;
  switch (verdict) {
    case 'WRONG_NUMBER':
      await ports.invitations.countWrongNumber(request.id, approver, sigHash);
      return undefined;
    case 'REVOKE':
      if (!(await ports.invitations.removeKey(request.id, invitation, key))) {
        throw new KeysChanged();
      }
      log('INFO', 'a link was revoked', { requestId: request.id, approver });
      return lookAfter(decision, at);
    case 'REVIEWED':
      if (request.phase !== 'DELIVERED' || !needsFollowUp(request) || evidence !== request.shown?.evidence) {
        log('INFO', 'a review of nothing that waits for one', { requestId: request.id, approver });
        return undefined;
      }
      await ports.store.review(request.id, { approver, comment, evidence, seq, at, sig, key });
      return lookAfter(decision, at);
    case 'APPROVE':
    case 'REJECT':
    case 'BREAK_GLASS': {
      if (!isKnown(request) || !isInTime(request, at)) {
        log('INFO', 'a decision came after the end', { requestId: request.id, approver });
        return undefined;
      }
      const earlier = votes.find((vote) => vote.approver === approver);
      if (!replaces({ seq, verdict }, earlier)) {
        log('INFO', 'a decision came after a newer one of the same approver', { requestId: request.id, approver });
        // It may be one that is brought again because its look could not be started.
        return lookAfter(decision, at);
      }
      const { evidenceHistory } = request.shown;
      const current = wasCurrent(evidenceHistory, { at, evidence });
      const shown = evidenceHistory.find(({ hash }) => hash === evidence)?.shown;
      const vote = {
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
      await ports.store.vote(request.id, vote);
      if (earlier !== undefined || holdsBack(decision)) {
        await ports.store.countRejection(request.id);
      }
      return isRepeated(vote, earlier) ? undefined : lookAfter(decision, at);
    }
  }
}

/**
 * Whether a look that does not know of it may no longer decide: a rejection, a later start, values for later actions. The same goes for a decision that takes the place of an earlier one:
 * an outcome that rests on the earlier one would be recorded without the signature that supports it.
 */
function holdsBack({ verdict, details }: SignedDecision): boolean {
  return verdict === 'REJECT' || details !== undefined;
}

/** Says moments later what its giver has said already: a flood of yeses is looked at once. */
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

function lookAfter({ request, sigHash }: SignedDecision, at: string): Look {
  return { name: `vote-${request}-${sigHash.slice(0, 32)}`, target: { requestId: request, vote: true }, at };
}

/** Another look wrote the same invitation: the record is brought again. */
class KeysChanged extends Error {
  override readonly name = 'KeysChanged';
}
