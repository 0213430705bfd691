// The pipeline's stack comes first, the workflow's stack later; the gate is added when both exist.
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approvers, Check, GateRule } from 'cdk-approval-gates';

export const app = new App();

const release = new Stack(app, 'ShopFirst');
const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(release, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(release, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
const prod = pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 2,
      stackName: 'shop-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
  ],
});

const approvals = new ApprovalWorkflow(new Stack(app, 'PlatformLater'), 'Approvals');
prod.addAction(
  new ApprovalGateAction({
    actionName: 'Approve',
    runOrder: 1,
    workflow: approvals,
    // People and checks together: the approve button is locked while the shop is not healthy.
    approvers: Approvers.emails('ana@example.com', 'bo@example.com'),
    checks: [Check.http('https://shop.example.com/health')],
    rule: GateRule.guarded(),
  }),
);
