import { Stack } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { accountOf } from '../private/action-place';
import { isDeploy } from '../private/may-deploy';
import type { RenderedAction, RenderedStage } from '../private/pipeline-stages';
import { rulesOf } from './rendered-stage';
import { isOnlyGates, isWatchedAfterwards } from './watched-deployments';

/**
 * A wave, which is a stage that deploys to several accounts or Regions, with nothing behind its deployments, while the approval that looks at it stands in
 * a stage of its own behind it.
 */
export function waveNotHeld(
  pipeline: codepipeline.CfnPipeline,
  stage: RenderedStage,
  next: RenderedStage | undefined,
): string | undefined {
  const deploys = stage.actions.filter(isDeploy);
  const places = new Set(deploys.map((action) => placeOf(pipeline, action)));
  if (next === undefined || places.size < 2 || isHeld(stage) || !isOnlyGates(next)) {
    return undefined;
  }
  return (
    `stage '${stage.name}' deploys to ${places.size} accounts and Regions, and what looks at them stands in stage '${next.name}', which does not hold '${stage.name}': a newer ` +
    `change is deployed there meanwhile, and the checks see that one. Move the approval to '${stage.name}', behind its deployments`
  );
}

function isHeld(stage: RenderedStage): boolean {
  return rulesOf(stage.onSuccess).length > 0 || isWatchedAfterwards(stage);
}

function placeOf(pipeline: codepipeline.CfnPipeline, { region, roleArn }: RenderedAction): string {
  const stack = Stack.of(pipeline);
  const place: unknown = stack.resolve([accountOf(stack.resolve(roleArn)) ?? stack.account, region ?? stack.region]);
  return JSON.stringify(place);
}
