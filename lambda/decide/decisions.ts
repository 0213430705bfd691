/**
 * The decisions table's stream: verify a decision, copy it as a vote, start a look. The first image counts, whatever is put
 * later. A record is done once its vote is copied: the look is a run of its own, so one request in trouble holds back no other.
 */
import { Metric } from '../../contract/names';
import { count, errorName, log } from '../aws/log';
import { parseDecision, type SignedDecision } from '../domain/parse-decision';
import type { Fields } from '../domain/parsed';
import { isErrand } from '../domain/sign-in';
import { UnreadableRow, type RequestRecords } from '../domain/rows';
import { decisionText, type Invitation } from '../domain/vote';
import { sha256, verifyText } from '../signing/link-key';
import { accept, lookAfter } from './accept-decision';
import { runErrand } from './errands';
import type { Look, Ports } from './ports';

/** A record of the stream, freed of its wrapping. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** When DynamoDB wrote it: the only time that is believed. */
  readonly at: string;
  readonly byTtl: boolean;
  readonly row: Fields;
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
  return accept(ports, { decision, records, invitation, key, at: record.at });
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
