/** What every kind of check has: when it is measured, how much it forgives, and who reads for it. Times in seconds. */
export interface CheckTiming {
  /** Unique within its gate: `[a-z0-9-]{1,40}`. */
  readonly id: string;
  /** What people read: `alarm shop-5xx`. */
  readonly title: string;
  readonly initialDelay: number;
  readonly interval: number;
  /** So many failed measurements are forgiven. */
  readonly failureLimit: number;
  /** So many errors in a row are forgiven before the check counts as unable to tell. */
  readonly consecutiveErrorLimit: number;
  /** So many inconclusive measurements are forgiven: of the whole bake, or in a row where there is no bake. */
  readonly inconclusiveLimit: number;
  /** Good measurements needed before the check can pass; at least 1. */
  readonly minSamples: number;
  /** Shown and recorded, never decides. */
  readonly observeOnly: boolean;
  /** ARN of the role that reads what is measured, where that is in another account than the gate. */
  readonly reader?: string;
}
