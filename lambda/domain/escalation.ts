/** Further people are asked when there are not enough answers in time: whom a request means by that, and from when on they count. */
import type { GatePolicy } from '../../contract/policy';
import type { Asking, Waiting } from './request';
import { MINUTE, plus } from './time';

/** When further people are to be asked; undefined when there are none, or when they were. */
export function escalationTime({ run, asking }: Pick<Waiting, 'run' | 'asking'>): string | undefined {
  return run.escalation === undefined || asking === undefined || asking.escalatedAt !== undefined
    ? undefined
    : plus(asking.since, run.escalation.afterMinutes * MINUTE);
}

/**
 * The policy as it is for a request: once further people were asked, they are approvers like the others, and nobody is left who
 * could be asked later.
 */
export function inEffect(policy: GatePolicy, asking: Asking | undefined): GatePolicy {
  const { rule } = policy;
  if (rule.kind === 'AUTOMATED' || rule.people.escalation === undefined || asking?.escalatedAt === undefined) {
    return policy;
  }
  const { escalation, groups, ...others } = rule.people;
  const people = { ...others, groups: groups.map((group) => ({ ...group, ids: [...group.ids, ...escalation.ids] })) };
  return { ...policy, rule: { ...rule, people } };
}
