import fc from 'fast-check';
import {
  closingReview,
  NOBODY_REVIEWS,
  planFollowUp,
  reviewDue,
  reviewersOf,
  whoBrokeGlass,
  type FollowedUp,
} from '../../../lambda/domain/follow-up';
import type { Review } from '../../../lambda/domain/vote';
import { ANA, at, BO, CY, days, decidedRequest, hours, peopleRule, person, runOf, voteOf } from '../samples';

const OPS = person('ops@example.com', { shared: true });
const GUEST = person('di@customer.example', { until: at(days(3)) });
const EVERYBODY = [ANA, BO, CY, OPS, GUEST];
const rule = peopleRule({ ids: EVERYBODY.map(({ id }) => id) });

function followedUp(more: object = {}): FollowedUp {
  return {
    ...decidedRequest({ by: 'BREAK_GLASS' }),
    phase: 'DELIVERED',
    deliveredAt: at(60),
    followUp: { since: at(60), openedBy: [ANA.id] },
    ...more,
  };
}
const review = (who: { readonly id: string }, seconds: number): Review => ({
  approver: who.id,
  comment: 'looked at it',
  evidence: 'e',
  seq: seconds,
  at: at(seconds),
  sig: `sig-${seconds}`,
  key: 'key',
});
const mails = (...of: Parameters<typeof reviewersOf>) => reviewersOf(...of).map(({ mail }) => mail);

describe('who may close a follow-up', () => {
  test('approvers, guests in their time, and people who may break the glass; not whoever did, and no shared mailbox', () => {
    expect(mails(followedUp(), rule, EVERYBODY, at(100))).toEqual([BO.mail, CY.mail, GUEST.mail]);
    expect(mails(followedUp(), rule, EVERYBODY, at(days(4)))).toEqual([BO.mail, CY.mail]);
    expect(mails(followedUp(), peopleRule({ ids: [ANA.id], breakGlass: [CY.id] }), EVERYBODY, at(100))).toEqual([
      CY.mail,
    ]);
  });

  test('people who would be asked later, too', () => {
    const later = peopleRule({ ids: [ANA.id], escalation: { afterMinutes: 60, ids: [CY.id] } });

    expect(mails(followedUp(), later, EVERYBODY, at(100))).toEqual([CY.mail]);
  });

  test('nobody who wrote the change, where authors have no vote', () => {
    const request = followedUp({ run: runOf({ authors: [BO.mail] }) });

    expect(mails(request, rule, EVERYBODY, at(100))).toContain(BO.mail);
    expect(mails(request, { ...rule, excludeAuthor: true }, EVERYBODY, at(100))).not.toContain(BO.mail);
  });

  test('not whoever broke the glass under another address of theirs', () => {
    const other = person('ana-at-home@example.com', { alsoKnownAs: [ANA.mail] });
    const both = peopleRule({ ids: [ANA.id, other.id, CY.id] });

    expect(mails(followedUp(), both, [ANA, other, CY], at(100))).toEqual([CY.mail]);
  });

  test('nobody who was removed, and nobody where nobody is asked any more', () => {
    expect(mails(followedUp(), rule, [ANA, CY], at(100))).toEqual([CY.mail]);
    expect(mails(followedUp(), undefined, EVERYBODY, at(100))).toEqual([]);
  });
});

test('everybody who broke the glass is known by the votes', () => {
  const votes = [voteOf(ANA, 'BREAK_GLASS', 1), voteOf(BO, 'APPROVE', 2), voteOf(CY, 'BREAK_GLASS', 3)];

  expect(whoBrokeGlass(votes)).toEqual([ANA.id, CY.id]);
});

test('the first review of whoever may close it closes it', () => {
  expect(closingReview([review(CY, 90), review(BO, 80), review(ANA, 70)], [BO, CY])).toEqual(review(BO, 80));
  expect(closingReview([review(ANA, 70)], [BO, CY])).toBeUndefined();
});

describe('reminders', () => {
  test.each<[number, number, number]>([
    [0, 0, 1],
    [hours(23), 0, 1],
    [hours(24), 1, 2],
    [days(6), 6, 7],
    [days(7), 7, 14],
    [days(13), 7, 14],
    [days(14), 14, 21],
    [days(100), 98, 105],
  ])('after %s seconds the one of day %s is due, and the next on day %s', (seconds, due, next) => {
    expect(reviewDue(at(0), at(seconds))).toEqual({ due: at(days(due)), next: at(days(next)) });
  });

  test('are due in the past, come next in the future, and never more than one a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: days(400) }), (seconds) => {
        const { due, next } = reviewDue(at(0), at(seconds));
        expect(due <= at(seconds) && at(seconds) < next).toBe(true);
        expect(Date.parse(next) - Date.parse(due)).toBeGreaterThanOrEqual(days(1) * 1000);
        expect(reviewDue(at(0), next).due).toBe(next);
      }),
    );
  });
});

describe('what happens next', () => {
  const facts = { request: followedUp(), reviewers: [BO, CY], reviews: [], invitations: [] };
  const asked = (who: { readonly id: string; readonly mail: string }, reviewAskedAt: string) => ({
    approver: who.id,
    mail: who.mail,
    shared: false,
    keys: [],
    reviewAskedAt,
  });

  test('those who may close it are asked, and those who were asked since the reminder was due are not', () => {
    const invitations = [asked(BO, at(61))];

    expect(planFollowUp({ ...facts, invitations }, at(100))).toEqual({
      effects: [{ kind: 'askReview', reviewers: [CY], due: at(60) }],
      next: at(60 + days(1)),
    });
    expect(planFollowUp({ ...facts, invitations }, at(60 + days(1))).effects).toEqual([
      { kind: 'askReview', reviewers: [BO, CY], due: at(60 + days(1)) },
    ]);
  });

  test('a review closes it at once', () => {
    expect(planFollowUp({ ...facts, reviews: [review(BO, 80)] }, at(100))).toEqual({
      effects: [{ kind: 'closeFollowUp', review: review(BO, 80), reviewer: BO }],
    });
  });

  test('that nobody is left is told once, and taken back when somebody is', () => {
    const stuck = followedUp({ consoleOnly: NOBODY_REVIEWS });

    expect(planFollowUp({ ...facts, reviewers: [] }, at(100)).effects).toEqual([{ kind: 'nobodyReviews' }]);
    expect(planFollowUp({ ...facts, reviewers: [], request: stuck }, at(100)).effects).toEqual([]);
    expect(planFollowUp({ ...facts, request: stuck }, at(100)).effects[0]).toEqual({ kind: 'reachable' });
  });
});
