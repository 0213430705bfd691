/** One turn of a timer run: looks at whatever the run is for, and says when to look again. */
import type { Target } from '../../contract/messages';
import { log } from '../aws/log';
import { APPROVER_ID, REQUEST_ID } from '../domain/vote';
import { followAction, type Turn } from './action-event';
import { sendDigest } from './digest';
import { lookAround } from './overview';
import type { Ports } from './ports';
import { reconcile } from './reconcile';

/** Undefined when the run has nothing left to look after. */
export async function takeTurn(ports: Ports, target: Target, now: string): Promise<Turn | undefined> {
  if ('overviewOf' in target) {
    return lookAround(ports, target, now);
  }
  if ('digestOf' in target && APPROVER_ID.test(target.digestOf)) {
    return sendDigest(ports, target, now);
  }
  if ('gate' in target) {
    return followAction(ports, target, now);
  }
  if (!('requestId' in target) || !REQUEST_ID.test(target.requestId)) {
    log('ERROR', 'a run that looks after nothing');
    return undefined;
  }
  const { phase, next, held, followedUp } = await reconcile(ports, target.requestId, now, {
    vote: target.vote === true,
  });
  // A vote that changed nothing, or cannot, is left to the request's own timer; that one sleeps, and does not know of an approval that waits. An open follow-up is slow, too.
  const isSlow = phase === 'WAITING' || phase === 'UNREADABLE' || followedUp === true;
  const isLeft = target.vote === true && isSlow && held !== true;
  return next === undefined || isLeft ? undefined : { at: next, target };
}
