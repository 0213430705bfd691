// A release is approved after a quarter of an hour in which a CloudWatch Synthetics canary could buy something, again and again.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approvers, Check, GateRule } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'SyntheticsCanary');

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 1,
      stackName: 'shop-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
    new ApprovalGateAction({
      actionName: 'Healthy',
      runOrder: 2,
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      // It runs every 5 minutes; a canary that the app makes is named by its `canaryName`.
      checks: [Check.syntheticsCanary('shop-checkout', { maxRunAge: Duration.minutes(12) })],
      bakeTime: Duration.minutes(15),
      rollbackOnReject: true,
      // The canary is stopped, or does not run: somebody has to decide.
      approvers: Approvers.emails('ana@example.com'),
      rule: GateRule.automatedElsePeople(),
    }),
  ],
});
