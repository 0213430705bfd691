/** How many findings of each severity may be there: with more of one of them the check fails. Hints (`INFORMATIONAL`) never count. */
export interface FindingLimits {
  /**
   * From 0 to 100,000.
   *
   * @default 0
   */
  readonly critical?: number;

  /**
   * From 0 to 100,000.
   *
   * @default 0
   */
  readonly high?: number;

  /**
   * From 0 to 100,000.
   *
   * @default - any number
   */
  readonly medium?: number;

  /**
   * From 0 to 100,000.
   *
   * @default - any number
   */
  readonly low?: number;

  /**
   * Findings that nobody has rated yet: they may be critical. From 0 to 100,000.
   *
   * @default 0
   */
  readonly unrated?: number;
}
