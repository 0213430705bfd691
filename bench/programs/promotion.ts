/**
 * Synthesizes a pipeline with so many stages and prints what it took: `promotion.js <kind> <stages>`. Each stage deploys a stack, behind a
 * manual approval and, in the kinds with checks, in front of a health gate. The two kinds of a pair have the same gates:
 *
 * - `native` (ours) and `cdk` (by hand): approvals of CodePipeline, by a topic
 * - `gated` (ours) and `hand` (by hand, with the gates of this library): a workflow, people and a check
 */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Kind = 'native' | 'cdk' | 'gated' | 'hand';

const MAILS = ['ana@example.com', 'bo@example.com'] as const;

/** What all kinds have: where changes come from, and what deploys them. */
class Parts {
  private readonly code = new codepipeline.Artifact();

  constructor(private readonly stack: Stack) {}

  source(): codepipeline.IAction {
    const bucket = s3.Bucket.fromBucketName(this.stack, 'Source', 'source');
    return new actions.S3SourceAction({ actionName: 'Fetch', bucket, bucketKey: 'app.zip', output: this.code });
  }

  deploy(stage: string, runOrder = 1): codepipeline.IAction {
    return new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder,
      stackName: `shop-${stage}`,
      templatePath: this.code.atPath(`${stage}.json`),
      adminPermissions: false,
    });
  }

  /** A pipeline by hand, with a bucket as private as that of `PromotionPipeline`. */
  pipeline(): codepipeline.Pipeline {
    const artifactBucket = new s3.Bucket(this.stack, 'Artifacts', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(180), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const pipeline = new codepipeline.Pipeline(this.stack, 'Pipeline', {
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.SUPERSEDED,
      artifactBucket,
    });
    pipeline.addStage({ stageName: 'Source', actions: [this.source()] });
    return pipeline;
  }
}

const BUILD: Readonly<Record<Kind, (stack: Stack, stages: readonly string[]) => Promise<void>>> = {
  async native(stack, stages) {
    const { Approvers, PromotionPipeline } = await import('../../lib');
    const parts = new Parts(stack);
    new PromotionPipeline(stack, 'Promotion', {
      source: parts.source(),
      approvers: Approvers.emails(...MAILS),
      stages: stages.map((stageName) => ({ stageName, deploy: [parts.deploy(stageName)], manualApproval: true })),
    });
  },

  cdk(stack, stages) {
    const parts = new Parts(stack);
    const pipeline = parts.pipeline();
    const notificationTopic = new sns.Topic(stack, 'Topic', { enforceSSL: true });
    for (const endpoint of MAILS) {
      const protocol = sns.SubscriptionProtocol.EMAIL;
      new sns.Subscription(stack, endpoint, { topic: notificationTopic, protocol, endpoint });
    }
    for (const stageName of stages) {
      const approve = new actions.ManualApprovalAction({ actionName: 'Approve', notificationTopic, runOrder: 1 });
      pipeline.addStage({ stageName, actions: [approve, parts.deploy(stageName, 2)] });
    }
    return Promise.resolve();
  },

  async gated(stack, stages) {
    const { Approvers, PromotionPipeline } = await import('../../lib');
    const parts = new Parts(stack);
    const checks = await watched();
    new PromotionPipeline(stack, 'Promotion', {
      source: parts.source(),
      approvers: Approvers.emails(...MAILS),
      stages: stages.map((stageName) => ({
        stageName,
        deploy: [parts.deploy(stageName)],
        manualApproval: true,
        checks,
        bakeTime: Duration.hours(1),
        rollbackOnReject: true,
      })),
    });
  },

  async hand(stack, stages) {
    const { ApprovalGateAction, ApprovalWorkflow, Approvers } = await import('../../lib');
    const parts = new Parts(stack);
    const workflow = new ApprovalWorkflow(stack, 'Approvals');
    const pipeline = parts.pipeline();
    const checks = await watched();
    for (const stageName of stages) {
      pipeline.addStage({
        stageName,
        actions: [
          new ApprovalGateAction({
            actionName: 'Approve',
            runOrder: 1,
            workflow,
            approvers: Approvers.emails(...MAILS),
          }),
          parts.deploy(stageName, 2),
          new ApprovalGateAction({
            actionName: 'Healthy',
            runOrder: 3,
            workflow,
            checks,
            bakeTime: Duration.hours(1),
            rollbackOnReject: true,
          }),
        ],
      });
    }
  },
};

async function watched() {
  const { AlarmRef, Check } = await import('../../lib');
  return [Check.alarm(AlarmRef.named('shop-5xx'))];
}

async function main(kind: Kind, count: number): Promise<void> {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = new App({ outdir });
  const stack = new Stack(app, 'Release');
  await BUILD[kind](
    stack,
    Array.from({ length: count }, (_, index) => `Stage${index}`),
  );
  const { Resources } = app.synth().getStackByName(stack.stackName).template as { readonly Resources: object };
  rmSync(outdir, { recursive: true });
  const { user, system } = process.cpuUsage();
  process.stdout.write(
    JSON.stringify({ milliseconds: (user + system) / 1000, resources: Object.keys(Resources).length }),
  );
}

void main(process.argv[2] as Kind, Number(process.argv[3]));
