import { Duration } from 'aws-cdk-lib';
import type { GroupRule } from '../../contract/policy';
import type { Check } from '../check/check';
import { mustNotBeEmpty } from '../check/no-checks';
import { GateError } from '../errors';
import type { Approver } from './approver';
import type { ApproverList } from './approver-list';
import type { BreakGlass } from './break-glass';
import type { ChangeSetRef } from '../check/change-set-ref';
import type { DecisionField } from './decision-field';
import type { DeploymentWindow } from './deployment-window';
import type { Escalation } from './escalation';
import type { FreezeCalendar } from './freeze-calendar';
import { OnFail, RULE_CHOICES } from './gate-rule';
import { mustFit } from './options-fit';
import type { GatePolicyOptions } from './policy-options';
import { NewerRun, OnInconclusive, RequireReason } from './policy-options';
import type { Reminders } from './reminders';
import { mustBeTyped } from './typed-options';

/** A policy with its defaults filled in, and known to be possible. */
export interface GatePlan {
  readonly timeout: Duration;
  readonly rule: RulePlan;
  /** Undefined = open at any time. */
  readonly window: DeploymentWindow | undefined;
  /** Undefined where nobody chose: those that the stage prepares. */
  readonly changeSets: ChangeSetRef[] | undefined;
  readonly freezes: readonly FreezeCalendar[];
}

/** The rule of a gate, with what it needs and nothing else. Mirrors the `GateRule` of the policy document. */
export type RulePlan =
  | { readonly kind: 'MANUAL'; readonly people: PeoplePlan }
  | { readonly kind: 'AUTOMATED'; readonly checks: ChecksPlan; readonly onInconclusive: OnInconclusive }
  | { readonly kind: 'GUARDED'; readonly people: PeoplePlan; readonly checks: ChecksPlan }
  | {
      readonly kind: 'AUTOMATED_ELSE_PEOPLE';
      readonly people: PeoplePlan;
      readonly checks: ChecksPlan;
      readonly onFail: OnFail;
    };

export interface PeoplePlan {
  readonly approvers: readonly Approver[];
  readonly lists: readonly ApproverList[];
  readonly groups: readonly GroupRule[];
  readonly excludeAuthor: boolean;
  readonly reason: RequireReason;
  readonly fields: readonly DecisionField[];
  /** Undefined where nobody chose: the functions know the default. */
  readonly reminders: Reminders | undefined;
  readonly escalation: Escalation | undefined;
  readonly breakGlass: BreakGlass | undefined;
  /** A newer run takes the place of a request that waits. */
  readonly makesWay: boolean;
  /** Approvers may choose when their approval takes effect. */
  readonly startsLater: boolean;
}

export interface ChecksPlan {
  readonly checks: readonly Check[];
  readonly bakeTime: Duration;
}

/**
 * Fills in the defaults of a policy, and refuses contradictions. When `othersAsk`, people are asked by a topic of their own,
 * so the gate may name nobody.
 */
export function planOf(options: GatePolicyOptions, othersAsk: boolean): GatePlan {
  mustBeTyped(options);
  const { approvers, checks } = options;
  const timeout = options.timeout ?? Duration.days(7);
  if (approvers === undefined && checks === undefined && !othersAsk) {
    throw new GateError(
      'NobodyDecides',
      'a gate needs `approvers`, `checks` or both: give at least one, else nobody could open it',
    );
  }
  mustNotBeEmpty('checks', checks);
  mustFit(options, timeout);
  return {
    timeout,
    rule: ruleOf(options),
    window: options.window,
    changeSets: options.changeSets,
    freezes: options.freezes ?? [],
  };
}

/** The people of a rule, also those who are asked later or in an emergency; none for a rule that asks nobody. */
export function approversOf(plan: GatePlan): readonly Approver[] {
  if (plan.rule.kind === 'AUTOMATED') {
    return [];
  }
  const { approvers, escalation, breakGlass } = plan.rule.people;
  const asked = [...approvers, ...(escalation?.approvers ?? [])];
  const isAsked = ({ approverId }: Approver): boolean => asked.some((one) => one.approverId === approverId);
  return [...asked, ...(breakGlass?._named ?? []).filter((one) => !isAsked(one))];
}

/** The lists in which people of a rule stand. */
export function listsOf(plan: GatePlan): readonly ApproverList[] {
  return plan.rule.kind === 'AUTOMATED' ? [] : plan.rule.people.lists;
}

function ruleOf(options: GatePolicyOptions): RulePlan {
  const { approvers, rule } = options;
  const checks =
    options.checks === undefined
      ? undefined
      : { checks: options.checks, bakeTime: options.bakeTime ?? Duration.minutes(0) };
  if (rule !== undefined && (approvers === undefined || checks === undefined)) {
    const [have, lack] = checks === undefined ? ['`approvers`', '`checks`'] : ['`checks`', '`approvers`'];
    throw new GateError(
      'RuleNeedsBoth',
      `\`rule\` says how people and checks decide together, but there are no ${lack}: give ${lack}, or remove \`rule\`, ` +
        `and ${have} decide alone`,
    );
  }
  if (checks !== undefined && approvers === undefined) {
    return { kind: 'AUTOMATED', checks, onInconclusive: options.onInconclusive ?? OnInconclusive.REJECT };
  }
  const people = peopleOf(options);
  if (checks === undefined) {
    return { kind: 'MANUAL', people };
  }
  if (options.onInconclusive !== undefined) {
    throw new GateError(
      'InconclusiveWithPeople',
      `\`onInconclusive\` is ${options.onInconclusive}, but it is for gates that checks decide alone, and \`approvers\` are given: ` +
        'remove it, and choose `rule: GateRule.automatedElsePeople()` to ask people when the checks cannot tell; or remove `approvers`',
    );
  }
  if (rule === undefined) {
    throw new GateError(
      'RuleNotChosen',
      `\`approvers\` and \`checks\` are both given, but not how they decide together: choose \`rule\` as ${RULE_CHOICES}`,
    );
  }
  return rule._kind === 'GUARDED'
    ? { kind: rule._kind, people, checks }
    : { kind: rule._kind, people, checks, onFail: rule._onFail ?? OnFail.REJECT };
}

function peopleOf(options: GatePolicyOptions): PeoplePlan {
  const { approvers, excludeAuthor, requireReason, fields, reminders, escalation, breakGlass, newerRun, startLater } =
    options;
  return {
    approvers: approvers?.members ?? [],
    lists: approvers?.lists ?? [],
    groups: approvers?._groups ?? [],
    excludeAuthor: excludeAuthor ?? (approvers?.quorum ?? 1) > 1,
    reason: requireReason ?? RequireReason.OPTIONAL,
    fields: fields ?? [],
    reminders,
    escalation,
    breakGlass,
    makesWay: newerRun === NewerRun.REPLACES,
    startsLater: startLater !== undefined,
  };
}
