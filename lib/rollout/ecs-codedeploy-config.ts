import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { idOf, isSteps, keyOf, minutesOf, mustFit, routingOf } from './codedeploy-steps';
import { strategyForServers } from './ecs-native-config';
import type { RolloutStrategy } from './rollout-strategy';

const { EcsDeploymentConfig } = codedeploy;

/** AWS's own configurations. */
const PREDEFINED: ReadonlyMap<string, codedeploy.IEcsDeploymentConfig> = new Map([
  ['canary 10% 5', EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES],
  ['canary 10% 15', EcsDeploymentConfig.CANARY_10PERCENT_15MINUTES],
  ['linear 10% 1', EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTES],
  ['linear 10% 3', EcsDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES],
]);

/** The strategy as a CodeDeploy configuration for ECS: AWS's predefined one where it matches exactly, else one of our own. */
export function ecsDeploymentConfig(scope: Construct, strategy: RolloutStrategy): codedeploy.IEcsDeploymentConfig {
  const shape = strategy._shape();
  if (shape.kind === 'allAtOnce') {
    return EcsDeploymentConfig.ALL_AT_ONCE;
  }
  if (shape.kind === 'rolling') {
    throw new GateError(
      'StrategyOfEcs',
      '`strategy` is `RolloutStrategy.rolling`, but CodeDeploy has two sets of tasks and shifts traffic between them: take ' +
        '`RolloutStrategy.canary`, `linear` or `allAtOnce`, or leave the service to `EcsDeployer.native`',
    );
  }
  if (!isSteps(shape)) {
    throw strategyForServers(shape);
  }
  const minutes = minutesOf(shape);
  mustFit(shape, minutes, 'ECS');
  return (
    PREDEFINED.get(keyOf(shape, minutes)) ??
    new EcsDeploymentConfig(scope, idOf(shape, minutes), { trafficRouting: routingOf(shape, minutes) })
  );
}
