/** The kinds of values that the options of a gate take. */
import { GateError } from '../errors';
import { mustBeBoolean, mustBeMadeBy, mustBeOneOf, shown } from '../private/types';
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
  mustBeMadeBy('approvers', options.approvers, Approvers, [
    'Approvers.emails',
    'Approvers.anyOf',
    'Approvers.allOf',
    'Approvers.atLeast',
    'Approvers.allGroups',
    'Approvers.fromList',
  ]);
  if (options.checks !== undefined && !Array.isArray(options.checks)) {
    throw new GateError('WrongType', "`checks` has to be a list: write `[Check.http('https://…')]`");
  }
  mustBeOneOf(
    'onInconclusive',
    options.onInconclusive,
    Object.values(OnInconclusive),
    'to ask people when the checks cannot tell, give `approvers` and `rule: GateRule.automatedElsePeople()`',
  );
  mustBeMadeBy('reminders', options.reminders, Reminders, ['Reminders.at', 'Reminders.none']);
  mustBeMadeBy('escalation', options.escalation, Escalation, ['Escalation.after']);
  mustBeMadeBy('startLater', options.startLater, StartLater, ['StartLater.allowed']);
  mustBeMadeBy('breakGlass', options.breakGlass, BreakGlass, ['BreakGlass.by', 'BreakGlass.byApprovers']);
  mustBeMadeBy('window', options.window, DeploymentWindow, ['DeploymentWindow.weekly']);
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
