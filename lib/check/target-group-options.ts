import type { CheckOptions } from './check-options';

/** Options of `Check.targetGroup`. */
export interface TargetGroupCheckOptions extends CheckOptions {
  /**
   * How many targets have to be healthy. From 1 to 1,000.
   *
   * @default 1
   */
  readonly minHealthy?: number;

  /**
   * How many per cent of the registered targets have to be healthy, rounded up to whole targets. From 1 to 100.
   *
   * @default 100
   */
  readonly minHealthyPercent?: number;
}
