/**
 * The follow-up of a gate that one person opened alone: it stays open until a second person has looked at what happened, and closes it
 * with a comment.
 */
import { membersOf } from '../../contract/groups';
import type { PeopleRule, Person } from '../../contract/policy';
import { namedToBreakGlass } from './break-glass';
import { eligibility, isPerson } from './eligibility';
import type { Plan } from './effect';
import { escalated } from './escalation';
import type { FollowUpFacts } from './facts';
import { FOLLOW_UP_DAILY, FOLLOW_UP_REMINDED, FOLLOW_UP_WEEKLY } from './limits';
import { endingOf, isKnown, type Delivered, type Ended, type Known, type Request } from './request';
import { elapsed, isBefore, plus } from './time';
import type { Review, Vote } from './vote';

/** A request whose follow-up is open. */
export type FollowedUp = Delivered & Known & Required<Pick<Delivered, 'followUp'>>;

/** Whether somebody opened the gate alone, and it is open for that reason. */
export function needsFollowUp(request: Ended): boolean {
  return endingOf(request).by === 'BREAK_GLASS';
}

export function isFollowedUp(request: Request): request is FollowedUp {
  return request.phase === 'DELIVERED' && request.followUp !== undefined && isKnown(request);
}

/** Whoever broke the glass, or tried to: none of them reviews it. */
export function whoBrokeGlass(votes: readonly Pick<Vote, 'approver' | 'verdict'>[]): readonly string[] {
  return votes.flatMap(({ approver, verdict }) => (verdict === 'BREAK_GLASS' ? [approver] : []));
}

/**
 * Those who may close it: approvers of the gate, and people who may break the glass. Not whoever opened it, under no address of theirs; not
 * an author, where authors have no vote; no shared mailbox, because it cannot show that it is somebody else.
 *
 * @param rule as it is now: whoever is named later may close it, too, so that it never lacks a reviewer for good
 */
export function reviewersOf(
  { run, followUp }: Pick<FollowedUp, 'run' | 'followUp'>,
  rule: PeopleRule | undefined,
  people: readonly Person[],
  now: string,
): readonly Person[] {
  if (rule === undefined) {
    return [];
  }
  const ids = [...new Set([...membersOf(escalated(rule).groups), ...namedToBreakGlass(rule)])];
  const anybody = { ...rule, groups: [{ quorum: 1, ids }] };
  const openers = people.filter(({ id }) => followUp.openedBy.includes(id));
  const isOpener = (person: Person): boolean =>
    followUp.openedBy.includes(person.id) ||
    openers.some((opener) => isPerson(person, opener.mail) || isPerson(opener, person.mail));
  return eligibility({ ...run, invited: ids }, anybody, people, now)
    .filter(({ person, excluded }) => excluded === undefined && !person.shared && !isOpener(person))
    .map(({ person }) => person);
}

/** The first review of somebody who may close it. */
export function closingReview(reviews: readonly Review[], reviewers: readonly Person[]): Review | undefined {
  return reviews
    .filter(({ approver }) => reviewers.some(({ id }) => id === approver))
    .reduce<Review | undefined>((first, one) => (first === undefined || one.seq < first.seq ? one : first), undefined);
}

/** When those who may close it are asked: at once, every day for a week, and then every week. */
export function reviewDue(since: string, now: string): { readonly due: string; readonly next: string } {
  const daily = Math.floor(FOLLOW_UP_REMINDED / FOLLOW_UP_DAILY);
  const days = Math.max(0, Math.floor(elapsed(since, now) / FOLLOW_UP_DAILY));
  if (days < daily) {
    const due = plus(since, days * FOLLOW_UP_DAILY);
    return { due, next: plus(due, FOLLOW_UP_DAILY) };
  }
  const weeks = Math.floor((elapsed(since, now) - FOLLOW_UP_REMINDED) / FOLLOW_UP_WEEKLY);
  const due = plus(since, FOLLOW_UP_REMINDED + weeks * FOLLOW_UP_WEEKLY);
  return { due, next: plus(due, FOLLOW_UP_WEEKLY) };
}

/** Said once, where nobody is left who could close it. */
export const NOBODY_REVIEWS = 'nobody is left who could close the follow-up of its emergency: name another approver';

export function planFollowUp({ request, reviewers, reviews, invitations }: FollowUpFacts, now: string): Plan {
  const review = closingReview(reviews, reviewers);
  const reviewer = reviewers.find(({ id }) => id === review?.approver);
  if (review !== undefined && reviewer !== undefined) {
    return { effects: [{ kind: 'closeFollowUp', review, reviewer }] };
  }
  const { due, next } = reviewDue(request.followUp.since, now);
  if (reviewers.length === 0) {
    const isTold = request.consoleOnly === NOBODY_REVIEWS;
    return { effects: isTold ? [] : [{ kind: 'nobodyReviews' }], next };
  }
  const owed = reviewers.filter(({ id }) => {
    const asked = invitations.find(({ approver }) => approver === id)?.reviewAskedAt;
    return asked === undefined || isBefore(asked, due);
  });
  return {
    effects: [
      ...(request.consoleOnly === NOBODY_REVIEWS ? [{ kind: 'reachable' } as const] : []),
      ...(owed.length === 0 ? [] : [{ kind: 'askReview', reviewers: owed, due } as const]),
    ],
    next,
  };
}
