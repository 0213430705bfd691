import { Token } from 'aws-cdk-lib';
import type { IAction } from 'aws-cdk-lib/aws-codepipeline';
import { RULE_CHOICES } from '../approval/gate-rule';
import { GateError } from '../errors';
import type { PromotionPipelineProps } from './promotion-props';
import type { PromotionStage } from './promotion-stage';

export const SOURCE_STAGE = 'Source';
export const BUILD_STAGE = 'Build';
export const MANUAL_GATE = 'Approve';
export const HEALTH_GATE = 'Healthy';

/** Contradictions that would make a pipeline look stricter than it is, or that only the deployment would find. */
export function validatePromotion(props: PromotionPipelineProps): void {
  if (props.stages.length === 0) {
    throw new GateError('NoStages', '`stages` must hold at least one stage to deploy to, got none');
  }
  const taken = new Set([SOURCE_STAGE, ...(props.buildAction === undefined ? [] : [BUILD_STAGE])]);
  for (const stage of props.stages) {
    validateStage(stage, props);
    if (Token.isUnresolved(stage.stageName)) {
      throw new GateError('InvalidStageName', '`stageName` must be a literal name, got a token');
    }
    if (taken.has(stage.stageName)) {
      throw new GateError(
        'DuplicateStage',
        `\`stageName\` '${stage.stageName}' is taken; every stage needs a name of its own, other than ${[...taken].join(', ')}`,
      );
    }
    taken.add(stage.stageName);
  }
}

function validateStage(stage: PromotionStage, props: PromotionPipelineProps): void {
  const of = `of stage '${stage.stageName}'`;
  if (stage.deploy.length === 0) {
    throw new GateError('NoDeployAction', `\`deploy\` ${of} must hold at least one action, got none`);
  }
  validateActionNames(stage, of);
  const hasChecks = stage.checks !== undefined && stage.checks.length > 0;
  if (stage.checks !== undefined && !hasChecks) {
    throw new GateError('NoChecks', `\`checks\` ${of} is empty; name at least one check, or leave \`checks\` out`);
  }
  if (stage.manualApproval === true && stage.approvers === undefined && props.approvers === undefined) {
    throw new GateError(
      'NoApprovers',
      `\`manualApproval\` ${of} is true, but nobody can approve; set \`approvers\` of the stage or of the pipeline`,
    );
  }
  if (stage.approvers !== undefined && stage.manualApproval !== true && stage.rule === undefined) {
    throw new GateError(
      'UnusedApprovers',
      `\`approvers\` ${of} are given, but nothing asks them; set \`manualApproval: true\`` +
        (hasChecks ? `, or choose \`rule\` as ${RULE_CHOICES}` : ''),
    );
  }
  for (const prop of ['window', 'freezes', 'startLater', 'breakGlass'] as const) {
    if (stage[prop] !== undefined && stage.manualApproval !== true) {
      throw new GateError(
        'OptionWithoutApproval',
        `\`${prop}\` ${of} needs an approval that it is about; set \`manualApproval: true\`, or leave \`${prop}\` out`,
      );
    }
  }
  validateCheckOptions(stage, hasChecks, of);
  if (stage.rule !== undefined && stage.approvers === undefined && props.approvers === undefined) {
    throw new GateError(
      'NoApprovers',
      `\`rule\` ${of} lets people take part, but there are none; set \`approvers\` of the stage or of the pipeline, ` +
        'or leave `rule` out',
    );
  }
}

/** What only matters to checks is a misunderstanding where there are none. */
function validateCheckOptions(stage: PromotionStage, hasChecks: boolean, of: string): void {
  const needing: Array<keyof PromotionStage> = ['bakeTime', 'rollbackOnReject', 'onInconclusive', 'rule'];
  for (const prop of needing) {
    const value = stage[prop];
    if (!hasChecks && value !== undefined && value !== false) {
      throw new GateError(
        'OptionWithoutChecks',
        `\`${prop}\` ${of} needs checks that could fail; give \`checks\`, or leave \`${prop}\` out`,
      );
    }
  }
}

function validateActionNames(stage: PromotionStage, of: string): void {
  const taken = new Set<string>();
  if (stage.manualApproval === true) {
    taken.add(MANUAL_GATE);
  }
  if (stage.checks !== undefined) {
    taken.add(HEALTH_GATE);
  }
  for (const name of stage.deploy.map((action: IAction) => action.actionProperties.actionName)) {
    if (taken.has(name)) {
      throw new GateError(
        'DuplicateAction',
        `action name '${name}' in \`deploy\` ${of} is taken; call the action something else than ${[...taken].join(', ')}`,
      );
    }
    taken.add(name);
  }
}
