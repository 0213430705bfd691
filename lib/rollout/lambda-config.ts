import { Duration, Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import type { RolloutShape, RolloutStrategy } from './rollout-strategy';

type Steps = Extract<RolloutShape, { kind: 'canary' | 'linear' }>;

/**
 * CodeDeploy ends a Lambda deployment whose last shift is later than this after its first one
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html).
 */
const MAX_SHIFT_MINUTES = 2880;

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
  mustFit(shape, minutes);
  return PREDEFINED.get(`${shape.kind} ${shape.percent}% ${minutes}`) ?? custom(scope, shape, minutes);
}

/** A shift, step by step, whose numbers are known at synth. */
export interface KnownShift {
  /** From the first step to the last. */
  readonly minutes: number;
  /** The calls that the new version gets before the last step, as minutes of all calls: 10 % for 10 minutes are 1. */
  readonly minutesOfAllTraffic: number;
  /** Of 1: what the new version gets before the last step, at most. */
  readonly largestShare: number;
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
    largestShare: Math.max(...shares),
  };
}

function isSteps(shape: RolloutShape): shape is Steps {
  return shape.kind === 'canary' || shape.kind === 'linear';
}

function mustShareTraffic(shape: RolloutShape): asserts shape is Steps {
  if (!isSteps(shape)) {
    throw new GateError(
      'StrategyForServers',
      `\`strategy\` is \`RolloutStrategy.${shape.kind}\`, but a Lambda function has no servers: take \`RolloutStrategy.canary\` or \`linear\``,
    );
  }
}

function waitsOf(kind: Steps['kind'], percent: number): number {
  return kind === 'canary' ? 1 : Math.ceil(100 / percent) - 1;
}

function custom(scope: Construct, shape: Steps, minutes: number): codedeploy.ILambdaDeploymentConfig {
  const props = { percentage: shape.percent, interval: Duration.minutes(minutes) };
  // The numbers are part of the id: a configuration cannot be changed, so another one has to stand beside it first.
  const word = shape.kind === 'canary' ? 'Canary' : 'Linear';
  const known = !Token.isUnresolved(shape.percent) && !Token.isUnresolved(minutes);
  const id = known ? `${word}${shape.percent}Percent${minutes}Minutes` : word;
  return new LambdaDeploymentConfig(scope, id, {
    trafficRouting:
      shape.kind === 'canary'
        ? new codedeploy.TimeBasedCanaryTrafficRouting(props)
        : new codedeploy.TimeBasedLinearTrafficRouting(props),
  });
}

function minutesOf(shape: Steps): number {
  const prop = propOf(shape);
  if (shape.wait.isUnresolved()) {
    try {
      return shape.wait.toMinutes();
    } catch {
      throw new GateError(
        'TokenDuration',
        `\`${prop}\` is known only at deployment: give it as \`Duration.minutes(…)\``,
      );
    }
  }
  const minutes = shape.wait.toMinutes({ integral: false });
  if (!Number.isInteger(minutes) || minutes < 1) {
    throw new GateError(
      'WholeMinutes',
      `\`${prop}\` is ${shape.wait.toSeconds({ integral: false })} seconds, but CodeDeploy takes whole minutes, at least 1`,
    );
  }
  return minutes;
}

function mustFit(shape: Steps, minutes: number): void {
  const { kind, percent } = shape;
  if (Token.isUnresolved(percent)) {
    return;
  }
  if (!Number.isInteger(percent)) {
    throw new GateError(
      'WholePercent',
      `\`RolloutStrategy.${kind} percent\` is ${percent}, but CodeDeploy takes whole percentages from 1 to 99 for Lambda`,
    );
  }
  if (Token.isUnresolved(minutes)) {
    return;
  }
  const waits = waitsOf(kind, percent);
  const longest = Math.floor(MAX_SHIFT_MINUTES / waits);
  if (minutes > longest) {
    throw new GateError(
      'RolloutTooLong',
      `\`${propOf(shape)}\` is ${minutes} minutes, which makes ${minutes * waits} minutes from the first shift to the last, ` +
        `but CodeDeploy allows ${MAX_SHIFT_MINUTES} for Lambda: take at most ${longest} minutes` +
        (kind === 'linear' ? ', or larger steps' : ''),
    );
  }
}

function propOf(shape: Steps): string {
  return shape.kind === 'canary' ? 'RolloutStrategy.canary bake' : 'RolloutStrategy.linear every';
}
