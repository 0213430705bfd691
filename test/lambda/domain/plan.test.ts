import type { ActionState } from '../../../lambda/domain/console-answer';
import { plan } from '../../../lambda/domain/plan';
import type { Waiting } from '../../../lambda/domain/request';
import {
  ANA,
  at,
  BO,
  BY_ANA,
  checkState,
  checksRule,
  CY,
  days,
  EVE,
  GATE,
  hours,
  minutes,
  outcomeOf,
  peopleRule,
  policyOf,
  runOf,
  shownOf,
  START,
  voteOf,
} from '../samples';
import { ASKING, health, judged, kinds, waiting } from './plan-fixture';

describe('a request that waits', () => {
  test('is decided by what the ruling says', () => {
    const votes = [voteOf(ANA, 'APPROVE', 60)];

    expect(plan(waiting({ judged: judged('MANUAL', votes), votes }), at(60))).toEqual({
      effects: [{ kind: 'decide', outcome: outcomeOf() }],
    });
  });

  test('is over when the action is, whatever the votes say', () => {
    const votes = [voteOf(ANA, 'APPROVE', 60)];
    const action: ActionState = { status: 'FAILED', answer: { by: EVE, at: at(50) } };

    expect(plan(waiting({ judged: judged('MANUAL', votes), votes, action }), at(60))).toMatchObject({
      effects: [{ kind: 'acknowledge', outcome: { kind: 'REJECTED', by: 'BYPASS', at: at(50) } }],
    });
  });

  test('waits half a minute at a time for CodePipeline to name who answered', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { at: at(50) } };

    expect(plan(waiting({ action }), at(60))).toEqual({ effects: [], next: at(90) });
  });

  test('knows an approver who answered in the console, and only people with a vote', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(50) } };
    const outcomeFor = (run: Partial<Waiting['run']>) =>
      plan(waiting({ action }, { run: runOf(run) }), at(60)).effects[0];

    expect(outcomeFor({})).toMatchObject({ outcome: { by: 'CONSOLE' } });
    expect(outcomeFor({ invited: [BO.id] })).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  test('takes an approval in the console for a bypass where neither the new rule nor the former names anybody', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(50) } };
    const proposed = { policy: policyOf(), hash: 'f'.repeat(64), after: 1, weakens: ['the checks are gone'] };
    const outcomeWhere = (nobody: object) =>
      plan(waiting({ action }, { shown: shownOf({ proposed: { ...proposed, ...nobody } }) }), at(60)).effects[0];

    expect(outcomeWhere({})).toMatchObject({ outcome: { by: 'CONSOLE' } });
    expect(outcomeWhere({ nobody: true })).toMatchObject({ outcome: { by: 'BYPASS' } });
  });

  describe('of which nothing can be read', () => {
    test('waits half a minute at a time, in silence', () => {
      expect(plan(waiting({ judged: undefined }), at(60))).toEqual({ effects: [], next: at(90) });
    });

    test('is left to the console once that was long enough; it is said once, and looked for less and less often', () => {
      const problem = { reason: 'this gate has no policy', since: at(0) };
      const facts = waiting({ judged: undefined, problem });

      expect(plan(facts, at(hours(1)))).toEqual({
        effects: [{ kind: 'consoleOnly', reason: 'this gate has no policy' }],
        next: at(hours(1.5)),
      });
      expect(plan({ ...facts, request: { ...facts.request, consoleOnly: problem.reason } }, at(hours(1)))).toEqual({
        effects: [],
        next: at(hours(1.5)),
      });
    });

    test('is over when the action is', () => {
      const action: ActionState = { status: 'ABANDONED', answer: { at: at(50) } };

      expect(plan(waiting({ judged: undefined, action }), at(60))).toMatchObject({
        effects: [{ kind: 'acknowledge', outcome: { kind: 'STOPPED' } }],
      });
    });
  });

  describe('looks again, while it only waits for people,', () => {
    const nextWith = (more: Parameters<typeof peopleRule>[0], run: Partial<Waiting['run']> = {}) =>
      plan(
        waiting({ judged: judged('MANUAL', [], undefined, peopleRule(more)) }, { ...ASKING, run: runOf(run) }),
        at(60),
      ).next;
    const rollback = { kind: { type: 'ROLLBACK', target: 'r-1' } } as Partial<Waiting['run']>;

    test('every six hours', () => {
      expect(nextWith({})).toBe(at(60 + hours(6)));
    });

    test('every quarter of an hour where approvers stand in a list that a team edits', () => {
      const list = { quorum: 1, ids: [ANA.id, BO.id, CY.id], list: '/shop/approvers' };

      expect(nextWith({ groups: [list] })).toBe(at(60 + minutes(15)));
    });

    test('every five minutes where approvers may hand over their answers', () => {
      expect(nextWith({ delegates: { [ANA.id]: [BO.id] } })).toBe(at(60 + minutes(5)));
    });

    test('every five minutes where it makes way for a newer run; a rollback does not', () => {
      expect(nextWith({ newerRun: 'REPLACES' })).toBe(at(60 + minutes(5)));
      expect(nextWith({ newerRun: 'REPLACES' }, rollback)).toBe(at(60 + hours(6)));
    });
  });

  describe('after its deadline', () => {
    test('is given up a day later where the notification named the deadline', () => {
      expect(plan(waiting(), at(days(2))).effects).toEqual([]);
      expect(plan(waiting(), at(days(2) + 0.001))).toEqual({
        effects: [
          {
            kind: 'acknowledge',
            outcome: {
              kind: 'EXPIRED',
              by: 'CODEPIPELINE',
              at: at(days(2) + 0.001),
              summary: 'The time is over and CodePipeline never said how it ended',
            },
          },
        ],
      });
    });

    test('is not given up as long as an approval may wait where only the policy knows a time', () => {
      const request = { asked: { ...GATE, at: START, by: 'EVENT' } } as const;

      expect(plan(waiting({}, request), at(days(61))).effects).toEqual([]);
      expect(kinds(plan(waiting({}, request), at(days(61) + 0.001)).effects)).toEqual(['acknowledge']);
    });

    test('asks and reminds nobody any more, and looks every five minutes', () => {
      const facts = waiting({ invitations: [] }, ASKING);

      expect(plan(facts, at(days(1)))).toEqual({ effects: [], next: at(days(1) + 60) });
      expect(plan(facts, at(days(1) + 60))).toEqual({ effects: [], next: at(days(1) + 60 + minutes(5)) });
    });
  });
});

describe('how the request stands is part of the ruling', () => {
  const red = judged('GUARDED', [], health('FAIL'));
  const unsure = judged('AUTOMATED_ELSE_PEOPLE', [], health('INCONCLUSIVE'));
  const rollback = runOf({ kind: { type: 'ROLLBACK', automatic: true, proven: false } });
  const behind = { run: rollback, shown: shownOf({ newerRunWaiting: true }) };

  test('whether the bake is over', () => {
    expect(kinds(plan(waiting({ judged: red }, ASKING), at(600)).effects)).toEqual(['decide']);
    const shown = shownOf({ bakedAt: at(300) });
    expect(plan(waiting({ judged: red }, { ...ASKING, shown }), at(600)).effects).toEqual([]);
  });

  test('whether people are asked already', () => {
    const green = judged('AUTOMATED_ELSE_PEOPLE', [], health('PASS'));

    expect(kinds(plan(waiting({ judged: green }), at(600)).effects)).toEqual(['decide']);
    expect(plan(waiting({ judged: green }, ASKING), at(600)).effects).toEqual([]);
  });

  test('whether people were asked, when somebody answers in the console', () => {
    const action: ActionState = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(50) } };

    expect(plan(waiting({ judged: unsure, action }), at(60)).effects[0]).toMatchObject({ outcome: { by: 'BYPASS' } });
    expect(plan(waiting({ judged: unsure, action }, ASKING), at(60)).effects[0]).toMatchObject({
      outcome: { by: 'CONSOLE' },
    });
  });

  test('whether a newer run waits behind a rollback, and a no would go back', () => {
    expect(plan(waiting({ judged: unsure }, behind), at(60)).effects[0]).toMatchObject({
      kind: 'decide',
      outcome: { kind: 'REJECTED', by: 'ROLLBACK' },
    });
    const run = { ...rollback, onReject: { kind: 'GOES_BACK', to: [] } } as const;
    expect(kinds(plan(waiting({ judged: unsure }, { ...behind, run }), at(60)).effects)).toEqual(['invite']);
    const nothing = { ...rollback, onReject: { kind: 'NOTHING_TO_GO_BACK_TO' } } as const;
    expect(kinds(plan(waiting({ judged: unsure }, { ...behind, run: nothing }), at(60)).effects)).toEqual(['decide']);
  });

  test('when the checks began to be watched', () => {
    const warning = {
      kind: 'AUTOMATED',
      rule: { kind: 'AUTOMATED', checks: checksRule({ bakeMinutes: 5 }), onInconclusive: 'APPROVE_WITH_WARNING' },
      evaluation: { ...health('INCONCLUSIVE'), checks: [checkState('INCONCLUSIVE')] },
    } as const;

    expect(kinds(plan(waiting({ judged: warning }), at(300)).effects)).toEqual(['decide']);
    expect(plan(waiting({ judged: warning }, { watchedSince: at(1) }), at(300)).effects).toEqual([]);
  });
});

test('what is shown does not decide: neither a policy of another time-out nor earlier checks', () => {
  const shown = shownOf({ policy: policyOf({ timeoutMinutes: 5 }), newerRunWaiting: true });

  expect(plan(waiting({}, { ...ASKING, shown }), at(10))).toEqual(plan(waiting({}, ASKING), at(10)));
});
