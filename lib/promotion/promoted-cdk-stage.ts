import type * as pipelines from 'aws-cdk-lib/pipelines';
import type { ApprovalGateStep } from '../approval';
import { nameOfWave } from './wave-name';

/**
 * A stage or wave that `CdkPromotion` added, with its gates.
 *
 * The gates are steps: let steps of your own depend on them, by `addStepDependency`, let somebody answer them in the console, by
 * `grantManualApproval`, and follow their states, by `onStateChange`. CDK Pipelines makes actions of them when it builds the pipeline; from
 * then on each has its `action`.
 */
export class PromotedCdkStage {
  /** @internal */
  constructor(
    /** What CDK Pipelines deploys here: of `addStage` a wave of this stage alone. */
    public readonly wave: pipelines.Wave,
    /** The gate `Approve`, in front of the deployment; undefined without `manualApproval`. */
    public readonly approve?: ApprovalGateStep,
    /** The gate `Healthy`, behind the deployment; undefined without checks. */
    public readonly healthy?: ApprovalGateStep,
  ) {}

  /**
   * Name of the stage of CodePipeline: that of the wave, or of its stage where it has only one. A wave that gets a second stage
   * afterwards has its own name from then on.
   */
  public get stageName(): string {
    return nameOfWave(this.wave.id, this.wave.stages);
  }

  /** Its gates, in the order in which a change meets them. */
  public get gates(): ApprovalGateStep[] {
    return [this.approve, this.healthy].filter((gate) => gate !== undefined);
  }
}
