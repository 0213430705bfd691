// A canary decides: for an hour its errors and its latency are compared with those of the stable version beside it.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  Approvers,
  Check,
  GateRule,
  MetricCriticality,
} from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Canary');

/** The shop publishes these itself, each version for its own track. */
const ofTrack = (track: string, metricName: string, statistic: string) =>
  new cloudwatch.Metric({
    namespace: 'Shop',
    metricName,
    dimensionsMap: { Track: track },
    statistic,
    period: Duration.minutes(1),
  });

const compared = (metricName: string, statistic: string) => ({
  canary: ofTrack('canary', metricName, statistic),
  baseline: ofTrack('stable', metricName, statistic),
});

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Canary',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 1,
      stackName: 'shop-canary',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
    new ApprovalGateAction({
      actionName: 'Healthy',
      runOrder: 2,
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [
        Check.canaryAnalysis({
          metrics: [
            { ...compared('ErrorPercent', 'Average'), name: 'errors', criticality: MetricCriticality.CRITICAL },
            { ...compared('Latency', 'p90'), name: 'latency', minEffectPercent: 20 },
          ],
        }),
      ],
      bakeTime: Duration.hours(1),
      // No data is no yes: somebody has to decide.
      approvers: Approvers.emails('ana@example.com', 'bo@example.com'),
      rule: GateRule.automatedElsePeople(),
    }),
  ],
});
