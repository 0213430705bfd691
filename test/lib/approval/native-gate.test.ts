import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApprovalGateAction, Approvers, ApprovalWorkflow, Approver } from '../../../lib/approval';
import { newPipeline, newStack } from './stacks';
test('x', () => {
  const stack = newStack();
  const p = newPipeline(stack);
  p.addStage({
    stageName: 'Prod',
    actions: [
      new ApprovalGateAction({
        actionName: 'Approve',
        approvers: Approvers.emails('a@example.com'),
        reviewUrl: 'https://x.example.com/#{Source.VersionId}',
      }),
    ],
  });
  const w = new ApprovalWorkflow(stack, 'W');
  p.addStage({
    stageName: 'Prod2',
    actions: [
      new ApprovalGateAction({
        actionName: 'Approve',
        workflow: w,
        approvers: Approvers.atLeast(2, Approver.person('a@example.com'), Approver.person('b@example.com')),
      }),
    ],
  });
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'))).toHaveLength(1);
});
