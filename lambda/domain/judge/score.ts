/** What the metrics of a canary mean together: groups, weights, critical metrics and thresholds, as of Kayenta's `NetflixACAJudge`. */
import type { CanaryCriticality } from '../../../contract/checks';
import type { MetricJudgement } from './judge-metric';

export interface ScoreRule {
  /** How much a group counts, in per cent. Groups that are not named share what is left. */
  readonly groupWeights: Readonly<Record<string, number>>;
  /** From this score up the canary passes. */
  readonly pass: number;
  /** Below this score the canary fails; from there to `pass` nobody can tell. */
  readonly marginal: number;
}

export interface ScoredMetric {
  readonly group: string;
  readonly criticality: CanaryCriticality;
  readonly judgement: MetricJudgement;
}

export interface Score {
  readonly verdict: MetricJudgement['verdict'];
  /** 0 to 100. Undefined while a metric could not be judged: what is missing scores nothing, not even a failure. */
  readonly score?: number;
  readonly because: 'CRITICAL' | 'SCORE' | 'MISSING' | 'NOTHING_DECIDES';
}

export function scoreOf(rule: ScoreRule, metrics: readonly ScoredMetric[]): Score {
  const deciding = metrics.filter(({ criticality }) => criticality !== 'REPORT_ONLY');
  if (deciding.some(({ criticality, judgement }) => criticality === 'CRITICAL' && judgement.verdict === 'FAIL')) {
    return { verdict: 'FAIL', score: 0, because: 'CRITICAL' };
  }
  /** Were every metric healthy that could not be judged. */
  const best = weighted(rule, deciding);
  if (best === undefined) {
    return { verdict: 'INCONCLUSIVE', because: 'NOTHING_DECIDES' };
  }
  if (best < rule.marginal) {
    return { verdict: 'FAIL', score: best, because: 'SCORE' };
  }
  if (deciding.some(({ judgement }) => judgement.verdict === 'INCONCLUSIVE')) {
    return { verdict: 'INCONCLUSIVE', because: 'MISSING' };
  }
  return { verdict: best >= rule.pass ? 'PASS' : 'INCONCLUSIVE', score: best, because: 'SCORE' };
}

/** The share of metrics in each group that have not failed, by the weight of the group. Undefined where nothing has a weight. */
function weighted({ groupWeights }: ScoreRule, metrics: readonly ScoredMetric[]): number | undefined {
  const groups = [...new Set(metrics.map(({ group }) => group))];
  const unnamed = groups.filter((group) => groupWeights[group] === undefined);
  const named = Object.values(groupWeights).reduce((sum, weight) => sum + weight, 0);
  const share = Math.max(0, 100 - named) / unnamed.length;
  let total = 0;
  let reached = 0;
  for (const group of groups) {
    const members = metrics.filter((metric) => metric.group === group);
    const healthy = members.filter(({ judgement }) => judgement.verdict !== 'FAIL').length;
    const weight = groupWeights[group] ?? share;
    total += weight;
    reached += (weight * healthy) / members.length;
  }
  return total > 0 ? (100 * reached) / total : undefined;
}
