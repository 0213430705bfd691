/** One series of CloudWatch data: a metric, or an expression of metrics. */
export interface MetricSource {
  readonly region: string;
  /** Seconds that each value of the series stands for. */
  readonly period: number;
  /** The first one is the series; the others are what its expression uses. */
  readonly queries: readonly MetricQuery[];
}

export type MetricQuery = StatisticQuery | ExpressionQuery;

/** A statistic of a metric. */
export interface StatisticQuery {
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** `Sum`, `p99` */
  readonly statistic: string;
  /** Counts only what was published with this unit. */
  readonly unit?: string;
}

/** Metric math over other queries, by their ids. */
export interface ExpressionQuery {
  readonly id: string;
  readonly expression: string;
}
