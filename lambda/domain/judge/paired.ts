/** Values of the same moments: only what both sides have is compared. */
import { millis, SECOND } from '../time';

export interface DataPoint {
  /** ISO 8601, when the period of the data point began. */
  readonly at: string;
  /** Not a number = missing. */
  readonly value: number;
}

/** In the order of time. */
export interface Paired {
  readonly canary: Float64Array;
  readonly baseline: Float64Array;
}

/** The data points of both sides in the first so many periods. A moment that one side lacks is left out of both. */
export function pairedPoints(
  canary: readonly DataPoint[],
  baseline: readonly DataPoint[],
  window: { readonly from: string; readonly period: number; readonly points: number },
): Paired {
  const start = millis(window.from);
  const end = start + window.points * window.period * SECOND;
  const usual = new Map(baseline.map(({ at, value }) => [millis(at), value]));
  const both = new Map<number, readonly [number, number]>();
  canary.forEach(({ at, value }) => {
    const moment = millis(at);
    const other = usual.get(moment);
    if (moment >= start && moment < end && Number.isFinite(value) && other !== undefined && Number.isFinite(other)) {
      both.set(moment, [value, other]);
    }
  });
  const ordered = [...both].sort(([first], [second]) => first - second).map(([, values]) => values);
  return {
    canary: Float64Array.from(ordered, ([value]) => value),
    baseline: Float64Array.from(ordered, ([, value]) => value),
  };
}
