/** Which requests need a follow-up, and whom an open one still asks. */
import {
  closingReview,
  isFollowedUp,
  needsFollowUp,
  NOBODY_REVIEWS,
  planFollowUp,
  reviewersOf,
  type FollowedUp,
} from '../../../lambda/domain/follow-up';
import type { Delivered, Request } from '../../../lambda/domain/request';
import type { Review } from '../../../lambda/domain/vote';
import { ANA, at, BO, CY, days, decidedRequest, outcomeOf, peopleRule, person, waitingRequest } from '../samples';

const followUp = { since: at(60), openedBy: [ANA.id] };
const delivered = (more: Partial<Delivered> = {}): Delivered => ({
  ...decidedRequest({ by: 'BREAK_GLASS' }),
  phase: 'DELIVERED',
  deliveredAt: at(60),
  ...more,
});
const open = (more: Partial<FollowedUp> = {}): FollowedUp => ({ ...delivered(), followUp, ...more }) as FollowedUp;
const review = (who: { readonly id: string }, seq: number): Review => ({
  approver: who.id,
  comment: 'looked at it',
  evidence: 'e',
  seq,
  at: at(seq),
  sig: 'sig',
  key: 'key',
});

test('a gate that one person opened alone needs a follow-up, if that is what opened it', () => {
  expect(needsFollowUp(decidedRequest({ by: 'BREAK_GLASS' }))).toBe(true);
  expect(needsFollowUp(decidedRequest({ by: 'PEOPLE' }))).toBe(false);
  expect(needsFollowUp(delivered({ overtakenBy: outcomeOf({ by: 'CONSOLE' }) }))).toBe(false);
});

test.each<[string, Request, boolean]>([
  ['is delivered and has one', open(), true],
  ['has none', delivered(), false],
  ['waits', waitingRequest(), false],
  ['is closed', { ...open(), phase: 'CLOSED', closedAt: at(90) }, false],
  [
    'ended before its run was known',
    { phase: 'DELIVERED', id: 'r', asked: open().asked, outcome: outcomeOf(), deliveredAt: at(60), followUp },
    false,
  ],
])('the follow-up of a request that %s is open: %#', (_, request, isOpen) => {
  expect(isFollowedUp(request)).toBe(isOpen);
});

test('nobody may close it where nobody is asked any more', () => {
  expect(reviewersOf(open(), undefined, [ANA, BO], at(100))).toEqual([]);
});

test('of several people who broke the glass, none closes it under another address', () => {
  const other = person('ana-at-home@example.com', { alsoKnownAs: [ANA.mail] });
  const rule = peopleRule({ ids: [ANA.id, BO.id, CY.id, other.id] });
  const request = open({ followUp: { since: at(60), openedBy: [ANA.id, CY.id] } });

  expect(reviewersOf(request, rule, [ANA, BO, CY, other], at(100))).toEqual([BO]);
});

test('the first review counts, in whatever order they are found, and of two at once the one that is found first', () => {
  expect(closingReview([review(BO, 80), review(CY, 90)], [BO, CY])).toEqual(review(BO, 80));
  expect(closingReview([review(CY, 90), review(BO, 80)], [BO, CY])).toEqual(review(BO, 80));
  expect(closingReview([review(CY, 80), review(BO, 80)], [BO, CY])).toEqual(review(CY, 80));
});

describe('an open follow-up', () => {
  const facts = { request: open(), reviewers: [BO, CY], reviews: [], invitations: [] };

  test('is closed by whoever wrote the review', () => {
    expect(planFollowUp({ ...facts, reviews: [review(CY, 80)] }, at(100))).toEqual({
      effects: [{ kind: 'closeFollowUp', review: review(CY, 80), reviewer: CY }],
    });
  });

  test('stays open, and asks nobody again, until the next reminder', () => {
    const invitations = [BO, CY].map(({ id, mail }) => ({
      approver: id,
      mail,
      shared: false,
      keys: [],
      reviewAskedAt: at(60),
    }));

    expect(planFollowUp({ ...facts, invitations }, at(100))).toEqual({ effects: [], next: at(60 + days(1)) });
  });

  test('that nobody can close is looked at again at the next reminder', () => {
    const next = at(60 + days(1));
    const told = open({ consoleOnly: NOBODY_REVIEWS });

    expect(planFollowUp({ ...facts, reviewers: [] }, at(100))).toEqual({ effects: [{ kind: 'nobodyReviews' }], next });
    expect(planFollowUp({ ...facts, reviewers: [], request: told }, at(100))).toEqual({ effects: [], next });
  });
});
