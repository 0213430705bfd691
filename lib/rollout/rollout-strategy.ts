import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeDuration } from '../private/types';

/** A strategy as the platforms' binders see it. */
export type RolloutShape =
  | { readonly kind: 'allAtOnce' }
  | { readonly kind: 'canary' | 'linear'; readonly percent: number; readonly wait: Duration };

/**
 * How traffic moves from the old version to the new one. A value: each kind of rollout checks it against the limits of its
 * platform and takes AWS's predefined configuration where one matches exactly.
 */
export abstract class RolloutStrategy {
  /**
   * A part of the traffic first, the rest after the bake.
   *
   * For Lambda: a whole percentage from 1 to 99, and whole minutes from 1 to 2,880 (48 hours).
   *
   * @param percent part of the traffic that goes to the new version at first
   * @param bake how long the new version is watched before it gets everything
   */
  public static canary(percent: number, bake: Duration): RolloutStrategy {
    mustBePart('RolloutStrategy.canary percent', percent);
    mustPass('RolloutStrategy.canary bake', bake);
    return new Shaped({ kind: 'canary', percent, wait: bake });
  }

  /**
   * The same part of the traffic in each step, until the new version has everything.
   *
   * For Lambda: a whole percentage from 1 to 99, and whole minutes, at most 2,880 (48 hours) from the first to the last step.
   *
   * @param percent part of the traffic that each step moves
   * @param every time between two steps
   */
  public static linear(percent: number, every: Duration): RolloutStrategy {
    mustBePart('RolloutStrategy.linear percent', percent);
    mustPass('RolloutStrategy.linear every', every);
    return new Shaped({ kind: 'linear', percent, wait: every });
  }

  /** Everything at once. Nothing can be seen before everybody is on the new version. */
  public static allAtOnce(): RolloutStrategy {
    return new Shaped({ kind: 'allAtOnce' });
  }

  /**
   * What the platforms' binders work with.
   *
   * @internal
   */
  public abstract _shape(): RolloutShape;
}

class Shaped extends RolloutStrategy {
  constructor(private readonly shape: RolloutShape) {
    super();
  }

  public _shape(): RolloutShape {
    return this.shape;
  }
}

function mustBePart(prop: string, percent: number): void {
  if (!Token.isUnresolved(percent) && !(percent > 0 && percent < 100)) {
    throw new GateError(
      'PercentOutOfRange',
      `\`${prop}\` is ${percent}, but has to be more than 0 and less than 100: for everything take \`RolloutStrategy.allAtOnce()\``,
    );
  }
}

function mustPass(prop: string, time: Duration): void {
  mustBeDuration(prop, time);
  if (!time.isUnresolved() && time.toMilliseconds() <= 0) {
    throw new GateError(
      'DurationOutOfRange',
      `\`${prop}\` is 0, but has to be longer: for everything at once take \`RolloutStrategy.allAtOnce()\``,
    );
  }
}
