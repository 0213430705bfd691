/** Values of the canary and of the baseline that are compared, in ascending order, which every part of a judgement needs. */
export interface Samples {
  readonly canary: Float64Array;
  readonly baseline: Float64Array;
}

export function sortedSamples(canary: Iterable<number>, baseline: Iterable<number>): Samples {
  return { canary: Float64Array.from(canary).sort(), baseline: Float64Array.from(baseline).sort() };
}
