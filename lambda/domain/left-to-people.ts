/** When checks that would decide leave it to people, and how people are told why. */
import type { AutomatedElsePeopleRule } from '../../contract/policy';
import { verdictOf, worstFirst, type Evaluation } from './evaluate';
import type { CheckState, Waiting } from './request';

export function leavesItToPeople(
  { onFail }: AutomatedElsePeopleRule,
  { verdict }: Pick<Evaluation, 'verdict'>,
): boolean {
  return verdict === 'INCONCLUSIVE' || (verdict === 'FAIL' && onFail === 'ASK_APPROVERS');
}

/** Undefined where people are asked in any case. */
export function whyPeopleDecide({ shown: { policy, checks } }: Pick<Waiting, 'shown'>): string | undefined {
  if (policy.rule.kind !== 'AUTOMATED_ELSE_PEOPLE') {
    return undefined;
  }
  return `${findingOf(verdictOf(checks))}, so people decide.`;
}

/** Whether people are asked because a check failed. */
export function hasFailed({ shown: { policy, checks } }: Pick<Waiting, 'shown'>): boolean {
  return policy.rule.kind === 'AUTOMATED_ELSE_PEOPLE' && verdictOf(checks).verdict === 'FAIL';
}

/** What the checks said before people were asked. */
export function findingOf({ verdict }: Pick<Evaluation, 'verdict'>): string {
  return verdict === 'FAIL' ? 'A check failed' : 'The checks could not tell whether it is healthy';
}

/** The checks that led to the question: those that failed first, and those that passed, too. */
export function findings({ shown: { policy, checks } }: Pick<Waiting, 'shown'>): readonly CheckState[] {
  return policy.rule.kind === 'AUTOMATED_ELSE_PEOPLE' ? worstFirst(checks) : [];
}
