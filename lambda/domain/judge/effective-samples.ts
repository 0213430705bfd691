/**
 * Data points of neighbouring minutes are alike: a slow minute follows a slow minute. A test that takes them for independent
 * finds differences that are none. So data points that are alike count as fewer.
 */
import type { Paired } from './paired';

/**
 * How many data points count as one; at least 1. It is seen in two places, and a healthy canary looks the same in both. The one
 * that says less counts, since each can be misled:
 * - The difference of both sides, moment by moment, without what moves both, as the load of a day. A canary that breaks halfway
 *   makes even this look like a long wave.
 * - The baseline alone, which cannot break, but follows the load.
 */
export function inflationOf(paired: Paired): number {
  const { canary, baseline } = ranksOf(paired);
  const differences = canary.map((rank, moment) => rank - (baseline[moment] as number));
  return Math.min(inflationOfSeries(differences), inflationOfSeries(baseline));
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
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let same = 0;
  let next = 0;
  let before = 0;
  for (const value of values) {
    const deviation = value - mean;
    same += deviation * deviation;
    next += deviation * before;
    before = deviation;
  }
  return same === 0 ? 0 : next / same;
}

/** Ranks among the values of both sides, in the order of time. Values that are the same have the same rank. */
export function ranksOf({ canary, baseline }: Paired): Paired {
  const all = new Float64Array(canary.length + baseline.length);
  all.set(canary);
  all.set(baseline, canary.length);
  all.sort();
  return { canary: canary.map((value) => rankOf(value, all)), baseline: baseline.map((value) => rankOf(value, all)) };
}

/** The sum of the first and the last place that a value has in a sorted list with it. */
function rankOf(value: number, sorted: Float64Array): number {
  const first = firstPlace(value, sorted, 0);
  return sorted[first + 1] === value ? first + firstPlace(value, sorted, first, true) - 1 : 2 * first;
}

/** The first place, from there on, of a value that is not smaller; or, with `after`, of one that is larger. */
function firstPlace(value: number, sorted: Float64Array, start: number, after = false): number {
  let from = start;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = sorted[middle] as number;
    if (other < value || (after && other === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}
