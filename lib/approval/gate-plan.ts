import { Duration } from 'aws-cdk-lib';
import type { GroupRule } from '../../contract/policy';
import type { Check } from '../check/check';
import { GateError } from '../errors';
import { mustBeWithin, surelyNotShorter } from '../private/minutes';
import { mustBeOneOf } from '../private/types';
import type { Approver } from './approver';
import type { ApproverList } from './approver-list';
import { Approvers } from './approvers';
import { ChangeSetRef } from './change-set-ref';
import { DeploymentWindow } from './deployment-window';
import { Escalation } from './escalation';
import type { FreezeCalendar } from './freeze-calendar';
import { mustBeFreezes } from './freeze-calendar';
import type { ApprovalGateOptions } from './gate-options';
import { GateRule, RULE_CHOICES } from './gate-rule';
import type { GatePolicyOptions } from './policy-options';
import { mustBeDifferentPeople } from './quorum-rules';
import { NewerRun, OnInconclusive, RequireReason } from './policy-options';
import { Reminders } from './reminders';

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
  | {
      readonly kind: 'GUARDED' | 'AUTOMATED_ELSE_PEOPLE';
      readonly people: PeoplePlan;
      readonly checks: ChecksPlan;
    };

export interface PeoplePlan {
  readonly approvers: readonly Approver[];
  readonly lists: readonly ApproverList[];
  readonly groups: readonly GroupRule[];
  readonly excludeAuthor: boolean;
  readonly reason: RequireReason;
  /** Undefined where nobody chose: the functions know the default. */
  readonly reminders: Reminders | undefined;
  readonly escalation: Escalation | undefined;
  /** A newer run takes the place of a request that waits. */
  readonly makesWay: boolean;
}

export interface ChecksPlan {
  readonly checks: readonly Check[];
  readonly bakeTime: Duration;
}

/** An approval's own limits (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const TIMEOUT = { prop: 'timeout', min: Duration.minutes(5), max: Duration.days(60) };

/**
 * Fills in the defaults of a policy, and refuses contradictions. When `othersAsk`, people are asked by a topic of their own,
 * so the gate may name nobody.
 */
export function planOf(options: GatePolicyOptions, othersAsk: boolean): GatePlan {
  mustBeTyped(options);
  const { approvers, checks } = options;
  const timeout = options.timeout ?? Duration.days(7);
  mustBeWithin(timeout, TIMEOUT);
  if (approvers === undefined && checks === undefined && !othersAsk) {
    throw new GateError(
      'NobodyDecides',
      'a gate needs `approvers`, `checks` or both: give at least one, else nobody could open it',
    );
  }
  if (checks?.length === 0) {
    throw new GateError('NoChecks', '`checks` is empty: give at least one check, or leave the property out');
  }
  checkPeopleOptions(options);
  checkEscalation(options, timeout);
  checkNewerRun(options);
  checkCheckOptions(options, timeout);
  checkChangeSets(options);
  return {
    timeout,
    rule: ruleOf(options),
    window: options.window,
    changeSets: options.changeSets,
    freezes: options.freezes ?? [],
  };
}

/** The people of a rule, also those who are asked later; none for a rule that asks nobody. */
export function approversOf(plan: GatePlan): readonly Approver[] {
  if (plan.rule.kind === 'AUTOMATED') {
    return [];
  }
  const { approvers, escalation } = plan.rule.people;
  return [...approvers, ...(escalation?.approvers ?? [])];
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
  return { kind: rule._kind, people, checks };
}

function peopleOf(options: GatePolicyOptions): PeoplePlan {
  const { approvers, excludeAuthor, requireReason, reminders, escalation, newerRun } = options;
  return {
    approvers: approvers?.members ?? [],
    lists: approvers?.lists ?? [],
    groups: approvers?._groups ?? [],
    excludeAuthor: excludeAuthor ?? (approvers?.quorum ?? 1) > 1,
    reason: requireReason ?? RequireReason.OPTIONAL,
    reminders,
    escalation,
    makesWay: newerRun === NewerRun.REPLACES,
  };
}

/** Callers without a type checker may pass a text where a value of ours belongs. */
function mustBeTyped(options: GatePolicyOptions): void {
  const rule: unknown = options.rule;
  if (rule !== undefined && !(rule instanceof GateRule)) {
    throw new GateError('WrongType', `\`rule\` is ${JSON.stringify(rule)}, but has to be ${RULE_CHOICES}: choose one`);
  }
  const approvers: unknown = options.approvers;
  if (approvers !== undefined && !(approvers instanceof Approvers)) {
    throw new GateError(
      'WrongType',
      `\`approvers\` is ${JSON.stringify(approvers)}, but has to be made by \`Approvers.emails\`, \`Approvers.anyOf\`, ` +
        '`Approvers.allOf`, `Approvers.atLeast`, `Approvers.allGroups` or `Approvers.fromList`: use one of them',
    );
  }
  if (options.checks !== undefined && !Array.isArray(options.checks)) {
    throw new GateError('WrongType', "`checks` has to be a list: write `[Check.http('https://…')]`");
  }
  mustBeOneOf(
    'onInconclusive',
    options.onInconclusive,
    Object.values(OnInconclusive),
    'to ask people when the checks cannot tell, give `approvers` and `rule: GateRule.automatedElsePeople()`',
  );
  const reminders: unknown = options.reminders;
  if (reminders !== undefined && !(reminders instanceof Reminders)) {
    throw new GateError(
      'WrongType',
      `\`reminders\` is ${JSON.stringify(reminders)}, but has to be made by \`Reminders.at\` or \`Reminders.none\`: use one of them`,
    );
  }
  const escalation: unknown = options.escalation;
  if (escalation !== undefined && !(escalation instanceof Escalation)) {
    throw new GateError(
      'WrongType',
      `\`escalation\` is ${JSON.stringify(escalation)}, but has to be made by \`Escalation.after\`: use that`,
    );
  }
  const window: unknown = options.window;
  if (window !== undefined && !(window instanceof DeploymentWindow)) {
    throw new GateError(
      'WrongType',
      `\`window\` is ${JSON.stringify(window)}, but has to be made by \`DeploymentWindow.weekly\`: use that`,
    );
  }
  const changeSets: unknown = options.changeSets;
  if (
    changeSets !== undefined &&
    !(Array.isArray(changeSets) && changeSets.every((one) => one instanceof ChangeSetRef))
  ) {
    throw new GateError(
      'WrongType',
      "`changeSets` has to be a list of change sets: write `[ChangeSetRef.named('shop-prod', 'PipelineChange')]`",
    );
  }
  mustBeFreezes(options.freezes);
  mustBeOneOf('newerRun', options.newerRun, Object.values(NewerRun), 'choose one');
  mustBeOneOf('requireReason', options.requireReason, Object.values(RequireReason), 'choose one');
}

/** What is about checks is a misunderstanding where there are none. */
function checkCheckOptions(options: GatePolicyOptions, timeout: Duration): void {
  const orphan = options.bakeTime !== undefined ? 'bakeTime' : 'onInconclusive';
  if (options.checks === undefined && (options.bakeTime ?? options.onInconclusive) !== undefined) {
    throw new GateError(
      'ChecksMissing',
      `\`${orphan}\` is about \`checks\`, but there are none: give \`checks\`, or remove it`,
    );
  }
  if (options.bakeTime === undefined) {
    return;
  }
  mustBeWithin(options.bakeTime, { prop: 'bakeTime', min: Duration.minutes(0), max: TIMEOUT.max });
  if (surelyNotShorter(options.bakeTime, timeout)) {
    throw new GateError(
      'BakeOutlastsTimeout',
      `\`bakeTime\` is ${options.bakeTime.toHumanString()}, but must be shorter than \`timeout\`, ${timeout.toHumanString()}, ` +
        'or the gate always expires: shorten it, or raise `timeout`',
    );
  }
}

/** What is about people is a misunderstanding where there are none. */
function checkPeopleOptions(options: GatePolicyOptions): void {
  const { approvers, excludeAuthor, requireReason, reminders } = options;
  if (approvers === undefined && excludeAuthor === true) {
    throw new GateError(
      'NobodyToExclude',
      '`excludeAuthor` is true, but nobody is named: give `approvers`, or remove it',
    );
  }
  if (approvers === undefined && (requireReason ?? RequireReason.OPTIONAL) !== RequireReason.OPTIONAL) {
    throw new GateError(
      'NobodyToGiveReason',
      `\`requireReason\` is ${requireReason}, but nobody is named: give \`approvers\`, or remove it`,
    );
  }
  if (approvers === undefined && (reminders?.shares.length ?? 0) > 0) {
    throw new GateError(
      'NobodyToRemind',
      '`reminders` are given, but nobody is named: give `approvers`, or remove them',
    );
  }
  const excludes = excludeAuthor ?? (approvers?.quorum ?? 0) > 1;
  const asked = [...(approvers?.members ?? []), ...(options.escalation?.approvers ?? [])];
  const shared = asked.find((approver) => approver.shared);
  if (excludes && shared !== undefined) {
    throw new GateError(
      'SharedMailboxHidesAuthor',
      `'${shared.mail}' is a shared mailbox: nobody can tell whether the author of a change answers from it. ` +
        'Name persons with `Approver.person`, or set `excludeAuthor` to false',
    );
  }
}

function checkNewerRun({ approvers, newerRun }: GatePolicyOptions): void {
  if (newerRun === NewerRun.REPLACES && approvers === undefined) {
    throw new GateError(
      'NobodyAsked',
      '`newerRun` REPLACES ends a request that waits for people, but nobody is asked: give `approvers`, or remove it',
    );
  }
}

function checkChangeSets({ approvers, changeSets }: GatePolicyOptions): void {
  if (approvers === undefined && (changeSets?.length ?? 0) > 0) {
    throw new GateError(
      'NobodyToShow',
      '`changeSets` are shown to people, but nobody is named: give `approvers`, or remove them',
    );
  }
}

/** Whoever is asked later counts toward the same quorum, so that everybody together has to make sense as one list. */
function checkEscalation({ approvers, escalation }: GatePolicyOptions, timeout: Duration): void {
  if (escalation === undefined) {
    return;
  }
  if (approvers === undefined) {
    throw new GateError(
      'NobodyAskedFirst',
      '`escalation` says who is asked when others have not answered, but nobody is named: give `approvers`, or remove it',
    );
  }
  if (surelyNotShorter(escalation.time, timeout)) {
    throw new GateError(
      'EscalationOutlastsTimeout',
      `\`escalation\` is after ${escalation.time.toHumanString()}, but must be shorter than \`timeout\`, ${timeout.toHumanString()}, ` +
        'or nobody is ever asked: shorten it, or raise `timeout`',
    );
  }
  const first = new Set(approvers.members.map(({ approverId }) => approverId));
  const twice = escalation.approvers.find(({ approverId }) => first.has(approverId));
  if (twice !== undefined) {
    throw new GateError(
      'AskedTwice',
      `'${twice.mail}' is in \`approvers\` and in \`escalation\`, but each has one vote: remove it from one of them`,
    );
  }
  if (approvers._groups.length > 1) {
    throw new GateError(
      'EscalationOfGroups',
      '`escalation` adds people to one quorum, but `approvers` are several groups, and nobody says for which they count: ' +
        'remove it, or use `Approvers.atLeast`',
    );
  }
  const everybody = [...approvers.members, ...escalation.approvers];
  Approvers.atLeast(approvers.lists.length === 0 ? approvers.quorum : 1, ...everybody);
  mustBeDifferentPeople(approvers.quorum, everybody);
}

/** Without a workflow CodePipeline decides: whatever it cannot do is refused, never left out. */
export function mustBeNative(options: ApprovalGateOptions): void {
  const needs = (what: string): GateError =>
    new GateError('WorkflowNeeded', `${what} needs a \`workflow\`: pass an ApprovalWorkflow, or remove it`);
  if (options.checks !== undefined) {
    throw needs('`checks`');
  }
  const people = options.approvers?._needsWorkflow;
  if (people !== undefined) {
    throw needs(people);
  }
  if (options.excludeAuthor === true) {
    throw needs('`excludeAuthor`');
  }
  if (options.requireReason !== undefined && options.requireReason !== RequireReason.OPTIONAL) {
    throw needs(`\`requireReason\` ${options.requireReason}`);
  }
  if ((options.reminders?.shares.length ?? 0) > 0) {
    throw needs('`reminders`');
  }
  if (options.escalation !== undefined) {
    throw needs('`escalation`');
  }
  if ((options.changeSets?.length ?? 0) > 0) {
    throw needs('`changeSets`');
  }
  if (options.newerRun === NewerRun.REPLACES) {
    throw needs('`newerRun` REPLACES');
  }
  if (options.window !== undefined) {
    throw needs('`window`');
  }
  if (options.freezes !== undefined) {
    throw needs('`freezes`');
  }
  if (options.notificationTopic !== undefined && options.approvers !== undefined) {
    throw new GateError(
      'TwoTopics',
      '`notificationTopic` and `approvers` are both given, but CodePipeline notifies one topic: ' +
        'subscribe the addresses to that topic and remove `approvers`, or remove `notificationTopic`',
    );
  }
}
