// An automated approval that watches the service itself: its load balancer's targets stay healthy for a quarter of an hour.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Check } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ServiceStates');

const targetGroup = elbv2.ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'Web', {
  targetGroupArn: stack.formatArn({
    service: 'elasticloadbalancing',
    resource: 'targetgroup',
    resourceName: 'shop-web/6d0ecf831eec9f09',
  }),
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
        // Three of four are enough while one is replaced.
        Check.targetGroup(targetGroup, { minimumHealthy: 2, minimumHealthyPercent: 75 }),
      ],
      bakeTime: Duration.minutes(15),
      rollbackOnReject: true,
    }),
  ],
});
