import { isDeploy } from '../private/may-deploy';
import { orderOf } from '../private/run-order';
import type { RenderedAction, RenderedStage } from '../private/pipeline-stages';

/** Kinds of actions that watch what was deployed, and hold the stage meanwhile. Whether a function or a build checks anything cannot be seen. */
const WATCHING = ['Approval', 'Invoke', 'Test', 'Build', 'Compute'];

/** What runs behind all deployments of a stage: what stands between two of them does not see the second one, nor what comes after the stage. */
export function actionsBehind({ actions }: Pick<RenderedStage, 'actions'>): readonly RenderedAction[] {
  const last = Math.max(...actions.filter(isDeploy).map(orderOf));
  return actions.filter((action) => orderOf(action) > last);
}

export function isWatchedAfterwards(stage: RenderedStage): boolean {
  return actionsBehind(stage).some(({ actionTypeId }) => WATCHING.includes(actionTypeId.category));
}

/** Functions beside an approval belong to it; a stage of functions alone may do anything. */
export function isOnlyGates({ actions }: RenderedStage): boolean {
  const categories = actions.map(({ actionTypeId }) => actionTypeId.category);
  return categories.includes('Approval') && categories.every((one) => one === 'Approval' || one === 'Invoke');
}
