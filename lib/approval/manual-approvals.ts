import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { GateError } from '../errors';
import { mustBeOptions, mustHave } from '../private/types';
import type { ApprovalGate } from './approval-gate';
import type { ClosedPipeline, Found, FoundApproval } from './found-approvals';
import { approvalsBelow } from './found-approvals';
import { placesThat } from './place-patterns';
import type { GatePolicyOptions } from './policy-options';
import type { TakeOver } from './take-over';
import { changesOf, perform, takeOverOf } from './take-over';
import type { IApprovalWorkflow } from './workflow-api';

/** Which approvals become gates, and what these gates ask. `timeout` is the action's own unless you give one. */
export interface ManualApprovalsOptions extends GatePolicyOptions {
  /** The workflow that asks, counts and answers, in the account and Region of the pipelines. */
  readonly workflow: IApprovalWorkflow;

  /**
   * Approvals that become gates, each as `<pipeline>/<stage>/<action>`, where `*` stands for any characters. A pipeline is named
   * by its name where that is written in the app, else by the path of its construct.
   *
   * @default - all
   */
  readonly include?: string[];

  /**
   * Approvals that stay as they are, written as in `include`.
   *
   * @default - none
   */
  readonly exclude?: string[];
}

/** What `takeOver` does with an approval action. */
export enum TakeOverVerdict {
  /** It becomes a gate. */
  BECOMES_GATE = 'BECOMES_GATE',
  /** It stays as it is. */
  STAYS = 'STAYS',
  /** It cannot become a gate as things are, and `takeOver` throws. */
  CANNOT = 'CANNOT',
}

/** What `takeOver` would do with an approval action, or with a pipeline whose actions cannot be seen. */
export interface ManualApprovalReport {
  /** `<pipeline>/<stage>/<action>`, as `include` and `exclude` name it; `<pipeline>/*` where the actions cannot be seen. */
  readonly place: string;
  /** Path of the pipeline's construct in the app. */
  readonly pipelinePath: string;
  /** What would happen. */
  readonly verdict: TakeOverVerdict;
  /** What would change, a sentence each. Empty where nothing becomes a gate. */
  readonly changes: string[];

  /**
   * Why it stays as it is or cannot become a gate, and what to do.
   *
   * @default - it becomes a gate
   */
  readonly reason?: string;
}

/**
 * The manual approvals that an app has already: those of `ManualApprovalAction`, those of `ManualApprovalStep`, and those of
 * pipelines that are written as plain resources, also by `CfnInclude`.
 *
 * Begin with `report`, which changes nothing; then write `takeOver` in its place.
 */
export class ManualApprovals {
  /**
   * Says, for every approval below `scope`, whether it would become a gate and what would change: as the returned list, and as
   * messages of `cdk synth` (`cdk-approval-gates:ManualApprovals.report`).
   *
   * Changes nothing in any template. Call it where every pipeline is complete, and after `buildPipeline()` of CDK Pipelines.
   *
   * Throws where `include` or `exclude` name nothing, and where there is no approval at all.
   *
   * @param scope the app, a stage, a stack or a single pipeline
   */
  public static report(scope: IConstruct, options: ManualApprovalsOptions): ManualApprovalReport[] {
    const { approvals, closed } = chosen(scope, options);
    const found = [
      ...approvals.map((one) => ({ construct: one.pipeline.construct, report: reportOf(one, options) })),
      ...closed.map((one) => ({ construct: one.construct, report: closedReportOf(one) })),
    ];
    found.forEach(({ construct, report }) => annotate(construct, report));
    return found.map(({ report }) => report);
  }

  /**
   * Makes every approval below `scope` a gate of the workflow. The action stays CodePipeline's own manual approval, with its
   * name, its place, its link and its text; without this library it is answered in the console as before. What changes:
   *
   * - it notifies the workflow's request topic instead of its own, and its role, or its pipeline's, may publish there. Where
   *   this app cannot change that role, the notification stays as it is, with a warning, and the workflow finds the request by
   *   its event, two minutes later;
   * - its text (`CustomData`, at most 940 characters before) gets a line with the id of the run;
   * - beside its pipeline appear a role that the workflow answers with, one more for checks, and per gate one parameter, two
   *   where its checks are long.
   *
   * What is a gate already stays as it is, so it may be called several times, with other approvers for other places. An approval
   * that is added to `scope` afterwards, or a pipeline whose stages cannot be read, is an error at synth: call it where every
   * pipeline is complete, and after `buildPipeline()` of CDK Pipelines. Values that are set by `addPropertyOverride` win over these
   * changes.
   *
   * Returns the new gates. Throws for all approvals together that cannot become gates: those in another account, Region or stage
   * of the app, those whose names are tokens, texts that are too long.
   *
   * @param scope the app, a stage, a stack or a single pipeline
   */
  public static takeOver(scope: IConstruct, options: ManualApprovalsOptions): ApprovalGate[] {
    const { approvals, closed } = chosen(scope, options);
    // Places by what is wrong with them: thirty pipelines may share one mistake.
    const problems = new Map<string, string[]>();
    const refuse = (place: string, why: string) => problems.set(why, [...(problems.get(why) ?? []), `'${place}'`]);
    closed.filter(({ elsewhere }) => !elsewhere).forEach(({ place, why }) => refuse(place, why));
    const possible: TakeOver[] = [];
    for (const approval of approvals.filter(({ settled }) => settled === undefined)) {
      const attempt = attempted(approval, options);
      if (typeof attempt === 'string') {
        refuse(approval.place, attempt);
      } else {
        possible.push(attempt);
      }
    }
    if (problems.size > 0) {
      const lines = [...problems].map(([why, places]) => `${places.join(', ')}: ${why}`);
      throw new GateError(
        'CannotTakeOver',
        `some approvals cannot become gates: repair them, or name them in \`exclude\`\n${lines.join('\n')}\n`,
      );
    }
    closed.forEach((one) => annotate(one.construct, closedReportOf(one)));
    scope.node.addValidation({ validate: () => latecomers(scope, options) });
    return possible.map(perform);
  }

  private constructor() {}
}

function chosen(scope: IConstruct, options: ManualApprovalsOptions): Found {
  mustBeOptions('ManualApprovals', options, '{ workflow, approvers }');
  mustHave('workflow', options.workflow, ['workflowName'], 'make one by `new ApprovalWorkflow(…)`');
  const { approvals, closed } = approvalsBelow(scope);
  const all = [...approvals, ...closed].map(({ place }) => place);
  if (all.length === 0) {
    throw new GateError(
      'NoManualApprovals',
      `there is no manual approval in ${scope.node.path === '' ? 'the app' : `'${scope.node.path}'`} yet: call this where every pipeline is complete`,
    );
  }
  const places = new Set(placesThat(options, all));
  return {
    approvals: approvals.filter(({ place }) => places.has(place)),
    closed: closed.filter(({ place }) => places.has(place)),
  };
}

/** What would be skipped in silence. */
function latecomers(scope: IConstruct, options: ManualApprovalsOptions): string[] {
  const { approvals, closed } = approvalsBelow(scope);
  const late = [
    ...approvals
      .filter(({ settled }) => settled === undefined)
      .map(({ place }) => ({
        place,
        problem: `approval '${place}' was added after \`ManualApprovals.takeOver\`, and is no gate: call \`takeOver\` after it, or name it in \`exclude\``,
      })),
    ...closed
      .filter(({ elsewhere }) => !elsewhere)
      .map(({ place, why }) => ({
        place,
        problem: `'${place}' was added after \`ManualApprovals.takeOver\`, which cannot see its approvals: ${why}, and \`${place}\` in \`exclude\``,
      })),
  ];
  const all = late.map(({ place }) => place);
  const places = new Set(placesThat(options, all, false));
  return late.filter(({ place }) => places.has(place)).map(({ problem }) => problem);
}

/** What would be done, or why it cannot be. */
function attempted(approval: FoundApproval, options: ManualApprovalsOptions): TakeOver | string {
  try {
    return takeOverOf(approval, options);
  } catch (error) {
    if (error instanceof GateError) {
      return error.message;
    }
    throw error;
  }
}

function reportOf(approval: FoundApproval, options: ManualApprovalsOptions): ManualApprovalReport {
  const { place, settled, pipeline } = approval;
  const common = { place, pipelinePath: pipeline.construct.node.path };
  if (settled !== undefined) {
    return { ...common, verdict: TakeOverVerdict.STAYS, changes: [], reason: settled };
  }
  const attempt = attempted(approval, options);
  return typeof attempt === 'string'
    ? { ...common, verdict: TakeOverVerdict.CANNOT, changes: [], reason: attempt }
    : { ...common, verdict: TakeOverVerdict.BECOMES_GATE, changes: changesOf(attempt) };
}

function closedReportOf({ construct, place, why, elsewhere }: ClosedPipeline): ManualApprovalReport {
  const verdict = elsewhere ? TakeOverVerdict.STAYS : TakeOverVerdict.CANNOT;
  return { place, pipelinePath: construct.node.path, verdict, changes: [], reason: why };
}

/** What can be done is an information, what needs somebody's attention a warning. */
function annotate(construct: IConstruct, { place, verdict, changes, reason }: ManualApprovalReport): void {
  const id = 'cdk-approval-gates:ManualApprovals.report';
  const annotations = Annotations.of(construct);
  switch (verdict) {
    case TakeOverVerdict.BECOMES_GATE:
      return annotations.addInfoV2(id, `approval '${place}' would become a gate: ${changes.join('; ')}`);
    case TakeOverVerdict.STAYS:
      return annotations.addInfoV2(id, `'${place}' stays as it is: ${reason}`);
    case TakeOverVerdict.CANNOT:
      return annotations.addWarningV2(id, `'${place}' cannot become a gate: ${reason}`);
  }
}
