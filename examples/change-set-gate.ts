// A gate between preparing a change set and executing it: approvers see what CloudFormation would do before they answer.
import { App, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ChangeSetGate');

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

const approvals = new ApprovalWorkflow(stack, 'Approvals');
const ana = Approver.person('ana@example.com');
const bo = Approver.person('bo@example.com');
const cy = Approver.person('cy@example.com');

const change = { stackName: 'shop-prod', changeSetName: 'release' };
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new actions.CloudFormationCreateReplaceChangeSetAction({
      actionName: 'Prepare',
      ...change,
      templatePath: source.atPath('shop-prod.template.json'),
      adminPermissions: false,
      runOrder: 1,
    }),
    // Found by itself: the gate shows the change set that the stage prepares before it and executes after it.
    new ApprovalGateAction({
      actionName: 'Approve',
      workflow: approvals,
      approvers: Approvers.atLeast(2, ana, bo, cy),
      excludeAuthor: false, // an S3 source names no author
      runOrder: 2,
    }),
    new actions.CloudFormationExecuteChangeSetAction({ actionName: 'Deploy', ...change, runOrder: 3 }),
  ],
});
