import type { CheckOptions } from './check-options';

/** Options of `Check.testReport`. */
export interface TestReportCheckOptions extends CheckOptions {
  /**
   * How many tests have to have run, at least: with fewer the check fails. From 1 to 1,000,000.
   *
   * Skipped tests did not run. Choose a number near the one that you have, and tests that were lost by accident are noticed.
   *
   * @default 1
   */
  readonly minTests?: number;

  /**
   * How many tests may be skipped: with more the check fails. From 0 to 1,000,000.
   *
   * @default - any number
   */
  readonly maxSkipped?: number;
}
