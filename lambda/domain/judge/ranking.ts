/** The values of both sides in one order. A judgement looks at this order again and again, so it is made once. */
import { ascending } from './ascending';
import type { Paired } from './paired';

/** Values of both sides, each in ascending order. */
export interface Sorted {
  readonly canary: Float64Array;
  readonly baseline: Float64Array;
}

export interface Ranking {
  readonly sorted: Sorted;
  /** Twice the rank of each value among all of both sides, in the order of time. Values that are the same share their mean rank. */
  readonly ranks: Paired;
  /** The sum of t³ - t over all values that occur t times. */
  readonly ties: number;
  /** The same sum within each side alone: what it would be if both sides had no value in common. */
  readonly tiesApart: number;
}

export function rankingOf({ canary, baseline }: Paired): Ranking {
  const split = canary.length;
  const all = new Float64Array(split + baseline.length);
  all.set(canary);
  all.set(baseline, split);
  const places = ascending(all);
  const ranks = new Float64Array(all.length);
  const ofCanary = new Float64Array(split);
  const ofBaseline = new Float64Array(baseline.length);
  let ties = 0;
  let tiesApart = 0;
  let before = 0;
  for (let first = 0, next = 0; first < all.length; first = next) {
    const value = all[places[first] as number] as number;
    do next += 1;
    while (next < all.length && all[places[next] as number] === value);
    const beforeAlike = before;
    for (let at = first; at < next; at += 1) {
      const place = places[at] as number;
      ranks[place] = first + next + 1;
      // What belongs to the other side is overwritten by the next value.
      ofCanary[before] = value;
      ofBaseline[at - before] = value;
      before += Number(place < split);
    }
    const alike = next - first;
    if (alike > 1) {
      const ofCanaryAlone = before - beforeAlike;
      ties += tie(alike);
      tiesApart += tie(ofCanaryAlone) + tie(alike - ofCanaryAlone);
    }
  }
  const sorted = { canary: ofCanary, baseline: ofBaseline };
  return { sorted, ranks: { canary: ranks.subarray(0, split), baseline: ranks.subarray(split) }, ties, tiesApart };
}

function tie(times: number): number {
  return times * times * times - times;
}
