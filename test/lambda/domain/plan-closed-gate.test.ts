/** Gates that a window or a freeze keeps closed. */
import type { ActionState } from '../../../lambda/domain/console-answer';
import type { WaitingFacts } from '../../../lambda/domain/facts';
import { plan } from '../../../lambda/domain/plan';
import { ANA, at, BO, BY_ANA, decidedRequest, hours, outcomeOf, voteOf } from '../samples';
import { ASKING, decided, health, invitation, judged, kinds, waiting } from './plan-fixture';

describe('a gate that is closed', () => {
  const opens = at(hours(5));
  const opening = { kind: 'CLOSED', why: 'it is shut', opensAt: opens, next: opens } as const;
  const votes = [voteOf(ANA, 'APPROVE', 60)];
  const approved = { judged: judged('MANUAL', votes), votes, opening };
  const held = { summary: outcomeOf().summary, why: 'it is shut', since: at(60), opensAt: opens };

  test('holds what was approved until it opens, and invites and reminds nobody meanwhile', () => {
    const invitations = [invitation(ANA), invitation(BO, { sentAt: undefined as never })];
    expect(plan(waiting({ ...approved, invitations }, ASKING), at(60))).toEqual({
      effects: [
        { kind: 'hold', held },
        { kind: 'tellHeld', approvers: [ANA.id], held },
      ],
      next: opens,
    });
    const told = [invitation(ANA, { toldHeldAt: at(60) }), ...invitations.slice(1)];
    const half = plan(waiting({ ...approved, invitations: told }, { ...ASKING, held }), at(hours(4)));
    expect(half).toEqual({ effects: [], next: opens });
  });

  test('lets go of what is not approved any more', () => {
    const { effects } = plan(waiting({ opening }, { ...ASKING, held }), at(120));
    expect(effects).toEqual([{ kind: 'release' }]);
  });

  test('asks as ever before it is approved', () => {
    expect(kinds(plan(waiting({ opening }, {}), at(60)).effects)).toEqual(['invite']);
  });

  test('says at once that it opens too late, before anybody answered and after', () => {
    const late = { kind: 'CLOSED', why: 'it is shut' } as const;
    const reason = 'it is shut, and does not open before the deadline';
    expect(plan(waiting({ opening: late }, ASKING), at(60)).effects).toEqual([{ kind: 'consoleOnly', reason }]);
    expect(kinds(plan(waiting({ ...approved, opening: late }, ASKING), at(60)).effects)).toEqual([
      'hold',
      'consoleOnly',
    ]);
  });

  test('is not called reachable while it opens too late', () => {
    const consoleOnly = 'it is shut, and does not open before the deadline';
    const late = { kind: 'CLOSED', why: 'it is shut' } as const;
    expect(plan(waiting({ opening: late }, { ...ASKING, consoleOnly }), at(60)).effects).toEqual([]);
    expect(plan(waiting({ opening }, { ...ASKING, consoleOnly }), at(60)).effects).toEqual([{ kind: 'reachable' }]);
  });

  test('keeps an outcome that could not be delivered until it opens', () => {
    const { effects, next } = plan(decided({ opening, health: health('PASS') }), at(60));
    expect(kinds(effects)).toEqual(['hold']);
    expect(next).toBe(opens);
    const rejected = decided({ opening }, decidedRequest({ kind: 'REJECTED' }));
    expect(kinds(plan(rejected, at(60)).effects)).toEqual(['deliver']);
  });

  test('was bypassed by an approver who said yes in the console', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(60) } };
    const by = (facts: WaitingFacts) =>
      plan(facts, at(70)).effects.map((effect) => (effect.kind === 'acknowledge' ? effect.outcome.by : effect.kind));
    expect(by(waiting({ action, opening }, ASKING))).toEqual(['BYPASS']);
    expect(by(waiting({ action }, ASKING))).toEqual(['CONSOLE']);
    const failed: ActionState = { ...action, status: 'FAILED' };
    expect(by(waiting({ action: failed, opening }, ASKING))).toEqual(['CONSOLE']);
  });
});

describe('checks that passed while the gate was closed', () => {
  const held = { summary: 'Approved by the checks', why: 'it is shut', since: at(60), opensAt: at(hours(5)) };
  const closed = { kind: 'CLOSED', why: 'it is shut', opensAt: at(hours(5)), next: at(hours(5)) } as const;

  test.each(['FAIL', 'INCONCLUSIVE'] as const)('and %s later keep it shut and reject nothing', (verdict) => {
    const facts = { judged: judged('AUTOMATED', [], health(verdict)) };
    expect(plan(waiting({ ...facts, opening: closed }, { held }), at(hours(4))).effects).toEqual([]);
    const { effects } = plan(waiting(facts, { held }), at(hours(6)));
    expect(effects).toEqual([
      {
        kind: 'consoleOnly',
        reason: `its approval is held back until the checks are healthy: alarm shop-5xx is ${verdict}`,
      },
    ]);
  });

  test('open it when they are healthy then', () => {
    expect(kinds(plan(waiting({ judged: judged('AUTOMATED') }, { held }), at(hours(6))).effects)).toEqual(['decide']);
  });
});
