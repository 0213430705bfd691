// A manual approval by mail: a topic, two mails, a link to what should be looked at. No function is created.
import { App, CfnCapabilities, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { ApprovalGateAction, Approvers } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'NativeGate');

const code = new codepipeline.Artifact();
const source = new actions.CodeStarConnectionsSourceAction({
  actionName: 'Source',
  connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-2222-3333-4444-555555555555',
  owner: 'example',
  repo: 'shop',
  output: code,
});
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({ stageName: 'Source', actions: [source] });

pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new ApprovalGateAction({
      actionName: 'Approve',
      runOrder: 1,
      approvers: Approvers.emails('ana@example.com', 'bo@example.com'), // any one of them
      reviewUrl: `https://reviews.example.com/r/${source.variables.commitId}`,
    }),
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 2, // in the same stage: what was approved is what is deployed
      stackName: 'shop-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
      cfnCapabilities: [CfnCapabilities.NONE],
    }),
  ],
});
