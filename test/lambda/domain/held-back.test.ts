/** What keeps an approval back, and who is told when it goes ahead. */
import type { Evaluation } from '../../../lambda/domain/evaluate';
import { tellHeld, untilHealthy, whyStuck } from '../../../lambda/domain/held-back';
import { OPEN, type Closed } from '../../../lambda/domain/opening';
import type { Judged } from '../../../lambda/domain/ruling';
import { invitationOf } from '../../../lambda/domain/vote';
import { ANA, at, BO, checkState, checksRule, CY, hours, peopleRule, voteOf, waitingRequest } from '../samples';

const health = (verdict: Evaluation['verdict'], more: Partial<Evaluation> = {}): Evaluation => ({
  verdict,
  reasons: ['as told'],
  checks: [checkState('FAIL')],
  due: [],
  ...more,
});
const VOTES = {
  approvals: [ANA, BO].map((person) => ({ person, vote: voteOf(person, 'APPROVE', 30) })),
  rejections: [],
  emergencies: [],
};
const guarded = (evaluation: Evaluation): Judged => ({
  kind: 'GUARDED',
  rule: { kind: 'GUARDED', people: peopleRule(), checks: checksRule() },
  votes: VOTES,
  evaluation,
});
const MANUAL: Judged = { kind: 'MANUAL', rule: { kind: 'MANUAL', people: peopleRule() }, votes: VOTES };
const AUTOMATED: Judged = {
  kind: 'AUTOMATED',
  rule: { kind: 'AUTOMATED', checks: checksRule(), onInconclusive: 'REJECT' },
  evaluation: health('PASS'),
};
const HELD = { summary: 'Approved', why: 'its deployment window is closed', since: at(0) };
const SHUT: Closed = { kind: 'CLOSED', why: 'its deployment window is closed' };
const WAIT = { kind: 'WAIT', askPeople: false } as const;
const held = waitingRequest({ held: HELD });

describe('only the console opens a gate', () => {
  test('that says so itself, whatever its window', () => {
    const stuck = { ...WAIT, stuck: 'its checks cannot be read' };

    expect(whyStuck(stuck, MANUAL, waitingRequest(), OPEN, at(60))).toBe('its checks cannot be read');
    expect(whyStuck(stuck, MANUAL, waitingRequest(), SHUT, at(60))).toBe('its checks cannot be read');
  });

  test('that does not open in time', () => {
    expect(whyStuck(WAIT, MANUAL, waitingRequest(), SHUT, at(60))).toBe(
      'its deployment window is closed, and does not open before the deadline',
    );
  });

  test.each(['FAIL', 'INCONCLUSIVE'] as const)(
    'that is open, and whose checks hold an approval back: %s',
    (verdict) => {
      expect(whyStuck(WAIT, guarded(health(verdict)), held, OPEN, at(60))).toBe(
        'its approval is held back until the checks are healthy: alarm shop-5xx',
      );
    },
  );
});

describe('more than the console opens a gate', () => {
  test.each<[string, ...Parameters<typeof whyStuck>]>([
    ['that opens in time', WAIT, guarded(health('FAIL')), held, { ...SHUT, opensAt: at(90) }, at(60)],
    ['whose checks are healthy', WAIT, guarded(health('PASS')), held, OPEN, at(60)],
    ['whose checks are measured', WAIT, guarded(health('RUNNING')), held, OPEN, at(60)],
    ['that has no checks', WAIT, MANUAL, held, OPEN, at(60)],
    ['that still asks people', { ...WAIT, askPeople: true }, guarded(health('FAIL')), held, OPEN, at(60)],
    ['that nobody has approved', WAIT, guarded(health('FAIL')), waitingRequest(), OPEN, at(60)],
  ])('%s', (_, ...facts) => {
    expect(whyStuck(...facts)).toBeUndefined();
  });
});

describe('what keeps an approval back', () => {
  const checks = [
    checkState('FAIL', { title: 'alarm one' }),
    checkState('PASS', { title: 'alarm two' }),
    checkState('INCONCLUSIVE', { title: 'alarm three' }),
    checkState('FAIL', { title: 'alarm four', observeOnly: true }),
  ];

  test('is each check that decides and is not healthy', () => {
    expect(untilHealthy(health('FAIL', { checks }))).toBe(
      'its approval is held back until the checks are healthy: alarm one, alarm three',
    );
  });

  test('is what was found where none is unhealthy, or that nothing was', () => {
    expect(untilHealthy(health('INCONCLUSIVE', { checks: [], reasons: ['no checks', 'more'] }))).toBe(
      'its approval is held back until the checks are healthy: no checks',
    );
    expect(untilHealthy(health('INCONCLUSIVE', { checks: [], reasons: [] }))).toBe(
      'its approval is held back until the checks are healthy: nothing was measured',
    );
  });
});

describe('those who approved are told when it goes ahead', () => {
  const invitations = [ANA, BO, CY].map(invitationOf);
  const opens = { ...HELD, opensAt: at(hours(1)) };
  const told = (approver: string) =>
    invitations.map((one) => (one.approver === approver ? { ...one, toldHeldAt: at(0) } : one));

  test('all of them, where that is in an hour or later', () => {
    expect(tellHeld(MANUAL, invitations, opens, at(0))).toEqual([
      { kind: 'tellHeld', approvers: [ANA.id, BO.id], held: opens },
    ]);
  });

  test('once', () => {
    expect(tellHeld(MANUAL, told(ANA.id), opens, at(0))).toEqual([
      { kind: 'tellHeld', approvers: [BO.id], held: opens },
    ]);
    expect(tellHeld(MANUAL, told(ANA.id).slice(0, 1), opens, at(0))).toEqual([]);
  });

  test('not where it goes ahead soon, nobody knows when, or nobody approved', () => {
    expect(tellHeld(MANUAL, invitations, opens, at(1))).toEqual([]);
    expect(tellHeld(MANUAL, invitations, HELD, at(0))).toEqual([]);
    expect(tellHeld(AUTOMATED, invitations, opens, at(0))).toEqual([]);
  });
});
