import type { CheckOptions } from './check-options';
import type { MissingData } from './alarm-options';

/** Options of `Check.metric`. At least one of `atMost` and `atLeast` is needed. */
export interface MetricCheckOptions extends CheckOptions {
  /**
   * The highest value that is healthy, in the unit of the metric.
   *
   * @default - no value is too high
   */
  readonly atMost?: number;

  /**
   * The lowest value that is healthy, in the unit of the metric.
   *
   * @default - no value is too low
   */
  readonly atLeast?: number;

  /**
   * What a period without data means. For metrics that are published only when something happens, give
   * `MissingData.HEALTHY`, or write `FILL(m1, 0)` in metric math.
   *
   * @default MissingData.INCONCLUSIVE
   */
  readonly missingData?: MissingData;
}
