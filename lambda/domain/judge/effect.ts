/** How large a difference is, beside whether it is one at all: a difference of 1 % may be certain, and nobody cares. */
import { Judging } from '../limits';
import type { MannWhitney } from './mann-whitney';
import type { Samples } from './samples';

export interface Effect {
  /** How much the canary's mean is above the baseline's (below = negative), as a share of it. Undefined where a mean is 0. */
  readonly ofMeans?: number;
  /** How likely it is that a value of the canary is the larger one of two: 0.5 = neither tends to be larger. */
  readonly superiority: number;
}

export function effectOf({ canary, baseline }: Samples, { u, pairs }: MannWhitney): Effect {
  const superiority = u / pairs;
  const [mean, usual] = [meanOf(canary), meanOf(baseline)];
  return mean === 0 || usual === 0 ? { superiority } : { ofMeans: (mean - usual) / Math.abs(usual), superiority };
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rounding must not decide: whether a value of exactly 110 is 10 % above 100 would depend on the unit. */
const ROUNDING = 1e-9;

/**
 * Whether the canary is above the baseline by a share that matters. Without means to compare, the superiority has to
 * be above 0.5 by that share.
 */
export function isAbove({ ofMeans, superiority }: Effect, minimum: number): boolean {
  return (ofMeans ?? superiority / 0.5 - 1) >= minimum - ROUNDING;
}

export function isBelow({ ofMeans, superiority }: Effect, minimum: number): boolean {
  return (ofMeans ?? superiority / 0.5 - 1) <= ROUNDING - minimum;
}

/** Whether zero is well outside the interval of a shift: for a shift that is itself 0, as of rare errors, the interval says nothing. */
export function isClear({ estimate, low, high }: { estimate: number; low: number; high: number }): boolean {
  const distance = Judging.DISTANCE * Math.abs(estimate) * (1 + ROUNDING);
  return estimate === 0 || low > distance || high < -distance;
}
