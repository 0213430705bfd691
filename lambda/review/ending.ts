/** What a link still tells once its request takes no more answers. */
import type { GateName } from '../../contract/policy';
import { uncapitalize } from '../domain/capitals';
import { isAmongThoseOf } from '../domain/count-votes';
import { isFollowedUp, type FollowedUp } from '../domain/follow-up';
import { ENDING_SHOWN } from '../domain/limits';
import { isStillHeld } from '../domain/opening';
import { endingOf, gateOf, isKnown, type Ended, type Held, type Outcome, type Waiting } from '../domain/request';
import { elapsed, isBefore, millis } from '../domain/time';
import type { Invitation, Vote } from '../domain/vote';
import { answerNoun } from './labels';
import type { Link } from './link';
import type { Submitted } from './submitted';

/** How a request ended, and nothing of what was asked, of whom, or of what was watched. */
export interface Ending {
  readonly kind: 'ENDING';
  readonly link: Link;
  readonly gate: GateName;
  readonly isRollback: boolean;
  readonly how: HowEnded;
  /** The newest verified answer of whoever holds the link. */
  readonly vote?: Vote;
  /** They had no vote on this change. */
  readonly isExcluded: boolean;
  /** Whether a second person still has to close its follow-up. */
  readonly isFollowedUp: boolean;
  /** Present for whoever was asked to do that. */
  readonly review?: { readonly me: Invitation; readonly evidence: string; readonly summary: string };
}

export type HowEnded =
  /** The time is over, and CodePipeline has not said yet how it ended. */
  | { readonly state: 'TIME_OVER'; readonly deadline: string }
  /** CodePipeline does not have the outcome yet. */
  | { readonly state: 'DECIDED'; readonly outcome: Outcome; readonly heldBack: 'UNTIL_HEALTHY' | Held | undefined }
  | { readonly state: 'DELIVERED'; readonly outcome: Outcome };

/** Undefined once the end is so long ago that the link is dead. */
export function endingFor(
  link: Link,
  request: Waiting | Ended,
  me: Invitation,
  vote: Vote | undefined,
  now: string,
): Ending | undefined {
  const open = isFollowedUp(request);
  return elapsed(endOf(request), now) >= ENDING_SHOWN && !open
    ? undefined
    : {
        kind: 'ENDING',
        link,
        gate: gateOf(request),
        isRollback: isKnown(request) && request.run.kind.type === 'ROLLBACK',
        how: howEnded(request, now),
        vote,
        isExcluded: me.excluded !== undefined,
        isFollowedUp: open,
        ...(open ? reviewFor(request, me) : {}),
      };
}

/** Whoever was asked to review it may, unless it was they who opened it. */
function reviewFor({ shown, outcome, followUp }: FollowedUp, me: Invitation): Pick<Ending, 'review'> {
  const may = me.reviewAskedAt !== undefined && !followUp.openedBy.includes(me.approver);
  return may ? { review: { me, evidence: shown.evidence, summary: outcome.summary } } : {};
}

/** An outcome may be held back for long, though never much longer than the approval waits. */
function endOf(request: Waiting | Ended): string {
  if (request.phase === 'WAITING' || request.phase === 'DECIDED') {
    return request.run.deadline;
  }
  return request.phase === 'CLOSED' && request.followUp !== undefined ? request.closedAt : request.deliveredAt;
}

function howEnded(request: Waiting | Ended, now: string): HowEnded {
  switch (request.phase) {
    case 'WAITING':
      return { state: 'TIME_OVER', deadline: request.run.deadline };
    case 'DECIDED': {
      const { outcome, consoleOnly, held } = request;
      const untilHealthy = outcome.whileHealthy === true && consoleOnly !== undefined ? 'UNTIL_HEALTHY' : undefined;
      const untilOpen = held !== undefined && isStillHeld(held, now) ? held : undefined;
      return { state: 'DECIDED', outcome, heldBack: untilOpen ?? untilHealthy };
    }
    case 'DELIVERED':
    case 'CLOSED':
      return { state: 'DELIVERED', outcome: endingOf(request) };
  }
}

/**
 * Whether the answer of whoever holds the link was counted. An answer that their page sent and that is not among the votes came
 * after the end: the outcome was fixed without it.
 */
export function ownAnswer({ how, vote, isExcluded }: Ending, submitted: Submitted | undefined): string {
  const isAlone = vote?.verdict === 'BREAK_GLASS' || submitted?.verdict === 'BREAK_GLASS';
  if (isExcluded && !isAlone) {
    return 'You had no vote on this change.';
  }
  const earlier = vote === undefined ? 'No answer of yours was recorded.' : countedOrNot(how, vote);
  if (submitted === undefined || (vote !== undefined && submitted.seq <= vote.seq)) {
    return earlier;
  }
  const yours = `Your ${answerNoun(submitted.verdict)}`;
  if (how.state === 'TIME_OVER' && submitted.seq < millis(how.deadline)) {
    return `${yours} is recorded and is being counted.`;
  }
  const late = `${yours} came too late and was not counted.`;
  return vote === undefined ? late : `${late} Before that, ${uncapitalize(earlier)}`;
}

function countedOrNot(how: HowEnded, vote: Vote): string {
  const { verdict, at, current } = vote;
  const inTime = how.state === 'TIME_OVER' ? isBefore(at, how.deadline) : isAmongThoseOf(how.outcome.at, vote);
  const yours = `Your ${answerNoun(verdict)}`;
  const alone = verdict === 'BREAK_GLASS' && how.state !== 'TIME_OVER' && how.outcome.by === 'BREAK_GLASS';
  if (alone && inTime) {
    return 'You opened this gate alone, in an emergency.';
  }
  if (!inTime) {
    return `${yours} came too late and was not counted.`;
  }
  if (verdict !== 'REJECT' && !current) {
    return `${yours} was not counted: the page had changed before it arrived.`;
  }
  const decidedByPeople = how.state === 'TIME_OVER' || ['PEOPLE', 'CONSOLE'].includes(how.outcome.by);
  return decidedByPeople ? `${yours} was counted.` : `${yours} was counted, and did not decide how this ended.`;
}
