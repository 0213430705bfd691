/** The shift of Hodges and Lehmann: the median of all differences between a value of the canary and one of the baseline. */
import { Differences } from './ordered-differences';
import type { Sorted } from './ranking';

export interface Shift {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The estimate and both ends of the interval are differences that occur, picked by their place; of an even number, the estimate is
 * midway between the two in the middle. Nothing is approximated, so the unit of the values does not matter.
 *
 * @param boundary place of the lower bound, see `boundaryRank`; below 1 = the interval has no ends
 */
export function shiftOf(samples: Sorted, boundary: number): Shift {
  const differences = new Differences(samples);
  const { count } = differences;
  const [below, above] = differences.at(Math.ceil(count / 2), Math.floor(count / 2) + 1);
  return {
    estimate: (below + above) / 2,
    low: boundary < 1 ? -Infinity : differences.at(boundary, boundary)[0],
    high: boundary < 1 ? Infinity : differences.at(count + 1 - boundary, count + 1 - boundary)[0],
  };
}
