/** The second way in: an approval action changed its state, whether or not its notification came. */
import type { ActionTarget, Target } from '../../contract/messages';
import { log } from '../aws/log';
import { LONGEST_APPROVAL, Pace, Patience } from '../domain/limits';
import { elapsed, plus } from '../domain/time';
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
  const session = sha256(JSON.stringify([gate.pipeline, executionId])).slice(0, 32);
  const pipeline = await ports.pipeline(policy.value.gate, policy.value.answerRole, session);
  let turn: Turn | undefined;
  for (const { requestId } of await pipeline.waitingIn(executionId)) {
    if (requestId === undefined) {
      if (age < Patience.TOKEN) {
        return again(Pace.SOON);
      }
      log('ERROR', 'an approval waits and CodePipeline shows no token', { ...gate, executionId });
      continue;
    }
    turn = (await followRequest(ports, target, requestId, now)) ?? turn;
  }
  for (const requestId of known) {
    await reconcile(ports, requestId, now);
  }
  return turn;
}

/** A request that a notification opened has a timer of its own; one that this event opened has only this run. */
async function followRequest(
  ports: Ports,
  { gate, executionId, since }: ActionTarget,
  requestId: string,
  now: string,
): Promise<Turn | undefined> {
  if ((await ports.intake.askedFor(requestId)) === undefined) {
    await ports.store.open(requestId, { ...gate, at: since, by: 'EVENT', executionHint: executionId });
  }
  const { next } = await reconcile(ports, requestId, now);
  const opened = (await ports.store.load(requestId))?.request.asked.by;
  return opened === 'EVENT' && next !== undefined ? { at: next, target: { requestId } } : undefined;
}
