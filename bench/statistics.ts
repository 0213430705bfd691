/** How two things compare that were measured by turns, so that whatever else the machine does hits both alike. */
import { median, quantile } from 'simple-statistics';

export interface Spread {
  readonly middle: number;
  /** A quarter of the values lies below, a quarter above. */
  readonly low: number;
  readonly high: number;
}

export interface Comparison {
  readonly ours: Spread;
  readonly anchor: Spread;
  /** Of each pair, ours by the anchor's. */
  readonly ratio: Spread;
  /** Of each pair, ours less the anchor's. */
  readonly difference: Spread;
  readonly pairs: number;
}

export type Sample = () => Promise<number>;

export function spreadOf(values: readonly number[]): Spread {
  const all = [...values];
  return { middle: median(all), low: quantile(all, 0.25), high: quantile(all, 0.75) };
}

/** Measures by turns: anchor, ours, anchor, ours… One pair before the first is not counted: it fills the caches of the disk. */
export async function compare(ours: Sample, anchor: Sample, pairs: number): Promise<Comparison> {
  const taken: { readonly ours: number; readonly anchor: number }[] = [];
  for (let pair = -1; pair < pairs; pair += 1) {
    const beside = await anchor();
    const one = { anchor: beside, ours: await ours() };
    if (pair >= 0) {
      taken.push(one);
    }
  }
  return {
    ours: spreadOf(taken.map((pair) => pair.ours)),
    anchor: spreadOf(taken.map((pair) => pair.anchor)),
    ratio: spreadOf(taken.map((pair) => pair.ours / pair.anchor)),
    difference: spreadOf(taken.map((pair) => pair.ours - pair.anchor)),
    pairs,
  };
}
