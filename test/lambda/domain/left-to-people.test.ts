import { findings, leavesItToPeople, whyPeopleDecide } from '../../../lambda/domain/left-to-people';
import type { AutomatedElsePeopleRule, GateRule } from '../../../contract/policy';
import type { Shown } from '../../../lambda/domain/request';
import { checkState, policyOf, ruleOf, shownOf } from '../samples';

const rule = (more: Partial<AutomatedElsePeopleRule> = {}) =>
  ({ ...ruleOf('AUTOMATED_ELSE_PEOPLE'), ...more }) as AutomatedElsePeopleRule;
const shown = (checks: Shown['checks'], of: GateRule = rule()) => ({
  shown: shownOf({ policy: policyOf({ rule: of }), checks }),
});
const [good, bad, unsure] = [checkState('PASS'), checkState('FAIL'), checkState('INCONCLUSIVE')];

test.each([
  ['PASS', false, false],
  ['RUNNING', false, false],
  ['UNREADABLE', false, false],
  ['INCONCLUSIVE', true, true],
  ['FAIL', false, true],
] as const)('%s leaves it to people: %s, and where they are asked about failures: %s', (verdict, usually, onFail) => {
  expect(leavesItToPeople(rule(), { verdict })).toBe(usually);
  expect(leavesItToPeople(rule({ onFail: 'ASK_APPROVERS' }), { verdict })).toBe(onFail);
});

test('people are told that a check failed, whatever others could not tell', () => {
  expect(whyPeopleDecide(shown([good, unsure, bad]))).toBe('A check failed, so people decide.');
  expect(whyPeopleDecide(shown([good, unsure]))).toBe(
    'The checks could not tell whether it is healthy, so people decide.',
  );
});

test('a check that only watches is no reason to ask', () => {
  const watching = checkState('FAIL', { observeOnly: true });

  expect(whyPeopleDecide(shown([watching, unsure]))).toContain('could not tell');
  expect(findings(shown([watching, unsure]))).toHaveLength(1);
});

test.each(['MANUAL', 'GUARDED', 'AUTOMATED'] as const)('nothing is said of it under a rule of kind %s', (kind) => {
  expect(whyPeopleDecide(shown([bad], ruleOf(kind)))).toBeUndefined();
  expect(findings(shown([bad], ruleOf(kind)))).toEqual([]);
});

test('without any check there is nothing to tell of one', () => {
  expect(findings(shown([]))).toEqual([]);
});
