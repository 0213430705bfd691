// An automated approval: an alarm, an address and a function of yours watch the new version for half an hour.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AlarmRef,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approvers,
  Check,
  GateRule,
  MissingData,
} from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Checks');

const smokeTest = lambda.Function.fromFunctionAttributes(stack, 'SmokeTest', {
  functionArn: stack.formatArn({ service: 'lambda', resource: 'function:shop-smoke-test' }),
  sameEnvironment: true,
});

const code = new codepipeline.Artifact();
const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'shop.zip', output: code })],
});
pipeline.addStage({
  stageName: 'Staging',
  actions: [
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 1,
      stackName: 'shop-staging',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
    new ApprovalGateAction({
      actionName: 'Healthy',
      runOrder: 2,
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      checks: [
        Check.alarm(AlarmRef.named('shop-staging-5xx'), { missingData: MissingData.HEALTHY }),
        Check.http('https://staging.example.com/health', { interval: Duration.minutes(1), failureLimit: 1 }),
        Check.lambda(smokeTest, { initialDelay: Duration.minutes(2), interval: Duration.minutes(5) }),
      ],
      bakeTime: Duration.minutes(30),
      rollbackOnReject: true,
      // No data, or errors only: somebody has to decide.
      approvers: Approvers.emails('ana@example.com', 'bo@example.com'),
      rule: GateRule.automatedElsePeople(),
    }),
  ],
});
