/** Further people are asked when there are not enough answers in time: whom a request means by that, and from when on they count. */
import type { GatePolicy, PeopleRule, Person } from '../../contract/policy';
import { eligibility } from './eligibility';
import type { Asking, Waiting } from './request';
import { isBefore, MINUTE, plus } from './time';

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
  return { ...policy, rule: { ...rule, people: escalated(rule.people) } };
}

/** The rule once further people are asked. */
export function escalated({ escalation, groups, ...others }: PeopleRule): PeopleRule {
  return { ...others, groups: groups.map((group) => ({ ...group, ids: [...group.ids, ...(escalation?.ids ?? [])] })) };
}

/** Those of the further people who will have a vote when they are asked; nobody where they were asked, or never will be in time. */
export function votersToCome(
  { run, asking }: Pick<Waiting, 'run' | 'asking'>,
  rule: PeopleRule,
  people: readonly Person[],
  now: string,
): readonly string[] {
  const time = escalationTime({ run, asking: asking ?? { since: now } });
  if (run.escalation === undefined || time === undefined || !isBefore(time, run.deadline)) {
    return [];
  }
  return eligibility({ ...run, invited: run.escalation.ids }, escalated(rule), people, time)
    .filter(({ excluded }) => excluded === undefined)
    .map(({ person }) => person.id);
}
