/** The second door: an approval action changed its state, whether or not its notification came. */
import type { Look, LookResult } from '../../contract/messages';
import { log } from '../aws/log';
import type { RequestMeta } from '../domain/records';
import { millis, MINUTE, plus, SECOND } from '../domain/time';
import { runKeyOf, sha256 } from '../signing/link-key';
import { LONGEST_APPROVAL, POLICY_PATIENCE } from './identify';
import { lookAtRequest } from './look';
import type { Ports } from './ports';

type Door = NonNullable<Look['door']>;

const TOKEN_PATIENCE = 5 * MINUTE;

export async function lookThroughDoor(ports: Ports, door: Door, now: string): Promise<LookResult> {
  const since = door.since ?? now;
  const look = { door: { ...door, since } };
  const again = (milliseconds: number) => ({ done: false, next: plus(now, milliseconds), look });
  if (millis(now) - millis(since) > LONGEST_APPROVAL) {
    return { done: true, look };
  }
  const known = await ports.store.requestsOfRun(runKeyOf(door.pipeline, door.stage, door.action, door.executionId));
  const policy = await ports.policies.policy(door);
  if (policy === undefined || !policy.ok) {
    if (policy === undefined && millis(now) - millis(since) < POLICY_PATIENCE) {
      return again(5 * MINUTE);
    }
    // Most approvals of an account are not ours; a request of ours whose policy is gone has its own timer.
    return { done: true, look };
  }
  const session = sha256(JSON.stringify([door.pipeline, door.executionId])).slice(0, 32);
  const pipeline = await ports.pipeline(policy.value.gate, policy.value.answerRole, session);
  let result: LookResult = { done: true, look };
  for (const { requestId } of await pipeline.waitingIn(door.executionId)) {
    if (requestId === undefined) {
      if (millis(now) - millis(since) < TOKEN_PATIENCE) {
        return again(30 * SECOND);
      }
      const { pipeline: name, stage, action, executionId } = door;
      log('ERROR', 'an approval waits and CodePipeline shows no token', { pipeline: name, stage, action, executionId });
      continue;
    }
    const meta: RequestMeta = {
      pk: requestId,
      sk: 'meta',
      pipeline: door.pipeline,
      stage: door.stage,
      action: door.action,
      requestedAt: since,
      openedBy: 'event',
      executionHint: door.executionId,
    };
    await ports.store.open(meta);
    const looked = await lookAtRequest(ports, requestId, now);
    // A request that a notification opened has a timer of its own; this one has only us.
    const opened = (await ports.store.load(requestId))?.meta.openedBy;
    if (opened === 'event' && !looked.done) {
      result = looked;
    }
  }
  for (const requestId of known) {
    await lookAtRequest(ports, requestId, now);
  }
  return result;
}
