import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { ApprovalGateAction, ApprovalWorkflow, Approvers } from '../../../lib/approval';
import { deployAction, newApp, newPipeline } from './stacks';

const approvers = Approvers.emails('ana@example.com');
const env = { account: '111111111111', region: 'eu-west-1' };
const gate = { pipelineName: 'shop', stageName: 'Prod', actionName: 'Approve', approvers };

/** A pipeline called `shop` with an approval of the CDK's own, and workflows beside it. */
function app(where: { account?: string; region?: string } = env) {
  const root = newApp();
  const release = new Stack(root, 'Release', { env: where });
  newPipeline(release, 'Pipeline', { pipelineName: 'shop' }).addStage({
    stageName: 'Prod',
    actions: [new actions.ManualApprovalAction({ actionName: 'Approve' }), deployAction(release)],
  });
  const workflow = (name: string, theirs: { account?: string; region?: string } = env) =>
    new ApprovalWorkflow(new Stack(root, `Stack-${name}`, { env: theirs }), 'Approvals', { workflowName: name });
  return { root, release, workflow };
}

describe('a gate of a pipeline that the same app makes', () => {
  test('is taken when its names are right', () => {
    const workflow = app().workflow('one');
    workflow.addGate(gate);
    expect(() => Template.fromStack(Stack.of(workflow))).not.toThrow();
  });

  test.each([
    [{ stageName: 'Prodd' }, /its stage 'Prodd', but it has 'Source', 'Prod': correct `stageName`/],
    [{ actionName: 'Aprove' }, /approval action 'Aprove' of stage 'Prod', but the approvals there are 'Approve'/],
    [{ actionName: 'Deploy' }, /approval action 'Deploy' of stage 'Prod', but the approvals there are 'Approve'/],
    [{ stageName: 'Source', actionName: 'Fetch' }, /the approvals there are none/],
  ])('fails where nothing has that name: %j', (wrong, message) => {
    const workflow = app().workflow('one');
    workflow.addGate({ ...gate, ...wrong });
    expect(() => Template.fromStack(Stack.of(workflow))).toThrow(message);
  });

  test('fails also where account and Region are not known', () => {
    const workflow = app({}).workflow('one', {});
    workflow.addGate({ ...gate, stageName: 'Prodd' });
    expect(() => Template.fromStack(Stack.of(workflow))).toThrow(/correct `stageName`/);
  });

  test('is not confused with a pipeline of that name elsewhere', () => {
    const workflow = app({ ...env, region: 'us-east-1' }).workflow('one');
    workflow.addGate({ ...gate, stageName: 'Other' });
    expect(() => Template.fromStack(Stack.of(workflow))).not.toThrow();
  });
});

describe('a gate has one workflow', () => {
  test('fails for two workflows that would both ask', () => {
    const { workflow } = app();
    workflow('one').addGate(gate);
    expect(() => workflow('two').addGate(gate)).toThrow(
      /gate 'Approve' of stage 'Prod' in pipeline 'shop' is answered by workflow 'one' already, and is added to workflow 'two'/,
    );
  });

  test('fails for a gate in the pipeline and `addGate`, whichever workflow', () => {
    const root = newApp();
    const stack = new Stack(root, 'Release', { env });
    const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'one' });
    newPipeline(stack, 'Pipeline', { pipelineName: 'shop' }).addStage({
      stageName: 'Prod',
      actions: [new ApprovalGateAction({ actionName: 'Approve', workflow, approvers })],
    });
    const other = new ApprovalWorkflow(new Stack(root, 'B', { env }), 'Approvals', { workflowName: 'two' });

    expect(() => workflow.addGate(gate)).toThrow(/is answered by workflow 'one' already/);
    expect(() => other.addGate(gate)).toThrow(/is answered by workflow 'one' already/);
  });

  test('takes pipelines of one name in two places', () => {
    const root = newApp();
    for (const id of ['Dev', 'Prod']) {
      const stack = new Stack(new Stage(root, id), 'Release');
      new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' }).addGate(gate);
      expect(() => Template.fromStack(stack)).not.toThrow();
    }
  });
});
