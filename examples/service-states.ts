// An automated approval that watches the service itself for a quarter of an hour: it stays steady, and its targets stay healthy.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Check } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ServiceStates');

const targetGroup = elbv2.ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'WebTargets', {
  targetGroupArn: stack.formatArn({
    service: 'elasticloadbalancing',
    resource: 'targetgroup',
    resourceName: 'shop-web/6d0ecf831eec9f09',
  }),
});

const service = ecs.FargateService.fromFargateServiceAttributes(stack, 'WebService', {
  serviceArn: stack.formatArn({ service: 'ecs', resource: 'service', resourceName: 'shop/shop-web' }),
  cluster: ecs.Cluster.fromClusterArn(
    stack,
    'Cluster',
    stack.formatArn({ service: 'ecs', resource: 'cluster', resourceName: 'shop' }),
  ),
});

const log = logs.LogGroup.fromLogGroupName(stack, 'WebLog', '/shop/web');

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
        // A closed calendar holds the gate back until it opens.
        Check.changeCalendar('release-freeze'),
        Check.ecsService(service),
        Check.logQuery(log, 'filter level = "ERROR"', { interval: Duration.minutes(5) }),
        // Three of four are enough while one is replaced.
        Check.targetGroup(targetGroup, { minHealthyPercent: 75 }),
      ],
      bakeTime: Duration.minutes(15),
      rollbackOnReject: true,
      timeout: Duration.days(7),
    }),
  ],
});
