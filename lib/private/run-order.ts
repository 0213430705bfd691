import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { shown } from './types';

/** A stage counts from 1 to this (https://docs.aws.amazon.com/codepipeline/latest/userguide/action-requirements.html). */
export const LAST_RUN_ORDER = 999;

/** An action that says none runs first. */
export function orderOf({ runOrder = 1 }: { readonly runOrder?: number }): number {
  return runOrder;
}

/** Refuses what CodePipeline would. */
export function mustBeRunOrder(runOrder: number | undefined, whose = '`runOrder`'): void {
  if (runOrder === undefined || Token.isUnresolved(runOrder)) {
    return;
  }
  if (!Number.isInteger(runOrder) || runOrder < 1 || runOrder > LAST_RUN_ORDER) {
    throw new GateError(
      'InvalidRunOrder',
      `${whose} is ${shown(runOrder)}, but must be a whole number from 1 to ${LAST_RUN_ORDER}: choose one`,
    );
  }
}
