/** The shift of Hodges and Lehmann: the median of all differences between a value of the canary and one of the baseline. */
import { Differences } from './ordered-differences';
import type { Samples } from './samples';

export interface Shift {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Estimate and interval are differences that occur, picked by their place. Nothing is approximated, so the unit of the
 * values does not matter.
 *
 * @param boundary place of the lower bound, see `boundaryRank`; below 1 = the interval has no ends
 */
export function shiftOf(samples: Samples, boundary: number): Shift {
  const differences = new Differences(samples);
  const { count } = differences;
  const middle = differences.at(Math.ceil(count / 2));
  const isBetween = count % 2 === 0 && differences.upTo(middle) === count / 2;
  return {
    estimate: isBetween ? (middle + differences.after(middle)) / 2 : middle,
    low: boundary < 1 ? -Infinity : differences.at(boundary),
    high: boundary < 1 ? Infinity : differences.at(count + 1 - boundary),
  };
}
