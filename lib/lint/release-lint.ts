import { Annotations, Stack } from 'aws-cdk-lib';
import type { IAspect } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { IConstruct } from 'constructs';
import { actsBeside } from '../private/action-place';
import { isDeploy } from '../private/may-deploy';
import { executionModeOf, type RenderedAction, type RenderedStage } from '../private/pipeline-stages';
import { stageRollsBack } from '../private/stage-rollback';
import { canaryWithoutAlarm } from './canary-without-alarm';
import { renderedStages, rollsBack, rulesOf } from './rendered-stage';
import { actionsBehind, isOnlyGates, isWatchedAfterwards } from './watched-deployments';
import { waveNotHeld } from './wave-not-held';

/** A finding: the end of its id, and what to do. */
type Finding = readonly [id: string, text: string];

const linted = new WeakSet<IConstruct>();

/**
 * Says at synth what is likely to surprise in a release pipeline or a progressive deployment, whoever made it:
 * `Aspects.of(app).add(new ReleaseLint())`. Changes nothing.
 *
 * Each finding is a warning at the pipeline, the deployment group or the service with an id, by which it can be acknowledged with a reason in a comment beside it:
 * `Annotations.of(pipeline).acknowledgeWarning('cdk-approval-gates:ReleaseLint.gateInOtherStage')`. The ids begin with
 * `cdk-approval-gates:ReleaseLint.`:
 *
 * - `alarmBeforeWindow`: an entry condition has an alarm and a deployment window; the alarm is not asked again when the window opens
 * - `entryHoldsRollback`: a stage goes back under an alarm that is asked before entry, or waits for a window there
 * - `rollbackInParallel`: a stage goes back, but the execution mode is PARALLEL
 * - `notLockedInParallel`: a stage deploys, and approves or watches what it deploys, but the execution mode is PARALLEL
 * - `rollbackAfterSelfMutation`: a stage goes back, but the pipeline changes itself
 * - `productionWithoutGate`: the last stage that deploys has no approval, in itself or behind the deployments of the stage before, no condition that is asked before entry or on success, and no action of
 *   category Invoke, Test, Build or Compute that runs after all of its deployments
 * - `gateInOtherStage`: an approval stands in a stage of its own, alone or with functions, in front of the stage that deploys
 * - `waveNotHeld`: a stage deploys to several accounts or Regions, nothing behind its deployments holds it, and the approval that looks at them stands
 *   in a stage of its own behind it
 * - `canaryWithoutAlarm`: a deployment group of CodeDeploy for Lambda, or a service that ECS deploys by canary or linear, has neither an alarm nor a
 *   hook. `LambdaRollout` and `EcsRollout` find that themselves (`LambdaRollout.unwatched`, `EcsRollout.unwatched`). Hooks of CodeDeploy for ECS are not in
 *   the template, so its groups are not looked at
 *
 * Stages that only the deployment knows are not looked at. An action of CloudFormation that makes a change set or deletes a stack deploys nothing.
 */
export class ReleaseLint implements IAspect {
  /** Looks at pipelines, deployment groups and services, and leaves everything else alone. */
  public visit(node: IConstruct): void {
    if (linted.has(node)) {
      return;
    }
    linted.add(node);
    for (const [id, text] of findingsOf(node)) {
      Annotations.of(node).addWarningV2(`cdk-approval-gates:ReleaseLint.${id}`, text);
    }
  }
}

function findingsOf(node: IConstruct): readonly Finding[] {
  if (node instanceof codepipeline.CfnPipeline) {
    const stages = renderedStages(node);
    return [...findingsOfPipeline(node, stages), ...stages.flatMap((stage) => conditionFindings(node, stage))];
  }
  const unwatched = canaryWithoutAlarm(node);
  return unwatched === undefined ? [] : [['canaryWithoutAlarm', unwatched]];
}

function findingsOfPipeline(pipeline: codepipeline.CfnPipeline, stages: readonly RenderedStage[]): readonly Finding[] {
  const back = stages.find((stage) => goesBack(pipeline, stage))?.name;
  const waves = wavesNotHeld(pipeline, stages);
  const last = [...stages].reverse().find(({ actions }) => actions.some(isDeploy));
  return [
    ...(executionModeOf(pipeline) === 'PARALLEL' ? inParallel(stages, back) : []),
    ...(back !== undefined && changesItself(pipeline, stages) ? [afterSelfMutation(back)] : []),
    // What looks at a wave from outside is a trap of its own.
    ...(last === undefined || waves.has(last) ? [] : withoutGate(stages, last)),
    ...stages.flatMap((stage, index) => inOtherStage(stage, stages[index + 1])),
    ...[...waves.values()].map((text): Finding => ['waveNotHeld', text]),
  ];
}

function wavesNotHeld(
  pipeline: codepipeline.CfnPipeline,
  stages: readonly RenderedStage[],
): ReadonlyMap<RenderedStage, string> {
  return new Map(
    stages.flatMap((stage, index) => {
      const text = waveNotHeld(pipeline, stage, stages[index + 1]);
      return text === undefined ? [] : [[stage, text] as const];
    }),
  );
}

/** `back` is a stage that rolls back. */
function inParallel(stages: readonly RenderedStage[], back: string | undefined): readonly Finding[] {
  const rollback: readonly Finding[] =
    back === undefined
      ? []
      : [
          [
            'rollbackInParallel',
            `stage '${back}' rolls back, but CodePipeline rolls nothing back in execution mode PARALLEL: choose QUEUED or SUPERSEDED`,
          ],
        ];
  const held = stages.filter(
    (stage) => stage.actions.some(isDeploy) && (stage.actions.some(isApproval) || isWatched(stage)),
  );
  return [
    ...rollback,
    ...held.map(({ name }): Finding => [
      'notLockedInParallel',
      `stage '${name}' deploys, and approves or watches what it deploys, but in execution mode PARALLEL several runs are in it at the same time: a newer change may ` +
        'be deployed between what people see and what the checks measure. Choose QUEUED or SUPERSEDED',
    ]),
  ];
}

function isWatched(stage: RenderedStage): boolean {
  return isWatchedAfterwards(stage) || rulesOf(stage.onSuccess).length > 0;
}

function afterSelfMutation(stage: string): Finding {
  return [
    'rollbackAfterSelfMutation',
    `stage '${stage}' rolls back, and the pipeline changes itself: a run that changed it cannot go back to a run of before, so what it deployed stays ` +
      'when it fails. Change the pipeline from another pipeline, or plan to repair such a run by hand',
  ];
}

/** CDK Pipelines updates its own stack by a build, other pipelines by a deployment of the stack that they stand in. */
function changesItself(pipeline: codepipeline.CfnPipeline, stages: readonly RenderedStage[]): boolean {
  const stack = Stack.of(pipeline);
  const own: unknown = stack.resolve(stack.stackName);
  return stages.some(({ name, actions }) =>
    actions.some(
      (action) =>
        (name === 'UpdatePipeline' && action.name === 'SelfMutate') ||
        (action.actionTypeId.provider === 'CloudFormation' &&
          stack.resolve(action.configuration?.StackName) === own &&
          actsBeside(stack, action)),
    ),
  );
}

/** `last` is the last stage that deploys. */
function withoutGate(stages: readonly RenderedStage[], last: RenderedStage): readonly Finding[] {
  const before = stages[stages.indexOf(last) - 1];
  const approvals = [...(before === undefined ? [] : actionsBehind(before)), ...last.actions].filter(isApproval);
  const rules = [...rulesOf(last.beforeEntry), ...rulesOf(last.onSuccess)];
  if (approvals.length > 0 || rules.length > 0 || isWatchedAfterwards(last)) {
    return [];
  }
  return [
    [
      'productionWithoutGate',
      `stage '${last.name}' is the last one that deploys, and nothing approves or checks that: put an \`ApprovalGateAction\` with people or checks into ` +
        'it, a `HealthCheckAction` or a test behind its deployments, or give it a condition',
    ],
  ];
}

function inOtherStage(stage: RenderedStage, next: RenderedStage | undefined): readonly Finding[] {
  if (!isOnlyGates(stage) || next === undefined || !next.actions.some(isDeploy) || next.actions.some(isApproval)) {
    return [];
  }
  return [
    [
      'gateInOtherStage',
      `the approval of stage '${stage.name}' lets a change into stage '${next.name}', but does not hold that stage: a newer change may be approved and wait ` +
        `behind it, and a rollback of '${next.name}' passes no approval. Move the approval to '${next.name}', in front of the deployment`,
    ],
  ];
}

function conditionFindings(pipeline: codepipeline.CfnPipeline, stage: RenderedStage): readonly Finding[] {
  const entry = rulesOf(stage.beforeEntry);
  const providers = entry.map((rule) => rule.ruleTypeId?.provider);
  const hasWindow = providers.includes('DeploymentWindow');
  const findings: Finding[] = [];
  if (hasWindow && providers.includes('CloudWatchAlarm')) {
    findings.push([
      'alarmBeforeWindow',
      `the entry condition of stage '${stage.name}' has an alarm and a deployment window, and CodePipeline does not look at the alarm again when the window ` +
        'opens, so a run may enter under a red alarm: put the window into the condition on success of the stage before, or use a gate with `window` and `checks`',
    ]);
  }
  const alarms = (rules: typeof entry) =>
    rules.flatMap(({ configuration }) =>
      configuration?.AlarmName === undefined
        ? []
        : [JSON.stringify(Stack.of(pipeline).resolve(configuration.AlarmName))],
    );
  const asked = alarms(entry);
  const sameAlarm = [stage.onSuccess, stage.onFailure].some((one) =>
    alarms(rulesOf(one)).some((name) => asked.includes(name)),
  );
  if (goesBack(pipeline, stage) && (hasWindow || sameAlarm)) {
    findings.push([
      'entryHoldsRollback',
      `stage '${stage.name}' rolls back, and its entry condition ${hasWindow ? 'waits for a deployment window' : 'asks the same alarm'}: no document of AWS says whether a ` +
        'rollback has to meet that, so it may be kept out. Ask it in the condition on success of the stage before',
    ]);
  }
  return findings;
}

/** Also by a gate with `rollbackOnReject`, which changes its stage when the template is written. */
function goesBack(pipeline: codepipeline.CfnPipeline, stage: RenderedStage): boolean {
  return stageRollsBack(pipeline, stage.name) || rollsBack(stage.onSuccess) || rollsBack(stage.onFailure);
}

function isApproval({ actionTypeId }: RenderedAction): boolean {
  return actionTypeId.category === 'Approval';
}
