/** Where a further stage or wave stands. */
export interface PromotionPlacement {
  /**
   * Name of the stage or wave that it stands right behind; `Build`, or `Source` where there is no build, for the first place.
   *
   * @default - behind the last one so far
   */
  readonly after?: string;
}
