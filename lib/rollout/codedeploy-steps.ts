import { Duration, Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { GateError } from '../errors';
import { shown } from '../private/types';
import type { RolloutShape } from './rollout-strategy';

/** A strategy that CodeDeploy shifts traffic by, for Lambda and for ECS. */
export type Steps = Extract<RolloutShape, { kind: 'canary' | 'linear' }>;

/**
 * CodeDeploy ends a Lambda deployment whose last shift is later than this after its first one
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html). For ECS it names no limit of its own, and takes the same
 * configurations.
 */
const MAX_SHIFT_MINUTES = 2880;

export function isSteps(shape: RolloutShape): shape is Steps {
  return shape.kind === 'canary' || shape.kind === 'linear';
}

/** How often a strategy waits before everything is on the new version. */
export function waitsOf(kind: Steps['kind'], percent: number): number {
  return kind === 'canary' ? 1 : Math.ceil(100 / percent) - 1;
}

/** Minutes of the wait, as a number or a number token. */
export function minutesOf(shape: Steps): number {
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

/** Whether CodeDeploy takes these numbers. A token passes, and the other number has to be right with the best that it may be. */
export function mustFit(shape: Steps, minutes: number, platform: 'Lambda' | 'ECS'): void {
  const { kind, percent } = shape;
  const isKnown = !Token.isUnresolved(percent);
  if (isKnown && !Number.isInteger(percent)) {
    throw new GateError(
      'WholePercent',
      `\`RolloutStrategy.${kind} percent\` is ${shown(percent)}, but CodeDeploy takes whole percentages from 1 to 99 for ${platform}`,
    );
  }
  if (Token.isUnresolved(minutes)) {
    return;
  }
  const waits = isKnown ? waitsOf(kind, percent) : 1;
  const longest = Math.floor(MAX_SHIFT_MINUTES / waits);
  if (minutes > longest) {
    throw new GateError(
      'RolloutTooLong',
      `\`${propOf(shape)}\` is ${minutes} minutes, which makes ${minutes * waits} minutes from the first shift to the last, ` +
        `but CodeDeploy allows ${MAX_SHIFT_MINUTES} for ${platform}: take at most ${longest} minutes` +
        (kind === 'linear' ? ', or larger steps' : ''),
    );
  }
}

/** By which AWS's own configurations are found. */
export function keyOf({ kind, percent }: Steps, minutes: number): string {
  return `${kind} ${percent}% ${minutes}`;
}

/** The id of a configuration of our own has its numbers: it cannot be changed, so another one has to stand beside it first. */
export function idOf({ kind, percent }: Steps, minutes: number): string {
  const word = kind === 'canary' ? 'Canary' : 'Linear';
  return Token.isUnresolved(percent) || Token.isUnresolved(minutes)
    ? word
    : `${word}${percent}Percent${minutes}Minutes`;
}

export function routingOf({ kind, percent }: Steps, minutes: number): codedeploy.TrafficRouting {
  const props = { percentage: percent, interval: Duration.minutes(minutes) };
  return kind === 'canary'
    ? new codedeploy.TimeBasedCanaryTrafficRouting(props)
    : new codedeploy.TimeBasedLinearTrafficRouting(props);
}

function propOf(shape: Steps): string {
  return shape.kind === 'canary' ? 'RolloutStrategy.canary bake' : 'RolloutStrategy.linear every';
}
