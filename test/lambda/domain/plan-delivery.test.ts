/** How an outcome that is fixed gets to CodePipeline. */
import type { ActionState } from '../../../lambda/domain/console-answer';
import { plan } from '../../../lambda/domain/plan';
import type { Decided } from '../../../lambda/domain/request';
import { at, BY_ANA, days, decidedRequest, EVE, hours, OURS, outcomeOf } from '../samples';
import { decided, health, kinds } from './plan-fixture';

describe('an outcome that is fixed', () => {
  test('is delivered', () => {
    expect(plan(decided(), at(61))).toEqual({ effects: [{ kind: 'deliver', outcome: outcomeOf() }] });
    expect(plan(decided({ health: health('PASS') }), at(61))).toEqual({
      effects: [{ kind: 'deliver', outcome: outcomeOf() }],
    });
  });

  test('is held back by checks that are named, whatever they find: another finding of theirs is not told again', () => {
    const state = (title: string, verdict: 'PASS' | 'FAIL' | 'ERROR', observeOnly = false) => ({
      id: title,
      title,
      verdict,
      reason: 'red since 09:00',
      observeOnly,
    });
    const checks = [state('a', 'FAIL'), state('b', 'PASS'), state('c', 'ERROR'), state('d', 'FAIL', true)];

    expect(plan(decided({ health: { ...health('FAIL'), checks } }), at(61)).effects).toEqual([
      { kind: 'consoleOnly', reason: 'its approval is held back until the checks are healthy: a, c' },
    ]);
  });

  test.each(['FAIL', 'INCONCLUSIVE', 'UNREADABLE'] as const)(
    'is held back while checks say %s, which is said once',
    (verdict) => {
      const reason = `its approval is held back until the checks are healthy: alarm shop-5xx is ${verdict}`;
      const facts = decided({ health: health(verdict, at(120)) });

      expect(plan(facts, at(61))).toEqual({ effects: [{ kind: 'consoleOnly', reason }], next: at(120) });
      expect(plan({ ...facts, request: { ...facts.request, consoleOnly: reason } }, at(61))).toEqual({
        effects: [],
        next: at(120),
      });
    },
  );

  test('is held back in silence while checks are still measured, and looked at no sooner than in five seconds', () => {
    expect(plan(decided({ health: health('RUNNING', at(62)) }), at(61))).toEqual({ effects: [], next: at(66) });
  });

  test('is held back with a look in six hours where no check is due', () => {
    const facts = decided({ health: { ...health('INCONCLUSIVE'), reasons: [] } });

    expect(plan(facts, at(61))).toEqual({
      effects: [
        {
          kind: 'consoleOnly',
          reason: 'its approval is held back until the checks are healthy: nothing was measured',
        },
      ],
      next: at(61 + hours(6)),
    });
  });

  test.each<[string, Decided, ActionState]>([
    ['yes', decidedRequest(), { status: 'SUCCEEDED', answer: { by: OURS, at: at(61) } }],
    ['no', decidedRequest({ kind: 'REJECTED' }), { status: 'FAILED', answer: { by: OURS, at: at(61) } }],
  ])('is delivered when CodePipeline has our %s', (_, request, action) => {
    expect(plan(decided({ action }, request), at(62))).toEqual({ effects: [{ kind: 'delivered' }] });
  });

  test.each<[string, Decided, ActionState, object]>([
    [
      'somebody else said no',
      decidedRequest(),
      { status: 'FAILED', answer: { by: EVE, at: at(61) } },
      { kind: 'REJECTED', by: 'BYPASS' },
    ],
    [
      'somebody else said yes too',
      decidedRequest(),
      { status: 'SUCCEEDED', answer: { by: EVE, at: at(61) } },
      { kind: 'APPROVED', by: 'BYPASS' },
    ],
    [
      'an approver said no',
      decidedRequest(),
      { status: 'FAILED', answer: { by: BY_ANA, at: at(61) } },
      { kind: 'REJECTED', by: 'CONSOLE' },
    ],
    [
      'it says the opposite in our name',
      decidedRequest({ kind: 'REJECTED' }),
      { status: 'SUCCEEDED', answer: { by: OURS, at: at(61) } },
      { kind: 'APPROVED', by: 'BYPASS' },
    ],
    ['the time was over', decidedRequest(), { status: 'FAILED', answer: { at: at(days(1)) } }, { kind: 'EXPIRED' }],
    ['the run was stopped', decidedRequest(), { status: 'ABANDONED', answer: { at: at(61) } }, { kind: 'STOPPED' }],
    ['the pipeline is gone', decidedRequest(), { status: 'GONE', answer: {} }, { kind: 'STOPPED' }],
  ])('is overtaken where %s', (_, request, action, overtakenBy) => {
    expect(plan(decided({ action }, request), at(days(1) + 300))).toMatchObject({
      effects: [{ kind: 'delivered', overtakenBy }],
    });
  });

  test('is not taken for ours where our roles are others', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: OURS, at: at(61) } };

    expect(plan(decided({ action, answerRoles: ['arn:aws:iam::111111111111:role/other'] }), at(62))).toMatchObject({
      effects: [{ kind: 'delivered', overtakenBy: { by: 'BYPASS' } }],
    });
  });

  test('waits for CodePipeline to name who answered', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { at: at(61) } };

    expect(plan(decided({ action }), at(62))).toEqual({ effects: [], next: at(92) });
  });

  test('of which CodePipeline never says what became is given up a day after the deadline, healthy or not', () => {
    expect(kinds(plan(decided(), at(days(2))).effects)).toEqual(['deliver']);
    for (const some of [undefined, health('FAIL')]) {
      expect(plan(decided({ health: some }), at(days(2) + 1))).toMatchObject({
        effects: [{ kind: 'delivered', overtakenBy: { kind: 'EXPIRED', by: 'CODEPIPELINE', at: at(days(2) + 1) } }],
      });
    }
  });

  test('is told as what really happened', () => {
    const request = { ...decidedRequest(), phase: 'DELIVERED', deliveredAt: at(61) } as const;
    const overtakenBy = outcomeOf({ kind: 'EXPIRED', by: 'CODEPIPELINE' });

    expect(plan({ request }, at(62))).toEqual({ effects: [{ kind: 'tell', outcome: outcomeOf() }] });
    expect(plan({ request: { ...request, overtakenBy } }, at(62))).toEqual({
      effects: [{ kind: 'tell', outcome: overtakenBy }],
    });
  });
});
