// Two of three people, personal links, nobody approves their own change, every no with a reason.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, RequireReason } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'WorkflowGate');

const ana = Approver.person('ana@example.com', { name: 'Ana', alsoKnownAs: ['ana-gh', '*/assumed-role/Release/ana'] });
const bo = Approver.person('bo@example.com', { name: 'Bo', alsoKnownAs: ['bo-gh'] });
const cy = Approver.person('cy@example.com', { name: 'Cy' });

const approvals = new ApprovalWorkflow(stack, 'Approvals');

const code = new codepipeline.Artifact();
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [
    // A connection names the author of a change; S3 does not, and then nobody could be kept from approving their own.
    new actions.CodeStarConnectionsSourceAction({
      actionName: 'Source',
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000',
      owner: 'example',
      repo: 'shop',
      output: code,
    }),
  ],
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [
    new ApprovalGateAction({
      actionName: 'Approve',
      runOrder: 1,
      workflow: approvals,
      approvers: Approvers.atLeast(2, ana, bo, cy),
      requireReason: RequireReason.FOR_REJECTION,
      timeout: Duration.days(2),
    }),
    new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      runOrder: 2,
      stackName: 'shop-prod',
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    }),
  ],
});
