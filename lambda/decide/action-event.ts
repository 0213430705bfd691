/** The second way in: an approval action changed its state, whether or not its notification came. */
import type { ActionTarget, Target } from '../../contract/messages';
import type { GatePolicy } from '../../contract/policy';
import { isAccessDenied } from '../aws/failure';
import { log } from '../aws/log';
import type { WaitingApproval } from '../aws/pipeline';
import { LONGEST_APPROVAL, Pace, Patience } from '../domain/limits';
import { slowingDown } from '../domain/pace';
import { UnreadableRow } from '../domain/rows';
import { elapsed, isBefore, plus } from '../domain/time';
import { runKeyOf, sha256 } from '../signing/link-key';
import type { Ports } from './ports';
import { reconcile } from './reconcile';

/** When to look again, and after what; undefined when nothing is left to look after. */
export interface Turn {
  readonly at: string;
  readonly target: Target;
}

export async function followAction(ports: Ports, target: ActionTarget, now: string): Promise<Turn | undefined> {
  const { gate, executionId, since } = target;
  const again = (milliseconds: number): Turn => ({ at: plus(now, milliseconds), target });
  const age = elapsed(since, now);
  if (age > LONGEST_APPROVAL) {
    return undefined;
  }
  const known = await ports.store.requestsOfRun(runKeyOf(gate.pipeline, gate.stage, gate.action, executionId));
  const { policy } = await ports.policies.gate(gate);
  if (!policy.ok) {
    // Most approvals of an account are not ours; a request of ours whose policy is gone has its own timer.
    return age < Patience.PARAMETER ? again(Pace.AFTER_DEADLINE) : undefined;
  }
  const waiting = await waitingApprovals(ports, policy.value, executionId);
  if (waiting === 'DENIED') {
    log('ERROR', 'the role that answers for a gate cannot be assumed', { ...gate, executionId });
    return again(age < Patience.ROLE ? Pace.SOON : slowingDown(since, now));
  }
  const turns: (Turn | undefined)[] = [];
  for (const { requestId } of waiting) {
    if (requestId !== undefined) {
      turns.push(await followWaiting(ports, target, requestId, now));
    } else if (age < Patience.TOKEN) {
      turns.push(again(Pace.SOON));
    } else {
      log('ERROR', 'an approval waits and CodePipeline shows no token', { ...gate, executionId });
    }
  }
  for (const requestId of known.filter((id) => !waiting.some((approval) => approval.requestId === id))) {
    turns.push(await followEnded(ports, target, requestId, now));
  }
  return turns.reduce((first, turn) => (first === undefined || isSooner(turn, first) ? turn : first), undefined);
}

function isSooner(turn: Turn | undefined, than: Turn): boolean {
  return turn !== undefined && isBefore(turn.at, than.at);
}

async function waitingApprovals(
  ports: Ports,
  { gate, answerRole }: GatePolicy,
  executionId: string,
): Promise<readonly WaitingApproval[] | 'DENIED'> {
  const session = sha256(JSON.stringify([gate.pipeline, executionId])).slice(0, 32);
  try {
    return await (await ports.pipeline(gate, answerRole, session)).waitingIn(executionId);
  } catch (error) {
    if (!isAccessDenied(error)) {
      throw error;
    }
    return 'DENIED';
  }
}

/** A request that a notification opened has a timer of its own; one that this event opened has only this run. */
async function followWaiting(
  ports: Ports,
  { gate, executionId, since }: ActionTarget,
  requestId: string,
  now: string,
): Promise<Turn | undefined> {
  if (!(await hasAsked(ports, requestId))) {
    await ports.store.open(requestId, { ...gate, at: since, by: 'EVENT', executionHint: executionId });
  }
  const { openedBy, next } = await reconcile(ports, requestId, now);
  return openedBy === 'EVENT' && next !== undefined ? { at: next, target: { requestId } } : undefined;
}

/** A row that cannot be read is a notification all the same; what it means is told when the request is looked at. */
async function hasAsked(ports: Ports, requestId: string): Promise<boolean> {
  try {
    return (await ports.intake.askedFor(requestId)) !== undefined;
  } catch (error) {
    if (!(error instanceof UnreadableRow)) {
      throw error;
    }
    return true;
  }
}

/** The request's own timer may sleep for hours: this run stays until everybody was told how the approval ended. */
async function followEnded(
  ports: Ports,
  target: ActionTarget,
  requestId: string,
  now: string,
): Promise<Turn | undefined> {
  const { phase, next } = await reconcile(ports, requestId, now);
  return next === undefined || phase === 'UNREADABLE' ? undefined : { at: next, target };
}
