import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { CheckOptions } from './check-options';

/** Options of `Check.canaryAnalysis`. */
export interface CanaryAnalysisCheckOptions extends CheckOptions {
  /** What is compared: 1 to 10 metrics, all with the same period of a minute or more. At least one of them decides. */
  readonly metrics: ComparedMetric[];

  /**
   * How much a group of metrics counts, in per cent, by the name of the group. Groups that are not named share what is left of 100.
   *
   * @default - every group counts the same
   */
  readonly groupWeights?: { [group: string]: number };

  /**
   * The score from which the canary passes. A group's score is the share of its metrics that have not failed, in per cent. From 1 to 100.
   *
   * @default 95
   */
  readonly passScore?: number;

  /**
   * The canary fails with a score below this one; from there to `passScore` the check cannot tell. From 1 to `passScore`.
   *
   * @default 75 - or `passScore`, where that is lower
   */
  readonly marginalScore?: number;

  /**
   * With fewer data points of each side nothing is judged: the first look is made then. From 5 to 1,000. Under 30 only large differences
   * can be told from chance.
   *
   * @default 30
   */
  readonly minPoints?: number;
}

/** A metric of the canary, and the same metric of the stable version that serves beside it. */
export interface ComparedMetric {
  /** Such as `new Metric({ …, dimensionsMap: { …, ExecutedVersion: canaryVersion } })`. */
  readonly canary: cloudwatch.IMetric;

  /** The same of the version that is known to be healthy. */
  readonly baseline: cloudwatch.IMetric;

  /**
   * What people read. One line of at most 60 characters, different for every metric.
   *
   * @default - label, name or expression of `canary`
   */
  readonly name?: string;

  /**
   * Which difference is bad.
   *
   * @default WorseWhen.HIGHER
   */
  readonly worseWhen?: WorseWhen;

  /**
   * A difference of less than so many per cent of the baseline's mean (of its median, for the shift) is harmless. From 0 to 1,000. 0 = any difference that
   * is no chance is bad, as for Kayenta's judge.
   *
   * @default 10
   */
  readonly minEffectPercent?: number;

  /**
   * Whether it fails the canary alone, counts, or is only shown.
   *
   * @default MetricCriticality.NORMAL
   */
  readonly criticality?: MetricCriticality;

  /**
   * Group in which the metric counts.
   *
   * @default 'all'
   */
  readonly group?: string;
}

/** Which difference between a canary and its baseline is bad. */
export enum WorseWhen {
  /** As of errors and latency. */
  HIGHER = 'HIGHER',
  /** As of orders. */
  LOWER = 'LOWER',
  /** As of requests, of which the canary has its share. */
  DIFFERENT = 'DIFFERENT',
}

/** How much a metric of a canary matters. */
export enum MetricCriticality {
  /** It counts in its group. */
  NORMAL = 'NORMAL',
  /** When it fails, the canary fails, whatever the others say. */
  CRITICAL = 'CRITICAL',
  /** Shown and recorded, never decides. */
  REPORT_ONLY = 'REPORT_ONLY',
}
