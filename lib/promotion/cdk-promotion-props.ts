import type { Duration } from 'aws-cdk-lib';
import type * as pipelines from 'aws-cdk-lib/pipelines';
import type { Approvers, IApprovalWorkflow } from '../approval';
import type { PromotionGates } from './promotion-gates';

/** Properties of `CdkPromotion`. */
export interface CdkPromotionProps {
  /** The pipeline of CDK Pipelines that stages and waves are added to. Of type V2 where a stage rolls back. */
  readonly pipeline: pipelines.CodePipeline;

  /**
   * Who is asked, in stages and waves with `manualApproval` or `rule`.
   *
   * @default - nobody, unless a stage names its own approvers
   */
  readonly approvers?: Approvers;

  /**
   * The workflow that asks people, runs checks and keeps the record. Share one between pipelines.
   *
   * @default - one is made for the first stage or wave that needs it, and serves what is added from then on. Until then gates are native
   * approval actions and no function is created
   */
  readonly workflow?: IApprovalWorkflow;

  /**
   * Page that approvers should look at. May hold pipeline variables.
   *
   * @default - no link
   */
  readonly reviewUrl?: string;

  /**
   * Text for approvers. May hold pipeline variables.
   *
   * @default - no text
   */
  readonly additionalInformation?: string;

  /**
   * How long gates wait for an answer.
   *
   * @default - the time-out of `ApprovalGateStep`
   */
  readonly timeout?: Duration;
}

/** Gates and further steps of a wave. */
export interface CdkPromotionOptions extends PromotionGates {
  /**
   * Steps before the deployment, behind the gate `Approve`. So is what they need and does not run before this stage.
   *
   * @default - no further steps
   */
  readonly pre?: pipelines.Step[];

  /**
   * Steps after the deployment, in front of the gate `Healthy`.
   *
   * @default - no further steps
   */
  readonly post?: pipelines.Step[];
}

/** Gates and further steps of a stage. */
export interface CdkStageOptions extends CdkPromotionOptions {
  /**
   * Steps around single stacks of the stage.
   *
   * @default - no further steps
   */
  readonly stackSteps?: pipelines.StackSteps[];
}
