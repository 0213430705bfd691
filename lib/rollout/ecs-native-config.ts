import { Duration, Token } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { GateError } from '../errors';
import { shown } from '../private/types';
import { minutesOf, mustBeWithin } from '../private/minutes';
import { fewestTasks } from './ecs-few-tasks';
import { LEAST_HEALTHY } from './ecs-own-settings';
import type { RolloutShape, RolloutStrategy } from './rollout-strategy';

type Shape<K extends RolloutShape['kind']> = Extract<RolloutShape, { kind: K }>;
type Steps = Shape<'canary' | 'linear'>;

/** A strategy, as `DeploymentConfiguration` of a service has it in a template. */
export interface NativeConfig {
  readonly strategy: ecs.DeploymentStrategy;
  /** Properties of `DeploymentConfiguration`. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface NativeConfigOptions {
  /** How long the old tasks stay; undefined for the default. */
  readonly bakeTime?: Duration;
  /** Whether a hook watches each step for as long as the strategy waits there, and the step to 100 % for as long again. */
  readonly watchesSteps: boolean;
  /** Minutes that ECS waits at each shift of traffic on its own account. */
  readonly minutesPerShift?: number;
  /** How many tasks the service wants, if that is known. */
  readonly tasks?: number;
}

/** ECS takes no longer time for a step or for the bake (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html). */
const LONGEST_WAIT = Duration.hours(24);

/** ECS shifts no smaller part in a linear deployment (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html). */
const SMALLEST_STEP = 3;

/**
 * CloudFormation rejects a service whose waits are longer together, because it gives up after 36 hours
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-canaryconfiguration.html).
 */
const LONGEST_TOGETHER = Duration.hours(33);

export const DEFAULT_BAKE = Duration.minutes(15);

/** The strategy as ECS's own deployments take it. */
export function nativeConfig(strategy: RolloutStrategy, options: NativeConfigOptions): NativeConfig {
  const shape = strategy._shape();
  switch (shape.kind) {
    case 'rolling':
      return rolling(shape, options);
    case 'allAtOnce':
      return { strategy: ecs.DeploymentStrategy.BLUE_GREEN, properties: { BakeTimeInMinutes: bakeOf(options) } };
    case 'canary':
    case 'linear':
      return steps(shape, options);
    default:
      throw strategyForServers(shape);
  }
}

/** What neither way to deploy a service knows. */
export function strategyForServers({ kind }: RolloutShape): GateError {
  return new GateError(
    'StrategyForServers',
    `\`strategy\` is \`RolloutStrategy.${kind}\`, but the tasks of a service are no servers that are picked one by one: take ` +
      '`RolloutStrategy.canary`, `linear` or `allAtOnce`',
  );
}

function steps(shape: Steps, options: NativeConfigOptions): NativeConfig {
  const { kind, percent } = shape;
  const bake = bakeOf(options);
  mustBeTenths(shape);
  const minutes = waitOf(shape);
  if (options.watchesSteps) {
    mustBeWatched(shape);
  }
  mustEndInTime(shape, { wait: minutes, bake, ...options });
  return kind === 'canary'
    ? {
        strategy: ecs.DeploymentStrategy.CANARY,
        properties: {
          BakeTimeInMinutes: bake,
          CanaryConfiguration: { CanaryPercent: percent, CanaryBakeTimeInMinutes: minutes },
        },
      }
    : {
        strategy: ecs.DeploymentStrategy.LINEAR,
        properties: {
          BakeTimeInMinutes: bake,
          LinearConfiguration: { StepPercent: percent, StepBakeTimeInMinutes: minutes },
        },
      };
}

/** No task is out of service: so many new ones start, and as many old ones stop when these are healthy. */
function rolling({ percent }: Shape<'rolling'>, { bakeTime, tasks }: NativeConfigOptions): NativeConfig {
  if (bakeTime !== undefined) {
    throw new GateError(
      'BakeWithoutShift',
      '`bakeTime` is given, but with `RolloutStrategy.rolling` the old tasks stop while the new ones start, and none is left to go back to: ' +
        'leave it out, or take `RolloutStrategy.canary`, `linear` or `allAtOnce`',
    );
  }
  if (Token.isUnresolved(percent)) {
    throw new GateError(
      'TokenPercent',
      '`RolloutStrategy.rolling percent` is known only at deployment, but the most tasks at a time are computed from it: give a number',
    );
  }
  if (!Number.isInteger(percent)) {
    throw new GateError(
      'WholePercent',
      `\`RolloutStrategy.rolling percent\` is ${shown(percent)}, but ECS takes whole percentages: round it`,
    );
  }
  const fewest = fewestTasks(percent);
  // A service without tasks has none to replace.
  if (tasks !== undefined && tasks > 0 && tasks < fewest) {
    throw new GateError(
      'RolloutCannotBegin',
      `\`RolloutStrategy.rolling percent\` is ${percent}, but of ${tasks} tasks that is less than one, so that no new task could start: take ` +
        `${Math.ceil(100 / tasks)} or more` +
        (tasks === 1 ? ', which for one task means `RolloutStrategy.allAtOnce()`' : ''),
    );
  }
  return {
    strategy: ecs.DeploymentStrategy.ROLLING,
    properties: { MinimumHealthyPercent: LEAST_HEALTHY, MaximumPercent: 100 + percent },
  };
}

function bakeOf({ bakeTime = DEFAULT_BAKE }: NativeConfigOptions): number {
  mustBeWithin(bakeTime, { prop: 'EcsRollout bakeTime', min: Duration.minutes(0), max: LONGEST_WAIT });
  return minutesOf(bakeTime);
}

function waitOf(shape: Steps): number {
  mustBeWithin(shape.wait, { prop: propOf(shape), min: Duration.minutes(1), max: LONGEST_WAIT });
  return minutesOf(shape.wait);
}

function mustBeWatched(shape: Steps): void {
  const prop = propOf(shape);
  if (shape.wait.isUnresolved()) {
    throw new GateError(
      'TokenDuration',
      `\`${prop}\` is known only at deployment, but checks \`during\` the steps watch for that time: give a duration that is known at synth`,
    );
  }
}

function mustBeTenths({ kind, percent }: Steps): void {
  if (Token.isUnresolved(percent)) {
    return;
  }
  const least = kind === 'canary' ? 0.1 : SMALLEST_STEP;
  // 0.3 * 10 is 3.0000000000000004 in binary, but written with one decimal it is itself.
  if (percent < least || Number(percent.toFixed(1)) !== percent) {
    throw new GateError(
      'PercentOutOfRange',
      `\`RolloutStrategy.${kind} percent\` is ${shown(percent)}, but ECS takes ${least} to 99.9 in steps of 0.1: choose one of these`,
    );
  }
}

interface Waits {
  readonly wait: number;
  readonly bake: number;
  readonly watchesSteps: boolean;
  readonly minutesPerShift?: number;
}

/** A token passes, and the other numbers have to be right with the best that it may be. */
function mustEndInTime(shape: Steps, { wait, bake, watchesSteps, minutesPerShift = 0 }: Waits): void {
  if (Token.isUnresolved(wait)) {
    return;
  }
  const once = shape.kind === 'canary' || Token.isUnresolved(shape.percent);
  const before100 = once ? 1 : Math.ceil(100 / shape.percent) - 1;
  const leastBake = Token.isUnresolved(bake) ? 0 : bake;
  // No document says whether ECS holds a step back while a hook watches it: it may take both times, and the step to 100 % that of the hook.
  const waits = watchesSteps ? 2 * before100 + 1 : before100;
  // Test traffic is shifted once, production traffic in each step and to 100 %.
  const shifts = (before100 + 2) * minutesPerShift;
  const all = waits * wait + leastBake + shifts;
  if (all > LONGEST_TOGETHER.toMinutes()) {
    throw new GateError(
      'RolloutTooLong',
      `\`${propOf(shape)}\` is ${wait} minutes, ${waits === 1 ? 'once' : `${waits} times`}, which makes ${all} minutes with the \`bakeTime\` of ` +
        `${leastBake} minutes${shifts > 0 ? ` and ${shifts} minutes that ECS adds behind a Network Load Balancer` : ''}, but CloudFormation accepts ` +
        `${LONGEST_TOGETHER.toMinutes()}: shorten one of them, and watch the service longer in a gate after the deployment`,
    );
  }
}

function propOf({ kind }: Steps): string {
  return kind === 'canary' ? 'RolloutStrategy.canary bake' : 'RolloutStrategy.linear every';
}
