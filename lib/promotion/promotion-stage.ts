import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { PromotionGates } from './promotion-gates';

/** One environment on the way to production. */
export interface PromotionStage extends PromotionGates {
  /** Name of the stage, such as `Staging`. Unique in its pipeline. */
  readonly stageName: string;

  /**
   * What deploys to this environment. Run orders count from 1, as if nothing came before: the gate in front moves them.
   */
  readonly deploy: codepipeline.IAction[];
}
