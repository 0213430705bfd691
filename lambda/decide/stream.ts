/** The decisions table's stream: verify, copy the vote, look again. The first image counts, whatever is put later. */
import { Metric } from '../../contract/names';
import { isTransient } from '../aws/failure';
import { count, errorName, log } from '../aws/log';
import type { RequestRecords } from '../aws/request-store';
import { parseDecision, type SignedDecision } from '../domain/parse-decision';
import type { Fields } from '../domain/parsed';
import { decisionText, type Invitation } from '../domain/records';
import { wasCurrent } from '../domain/tally';
import { before } from '../domain/time';
import { sha256, verifyText } from '../signing/link-key';
import { lookAtRequest } from './look';
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

/** Handles every record; answers the sequence numbers of those to bring again. */
export async function readStream(ports: Ports, records: readonly StreamRecord[]): Promise<readonly string[]> {
  const failed: string[] = [];
  const held = new Set<unknown>();
  for (const record of records) {
    const request = record.row['pk'];
    // What follows on a failed record of the same request waits for it, so that their order holds.
    if (held.has(request)) {
      continue;
    }
    try {
      await readRecord(ports, record);
    } catch (error) {
      log('ERROR', 'a decision could not be handled, it will be brought again', { error: errorName(error) });
      failed.push(record.sequenceNumber);
      held.add(request);
    }
  }
  return failed;
}

async function readRecord(ports: Ports, record: StreamRecord): Promise<void> {
  if (record.kind !== 'INSERT') {
    if (!record.byTtl) {
      log('ERROR', `a decision was ${record.kind === 'MODIFY' ? 'changed' : 'removed'}: nothing honest does that`);
      count(Metric.DECISIONS_TAMPERED, ports.workflow, record.at);
    }
    return;
  }
  const read = parseDecision(record.row);
  if (!read.ok) {
    log('WARN', 'junk in the decisions table', { reason: read.problem });
    return;
  }
  const decision = read.value;
  const records = await ports.store.load(decision.request);
  const invitation = records?.invitations.find(({ approver }) => approver === decision.approver);
  if (records === undefined || invitation === undefined || decision.sigHash !== sha256(decision.sig)) {
    log('WARN', 'a decision of nobody invited', { requestId: decision.request });
    return;
  }
  if (copied(records, decision)) {
    await lookNow(ports, decision.request, record.at);
    return;
  }
  const key = signingKey(invitation, decision);
  if (key === undefined) {
    log('WARN', 'a decision whose signature is not valid', {
      requestId: decision.request,
      approver: decision.approver,
    });
    return;
  }
  await accept(ports, records, invitation, key, decision, record.at);
}

/** A record that is brought again after its key was revoked has been verified before. */
function copied({ votes }: RequestRecords, { approver, sigHash, sig }: SignedDecision): boolean {
  return votes.some((vote) => vote.sk === `vote#${approver}#${sigHash}` && vote.sig === sig);
}

function signingKey({ keys }: Invitation, decision: SignedDecision): string | undefined {
  const text = decisionText(decision);
  return keys.find((key) => verifyText(key, text, decision.sig));
}

async function accept(
  ports: Ports,
  { meta }: RequestRecords,
  invitation: Invitation,
  key: string,
  decision: SignedDecision,
  at: string,
): Promise<void> {
  const { request, approver, sigHash, verdict, comment, evidence, seq, sig } = decision;
  if (verdict === 'WRONG_NUMBER') {
    await ports.store.countWrongNumber(request, approver, sigHash);
    return;
  }
  if (verdict === 'REVOKE') {
    if (!(await ports.store.removeKey(invitation, key))) {
      throw new KeysChanged();
    }
    log('INFO', 'a link was revoked', { requestId: request, approver });
  } else if (!inTime(meta, at)) {
    log('INFO', 'a decision came after the end', { requestId: request, approver });
    return;
  } else {
    const sk = `vote#${approver}#${sigHash}`;
    const current = wasCurrent(meta.evidenceHistory, { at, evidence });
    await ports.store.addVote({ pk: request, sk, approver, verdict, comment, evidence, seq, at, sig, current });
  }
  await lookNow(ports, request, at);
}

/** The decision is safe by now. A refusal that will stay one is left to the timer: it must not hold back other requests. */
async function lookNow(ports: Ports, requestId: string, at: string): Promise<void> {
  try {
    await lookAtRequest(ports, requestId, at, { measureAnew: true });
  } catch (error) {
    if (isTransient(error) && !isDefect(error)) {
      throw error;
    }
    log('ERROR', 'a look was refused, the timer looks again', { requestId, error: errorName(error) });
  }
}

/** Records that nobody expected, or a mistake of ours: the same the next time, and no reason to hold back everybody. */
function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

function inTime({ deadline, outcome }: RequestRecords['meta'], at: string): boolean {
  const beforeDeadline = deadline !== undefined && before(at, deadline);
  return beforeDeadline && (outcome === undefined || before(at, outcome.at));
}

/** Another look wrote the same invitation: the record is brought again. */
class KeysChanged extends Error {
  override readonly name = 'KeysChanged';
}
