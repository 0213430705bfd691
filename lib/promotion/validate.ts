import { Token } from 'aws-cdk-lib';
import { RULE_CHOICES } from '../approval/gate-rule';
import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeBoolean, mustBeOneOf } from '../private/types';
import type { GateDefaults } from './gate-options';
import { mustNotBeEmpty } from './no-checks';
import type { PromotionGates } from './promotion-gates';
import type { Step } from './step';

export const SOURCE_STAGE = 'Source';
export const BUILD_STAGE = 'Build';
export const MANUAL_GATE = 'Approve';
export const HEALTH_GATE = 'Healthy';

/** Of a pipeline and of a stage (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const MOST_STAGES = 50;
const MOST_ACTIONS = 50;

/** Contradictions that would make a pipeline look stricter than it is, or that only the deployment would find. */
export function validateStep(step: Step, taken: readonly string[], defaults: GateDefaults): void {
  const { name, prop, what } = step;
  if (Token.isUnresolved(name)) {
    throw new GateError('InvalidStageName', `\`${prop}\` must be a literal name, got a token`);
  }
  if (taken.includes(name)) {
    throw new GateError(
      'DuplicateStage',
      `\`${prop}\` '${name}' is taken; every stage and wave needs a name of its own, other than ${taken.join(', ')}`,
    );
  }
  if (taken.length >= MOST_STAGES) {
    throw new GateError(
      'TooManyStages',
      `${what} '${name}' would be number ${taken.length + 1}, but a pipeline has at most ${MOST_STAGES} stages, source and build included: ` +
        'put several targets into one wave, or promote on in a second pipeline',
    );
  }
  const of = `of ${what} '${name}'`;
  validateTargets(step, of);
  validateActionNames(step, of);
  validateGates(step.gates, step.checks, of, defaults);
}

/** The same for gates around what is deployed in another way. */
export function validateGates(
  gates: PromotionGates,
  checks: readonly Check[],
  of: string,
  defaults: GateDefaults,
): void {
  mustNotBeEmpty(gates.checks, of.replace(/^of /, ''));
  mustBeBoolean('manualApproval', gates.manualApproval);
  const hasChecks = checks.length > 0;
  const approvers = gates.approvers ?? defaults.approvers;
  if (gates.manualApproval === true && approvers === undefined) {
    throw new GateError(
      'NoApprovers',
      `\`manualApproval\` ${of} is true, but nobody can approve; set \`approvers\` ${of} or of the pipeline`,
    );
  }
  if (gates.approvers !== undefined && gates.manualApproval !== true && gates.rule === undefined) {
    throw new GateError(
      'UnusedApprovers',
      `\`approvers\` ${of} are given, but nothing asks them; set \`manualApproval: true\`` +
        (hasChecks ? `, or choose \`rule\` as ${RULE_CHOICES}` : ''),
    );
  }
  for (const prop of ['window', 'freezes', 'startLater', 'breakGlass'] as const) {
    if (gates[prop] !== undefined && gates.manualApproval !== true) {
      throw new GateError(
        'OptionWithoutApproval',
        `\`${prop}\` ${of} needs an approval that it is about; set \`manualApproval: true\`, or leave \`${prop}\` out`,
      );
    }
  }
  validateCheckOptions(gates, hasChecks, of);
  if (gates.rule !== undefined && approvers === undefined) {
    throw new GateError(
      'NoApprovers',
      `\`rule\` ${of} lets people take part, but there are none; set \`approvers\` ${of} or of the pipeline, or leave \`rule\` out`,
    );
  }
}

function validateTargets({ targets, order, name, what, gates, checks }: Step, of: string): void {
  mustBeOneOf('targetOrder', order, ['PARALLEL', 'ONE_BY_ONE'], 'choose a `TargetOrder`');
  if (targets.length === 0) {
    throw new GateError('EmptyWave', `\`targets\` ${of} must hold at least one \`PromotionTarget\`, got none`);
  }
  const names = new Set<string>();
  for (const target of targets) {
    const whose = target.name === undefined ? of : `of target '${target.name}' ${of}`;
    if (target.deploy.length === 0) {
      throw new GateError('NoDeployAction', `\`deploy\` ${whose} must hold at least one action, got none`);
    }
    if (target.name !== undefined && names.has(target.name)) {
      throw new GateError(
        'DuplicateTarget',
        `\`targetName\` '${target.name}' is taken in wave '${name}'; give every target of the wave a name of its own`,
      );
    }
    names.add(target.name ?? '');
  }
  const actions = targets.flatMap(({ deploy }) => deploy).length;
  const own = [gates.manualApproval === true, checks.length > 0].filter(Boolean).length;
  if (actions + own > MOST_ACTIONS) {
    throw new GateError(
      'TooManyActions',
      `${what} '${name}' has ${actions} deploy actions, but a stage holds at most ${MOST_ACTIONS} actions, and ${own} of them are gates: ` +
        'split it into several waves',
    );
  }
}

/** What only matters to checks is a misunderstanding where there are none. */
function validateCheckOptions(gates: PromotionGates, hasChecks: boolean, of: string): void {
  const needing: Array<keyof PromotionGates> = ['bakeTime', 'rollbackOnReject', 'onInconclusive', 'rule'];
  for (const prop of needing) {
    const value = gates[prop];
    if (!hasChecks && value !== undefined && value !== false) {
      throw new GateError(
        'OptionWithoutChecks',
        `\`${prop}\` ${of} needs checks that could fail; give \`checks\`, or leave \`${prop}\` out`,
      );
    }
  }
}

function validateActionNames({ gates, checks, targets }: Step, of: string): void {
  const taken = new Set<string>();
  if (gates.manualApproval === true) {
    taken.add(MANUAL_GATE);
  }
  if (checks.length > 0) {
    taken.add(HEALTH_GATE);
  }
  for (const { name, deploy } of targets) {
    const whose = name === undefined ? of : `of target '${name}' ${of}`;
    for (const { actionName } of deploy.map((action) => action.actionProperties)) {
      if (taken.has(actionName)) {
        throw new GateError(
          'DuplicateAction',
          `action name '${actionName}' in \`deploy\` ${whose} is taken; call the action something else than ${[...taken].join(', ')}`,
        );
      }
      taken.add(actionName);
    }
  }
}
