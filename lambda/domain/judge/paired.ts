/** Values of the same moments: only what both sides have is compared. */
import type { MetricPoint } from '../metric-window';
import { SECOND } from '../time';

/** In the order of time. */
export interface Paired {
  readonly canary: Float64Array;
  readonly baseline: Float64Array;
}

/** Moments in a row that are not there on both sides. */
export interface Gap {
  readonly from: number;
  readonly points: number;
}

/** The values of both sides in the first so many periods. A moment that one side lacks, or has no number for, is left out of both. */
export function pairedPoints(
  canary: readonly MetricPoint[],
  baseline: readonly MetricPoint[],
  window: { readonly from: number; readonly period: number; readonly points: number },
): Paired & { readonly gap: Gap } {
  const end = window.from + window.points * window.period * SECOND;
  const usual = new Map(baseline.map(({ at, value }) => [at, value]));
  const both = new Map<number, readonly [number, number]>();
  canary.forEach(({ at, value }) => {
    const other = usual.get(at);
    if (at >= window.from && at < end && Number.isFinite(value) && other !== undefined && Number.isFinite(other)) {
      both.set(at, [value, other]);
    }
  });
  const gap = longestGapIn(window, both);
  const ordered = [...both].sort(([first], [second]) => first - second).map(([, values]) => values);
  return {
    canary: Float64Array.from(ordered, ([value]) => value),
    baseline: Float64Array.from(ordered, ([, value]) => value),
    gap,
  };
}

function longestGapIn(
  { from, period, points }: Parameters<typeof pairedPoints>[2],
  known: ReadonlyMap<number, unknown>,
): Gap {
  let longest: Gap = { from, points: 0 };
  let missing = 0;
  for (let moment = 0; moment < points; moment += 1) {
    const at = from + moment * period * SECOND;
    missing = known.has(at) ? 0 : missing + 1;
    if (missing > longest.points) {
      longest = { from: at - (missing - 1) * period * SECOND, points: missing };
    }
  }
  return longest;
}
