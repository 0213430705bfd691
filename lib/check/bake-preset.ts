import { Duration } from 'aws-cdk-lib';

/**
 * Bake times, and the requests that they need, as the Amazon Builders' Library describes them in "Automating safe, hands-off deployments".
 *
 * Give them as the bake time of a gate.
 */
export class BakePreset {
  /** After a one-box deployment: 1 hour. */
  public static readonly ONE_BOX = Duration.hours(1);

  /** After the first wave of Regions: 12 hours. */
  public static readonly FIRST_WAVE = Duration.hours(12);

  /** After each later wave: 2 hours. */
  public static readonly LATER_WAVE = Duration.hours(2);

  /** How many requests a bake should have seen at least: 100. For `minRequests` of checks that count them. */
  public static readonly MIN_REQUESTS = 100;

  private constructor() {}
}
