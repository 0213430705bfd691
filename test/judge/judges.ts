/** Whoever watches a bake of four hours: the judge, and what stands beside it. */
import { judgeCanary, MINIMUM_POINTS, type CanaryPlan } from '../../lambda/domain/judge/judge-canary';
import { compare, type Direction } from '../../lambda/domain/judge/judge-metric';
import { ERROR_BUDGET, lookSchedule } from '../../lambda/domain/judge/looks';
import type { Paired } from '../../lambda/domain/judge/paired';
import { BAKE_MINUTES } from './noise';

/** After how many minutes the bake was rejected; undefined = never. */
export type Judge = (series: Paired) => number | undefined;

const FROM = '2026-01-01T00:00:00Z';
const TIMES = Array.from({ length: BAKE_MINUTES }, (_, minute) =>
  new Date(Date.parse(FROM) + minute * 60_000).toISOString(),
);
export const LOOKS = lookSchedule(MINIMUM_POINTS, BAKE_MINUTES);

export function plan(direction: Direction, minimumEffect: number): CanaryPlan {
  return {
    errorBudget: ERROR_BUDGET,
    period: 60,
    bakePoints: BAKE_MINUTES,
    minimumPoints: MINIMUM_POINTS,
    metrics: [{ name: 'metric', direction, minimumEffect, group: 'all', criticality: 'NORMAL' }],
    score: { groupWeights: {}, pass: 95, marginal: 75 },
  };
}

/** The judge at its looks. */
export function judge(direction: Direction = 'INCREASE', minimumEffect = 0.1): Judge {
  const rules = plan(direction, minimumEffect);
  const points = (values: Float64Array) => TIMES.map((at, minute) => ({ at, value: values[minute] ?? NaN }));
  return ({ canary, baseline }) => {
    const series = [{ name: 'metric', canary: points(canary), baseline: points(baseline) }];
    return LOOKS.find((finished) => judgeCanary(rules, series, { from: FROM, finished }).verdict === 'FAIL');
  };
}

/** Kayenta's confidence. */
const KAYENTA = 2.3263;

function first(minutes: readonly number[], isBad: (minute: number) => boolean): number | undefined {
  return minutes.find(isBad);
}

function every(step: number, from: number): readonly number[] {
  return Array.from({ length: (BAKE_MINUTES - from) / step + 1 }, (_, index) => from + index * step);
}

function part({ canary, baseline }: Paired, from: number, to: number): Paired {
  return { canary: canary.subarray(from, to), baseline: baseline.subarray(from, to) };
}

/** Kayenta's test on all the data so far, as often as this. */
export function kayentaGrowing(step: number): Judge {
  return (series) =>
    first(every(step, 30), (minute) => compare(part(series, 0, minute), 0, KAYENTA, 1).finding === 'HIGH');
}

/** Kayenta's test on the last hour, as often as this. */
export function kayentaSliding(step: number): Judge {
  return (series) =>
    first(every(step, 60), (minute) => compare(part(series, minute - 60, minute), 0, KAYENTA, 1).finding === 'HIGH');
}

/** As an analysis of Argo Rollouts often says it: the mean of five minutes is above the baseline's by a factor, more often than forgiven. */
export function threshold(factor: number, forgiven: number): Judge {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  return (series) => {
    let failures = 0;
    return first(every(5, 5), (minute) => {
      const { canary, baseline } = part(series, minute - 5, minute);
      failures += mean(canary) > factor * mean(baseline) ? 1 : 0;
      return failures > forgiven;
    });
  };
}
