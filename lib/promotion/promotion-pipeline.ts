import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ApprovalGateAction, ApprovalWorkflow, IApprovalWorkflow } from '../approval';
import { acknowledge } from '../private/acknowledge';
import type { PromotionPipelineProps } from './promotion-props';
import type { PromotionStage } from './promotion-stage';
import { ShiftedAction } from './shifted-action';
import { BUILD_STAGE, HEALTH_GATE, MANUAL_GATE, SOURCE_STAGE, validatePromotion } from './validate';

/**
 * A pipeline that promotes a change from stage to stage, in one account.
 *
 * Every stage is `[Approve] → deploy actions → [Healthy]`, in *one* CodePipeline stage: while a gate waits, the stage is
 * locked, so no newer change can slip in between what people saw, what is deployed and what the checks measure. `Approve` is
 * opened by people, `Healthy` by checks.
 *
 * In the account appear a V2 pipeline with its role, and an artifact bucket; the gates add what `ApprovalGateAction` adds.
 */
export class PromotionPipeline extends Construct {
  /** The pipeline. */
  public readonly pipeline: codepipeline.Pipeline;

  /** The workflow behind the gates, if any gate needs one. */
  public readonly workflow?: IApprovalWorkflow;

  private readonly _gates: ApprovalGateAction[] = [];

  constructor(scope: Construct, id: string, props: PromotionPipelineProps) {
    super(scope, id);
    validatePromotion(props);

    this.workflow = props.workflow ?? (needsWorkflow(props) ? new ApprovalWorkflow(this, 'Approvals') : undefined);
    this.pipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: props.pipelineName,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: props.executionMode ?? codepipeline.ExecutionMode.SUPERSEDED,
      artifactBucket: props.artifactBucket ?? this.makeArtifactBucket(props),
    });

    this.pipeline.addStage({ stageName: SOURCE_STAGE, actions: [props.source] });
    if (props.buildAction !== undefined) {
      this.pipeline.addStage({ stageName: BUILD_STAGE, actions: [props.buildAction] });
    }
    for (const stage of props.stages) {
      this.addPromotionStage(stage, props);
    }
    this.warnWhenUngated(props.stages);
  }

  /** The gates, in the order in which a change meets them. */
  public get gates(): ApprovalGateAction[] {
    return [...this._gates];
  }

  private addPromotionStage(stage: PromotionStage, props: PromotionPipelineProps): void {
    const shift = stage.manualApproval === true ? 1 : 0;
    const deploy = shift === 0 ? stage.deploy : stage.deploy.map((action) => new ShiftedAction(action, shift));
    const last = Math.max(...deploy.map((action) => action.actionProperties.runOrder ?? 1));
    const actions = [
      ...(stage.manualApproval === true ? [this.manualGate(stage, props)] : []),
      ...deploy,
      ...(stage.checks !== undefined ? [this.healthGate(stage, props, last + 1)] : []),
    ];
    this.pipeline.addStage({ stageName: stage.stageName, actions });
  }

  private manualGate(stage: PromotionStage, props: PromotionPipelineProps): ApprovalGateAction {
    return this.gate(
      new ApprovalGateAction({
        actionName: MANUAL_GATE,
        runOrder: 1,
        workflow: this.workflow,
        approvers: stage.approvers ?? props.approvers,
        window: stage.window,
        freezes: stage.freezes,
        startLater: stage.startLater,
        breakGlass: stage.breakGlass,
        ...shared(stage, props),
      }),
    );
  }

  private healthGate(stage: PromotionStage, props: PromotionPipelineProps, runOrder: number): ApprovalGateAction {
    return this.gate(
      new ApprovalGateAction({
        actionName: HEALTH_GATE,
        runOrder,
        workflow: this.workflow,
        checks: stage.checks,
        bakeTime: stage.bakeTime,
        rollbackOnReject: stage.rollbackOnReject,
        onInconclusive: stage.onInconclusive,
        rule: stage.rule,
        approvers: stage.rule === undefined ? undefined : (stage.approvers ?? props.approvers),
        ...shared(stage, props),
      }),
    );
  }

  private gate(gate: ApprovalGateAction): ApprovalGateAction {
    this._gates.push(gate);
    return gate;
  }

  private makeArtifactBucket(props: PromotionPipelineProps): s3.Bucket {
    const key =
      props.crossAccountKeys === true
        ? new kms.Key(this, 'ArtifactKey', { enableKeyRotation: true, description: 'Artifacts of a release pipeline' })
        : undefined;
    const bucket = new s3.Bucket(this, 'Artifacts', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: key === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: key === undefined ? undefined : true,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        {
          expiration: props.artifactRetention ?? Duration.days(180),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'only the pipeline and its actions read artifacts, and CodePipeline records what they did',
    );
    return bucket;
  }

  private warnWhenUngated(stages: PromotionStage[]): void {
    const production = stages[stages.length - 1];
    if (production.manualApproval !== true && production.checks === undefined) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:PromotionPipeline.ungated',
        `stage '${production.stageName}' is the last one and has no gate: every change that builds reaches it; ` +
          'set `manualApproval: true` or give `checks`, or acknowledge this with the reason why that is wanted',
      );
    }
  }
}

function shared(stage: PromotionStage, props: PromotionPipelineProps) {
  return {
    reviewUrl: props.reviewUrl,
    additionalInformation: props.additionalInformation,
    timeout: stage.timeout ?? props.timeout,
  };
}

function needsWorkflow(props: PromotionPipelineProps): boolean {
  return props.stages.some(
    (stage) =>
      stage.checks !== undefined ||
      stage.window !== undefined ||
      stage.freezes !== undefined ||
      stage.startLater !== undefined ||
      stage.breakGlass !== undefined ||
      (stage.manualApproval === true && (stage.approvers ?? props.approvers)?._needsWorkflow !== undefined),
  );
}
