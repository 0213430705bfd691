import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { cfnPipelineOf, stagesSoFar } from '../private/pipeline-stages';
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

/** As it is rendered: a promotion puts actions behind its gate. */
function isBefore(one: ServerDeployPlace, other: ServerDeployPlace): boolean {
  const resource = cfnPipelineOf(one.stage.pipeline);
  const stages = (resource && stagesSoFar(resource)) ?? [];
  const positionOf = ({ stage, actionName }: ServerDeployPlace): readonly [number, number] => {
    const index = stages.findIndex(({ name }) => name === stage.stageName);
    const action = stages[index]?.actions.find(({ name }) => name === actionName);
    return [index, orderOf(action ?? {})];
  };
  const [[stage, order], [otherStage, otherOrder]] = [positionOf(one), positionOf(other)];
  return stage < otherStage || (stage === otherStage && order < otherOrder);
}
