/** The test of Mann and Whitney: does one of two samples tend to larger values? It looks at ranks alone, so no outlier and no unit matters. */
import { sumOf } from './averages';
import type { Ranking } from './ranking';

export interface MannWhitney {
  /** Pairs in which the canary's value is the larger one; a pair of equal values counts half. */
  readonly u: number;
  /** All pairs. */
  readonly pairs: number;
  /** How much `u` scatters where both samples come from the same distribution: normal approximation, corrected for ties. */
  readonly sigma: number;
  /** How many sigma `u` is above (or below) half of the pairs, less the continuity correction. */
  readonly z: number;
}

/** `u` moves in steps; the normal distribution does not. */
const CONTINUITY = 0.5;

export function mannWhitney({ ranks, ties }: Ranking): MannWhitney {
  const { length } = ranks.canary;
  const pairs = length * ranks.baseline.length;
  const u = (sumOf(ranks.canary) - length * (length + 1)) / 2;
  const sigma = sigmaOf(ranks, ties);
  const distance = u - pairs / 2;
  const z = sigma > 0 ? (distance - Math.sign(distance) * CONTINUITY) / sigma : 0;
  return { u, pairs, sigma, z };
}

/**
 * How many sigma it would be if every value of the canary were above (or below) all of the baseline: more than this, samples of this size
 * cannot show, however different they are.
 */
export function mostSigmas({ ranks, tiesApart }: Ranking): number {
  const pairs = ranks.canary.length * ranks.baseline.length;
  return (pairs / 2 - CONTINUITY) / sigmaOf(ranks, tiesApart);
}

function sigmaOf({ canary, baseline }: Ranking['ranks'], ties: number): number {
  const all = canary.length + baseline.length;
  return Math.sqrt(((canary.length * baseline.length) / 12) * (all + 1 - ties / (all * (all - 1))));
}

/**
 * Which of the ordered differences between canary and baseline bounds the shift from below: the largest shift that the test
 * would still reject, with the same corrections. The bound from above has the same place, counted from the other end.
 * Below 1 = there is none: the samples are too small to exclude any shift.
 *
 * @param critical how many sigma are significant
 */
export function boundaryRank({ pairs, sigma }: MannWhitney, critical: number): number {
  return Math.floor(pairs / 2 + CONTINUITY - critical * sigma);
}
