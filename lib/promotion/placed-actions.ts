import { Token } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { GateError } from '../errors';
import { LAST_RUN_ORDER, mustBeRunOrder } from '../private/run-order';
import { TargetOrder } from './promotion-target';
import { ShiftedAction } from './shifted-action';
import type { Step } from './step';
import { HEALTH_GATE } from './validate';

/** The actions of a stage or wave between its gates. */
export interface PlacedActions {
  readonly deploy: readonly codepipeline.IAction[];
  /** When the gate `Healthy` runs: behind all of them. */
  readonly healthyOrder: number;
}

/** The deploy actions of all targets, behind the gate in front and, one by one, behind each other. */
export function placedActions({ name, what, gates, checks, targets, order }: Step): PlacedActions {
  const isGated = gates.manualApproval === true;
  const oneByOne = order === TargetOrder.ONE_BY_ONE;
  let before = isGated ? 1 : 0;
  let last = before;
  const deploy = targets.flatMap((target) => {
    const placed = target.deploy.map((action) => {
      const { actionName, runOrder = 1 } = action.actionProperties;
      const whose = `deploy action '${actionName}' of ${target.name === undefined ? '' : `target '${target.name}' of `}${what} '${name}'`;
      mustBeRunOrder(runOrder, `\`runOrder\` of ${whose}`);
      if (!isGated && !oneByOne && checks.length === 0) {
        return action;
      }
      mustBeKnown(runOrder, whose);
      const placedAt = before + runOrder;
      mustBeCounted(placedAt, whose, 'give the actions in front of it, or itself, a smaller run order');
      last = Math.max(last, placedAt);
      return new ShiftedAction(action, placedAt);
    });
    before = oneByOne ? last : before;
    return placed;
  });
  if (checks.length > 0) {
    mustBeCounted(
      last + 1,
      `the gate '${HEALTH_GATE}' of ${what} '${name}'`,
      'give its deploy actions smaller run orders',
    );
  }
  return { deploy, healthyOrder: last + 1 };
}

function mustBeKnown(runOrder: number, whose: string): void {
  if (Token.isUnresolved(runOrder)) {
    throw new GateError(
      'InvalidRunOrder',
      `\`runOrder\` of ${whose} must be a number, got a token: gates or other targets run before or behind it, so give a number`,
    );
  }
}

function mustBeCounted(placedAt: number, whose: string, fix: string): void {
  if (placedAt > LAST_RUN_ORDER) {
    throw new GateError(
      'InvalidRunOrder',
      `${whose} would run as number ${placedAt}, but a stage counts to ${LAST_RUN_ORDER}: ${fix}`,
    );
  }
}
