/**
 * Data points of neighbouring minutes are alike: a slow minute follows a slow minute. A test that takes them for independent
 * finds differences that are none. So data points that are alike count as fewer.
 */
import { meanOf } from './averages';
import type { Ranking } from './ranking';

/**
 * How many data points count as one; at least 1. It is seen in two places, and a healthy canary looks the same in both. The one
 * that says less counts, since each can be misled:
 * - The difference of both sides, moment by moment, without what moves both, as the load of a day. A canary that breaks halfway
 *   makes even this look like a long wave.
 * - The baseline alone, which cannot break, but follows the load.
 */
export function inflationOf({ ranks: { canary, baseline } }: Ranking): number {
  return Math.min(inflationOfSeries(differencesOf(canary, baseline)), inflationOfSeries(baseline));
}

/**
 * A series whose value depends on the one before by `r` has the inflation (1 + r) / (1 - r). Of few points `r` is found too low, by
 * (1 + 3r) / n on average (Kendall), and scatters: it counts as one standard error higher. Infinite = too few points to tell.
 */
export function inflationOfSeries(values: Float64Array): number {
  const found = likenessOf(values);
  const unbiased = found + (1 + 3 * found) / values.length;
  const cautious = unbiased + Math.sqrt(Math.max(0, 1 - unbiased ** 2) / values.length);
  return cautious >= 1 ? Infinity : Math.max(1, (1 + cautious) / (1 - cautious));
}

/** How well a value tells the next one: 1 = fully, 0 = not at all. */
function likenessOf(values: Float64Array): number {
  const mean = meanOf(values);
  let same = 0;
  let next = 0;
  let before = 0;
  for (let at = 0; at < values.length; at += 1) {
    const deviation = (values[at] as number) - mean;
    same += deviation * deviation;
    next += deviation * before;
    before = deviation;
  }
  return same === 0 ? 0 : next / same;
}
function differencesOf(one: Float64Array, other: Float64Array): Float64Array {
  const differences = new Float64Array(one.length);
  for (let moment = 0; moment < one.length; moment += 1) {
    differences[moment] = (one[moment] as number) - (other[moment] as number);
  }
  return differences;
}
