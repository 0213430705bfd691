// A team that broke production often lately is asked; while its releases go well they promote themselves. The metric is the team's own.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, Check, GateRule, OnFail } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'DeliveryMetrics');

const source = new codepipeline.Artifact('source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineName: 'shop-release',
  pipelineType: codepipeline.PipelineType.V2,
  stages: [
    {
      stageName: 'Source',
      actions: [
        new actions.S3SourceAction({
          actionName: 'Source',
          bucket: s3.Bucket.fromBucketName(stack, 'Sources', 'shop-sources'),
          bucketKey: 'shop.zip',
          output: source,
        }),
      ],
    },
  ],
});

/** Written by whatever counts releases and failures. An alarm looks back by itself, over at most seven days. */
const failureRate = new cloudwatch.Alarm(stack, 'ChangeFailureRate', {
  alarmName: 'shop-change-failure-rate',
  metric: new cloudwatch.Metric({
    namespace: 'Shop/Delivery',
    metricName: 'ChangeFailurePercent',
    statistic: cloudwatch.Stats.AVERAGE,
    period: Duration.days(1),
  }),
  threshold: 15,
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: 7,
  datapointsToAlarm: 2, // two bad days in a week
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING, // no release, no failure
});

pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new ApprovalGateAction({
      actionName: 'FailureRate',
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [Check.alarm(failureRate, { title: 'change failure rate of the week' })],
      rule: GateRule.automatedElsePeople({ onFail: OnFail.ASK_APPROVERS }),
      approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
      runOrder: 1,
    }),
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      stackName: 'shop-prod',
      templatePath: source.atPath('shop-prod.template.json'),
      adminPermissions: false,
      runOrder: 2,
    }),
  ],
});
