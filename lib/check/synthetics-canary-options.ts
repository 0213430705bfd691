import type { Duration } from 'aws-cdk-lib';
import type { CheckOptions } from './check-options';

/** Options of `Check.syntheticsCanary`. */
export interface SyntheticsCanaryCheckOptions extends CheckOptions {
  /**
   * How long ago the newest run of the canary that is over may have begun. Longer than the interval in which the canary runs and a run
   * together: with 15 minutes, a canary of every 5 minutes may miss a run, and one of every hour is always overdue.
   *
   * Whole seconds, from 1 minute to 24 hours.
   *
   * @default Duration.minutes(15)
   */
  readonly maxRunAge?: Duration;

  /**
   * Account of the canary. In another account than the gate's, a `CheckReader` has to be deployed.
   *
   * @default - the account of the gate
   */
  readonly account?: string;

  /**
   * Region of the canary.
   *
   * @default - the Region of the gate
   */
  readonly region?: string;
}
