import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { IConstruct } from 'constructs';
import { GateError } from '../errors';
import { isDeployedBefore } from '../private/may-deploy';
import {
  cfnPipelineOf,
  executionModeOf,
  stageSoFar,
  stagesSoFar,
  type RenderedAction,
} from '../private/pipeline-stages';
import { orderOf } from '../private/run-order';

/** What the action that rolls out an API is told of its place. */
export interface ReleasePlace {
  readonly stage: codepipeline.IStage;
  readonly actionName: string;
  /** What it rolls out. */
  readonly api: IConstruct;
}

/** Modes of a CloudFormation action that change its stack. */
const DEPLOYS: readonly unknown[] = ['CREATE_UPDATE', 'REPLACE_ON_FAILURE', 'CHANGE_SET_EXECUTE'];

/**
 * A release gives requests to whatever definition the API has at that moment: the deployment of that definition has to be over, and the stage of the
 * pipeline has to keep a newer one away.
 */
export function mustFollowDeployment({ stage, actionName, api }: ReleasePlace): void {
  const { pipeline, stageName } = stage;
  const what = `action '${actionName}' of stage '${stageName}' releases an API`;
  const resource = cfnPipelineOf(pipeline);
  const isParallel = (): boolean => executionModeOf(resource) === codepipeline.ExecutionMode.PARALLEL;
  const inParallel = `${what}, but in execution mode PARALLEL several runs would move the same canary: choose QUEUED or SUPERSEDED`;
  if (isParallel()) {
    throw new GateError('ReleaseInParallel', inParallel);
  }
  const stackName: unknown = stackNameOf(api);
  const deploys = ({ actionTypeId, configuration = {} }: RenderedAction): boolean =>
    actionTypeId.provider === 'CloudFormation' &&
    DEPLOYS.includes(configuration.ActionMode) &&
    Stack.of(pipeline).resolve(configuration.StackName) === stackName;
  pipeline.node.addValidation({
    validate: () => {
      // An override may have come later.
      if (isParallel()) {
        return [inParallel];
      }
      const actions = (resource && stageSoFar(resource, stageName)?.actions) ?? [];
      // As it is rendered: a promotion puts it behind its gate.
      const own = actions.find(({ name }) => name === actionName);
      const runOrder = own === undefined ? 1 : orderOf(own);
      const tooLate = actions.find((action) => deploys(action) && orderOf(action) >= runOrder);
      if (tooLate !== undefined) {
        const later = Math.max(...actions.filter(deploys).map(orderOf)) + 1;
        return [
          `${what} at run order ${runOrder}, but action '${tooLate.name}' deploys the stack of that API at run order ${orderOf(tooLate)}: the definition of before would be ` +
            `released. Give \`release({ runOrder: ${later} })\``,
        ];
      }
      const elsewhere = actions.some(deploys)
        ? undefined
        : ((resource && stagesSoFar(resource)) ?? []).find((other) => other.actions.some(deploys));
      if (elsewhere !== undefined) {
        return [
          `${what}, but stage '${elsewhere.name}' deploys the stack of that API: a rollback of '${stageName}' would give all requests to the definition that is there, ` +
            `which has just failed. Put the deployment of the API's stack into stage '${stageName}', with a lower \`runOrder\``,
        ];
      }
      return isDeployedBefore(stage, runOrder)
        ? []
        : [
            `${what}, but nothing is deployed before it in its stage: while its canary is watched, a newer change may be deployed elsewhere. Put the deployment of the API's ` +
              'stack into the same stage, with a lower `runOrder`',
          ];
    },
  });
}

/** Of the stack that is deployed: a nested stack goes with its parent. */
function stackNameOf(api: IConstruct): unknown {
  let stack = Stack.of(api);
  while (stack.nestedStackParent !== undefined) {
    stack = stack.nestedStackParent;
  }
  return stack.resolve(stack.stackName);
}
