import { Duration, Token } from 'aws-cdk-lib';
import type { Shift } from '../../contract/stage-shift';
import { GateError } from '../errors';
import { shown } from '../private/types';
import { mustBeWithin } from '../private/minutes';
import { LONGEST_OF_ACTION } from './hook-function';
import { mustBeStrategy, type RolloutStrategy } from './rollout-strategy';

/** A strategy as the steps of a canary in API Gateway. */
export interface StageShift {
  readonly shift: Shift;
  /** From the first step until the new version gets everything. */
  readonly bakeTime: Duration;
}

/** API Gateway takes any percentage; the action that watches sets a limit to the time. */
export function stageShift(strategy: RolloutStrategy): StageShift {
  mustBeStrategy('strategy', strategy);
  const shape = strategy._shape();
  if (shape.kind !== 'canary' && shape.kind !== 'linear') {
    throw new GateError(
      'StrategyWithoutCanary',
      `\`strategy\` is \`RolloutStrategy.${shape.kind}\`, but a stage of an API shares its requests with a canary: take \`RolloutStrategy.canary\` or ` +
        '`linear`, or no `StageRollout` where all requests move at once',
    );
  }
  const { kind, percent, wait } = shape;
  const prop = kind === 'canary' ? 'RolloutStrategy.canary bake' : 'RolloutStrategy.linear every';
  if (Token.isUnresolved(percent) || wait.isUnresolved()) {
    throw new GateError(
      'TokenStrategy',
      `the numbers of \`RolloutStrategy.${kind}\` are known only at deployment, but the action has to know its steps: give them as numbers`,
    );
  }
  mustBeWithin(wait, { prop, min: Duration.minutes(1), max: LONGEST_OF_ACTION });
  mustHaveTwoDecimals(kind, percent);
  const steps = kind === 'canary' ? 1 : Math.ceil(10_000 / Math.round(percent * 100)) - 1;
  const everyMinutes = wait.toMinutes();
  const minutes = everyMinutes * steps;
  if (minutes > LONGEST_OF_ACTION.toMinutes()) {
    throw new GateError(
      'RolloutTooLong',
      `\`${prop}\` is ${everyMinutes} minutes, which makes ${minutes} minutes from the first step to the last, but an action of a pipeline may watch for ` +
        `${LONGEST_OF_ACTION.toMinutes()}: take larger steps, or shorter ones`,
    );
  }
  return { shift: { percent, everyMinutes, steps }, bakeTime: Duration.minutes(minutes) };
}

/** With more, the steps would end in what a computer makes of a third. */
function mustHaveTwoDecimals(kind: string, percent: number): void {
  if (Number(percent.toFixed(2)) !== percent) {
    throw new GateError(
      'PercentOutOfRange',
      `\`RolloutStrategy.${kind} percent\` is ${shown(percent)}, but a stage of an API takes 0.01 to 99.99 with at most two decimals: round it`,
    );
  }
}
