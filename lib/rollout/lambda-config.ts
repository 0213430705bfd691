import { Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { idOf, isSteps, keyOf, minutesOf, mustFit, routingOf, waitsOf, type Steps } from './codedeploy-steps';
import type { RolloutShape, RolloutStrategy } from './rollout-strategy';

const { LambdaDeploymentConfig } = codedeploy;

/** AWS's own configurations. */
const PREDEFINED: ReadonlyMap<string, codedeploy.ILambdaDeploymentConfig> = new Map([
  ['canary 10% 5', LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES],
  ['canary 10% 10', LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES],
  ['canary 10% 15', LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES],
  ['canary 10% 30', LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES],
  ['linear 10% 1', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE],
  ['linear 10% 2', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES],
  ['linear 10% 3', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES],
  ['linear 10% 10', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES],
]);

/** The strategy as a CodeDeploy configuration for Lambda: AWS's predefined one where it matches exactly, else one of our own. */
export function lambdaDeploymentConfig(
  scope: Construct,
  strategy: RolloutStrategy,
): codedeploy.ILambdaDeploymentConfig {
  const shape = strategy._shape();
  if (shape.kind === 'allAtOnce') {
    return LambdaDeploymentConfig.ALL_AT_ONCE;
  }
  mustShareTraffic(shape);
  const minutes = minutesOf(shape);
  mustFit(shape, minutes, 'Lambda');
  return (
    PREDEFINED.get(keyOf(shape, minutes)) ??
    new LambdaDeploymentConfig(scope, idOf(shape, minutes), { trafficRouting: routingOf(shape, minutes) })
  );
}

/** A shift, step by step, whose numbers are known at synth. */
export interface KnownShift {
  /** From the first step to the last. */
  readonly minutes: number;
  /** The calls that the new version gets before the last step, as minutes of all calls: 10 % for 10 minutes are 1. */
  readonly minutesOfAllTraffic: number;
  /** The same within so many minutes, at most: before the last step, when its share is largest. */
  readonly mostWithin: (minutes: number) => number;
}

/** Undefined where all traffic moves at once, or the numbers are known only at deployment. */
export function knownShift(strategy: RolloutStrategy): KnownShift | undefined {
  const shape = strategy._shape();
  if (!isSteps(shape) || Token.isUnresolved(shape.percent)) {
    return undefined;
  }
  const every = minutesOf(shape);
  if (Token.isUnresolved(every)) {
    return undefined;
  }
  const waits = waitsOf(shape.kind, shape.percent);
  const shares = Array.from({ length: waits }, (_, index) => ((index + 1) * shape.percent) / 100);
  return {
    minutes: every * waits,
    minutesOfAllTraffic: every * shares.reduce((sum, share) => sum + share, 0),
    mostWithin: (minutes) =>
      shares.reduceRight(
        ({ left, sum }, share) => ({ left: Math.max(left - every, 0), sum: sum + Math.min(left, every) * share }),
        { left: minutes, sum: 0 },
      ).sum,
  };
}

function mustShareTraffic(shape: RolloutShape): asserts shape is Steps {
  if (!isSteps(shape)) {
    throw new GateError(
      'StrategyForServers',
      `\`strategy\` is \`RolloutStrategy.${shape.kind}\`, but a Lambda function has no servers: take \`RolloutStrategy.canary\` or \`linear\``,
    );
  }
}
