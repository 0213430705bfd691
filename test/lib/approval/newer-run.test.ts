import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApprovalWorkflow, Approvers, NewerRun, type AddGateOptions } from '../../../lib/approval';

function gate(options: Partial<AddGateOptions> = {}) {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' });
  workflow.addGate({
    pipelineName: 'shop',
    stageName: 'Prod',
    actionName: 'Approve',
    approvers: Approvers.emails('ana@example.com'),
    ...options,
  });
  return { app, stack };
}

const policyIn = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'))
    .map(({ Properties }) => JSON.stringify(Properties.Value))
    .find((value) => value.includes('answerRole'));

test('stands in the policy where it was chosen, and nowhere else', () => {
  expect(policyIn(gate({ newerRun: NewerRun.REPLACES }).stack)).toContain('REPLACES');
  expect(policyIn(gate({ newerRun: NewerRun.WAITS }).stack)).not.toContain('newerRun');
  expect(policyIn(gate().stack)).not.toContain('newerRun');
});

test('is refused where the stage rolls back', () => {
  const { app } = gate({ newerRun: NewerRun.REPLACES, stageRollsBack: true });

  expect(() => app.synth()).toThrow(/`newerRun` REPLACES, but the stage is rolled back when it fails/);
  expect(() => gate({ newerRun: NewerRun.WAITS, stageRollsBack: true }).app.synth()).not.toThrow();
});

test('is refused where nobody is asked, and what is none of the two as well', () => {
  expect(() => gate({ newerRun: NewerRun.REPLACES, approvers: undefined })).toThrow();
  expect(() => gate({ newerRun: 'MAYBE' as NewerRun })).toThrow(/`newerRun` is "MAYBE"/);
});
