import type { Duration } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { Construct } from 'constructs';
import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeList, mustBeText, shown } from '../private/types';
import type { PromotionGates } from './promotion-gates';
import type { PromotionStage } from './promotion-stage';
import { PromotionTarget, TargetOrder } from './promotion-target';
import type { PromotionWave } from './promotion-wave';
import { mustNotBeEmpty } from './no-checks';
import { bakeTimeOf, type WavesAround } from './wave-bake';

/** A stage or a wave, whichever it was written as. */
export interface Step {
  readonly name: string;
  /** In messages: the property of its name, and what it is. */
  readonly prop: 'stageName' | 'waveName';
  readonly what: 'stage' | 'wave';
  readonly gates: PromotionGates;
  /** What is deployed, target by target. */
  readonly targets: readonly StepTarget[];
  readonly order: TargetOrder;
  /** All that the gate `Healthy` asks; empty where there is no such gate. */
  readonly checks: Check[];
}

export interface StepTarget {
  /** Undefined in a stage, which is one. */
  readonly name?: string;
  readonly deploy: readonly codepipeline.IAction[];
}

const TARGETS = "[PromotionTarget.actions('eu-west-1', [deployAction])]";

export function stepOfStage(stage: PromotionStage): Step {
  mustBeText('stageName', stage.stageName);
  mustBeList('deploy', stage.deploy, '[deployAction]');
  mustNotBeEmpty(stage.checks, `stage '${stage.stageName}'`);
  return {
    name: stage.stageName,
    prop: 'stageName',
    what: 'stage',
    gates: stage,
    targets: [{ deploy: stage.deploy }],
    order: TargetOrder.PARALLEL,
    checks: stage.checks ?? [],
  };
}

/**
 * @param scope where actions are made that are not there yet
 * @param timeout of all gates that say none
 */
export function stepOfWave(wave: PromotionWave, around: WavesAround, scope: Construct, timeout?: Duration): Step {
  mustBeText('waveName', wave.waveName);
  mustBeList('targets', wave.targets, TARGETS);
  mustNotBeEmpty(wave.checks, `wave '${wave.waveName}'`);
  wave.targets.forEach(mustBeTarget);
  const checks = [...(wave.checks ?? []), ...wave.targets.flatMap((target) => target.checks)];
  return {
    name: wave.waveName,
    prop: 'waveName',
    what: 'wave',
    gates: { ...wave, bakeTime: bakeTimeOf(wave.waveName, wave, checks, around, timeout) },
    targets: wave.targets.map((target) => ({ name: target.targetName, deploy: target._deploy(scope) })),
    order: wave.targetOrder ?? TargetOrder.PARALLEL,
    checks,
  };
}

/** Callers without a type checker may pass a deploy action, or a stage of the CDK. */
function mustBeTarget(target: unknown): void {
  if (!(target instanceof PromotionTarget)) {
    throw new GateError(
      'WrongType',
      `\`targets\` holds ${shown(target)}, but has to hold targets: make them by \`PromotionTarget.actions\` or \`PromotionTarget.cdkStage\``,
    );
  }
}
