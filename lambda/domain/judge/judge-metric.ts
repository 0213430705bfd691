/** One metric: does the canary differ from the baseline in a way that matters? */
import type { WorseWhen } from '../../../contract/checks';
import { Judging } from '../limits';
import { meanOf, medianOf } from './averages';
import { effectOf, isAbove, isBelow, isClear, type Effect } from './effect';
import { shiftOf, type Shift } from './hodges-lehmann';
import { boundaryRank, mannWhitney, mostSigmas, type MannWhitney } from './mann-whitney';
import { normalQuantile } from './normal';
import type { Ranking } from './ranking';
import { percent } from './words';

export interface MetricRule {
  readonly name: string;
  /** Which difference is bad. */
  readonly worseWhen: WorseWhen;
  /** A difference below this share of the baseline is harmless, of the means as of the shift. 0 = none is, as for Kayenta's judge. */
  readonly minEffect: number;
}

/** What the metric's values say. */
export interface Comparison {
  /** Data points of each side. */
  readonly n: number;
  /** How many of these count, because neighbouring ones are alike. */
  readonly effective: number;
  readonly test: MannWhitney;
  readonly effect: Effect;
  readonly shift: Shift;
  /** What a shift is a share of: the baseline's median, which no outlier moves, or its mean where that is 0. */
  readonly usual: number;
  readonly finding: 'HIGH' | 'LOW' | 'NONE' | 'CANNOT_TELL';
}

export interface MetricJudgement {
  readonly name: string;
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE';
  /** One sentence. */
  readonly reason: string;
  readonly n: number;
  readonly effective?: number;
  /** The shift and its interval, in per cent of the baseline's median, or of its mean where that is 0. Absent where both are. */
  readonly effectPercent?: number;
  readonly lowPercent?: number;
  readonly highPercent?: number;
}

/** What is significant is said by the error budget of the whole bake; the interval is that of a single look. */
const INTERVAL = normalQuantile(1 - Judging.INTERVAL / 2);

/**
 * @param critical how many sigma are significant at this look
 * @param inflation by how much neighbouring data points are alike, see `inflationOf`
 */
export function compare(ranking: Ranking, minEffect: number, critical: number, inflation: number): Comparison {
  const { sorted } = ranking;
  const n = sorted.canary.length;
  const test = mannWhitney(ranking);
  const scatter = Math.sqrt(inflation);
  const shift = shiftOf(sorted, boundaryRank(test, INTERVAL * scatter));
  const effect = effectOf(sorted, test, shift);
  const usual = Math.abs(medianOf(sorted.baseline) || meanOf(sorted.baseline));
  const isSignificant = Math.abs(test.z) > critical * scatter && isClear(shift);
  const finding = !(mostSigmas(ranking) > critical * scatter)
    ? 'CANNOT_TELL'
    : isSignificant && test.z > 0 && isAbove(effect, minEffect)
      ? 'HIGH'
      : isSignificant && test.z < 0 && isBelow(effect, minEffect)
        ? 'LOW'
        : 'NONE';
  return { n, effective: n / inflation, test, effect, shift, usual, finding };
}

export function judgeMetric(rule: MetricRule, ranking: Ranking, critical: number, inflation: number): MetricJudgement {
  const { name, worseWhen } = rule;
  const comparison = compare(ranking, rule.minEffect, critical, inflation);
  const { n, effective, finding, shift, usual } = comparison;
  const share = (value: number): number => (100 * value) / usual;
  const figures = { name, n, effective };
  if (finding === 'CANNOT_TELL') {
    return {
      ...figures,
      verdict: 'INCONCLUSIVE',
      reason: `${name}: by ${n} data points no difference could be told, they are too few or too much alike from one to the next`,
    };
  }
  const isBad = (finding === 'HIGH' && worseWhen !== 'LOWER') || (finding === 'LOW' && worseWhen !== 'HIGHER');
  return {
    ...figures,
    verdict: isBad ? 'FAIL' : 'PASS',
    reason: `${name}: ${SAID[finding]}: ${inFigures(comparison)}`,
    ...(usual === 0
      ? {}
      : { effectPercent: share(shift.estimate), lowPercent: share(shift.low), highPercent: share(shift.high) }),
  };
}

const SAID = { HIGH: 'the canary is higher', LOW: 'the canary is lower', NONE: 'no difference that matters' } as const;

function inFigures({ n, effect, shift, usual }: Comparison): string {
  const means =
    effect.ofMeans === undefined
      ? `in ${percent(effect.superiority)} of comparisons the canary has the larger value`
      : `its mean is ${percent(Math.abs(effect.ofMeans))} ${effect.ofMeans < 0 ? 'below' : 'above'} the baseline's`;
  const shown = (value: number): string => percent(value / usual, true);
  const interval =
    usual === 0 ? '' : `, typically ${shown(shift.estimate)} (${shown(shift.low)} to ${shown(shift.high)})`;
  return `${means}${interval}, ${n} data points each`;
}
