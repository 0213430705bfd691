/** The judge: does a canary behave as the stable version does beside it? A pure function, the same for every reading of the same data. */
import { CANARY_POINTS } from '../../../contract/checks';
import type { CanaryCriticality } from '../../../contract/checks';
import { Judging, REASON_LIMIT } from '../limits';
import { clock } from '../metric-gaps';
import type { MetricPoint } from '../metric-window';
import { SECOND } from '../time';
import { inflationOf } from './effective-samples';
import { judgeMetric, type MetricJudgement, type MetricRule } from './judge-metric';
import { criticalValue, lookSchedule } from './looks';
import { pairedPoints, type Gap, type Paired } from './paired';
import { rankingOf } from './ranking';
import { scoreOf, type Score, type ScoreRule } from './score';

export interface CanaryPlan {
  /** A healthy bake is rejected with this probability at most, see `Judging`. */
  readonly errorBudget: number;
  /** Seconds of a data point. */
  readonly period: number;
  /** Data points of each side in the whole bake. */
  readonly bakePoints: number;
  /** With fewer nothing is judged. */
  readonly minPoints: number;
  /** Milliseconds for which data may be missing without a break: a canary that falls silent is not a healthy one. */
  readonly longestGap: number;
  readonly metrics: readonly MetricPlan[];
  readonly score: ScoreRule;
}

export interface MetricPlan extends MetricRule {
  readonly group: string;
  readonly criticality: CanaryCriticality;
}

/** Finished data points of one metric, of the same moments on both sides; zeros where nothing means zero. */
export interface MetricSeries {
  readonly name: string;
  readonly canary: readonly MetricPoint[];
  readonly baseline: readonly MetricPoint[];
}

export interface Look {
  /** When the first whole period of the bake began, in milliseconds. */
  readonly from: number;
  /** How many periods since then are over, and their data complete. */
  readonly finished: number;
}

export interface CanaryJudgement {
  /** Before the last look, PASS means that nothing was found so far. The bake goes on. */
  readonly verdict: 'PASS' | 'FAIL' | 'INCONCLUSIVE';
  /** One sentence, at most 300 characters. */
  readonly reason: string;
  readonly score?: number;
  /** Which look it was; 0 = the first is still to come. */
  readonly look: number;
  readonly looks: number;
  /** Periods that have to be over for the next look. Absent = this was the last one. */
  readonly next?: number;
  readonly metrics: readonly MetricJudgement[];
}

/**
 * Judges what there was at the latest look that is due. Between two looks the answer stays the same, so nobody gets a
 * further chance by asking often.
 */
export function judgeCanary(
  plan: CanaryPlan,
  series: readonly MetricSeries[],
  { from, finished }: Look,
): CanaryJudgement {
  const minimum = Math.max(plan.minPoints, CANARY_POINTS.fewest);
  const schedule = lookSchedule(minimum, plan.bakePoints);
  const look = schedule.filter((points) => points <= finished).length;
  const points = schedule[look - 1];
  const next = schedule[look];
  const place = { look, looks: schedule.length, ...(next === undefined ? {} : { next }) };
  if (points === undefined) {
    const reason =
      schedule.length === 0
        ? `a bake of ${plan.bakePoints} data points is too short: ${minimum} are needed`
        : `${Math.max(0, finished)} of ${minimum} data points so far`;
    return { ...place, verdict: 'INCONCLUSIVE', reason, metrics: [] };
  }
  const deciding = plan.metrics.filter(({ criticality }) => criticality !== 'REPORT_ONLY').length;
  const critical = criticalValue(plan.errorBudget, schedule.length * Math.max(deciding, 1));
  const needed = Math.max(minimum, Math.ceil(points * (1 - Judging.MISSING)));
  const judged = plan.metrics.map((metric) => {
    const found = series.find(({ name }) => name === metric.name);
    const paired = pairedPoints(found?.canary ?? [], found?.baseline ?? [], { from, period: plan.period, points });
    const n = paired.canary.length;
    const judgement =
      n < needed ? missing(metric, n, points) : withoutGap(judge(metric, paired, critical), paired.gap, plan);
    return { group: metric.group, criticality: metric.criticality, judgement };
  });
  const score = scoreOf(plan.score, judged);
  const metrics = judged.map(({ judgement }) => judgement);
  const decisive = judged.filter(({ criticality }) => criticality !== 'REPORT_ONLY').map(({ judgement }) => judgement);
  return {
    ...place,
    verdict: score.verdict,
    reason: sentence(score, decisive).slice(0, REASON_LIMIT),
    ...(score.score === undefined ? {} : { score: score.score }),
    metrics,
  };
}

function judge(metric: MetricPlan, paired: Paired, critical: number): MetricJudgement {
  const ranking = rankingOf(paired);
  return judgeMetric(metric, ranking, critical, inflationOf(ranking));
}

function missing({ name }: MetricPlan, n: number, points: number): MetricJudgement {
  return {
    name,
    verdict: 'INCONCLUSIVE',
    n,
    reason: `${name}: only ${n} of ${points} data points are there on both sides`,
  };
}

/** A metric may fail on part of the data, but none passes for a time without data. */
function withoutGap(
  judgement: MetricJudgement,
  gap: Gap,
  { period, longestGap }: Pick<CanaryPlan, 'period' | 'longestGap'>,
): MetricJudgement {
  return judgement.verdict !== 'PASS' || gap.points * period * SECOND <= longestGap
    ? judgement
    : {
        ...judgement,
        verdict: 'INCONCLUSIVE',
        reason: `${judgement.name}: ${gap.points} data points in a row are not there on both sides, from ${clock(gap.from)}`,
      };
}

function sentence({ verdict, score, because }: Score, metrics: readonly MetricJudgement[]): string {
  if (because === 'NOTHING_DECIDES') {
    return 'no metric decides';
  }
  const failed = metrics.filter((metric) => metric.verdict === 'FAIL');
  const [first, ...others] =
    because === 'MISSING' ? metrics.filter((metric) => metric.verdict === 'INCONCLUSIVE') : failed;
  if (first === undefined) {
    return metrics.length === 1
      ? metrics.map(({ reason }) => reason).join()
      : `no difference that matters in ${metrics.length} metrics`;
  }
  const points =
    verdict === 'INCONCLUSIVE' && score !== undefined
      ? `score ${Math.round(score)} is between failing and passing; `
      : '';
  return `${points}${first.reason}${others.length === 0 ? '' : `; and ${others.length} more`}`;
}
