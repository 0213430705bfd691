/** The kinds of values that the options of a gate take. */
import { GateError } from '../errors';
import { mustBeBoolean, mustBeOneOf, shown } from '../private/types';
import { Approvers } from './approvers';
import { BreakGlass } from './break-glass';
import { ChangeSetRef } from '../check/change-set-ref';
import { mustBeFields } from './decision-field';
import { DeploymentWindow } from './deployment-window';
import { Escalation } from './escalation';
import { mustBeFreezes } from './freeze-calendar';
import { GateRule, RULE_CHOICES } from './gate-rule';
import type { GatePolicyOptions } from './policy-options';
import { NewerRun, OnInconclusive, RequireReason } from './policy-options';
import { Reminders } from './reminders';
import { StartLater } from './start-later';
import type { IApprovalWorkflow } from './workflow-api';

/** Callers without a type checker may pass a text where a value of ours belongs. */
export function mustBeTyped(options: GatePolicyOptions): void {
  const rule: unknown = options.rule;
  if (rule !== undefined && !(rule instanceof GateRule)) {
    throw new GateError('WrongType', `\`rule\` is ${shown(rule)}, but has to be ${RULE_CHOICES}: choose one`);
  }
  const { workflow, rollbackOnReject } = options as {
    readonly workflow?: unknown;
    readonly rollbackOnReject?: unknown;
  };
  mustBeWorkflow(workflow);
  mustBeBoolean('rollbackOnReject', rollbackOnReject);
  const approvers: unknown = options.approvers;
  if (approvers !== undefined && !(approvers instanceof Approvers)) {
    throw new GateError(
      'WrongType',
      `\`approvers\` is ${shown(approvers)}, but has to be made by \`Approvers.emails\`, \`Approvers.anyOf\`, ` +
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
      `\`reminders\` is ${shown(reminders)}, but has to be made by \`Reminders.at\` or \`Reminders.none\`: use one of them`,
    );
  }
  const escalation: unknown = options.escalation;
  if (escalation !== undefined && !(escalation instanceof Escalation)) {
    throw new GateError(
      'WrongType',
      `\`escalation\` is ${shown(escalation)}, but has to be made by \`Escalation.after\`: use that`,
    );
  }
  const startLater: unknown = options.startLater;
  if (startLater !== undefined && !(startLater instanceof StartLater)) {
    throw new GateError(
      'WrongType',
      `\`startLater\` is ${shown(startLater)}, but has to be made by \`StartLater.allowed\`: use that`,
    );
  }
  const breakGlass: unknown = options.breakGlass;
  if (breakGlass !== undefined && !(breakGlass instanceof BreakGlass)) {
    throw new GateError(
      'WrongType',
      `\`breakGlass\` is ${shown(breakGlass)}, but has to be made by \`BreakGlass.by\` or \`BreakGlass.byApprovers\`: use one of them`,
    );
  }
  const window: unknown = options.window;
  if (window !== undefined && !(window instanceof DeploymentWindow)) {
    throw new GateError(
      'WrongType',
      `\`window\` is ${shown(window)}, but has to be made by \`DeploymentWindow.weekly\`: use that`,
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
  mustBeBoolean('excludeAuthor', options.excludeAuthor);
  mustBeFields(options.fields);
  mustBeFreezes(options.freezes);
  mustBeOneOf('newerRun', options.newerRun, Object.values(NewerRun), 'choose one');
  mustBeOneOf('requireReason', options.requireReason, Object.values(RequireReason), 'choose one');
}

/** A name is not enough: the gate has to know the topic and the roles. */
function mustBeWorkflow(workflow: unknown): void {
  if (workflow !== undefined && typeof (workflow as Partial<IApprovalWorkflow> | null)?.addApprovers !== 'function') {
    throw new GateError(
      'WrongType',
      `\`workflow\` is ${shown(workflow)}, but has to be a workflow: make one by \`new ApprovalWorkflow(…)\`, or refer to that of another app by ` +
        '`ApprovalWorkflow.fromApprovalWorkflowAttributes`',
    );
  }
}
