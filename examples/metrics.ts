// Metrics decide: after a deployment, latency and errors of the shop have to keep their limits for half an hour.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approvers, Check, GateRule } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Metrics');

/** Each minute of the function behind the shop, wherever it was made. */
const ofShop = (metricName: string, statistic: string) =>
  new cloudwatch.Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: 'shop', Resource: 'shop:live' },
    statistic,
    period: Duration.minutes(1),
  });

/** Lambda publishes no errors of a minute without invocations: such a minute has none. */
const errorsPerMinute = new cloudwatch.MathExpression({
  label: 'shop errors per minute',
  expression: 'FILL(errors, 0)',
  usingMetrics: { errors: ofShop('Errors', 'Sum') },
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
      checks: [
        Check.metric(ofShop('Duration', 'p90'), { title: 'shop latency', atMost: 800 }),
        Check.metric(errorsPerMinute, { atMost: 5 }),
      ],
      bakeTime: Duration.minutes(30),
      // No data is no yes: somebody has to decide.
      approvers: Approvers.emails('ana@example.com', 'bo@example.com'),
      rule: GateRule.automatedElsePeople(),
    }),
  ],
});
