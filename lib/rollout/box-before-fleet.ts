import { Annotations, Aspects } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { Construct } from 'constructs';
import { cfnPipelineOf, stagesSoFar, type RenderedAction, type RenderedStage } from '../private/pipeline-stages';
import { orderOf } from '../private/run-order';

/** Where a pipeline deploys to the one box of a rollout, or to its fleet. */
export interface ServerDeployPlace {
  readonly to: 'BOX' | 'FLEET';
  readonly stage: codepipeline.IStage;
  readonly actionName: string;
}

/** A version that the fleet gets before its one box, or at the same time, was tried on no single server. */
export function boxProblems(fleet: ServerDeployPlace, places: readonly ServerDeployPlace[]): string[] {
  const what = `action '${fleet.actionName}' of stage '${fleet.stage.stageName}' deploys to the fleet of a \`RolloutStrategy.oneBox\``;
  const boxes = places.filter(({ to }) => to === 'BOX');
  if (boxes.length === 0) {
    return [
      `${what}, but no action deploys to the one box: put \`deployOneBox(…)\` and a gate in front of it, or take another strategy`,
    ];
  }
  const late = boxes.find((box) => box.stage.pipeline === fleet.stage.pipeline && !isBefore(box, fleet));
  return late === undefined
    ? []
    : [
        `${what}, but action '${late.actionName}' of stage '${late.stage.stageName}' deploys to the one box no earlier: give it a lower \`runOrder\` in that stage, or a stage ` +
          'before, with a gate between the two',
      ];
}

/** What may look at the box, or let people do so. */
const LOOKS = ['Approval', 'Invoke', 'Test', 'Build', 'Compute'];

/** Says at synth, when all of the app is there, that nothing looks at the one box before the fleet follows it. */
export function findUnwatchedBox(rollout: Construct, places: readonly ServerDeployPlace[]): void {
  const isUnwatched = (fleet: ServerDeployPlace): boolean => {
    const boxes = places.filter(({ to, stage }) => to === 'BOX' && stage.pipeline === fleet.stage.pipeline);
    return boxes.length > 0 && !boxes.some((box) => isWatched(box, fleet));
  };
  Aspects.of(rollout).add({
    visit: (node) => {
      if (node === rollout && places.some((place) => place.to === 'FLEET' && isUnwatched(place))) {
        Annotations.of(rollout).addWarningV2(
          'cdk-approval-gates:ServerRollout.boxUnwatched',
          'nothing looks at the one box before the fleet gets its version, beside the scripts of the AppSpec: put a gate with checks between `deployOneBox` and `deployFleet`',
        );
      }
    },
  });
}

function isWatched(box: ServerDeployPlace, fleet: ServerDeployPlace): boolean {
  const stages = stagesOf(box);
  const [from, to] = [positionIn(stages, box), positionIn(stages, fleet)];
  return stages.slice(from.stage, to.stage + 1).some(({ actions, onSuccess, beforeEntry }, offset) => {
    const index = from.stage + offset;
    const isBetween = (action: RenderedAction): boolean =>
      (index > from.stage || orderOf(action) > from.order) && (index < to.stage || orderOf(action) < to.order);
    return (
      actions.some((action) => LOOKS.includes(action.actionTypeId.category) && isBetween(action)) ||
      (index < to.stage && onSuccess !== undefined) ||
      (index > from.stage && beforeEntry !== undefined)
    );
  });
}

function isBefore(one: ServerDeployPlace, other: ServerDeployPlace): boolean {
  const stages = stagesOf(one);
  const [here, there] = [positionIn(stages, one), positionIn(stages, other)];
  return here.stage < there.stage || (here.stage === there.stage && here.order < there.order);
}

/** As they are rendered: a promotion puts actions behind its gate. */
function stagesOf({ stage }: ServerDeployPlace): readonly RenderedStage[] {
  const resource = cfnPipelineOf(stage.pipeline);
  return (resource && stagesSoFar(resource)) ?? [];
}

function positionIn(stages: readonly RenderedStage[], { stage, actionName }: ServerDeployPlace) {
  const index = stages.findIndex(({ name }) => name === stage.stageName);
  const action = stages[index]?.actions.find(({ name }) => name === actionName);
  return { stage: index, order: orderOf(action ?? {}) };
}
