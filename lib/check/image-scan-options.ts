import type { Duration } from 'aws-cdk-lib';
import type { CheckOptions } from './check-options';
import type { FindingLimits } from './finding-limits';
import type { ScannedImage } from './scanned-image';
import type { Waiver } from './waiver';

/** How the registry scans its images. */
export enum ImageScanning {
  /** By Amazon ECR alone. */
  BASIC = 'BASIC',
  /**
   * By Amazon Inspector. ECR answers for it, to those who may read in Amazon Inspector: the measuring role gets
   * `inspector2:ListCoverage` and `inspector2:ListFindings` on `*`, since AWS knows no narrower permission
   * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html).
   */
  ENHANCED = 'ENHANCED',
}

/** Options of `Check.imageScan`. */
export interface ImageScanCheckOptions extends CheckOptions {
  /**
   * Which image of the repository belongs to the run.
   *
   * @default ScannedImage.taggedByRevision()
   */
  readonly image?: ScannedImage;

  /**
   * How the registry scans its images.
   *
   * @default ImageScanning.BASIC
   */
  readonly scanning?: ImageScanning;

  /**
   * How many findings of each severity may be there.
   *
   * @default - no critical one, no high one, none that is not rated; any number of the others
   */
  readonly limits?: FindingLimits;

  /**
   * Findings that are accepted for a time. At most 50.
   *
   * @default - none
   */
  readonly waivers?: Waiver[];

  /**
   * How old a scan may be that is not repeated by itself: with an older one the check cannot tell. From 1 hour to 365 days.
   *
   * @default Duration.days(30)
   */
  readonly maxAge?: Duration;
}
