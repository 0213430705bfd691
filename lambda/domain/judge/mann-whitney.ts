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
  const all = length + ranks.baseline.length;
  const u = (sumOf(ranks.canary) - length * (length + 1)) / 2;
  const sigma = Math.sqrt((pairs / 12) * (all + 1 - ties / (all * (all - 1))));
  const distance = u - pairs / 2;
  const z = sigma > 0 ? (distance - Math.sign(distance) * CONTINUITY) / sigma : 0;
  return { u, pairs, sigma, z };
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
