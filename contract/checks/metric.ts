import type { MetricSource } from './metric-source';
import type { CheckTiming } from './timing';

export interface MetricCheckPlan extends CheckTiming, MetricLimits {
  readonly kind: 'metric';
  readonly source: MetricSource;
  /** What a period without data means. */
  readonly missingData: 'INCONCLUSIVE' | 'HEALTHY';
}

/** Both ends belong to what is healthy. At least one is there. */
export interface MetricLimits {
  readonly atLeast?: number;
  readonly atMost?: number;
}
