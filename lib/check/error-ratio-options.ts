import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { MissingData } from './alarm-options';
import type { CheckOptions } from './check-options';

/** Options of `Check.errorRatio`. */
export interface ErrorRatioCheckOptions extends CheckOptions {
  /** How many errors there were: a count, with the statistic `Sum`. */
  readonly errors: cloudwatch.IMetric;

  /** How many requests there were, errors included: a count, with the statistic `Sum` and the period of `errors`. */
  readonly requests: cloudwatch.IMetric;

  /** The highest share of errors that is healthy, in percent: from 0 to less than 100. With 0, a single error is too many. */
  readonly maxPercent: number;

  /**
   * With fewer requests since the gate began, the check cannot pass.
   *
   * @default - 300 / maxPercent, or 300 where `maxPercent` is 0: with so many requests and no error among them, the true share is below
   * the limit (or below 1 %) with a confidence of 95 %
   */
  readonly minRequests?: number;

  /**
   * What a period without data means. With `MissingData.HEALTHY` there were no errors, or no requests, in it: for metrics that are
   * published only when something happens.
   *
   * @default MissingData.INCONCLUSIVE
   */
  readonly missingData?: MissingData;
}
