import { peopleOf } from '../../../contract/policy';
import { escalationTime, inEffect } from '../../../lambda/domain/escalation';
import { parsePolicy } from '../../../lambda/domain/parse-policy';
import { ANA, at, BO, CY, hours, policyOf, ruleOf, runOf } from '../samples';

const escalation = { afterMinutes: 240, ids: [CY.id] };
const run = runOf({ escalation });

test('further people are asked some time after people were asked, once', () => {
  expect(escalationTime({ run, asking: { since: at(hours(1)) } })).toBe(at(hours(5)));
  expect(escalationTime({ run })).toBeUndefined();
  expect(escalationTime({ run: runOf(), asking: { since: at(0) } })).toBeUndefined();
  expect(escalationTime({ run, asking: { since: at(0), escalatedAt: at(hours(4)) } })).toBeUndefined();
});

describe('a policy in effect', () => {
  const policy = policyOf({ rule: ruleOf('GUARDED', { people: { ids: [ANA.id, BO.id], escalation } }) });
  const escalated = { since: at(0), escalatedAt: at(1) };
  const groups = (asking?: Parameters<typeof inEffect>[1]) => peopleOf(inEffect(policy, asking).rule)?.groups;

  test('has further people among its approvers from the moment when they are asked', () => {
    expect(groups()).toEqual([{ quorum: 1, ids: [ANA.id, BO.id] }]);
    expect(groups({ since: at(0) })).toEqual([{ quorum: 1, ids: [ANA.id, BO.id] }]);
    expect(groups(escalated)).toEqual([{ quorum: 1, ids: [ANA.id, BO.id, CY.id] }]);
  });

  test('is the same when it is taken again, and otherwise what it was', () => {
    const once = inEffect(policy, escalated);

    expect(inEffect(once, escalated)).toEqual(once);
    expect({ ...once, rule: undefined }).toEqual({ ...policy, rule: undefined });
    expect(once.rule).toEqual({
      ...policy.rule,
      people: { ...peopleOf(policy.rule), groups: groups(escalated), escalation: undefined },
    });
    expect(parsePolicy(JSON.stringify(once), once.gate).ok).toBe(true);
  });

  test('is as it is where nobody is asked later', () => {
    for (const plain of [policyOf(), policyOf({ rule: ruleOf('AUTOMATED') })]) {
      expect(inEffect(plain, escalated)).toBe(plain);
    }
  });
});
