/** The judge: does a canary behave as the stable version does beside it? A pure function, the same for every reading of the same data. */
import { inflationOf } from './effective-samples';
import { judgeMetric, type MetricJudgement, type MetricRule } from './judge-metric';
import { criticalValue, lookSchedule } from './looks';
import { pairedPoints, type DataPoint } from './paired';
import { scoreOf, type Criticality, type Score, type ScoreRule } from './score';

export interface CanaryPlan {
  /** A healthy bake is rejected with this probability at most, see `ERROR_BUDGET`. */
  readonly errorBudget: number;
  /** Seconds of a data point. */
  readonly period: number;
  /** Data points of each side in the whole bake. */
  readonly bakePoints: number;
  /** With fewer nothing is judged. `MINIMUM_POINTS` unless a user says otherwise, never under `FEWEST_POINTS`. */
  readonly minimumPoints: number;
  readonly metrics: readonly MetricPlan[];
  readonly score: ScoreRule;
}

export interface MetricPlan extends MetricRule {
  readonly group: string;
  readonly criticality: Criticality;
}

export const MINIMUM_POINTS = 30;
export const FEWEST_POINTS = 5;

/** Finished data points of one metric, of the same moments on both sides; zeros where nothing means zero. */
export interface MetricSeries {
  readonly name: string;
  readonly canary: readonly DataPoint[];
  readonly baseline: readonly DataPoint[];
}

export interface Look {
  /** ISO 8601, when the first whole period of the bake began. */
  readonly from: string;
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

/** Of the data points that a look should have, so many may be missing. */
const MISSING = 0.1;

/**
 * Judges what there was at the latest look that is due. Between two looks the answer stays the same, so nobody gets a
 * further chance by asking often.
 */
export function judgeCanary(
  plan: CanaryPlan,
  series: readonly MetricSeries[],
  { from, finished }: Look,
): CanaryJudgement {
  const minimum = Math.max(plan.minimumPoints, FEWEST_POINTS);
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
  const needed = Math.max(minimum, Math.ceil(points * (1 - MISSING)));
  const judged = plan.metrics.map((metric) => {
    const found = series.find(({ name }) => name === metric.name);
    const paired = pairedPoints(found?.canary ?? [], found?.baseline ?? [], { from, period: plan.period, points });
    const n = paired.canary.length;
    const judgement =
      n < needed ? missing(metric, n, points) : judgeMetric(metric, paired, critical, inflationOf(paired));
    return { group: metric.group, criticality: metric.criticality, judgement };
  });
  const score = scoreOf(plan.score, judged);
  const metrics = judged.map(({ judgement }) => judgement);
  const decisive = judged.filter(({ criticality }) => criticality !== 'REPORT_ONLY').map(({ judgement }) => judgement);
  return {
    ...place,
    verdict: score.verdict,
    reason: sentence(score, decisive).slice(0, MOST_WORDS),
    ...(score.score === undefined ? {} : { score: score.score }),
    metrics,
  };
}

function missing({ name }: MetricPlan, n: number, points: number): MetricJudgement {
  return {
    name,
    verdict: 'INCONCLUSIVE',
    n,
    reason: `${name}: only ${n} of ${points} data points are there on both sides`,
  };
}

/** What a measurement's reason may have. */
const MOST_WORDS = 300;

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
