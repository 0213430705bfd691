import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { ApprovalGateAction } from '../approval';

/** A stage or wave that stands in a `PromotionPipeline`, with its gates. */
export class PromotedStage {
  /** @internal */
  constructor(
    /** The stage of the pipeline. */
    public readonly stage: codepipeline.IStage,
    /** The gate `Approve`, in front of the deployment; undefined without `manualApproval`. */
    public readonly approve?: ApprovalGateAction,
    /** The gate `Healthy`, behind the deployment; undefined without checks. */
    public readonly healthy?: ApprovalGateAction,
  ) {}

  /** Name of the stage or wave. */
  public get stageName(): string {
    return this.stage.stageName;
  }

  /** Its gates, in the order in which a change meets them. */
  public get gates(): ApprovalGateAction[] {
    return [this.approve, this.healthy].filter((gate) => gate !== undefined);
  }
}
