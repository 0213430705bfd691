// A pipeline that exists already, whoever made it: its approval action stays, the workflow answers it.
import { App, Stack } from 'aws-cdk-lib';
import { ApprovalWorkflow, Approver, Approvers } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ExistingPipeline');

const approvals = new ApprovalWorkflow(stack, 'Approvals');

// Pipeline, stage and action by the names they have. Let the action notify `approvals.requestTopic`, or the workflow
// hears of it by the pipeline's events, two minutes later.
approvals.addGate({
  pipelineName: 'legacy-billing',
  stageName: 'Production',
  actionName: 'ManualApproval',
  approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
});
