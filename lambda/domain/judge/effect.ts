/** How large a difference is. That it is certain is not enough: a certain difference of 1 % may not matter. */
import { Judging } from '../limits';
import { meanOf, medianOf } from './averages';
import type { Shift } from './hodges-lehmann';
import type { MannWhitney } from './mann-whitney';
import type { Sorted } from './ranking';

export interface Effect {
  /** How much the canary's mean is above the baseline's (below = negative), as a share of it. Undefined where a mean is 0. */
  readonly ofMeans?: number;
  /** The shift, as a share of the baseline's median, which no outlier moves. Undefined where that is 0. */
  readonly ofShift?: number;
  /** How likely it is that a value of the canary is the larger one of two: 0.5 = neither tends to be larger. */
  readonly superiority: number;
}

export function effectOf({ canary, baseline }: Sorted, { u, pairs }: MannWhitney, { estimate }: Shift): Effect {
  const [mean, usual, median] = [meanOf(canary), meanOf(baseline), medianOf(baseline)];
  return {
    ...(mean === 0 || usual === 0 ? {} : { ofMeans: (mean - usual) / Math.abs(usual) }),
    ...(median === 0 ? {} : { ofShift: estimate / Math.abs(median) }),
    superiority: u / pairs,
  };
}

/** Rounding must not decide: whether a value of exactly 110 is 10 % above 100 would depend on the unit. */
const ROUNDING = 1e-9;

/**
 * Whether the canary is above the baseline by a share that matters, by its mean or by its shift: a single outlier may turn the
 * means around, and rare errors shift nothing. Without a mean or a median to compare with, the superiority has to be above 0.5
 * by that share.
 */
export function isAbove(effect: Effect, minimum: number): boolean {
  return Math.max(...sharesOf(effect)) >= minimum - ROUNDING;
}

export function isBelow(effect: Effect, minimum: number): boolean {
  return Math.min(...sharesOf(effect)) <= ROUNDING - minimum;
}

function sharesOf({ ofMeans, ofShift, superiority }: Effect): readonly number[] {
  const ofRanks = superiority / 0.5 - 1;
  return [ofMeans ?? ofRanks, ofShift ?? ofRanks];
}

/** Whether zero is well outside the interval of a shift: for a shift that is itself 0, as of rare errors, the interval says nothing. */
export function isClear({ estimate, low, high }: { estimate: number; low: number; high: number }): boolean {
  const distance = Judging.DISTANCE * Math.abs(estimate) * (1 + ROUNDING);
  return estimate === 0 || low > distance || high < -distance;
}
