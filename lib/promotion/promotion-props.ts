import type { Duration } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Approvers, IApprovalWorkflow } from '../approval';
import type { PromotionStage } from './promotion-stage';

/** Properties of `PromotionPipeline`. */
export interface PromotionPipelineProps {
  /**
   * Name of the pipeline.
   *
   * @default - a name is generated
   */
  readonly pipelineName?: string;

  /** Where changes come from. */
  readonly source: codepipeline.IAction;

  /**
   * What builds a change, once for all stages: the only action of stage `Build`.
   *
   * @default - the source is deployed as it is
   */
  readonly buildAction?: codepipeline.IAction;

  /** Where a change goes, in this order. The last stage counts as production. */
  readonly stages: PromotionStage[];

  /**
   * Who is asked, in stages with `manualApproval` or `rule`.
   *
   * @default - nobody, unless a stage names its own approvers
   */
  readonly approvers?: Approvers;

  /**
   * The workflow that asks people, runs checks and keeps the record. Share one between pipelines.
   *
   * @default - one is made when a gate needs it: for checks, windows, freezes, later starts, quorums above one, groups, guests, and approvers with
   * further names.
   * Otherwise gates are native approval actions and no function is created
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
   * @default - the time-out of `ApprovalGateAction`
   */
  readonly timeout?: Duration;

  /**
   * Encrypt artifacts with a key that other accounts could be let use. The key costs $1 a month.
   *
   * @default false
   */
  readonly crossAccountKeys?: boolean;

  /**
   * What a newer change does to an older one that waits between two stages.
   *
   * @default ExecutionMode.SUPERSEDED
   */
  readonly executionMode?: codepipeline.ExecutionMode;

  /**
   * Bucket for artifacts.
   *
   * @default - a private bucket that only speaks TLS and forgets artifacts after `artifactRetention`
   */
  readonly artifactBucket?: s3.IBucket;

  /**
   * How long artifacts are kept. A stage can only be rolled back to a version whose artifacts are still there.
   *
   * @default Duration.days(180)
   */
  readonly artifactRetention?: Duration;
}
