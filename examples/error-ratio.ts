// A release goes back by itself when more than 1 % of the shop's requests fail, and only when there were enough requests to tell.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approvers, Check, GateRule } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ErrorRatio');

/** Of the alias that customers call, whichever version serves it. */
const countOf = (metricName: string) =>
  new cloudwatch.Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: 'shop', Resource: 'shop:live' },
    statistic: 'Sum',
    period: Duration.minutes(1),
  });

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
      checks: [Check.errorRatio({ errors: countOf('Errors'), requests: countOf('Invocations'), maxPercent: 1 })],
      bakeTime: Duration.minutes(30),
      rollbackOnReject: true,
      // Too few requests to tell: somebody has to decide.
      approvers: Approvers.emails('ana@example.com', 'bo@example.com'),
      rule: GateRule.automatedElsePeople(),
    }),
  ],
});
