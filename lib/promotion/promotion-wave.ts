import type { PromotionGates } from './promotion-gates';
import type { PromotionTarget, TargetOrder } from './promotion-target';

/**
 * Accounts and Regions that get a change together: one stage of the pipeline, with one gate before all of its targets and one after
 * them. Where nothing else is said, the checks of a wave bake.
 *
 * A row of waves with one target each stops at the first target that is not healthy.
 */
export interface PromotionWave extends PromotionGates {
  /** Name of the stage, such as `Europe`. Unique in its pipeline. */
  readonly waveName: string;

  /** Where the wave deploys to. At least one. */
  readonly targets: PromotionTarget[];

  /**
   * Whether the targets are deployed to at the same time.
   *
   * @default TargetOrder.PARALLEL
   */
  readonly targetOrder?: TargetOrder;
}
