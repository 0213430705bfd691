import { POLICY_VERSION } from '../../contract/policy';
import type {
  BreakGlassRule,
  ChecksRule,
  EscalationRule,
  GatePolicy,
  GateRule,
  PeopleRule,
  PreparedChangeSet,
} from '../../contract/policy';
import { minutesOf } from '../private/minutes';
import type { BreakGlass } from './break-glass';
import type { Approver } from './approver';
import type { Escalation } from './escalation';
import type { GatePlan, PeoplePlan, RulePlan } from './gate-plan';
import { OnFail } from './gate-rule';

/** The policy of a gate as its parameter holds it: ids and numbers only. `checks` stands in for the checks of the plan. */
export function policyDocument(
  plan: GatePlan,
  checks: ChecksRule | undefined,
  place: Pick<GatePolicy, 'gate' | 'answerRole' | 'onReject'> & { readonly changeSets: readonly PreparedChangeSet[] },
): GatePolicy {
  const { gate, answerRole, onReject, changeSets } = place;
  const rule = ruleDocument(plan.rule, checks);
  return {
    v: POLICY_VERSION,
    gate,
    answerRole,
    rule,
    timeoutMinutes: minutesOf(plan.timeout),
    onReject,
    ...(plan.window === undefined ? {} : { window: plan.window._rule }),
    ...(changeSets.length === 0 ? {} : { changeSets }),
    ...(plan.freezes.length === 0 ? {} : { freezes: plan.freezes.map(({ calendar }) => calendar) }),
  };
}

function ruleDocument(rule: RulePlan, checks: ChecksRule | undefined): GateRule {
  if (rule.kind === 'MANUAL') {
    return { kind: rule.kind, people: peopleDocument(rule.people) };
  }
  if (checks === undefined) {
    throw new Error(`a gate of kind ${rule.kind} was bound without its checks`);
  }
  switch (rule.kind) {
    case 'AUTOMATED':
      return { kind: rule.kind, checks, onInconclusive: rule.onInconclusive };
    case 'GUARDED':
      return { kind: rule.kind, people: peopleDocument(rule.people), checks };
    case 'AUTOMATED_ELSE_PEOPLE':
      return {
        kind: rule.kind,
        people: peopleDocument(rule.people),
        checks,
        ...(rule.onFail === OnFail.ASK_APPROVERS ? { onFail: 'ASK_APPROVERS' } : {}),
      };
  }
}

function peopleDocument(people: PeoplePlan): PeopleRule {
  const { groups, excludeAuthor, reason, fields, reminders, escalation, breakGlass, makesWay, startsLater } = people;
  return {
    groups,
    excludeAuthor,
    reason,
    ...(fields.length === 0 ? {} : { fields: fields.map(({ _rule }) => _rule) }),
    ...(reminders === undefined ? {} : { reminders: reminders.shares }),
    ...(makesWay ? { newerRun: 'REPLACES' } : {}),
    ...(startsLater ? { startLater: 'ALLOWED' } : {}),
    ...(escalation === undefined ? {} : { escalation: escalationDocument(escalation) }),
    ...(breakGlass === undefined ? {} : { breakGlass: breakGlassDocument(breakGlass) }),
    ...delegatesDocument([...people.approvers, ...(escalation?.approvers ?? [])]),
  };
}

function breakGlassDocument({ _named: named }: BreakGlass): BreakGlassRule {
  return named === undefined ? 'APPROVERS' : [...new Set(named.map(({ approverId }) => approverId))];
}

function delegatesDocument(approvers: readonly Approver[]): Pick<PeopleRule, 'delegates'> {
  const entries = approvers
    .filter(({ delegates }) => delegates.length > 0)
    .map(({ approverId, delegates }) => [approverId, delegates.map((one) => one.approverId)] as const);
  return entries.length === 0 ? {} : { delegates: Object.fromEntries(entries) };
}

function escalationDocument({ time, approvers }: Escalation): EscalationRule {
  return { afterMinutes: minutesOf(time), ids: approvers.map(({ approverId }) => approverId) };
}
