/** What an approver is told of their own answer once nothing more is taken, and for how long a link tells anything. */
import type { Delivered, Outcome, Waiting } from '../../../lambda/domain/request';
import type { Verdict, Vote } from '../../../lambda/domain/vote';
import { endingFor, ownAnswer, type Ending } from '../../../lambda/review/ending';
import type { Submitted } from '../../../lambda/review/submitted';
import {
  ANA,
  APPROVED,
  BO,
  CLOSED,
  DEADLINE,
  DECIDED,
  DELIVERED,
  invitation,
  POLICY,
  REQUEST,
  rollback,
  vote,
  WAITING,
} from './fixture';

const SEED = 'A'.repeat(43);
const LINK = { requestId: REQUEST, approver: BO, seed: SEED };
const ME = invitation(BO, 'bo@example.com', SEED);
/** Ten minutes before the end, at it, and after it. */
const IN_TIME = '2026-11-23T09:10:00.000Z';
const AT_END = APPROVED.at;
const AFTER = '2026-11-23T09:20:00.001Z';

const ended = (more: Partial<Outcome> = {}): Ending['how'] => ({
  state: 'DELIVERED',
  outcome: { ...APPROVED, ...more },
});
const TIME_OVER: Ending['how'] = { state: 'TIME_OVER', deadline: DEADLINE };
const given = (verdict: Verdict, at = IN_TIME, more: Partial<Vote> = {}): Vote =>
  vote(BO, verdict, { at, seq: Date.parse(at), ...more });
const sent = (verdict: Verdict, at: string): Submitted => ({ verdict, seq: Date.parse(at) });
const told = (how: Ending['how'], answer?: Vote, submitted?: Submitted, isExcluded = false): string =>
  ownAnswer(
    {
      kind: 'ENDING',
      link: LINK,
      gate: POLICY.gate,
      isRollback: false,
      how,
      isExcluded,
      isFollowedUp: false,
      ...(answer === undefined ? {} : { vote: answer }),
    },
    submitted,
  );

const NO_VOTE = 'You had no vote on this change.';
const ALONE = 'You opened this gate alone, in an emergency.';
const LATE = 'came too late and was not counted.';
const BESIDE = 'was counted, and did not decide how this ended.';
const OUTDATED = 'was not counted: the page had changed before it arrived.';
const older = { current: false };

test.each<[string, Ending['how'], Vote | undefined, string]>([
  ['nothing', ended(), undefined, 'No answer of yours was recorded.'],
  ['a yes in time', ended(), given('APPROVE'), 'Your approval was counted.'],
  ['a no in time', ended({ kind: 'REJECTED' }), given('REJECT'), 'Your rejection was counted.'],
  ['a yes in the moment of the end, which it opened', ended(), given('APPROVE', AT_END), 'Your approval was counted.'],
  [
    'a no in the moment of the end',
    ended({ kind: 'REJECTED' }),
    given('REJECT', AT_END),
    'Your rejection was counted.',
  ],
  ['a yes after the end', ended(), given('APPROVE', AFTER), `Your approval ${LATE}`],
  ['a yes before the console', ended({ by: 'CONSOLE' }), given('APPROVE'), 'Your approval was counted.'],
  ['a yes before a bypass', ended({ by: 'BYPASS' }), given('APPROVE'), `Your approval ${BESIDE}`],
  ['a yes where checks decided', ended({ by: 'CHECKS' }), given('APPROVE'), `Your approval ${BESIDE}`],
  ['a yes before an emergency of another', ended({ by: 'BREAK_GLASS' }), given('APPROVE'), `Your approval ${BESIDE}`],
  ['a yes to an older view', ended(), given('APPROVE', IN_TIME, older), `Your approval ${OUTDATED}`],
  ['a no to an older view', ended(), given('REJECT', IN_TIME, older), 'Your rejection was counted.'],
  ['an emergency that opened it', ended({ by: 'BREAK_GLASS' }), given('BREAK_GLASS'), ALONE],
  ['an emergency at the very end', ended({ by: 'BREAK_GLASS' }), given('BREAK_GLASS', AT_END), ALONE],
  [
    'an emergency after that of another',
    ended({ by: 'BREAK_GLASS' }),
    given('BREAK_GLASS', AFTER),
    `Your emergency answer ${LATE}`,
  ],
  [
    'an emergency that did not open it',
    ended({ by: 'PEOPLE' }),
    given('BREAK_GLASS'),
    'Your emergency answer was counted.',
  ],
  [
    'an emergency about an older view',
    ended({ by: 'PEOPLE' }),
    given('BREAK_GLASS', IN_TIME, older),
    `Your emergency answer ${OUTDATED}`,
  ],
  ['a yes before the time was over', TIME_OVER, given('APPROVE', AFTER), 'Your approval was counted.'],
  ['a yes when the time was over', TIME_OVER, given('APPROVE', DEADLINE), `Your approval ${LATE}`],
  ['an emergency before the time was over', TIME_OVER, given('BREAK_GLASS'), 'Your emergency answer was counted.'],
])('%s is told as what became of it', (_, how, answer, sentence) => {
  expect(told(how, answer)).toBe(sentence);
});

test.each<[string, Ending['how'], Vote | undefined, Submitted, string]>([
  ['never recorded', ended(), undefined, sent('APPROVE', IN_TIME), `Your approval ${LATE}`],
  ['the recorded one', ended(), given('APPROVE'), sent('APPROVE', IN_TIME), 'Your approval was counted.'],
  [
    'newer than the recorded one',
    ended(),
    given('APPROVE'),
    sent('REJECT', AFTER),
    `Your rejection ${LATE} Before that, your approval was counted.`,
  ],
  [
    'sent before the time was over',
    TIME_OVER,
    given('APPROVE'),
    sent('REJECT', AFTER),
    'Your rejection is recorded and is being counted.',
  ],
  ['sent when the time was over', TIME_OVER, undefined, sent('REJECT', DEADLINE), `Your rejection ${LATE}`],
])('an answer that the page sent, %s', (_, how, answer, submitted, sentence) => {
  expect(told(how, answer, submitted)).toBe(sentence);
});

describe('somebody without a vote', () => {
  test('is told that alone, also of what they sent', () => {
    expect(told(ended(), undefined, undefined, true)).toBe(NO_VOTE);
    expect(told(ended(), given('APPROVE'), sent('APPROVE', AFTER), true)).toBe(NO_VOTE);
  });

  test('is told of their emergency all the same', () => {
    expect(told(ended({ by: 'BREAK_GLASS' }), given('BREAK_GLASS'), undefined, true)).toBe(ALONE);
    expect(told(ended(), undefined, sent('BREAK_GLASS', AFTER), true)).toBe(`Your emergency answer ${LATE}`);
  });
});

describe('what a link knows of the end', () => {
  const NOW = '2026-11-23T09:30:00.000Z';
  const of = (request: Parameters<typeof endingFor>[1], now = NOW, me = ME) =>
    endingFor(LINK, request, me, undefined, now);
  const plain = {
    kind: 'ENDING',
    link: LINK,
    gate: POLICY.gate,
    isRollback: false,
    vote: undefined,
    isExcluded: false,
    isFollowedUp: false,
  };

  test('is how it ended, and nothing of what was asked', () => {
    expect(of(CLOSED)).toEqual({ ...plain, how: { state: 'DELIVERED', outcome: APPROVED } });
    expect(of(DELIVERED)).toEqual({ ...plain, how: { state: 'DELIVERED', outcome: APPROVED } });
    expect(of({ ...DELIVERED, run: rollback() })).toMatchObject({ isRollback: true });
    expect(of(DELIVERED, NOW, { ...ME, excluded: 'wrote this change' })).toMatchObject({ isExcluded: true });
    const answer = given('APPROVE');
    expect(endingFor(LINK, DELIVERED, ME, answer, NOW)).toMatchObject({ vote: answer });
  });

  test('is that its time is over, where nothing else is known', () => {
    expect(of(WAITING, DEADLINE)).toEqual({ ...plain, how: TIME_OVER });
  });

  const held = { summary: 'Approved by Ana', why: 'its deployment window is closed', since: NOW };
  const opensAt = '2026-11-24T09:00:00.000Z';
  const healthy = { ...APPROVED, whileHealthy: true } as const;
  const consoleOnly = 'its approval is held back until the checks are healthy';

  test.each<[string, Partial<Waiting> & { readonly outcome?: Outcome }, string, unknown]>([
    ['nothing', {}, NOW, undefined],
    ['health, before it is told', { outcome: healthy }, NOW, undefined],
    ['health', { outcome: healthy, consoleOnly }, NOW, 'UNTIL_HEALTHY'],
    ['an approval of another kind that only the console can answer', { consoleOnly }, NOW, undefined],
    ['a window', { held: { ...held, opensAt } }, NOW, { ...held, opensAt }],
    ['a window that is open by now', { held: { ...held, opensAt } }, opensAt, undefined],
    ['nobody knows what', { held }, opensAt, held],
    ['a window and health', { outcome: healthy, consoleOnly, held }, NOW, held],
  ])('is that it waits for %s', (_, more, now, heldBack) => {
    const decided = { ...DECIDED, ...more };

    expect(of(decided, now)?.how).toEqual({ state: 'DECIDED', outcome: decided.outcome, heldBack });
  });

  const WEEK = 7 * 86_400_000;
  const later = (at: string, more: number) => new Date(Date.parse(at) + more).toISOString();

  test.each<[string, Parameters<typeof endingFor>[1], string]>([
    ['a request that waits', WAITING, DEADLINE],
    ['one that was decided', DECIDED, DEADLINE],
    ['one that was delivered', DELIVERED, DELIVERED.deliveredAt],
    ['one that is closed', CLOSED, CLOSED.deliveredAt],
    [
      'one whose follow-up was closed',
      { ...CLOSED, followUp: { since: CLOSED.deliveredAt, openedBy: [ANA] } },
      CLOSED.closedAt,
    ],
  ])('%s is told of for a week, and not a moment longer', (_, request, end) => {
    expect(of(request, later(end, WEEK - 1))).toBeDefined();
    expect(of(request, later(end, WEEK))).toBeUndefined();
  });

  describe('while a follow-up is open', () => {
    const open: Delivered = {
      ...DELIVERED,
      outcome: { ...APPROVED, by: 'BREAK_GLASS', summary: 'Opened in an emergency by Ana alone' },
      followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA] },
    };
    const asked = { ...ME, reviewAskedAt: NOW };
    const review = { me: asked, evidence: WAITING.shown.evidence, summary: 'Opened in an emergency by Ana alone' };

    test('is told of for long after it ended, and is closed by whoever was asked to', () => {
      const long = later(DELIVERED.deliveredAt, 100 * WEEK);

      expect(of(open, long)).toEqual({
        ...plain,
        isFollowedUp: true,
        how: { state: 'DELIVERED', outcome: open.outcome },
      });
      expect(of(open, long, asked)).toMatchObject({ isFollowedUp: true, review });
    });

    test('is closed by none of those who opened it', () => {
      const byBo = { ...open, followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA, BO] } };

      expect(of(byBo, NOW, asked)).not.toHaveProperty('review');
    });

    test('is closed by nobody once it is closed, or was never open', () => {
      expect(of({ ...CLOSED, followUp: open.followUp! }, NOW, asked)).toEqual({
        ...plain,
        how: { state: 'DELIVERED', outcome: APPROVED },
      });
      expect(of(DELIVERED, NOW, asked)).not.toHaveProperty('review');
    });
  });
});
