// A pipeline without an approval workflow: after the deployment an action watches it for ten minutes, and a release that is not healthy goes back.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AlarmRef, Check, HealthCheckAction } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'HealthChecked');

const latency = new cloudwatch.Metric({
  namespace: 'Shop',
  metricName: 'Latency',
  statistic: 'p99',
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
    new HealthCheckAction({
      actionName: 'Healthy',
      runOrder: 2,
      checks: [Check.alarm(AlarmRef.named('shop-5xx')), Check.metric(latency, { atMost: 800 })],
      bakeTime: Duration.minutes(10),
      rollbackOnFailure: true,
    }),
  ],
});
