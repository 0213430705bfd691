import type { MetricSource } from './metric-source';
import type { CheckTiming } from './timing';

export interface ErrorRatioCheckPlan extends CheckTiming {
  readonly kind: 'errorRatio';
  /** Sums of both have the same periods, and are in the same Region. */
  readonly errors: MetricSource;
  readonly requests: MetricSource;
  readonly maxPercent: number;
  /** With fewer requests since the gate began nobody can tell. */
  readonly minRequests: number;
  /** What a period without data means: HEALTHY = it had no errors, or no requests. */
  readonly missingData: 'INCONCLUSIVE' | 'HEALTHY';
}
