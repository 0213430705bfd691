import { orderOf } from '../private/run-order';
import type { RenderedAction, RenderedStage } from './rendered-stage';

/** Kinds of actions that watch what was deployed, and hold the stage meanwhile. Whether a function or a build checks anything cannot be seen. */
const WATCHING = ['Approval', 'Invoke', 'Test', 'Build', 'Compute'];

export function isDeploy({ actionTypeId }: RenderedAction): boolean {
  return actionTypeId.category === 'Deploy';
}

/** By something behind all deployments of the stage: what stands between two of them does not see the second one. */
export function isWatchedAfterwards({ actions }: RenderedStage): boolean {
  const last = Math.max(...actions.filter(isDeploy).map(orderOf));
  return actions.some((action) => WATCHING.includes(action.actionTypeId.category) && orderOf(action) > last);
}
