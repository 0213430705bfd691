// One person of Security and two of Operations. Bo is in both, and counts for one of them.
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { ApprovalGateAction, ApprovalWorkflow, Approver, ApproverGroup, Approvers } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Groups');

const ana = Approver.person('ana@example.com', { name: 'Ana' });
const bo = Approver.person('bo@example.com', { name: 'Bo', alsoKnownAs: ['*/assumed-role/Release/bo'] });
const cy = Approver.person('cy@example.com', { name: 'Cy' });
const di = Approver.person('di@example.com', { name: 'Di' });

const code = new codepipeline.Artifact();
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
pipeline.addStage({
  stageName: 'Source',
  actions: [
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
      workflow: new ApprovalWorkflow(stack, 'Approvals'),
      approvers: Approvers.allGroups(
        ApproverGroup.anyOf('Security', ana, bo),
        ApproverGroup.atLeast('Operations', 2, bo, cy, di),
      ),
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
