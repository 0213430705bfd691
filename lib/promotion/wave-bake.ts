import type { Duration } from 'aws-cdk-lib';
import { BakePreset, type Check } from '../check';
import { GateError } from '../errors';
import { surelyNotShorter } from '../private/minutes';
import type { PromotionGates } from './promotion-gates';

/** The waves that are there already, around the place of a new one. */
export interface WavesAround {
  readonly inFront: boolean;
  /** Name of one that stands behind it. */
  readonly behind?: string;
}

/** What a wave bakes; undefined where it has nothing to bake by. */
export function bakeTimeOf(
  waveName: string,
  gates: PromotionGates,
  checks: readonly Check[],
  around: WavesAround,
  timeoutOfAll: Duration | undefined,
): Duration | undefined {
  if (gates.bakeTime !== undefined || checks.length === 0) {
    return gates.bakeTime;
  }
  if (!around.inFront && around.behind !== undefined) {
    throw new GateError(
      'BakeTimeUnclear',
      `wave '${waveName}' stands in front of wave '${around.behind}', which was the first one until then and has the longest bake time, unless it says its own: ` +
        'give `bakeTime`, such as `BakePreset.FIRST_WAVE`, or add the waves in the order in which a change meets them',
    );
  }
  const preset = around.inFront ? BakePreset.LATER_WAVE : BakePreset.FIRST_WAVE;
  const timeout = gates.timeout ?? timeoutOfAll;
  if (timeout !== undefined && surelyNotShorter(preset, timeout)) {
    throw new GateError(
      'BakeOutlastsTimeout',
      `wave '${waveName}' says no \`bakeTime\`, so its checks bake for ${preset.toHumanString()}, but its gates wait for ${timeout.toHumanString()} only: ` +
        'give a shorter `bakeTime`, or a longer `timeout`',
    );
  }
  return preset;
}
