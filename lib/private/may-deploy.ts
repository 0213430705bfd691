import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { LAMBDA_ACTION } from './lambda-action';
import { cfnPipelineOf, stageSoFar, type RenderedAction } from './pipeline-stages';
import { orderOf } from './run-order';

/** Modes of the CloudFormation action that bring nothing new: a change set is only made, a stack is deleted. */
const DEPLOYS_NOTHING: readonly unknown[] = ['CHANGE_SET_REPLACE', 'DELETE_ONLY'];

/** Whether an action may deploy something: approvals do not, nor do functions of ours. Whoever calls another function may deploy by it. */
function mayDeploy({ actionProperties: { category, artifactBounds } }: codepipeline.IAction): boolean {
  return category !== codepipeline.ActionCategory.APPROVAL && artifactBounds !== LAMBDA_ACTION.artifactBounds;
}

/** Whether an action deploys something, by its category. */
export function isDeploy(action: Pick<RenderedAction, 'actionTypeId' | 'configuration'>): boolean {
  return action.actionTypeId.category === 'Deploy' && !deploysNothing(action);
}

function deploysNothing({ configuration }: Pick<RenderedAction, 'configuration'>): boolean {
  return DEPLOYS_NOTHING.includes(configuration?.ActionMode);
}

/** Whether something may have been deployed when an action of this run order begins in its stage. */
export function isDeployedBefore(stage: codepipeline.IStage, runOrder: number): boolean {
  const resource = cfnPipelineOf(stage.pipeline);
  const rendered = (resource && stageSoFar(resource, stage.stageName)?.actions) ?? [];
  const brings = ({ actionProperties: { actionName } }: codepipeline.IAction): boolean =>
    !rendered.some((action) => action.name === actionName && deploysNothing(action));
  return stage.actions.some(
    (action) => orderOf(action.actionProperties) < runOrder && mayDeploy(action) && brings(action),
  );
}
