import type { Duration } from 'aws-cdk-lib';

/** When a check is measured and how much it forgives: the same for every kind of check. */
export interface CheckOptions {
  /**
   * What people read on the review page, in mails and in the record.
   *
   * One line of at most 80 characters.
   *
   * @default - the kind of check and what it measures, such as `alarm shop-5xx`
   */
  readonly title?: string;

  /**
   * How long after the gate began the check is first measured.
   *
   * @default Duration.seconds(0)
   */
  readonly initialDelay?: Duration;

  /**
   * Time between two measurements; not shorter than the period of the metric behind it.
   *
   * Between 10 seconds and 24 hours.
   *
   * @default - 1 minute; for metrics their period if that is longer
   */
  readonly interval?: Duration;

  /**
   * How many failed measurements are forgiven. The next one ends the bake.
   *
   * @default 0
   */
  readonly failureLimit?: number;

  /**
   * How many errors in a row are forgiven before the check counts as unable to tell.
   *
   * @default 4
   */
  readonly consecutiveErrorLimit?: number;

  /**
   * How many measurements that could not tell are forgiven: of the whole bake, or in a row where there is no bake. From 0 to 1,000.
   *
   * An alarm that has no data at first needs no forgiveness: start with `initialDelay`, or let `missingData` say that silence is
   * good.
   *
   * @default - 0; 4 in the hooks of a `LambdaRollout`
   */
  readonly inconclusiveLimit?: number;

  /**
   * Good measurements that are needed before the check can pass.
   *
   * @default 1
   */
  readonly minSamples?: number;

  /**
   * Show and record the check, without letting it decide.
   *
   * @default false
   */
  readonly observeOnly?: boolean;

  /**
   * Which `CheckReader` reads for the check, where what it measures is in another account, and that account has more than one reader
   * for the workflow in that Region.
   *
   * @default 'reader', as the default of `CheckReader`
   */
  readonly readerName?: string;
}
