/** Whoever watches a bake of four hours: the judge, and what stands beside it. */
import { CANARY_POINTS } from '../../contract/checks';
import type { WorseWhen } from '../../contract/checks';
import { judgeCanary, type CanaryPlan } from '../../lambda/domain/judge/judge-canary';
import { compare } from '../../lambda/domain/judge/judge-metric';
import { lookSchedule } from '../../lambda/domain/judge/looks';
import { Judging } from '../../lambda/domain/limits';
import { mannWhitney } from '../../lambda/domain/judge/mann-whitney';
import type { Paired } from '../../lambda/domain/judge/paired';
import { rankingOf } from '../../lambda/domain/judge/ranking';
import { BAKE_MINUTES } from './noise';

/** After how many minutes the bake was rejected; undefined = never. */
export type Judge = (series: Paired) => number | undefined;

const FROM = 0;
export const LOOKS = lookSchedule(CANARY_POINTS.usual, BAKE_MINUTES);

export function plan(worseWhen: WorseWhen, minEffect: number): CanaryPlan {
  return {
    errorBudget: Judging.ERROR_BUDGET,
    period: 60,
    bakePoints: BAKE_MINUTES,
    minPoints: CANARY_POINTS.usual,
    longestGap: 4 * 60_000,
    metrics: [{ name: 'metric', worseWhen, minEffect, group: 'all', criticality: 'NORMAL' }],
    score: { groupWeights: {}, pass: 95, marginal: 75 },
  };
}

/** The judge at its looks. */
export function judge(worseWhen: WorseWhen = 'HIGHER', minEffect = 0.1): Judge {
  const rules = plan(worseWhen, minEffect);
  const points = (values: Float64Array) =>
    Array.from(values, (value, minute) => ({ at: FROM + minute * 60_000, value }));
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

function isHigh(series: Paired): boolean {
  // Most are not, and then the interval is not needed.
  const ranking = rankingOf(series);
  return mannWhitney(ranking).z > KAYENTA && compare(ranking, 0, KAYENTA, 1).finding === 'HIGH';
}

/** Kayenta's test on all the data so far, as often as this. */
export function kayentaGrowing(step: number): Judge {
  return (series) => first(every(step, 30), (minute) => isHigh(part(series, 0, minute)));
}

/** Kayenta's test on the last hour, as often as this. */
export function kayentaSliding(step: number): Judge {
  return (series) => first(every(step, 60), (minute) => isHigh(part(series, minute - 60, minute)));
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
