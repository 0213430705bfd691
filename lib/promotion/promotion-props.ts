import type { Duration } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Approvers, IApprovalWorkflow } from '../approval';
import type { PromotionStage } from './promotion-stage';
import type { PromotionWave } from './promotion-wave';

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

  /**
   * Where a change goes, in this order. The last stage or wave counts as production.
   *
   * @default - none; they are given as `waves`, or by `addStage` and `addWave`
   */
  readonly stages?: PromotionStage[];

  /**
   * Where a change goes after `stages`, in this order: several accounts and Regions at a time.
   *
   * @default - none
   */
  readonly waves?: PromotionWave[];

  /**
   * Who is asked, in stages and waves with `manualApproval` or `rule`.
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
   * Encrypt artifacts with a key that other accounts can be let use: needed for actions in other accounts. The key costs $1 a month, and
   * so does one in each further Region.
   *
   * @default false
   */
  readonly crossAccountKeys?: boolean;

  /**
   * What a newer change does to an older one that waits between two stages.
   *
   * With gates, not PARALLEL: runs would share a stage, and no gate would hold it.
   *
   * @default ExecutionMode.SUPERSEDED
   */
  readonly executionMode?: codepipeline.ExecutionMode;

  /**
   * Bucket for artifacts. For actions in other accounts it needs an `encryptionKey` of its own.
   *
   * @default - a private bucket that only speaks TLS and forgets artifacts after `artifactRetention`
   */
  readonly artifactBucket?: s3.IBucket;

  /**
   * How long artifacts are kept. A stage can only be rolled back to a version whose artifacts are still there. Not with `artifactBucket`, whose own lifecycle
   * rules decide.
   *
   * @default Duration.days(180)
   */
  readonly artifactRetention?: Duration;
}
