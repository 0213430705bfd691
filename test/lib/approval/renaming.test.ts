import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApprovalGateAction, ApprovalWorkflow, Approvers, GateRule } from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { newApp, newPipeline } from './stacks';

/** Resources of workflow and pipeline, by logical id. */
function resources(workflowId: string, workflowName: string): { [stack: string]: { [id: string]: any } } {
  const app: App = newApp();
  const [workflows, release] = ['Workflows', 'Release'].map((id) => new Stack(app, id)) as [Stack, Stack];
  const workflow = new ApprovalWorkflow(workflows, workflowId, { workflowName });
  const approvers = Approvers.emails('ana@example.com');
  newPipeline(release).addStage({
    stageName: 'Prod',
    actions: [
      new ApprovalGateAction({
        actionName: 'Approve',
        workflow,
        approvers,
        checks: [Check.alarm(AlarmRef.named('shop-5xx'))],
        rule: GateRule.guarded(),
      }),
    ],
  });
  const of = (stack: Stack) => Template.fromStack(stack).toJSON().Resources as { [id: string]: any };
  return { workflows: of(workflows), release: of(release) };
}

test('a workflow whose construct gets another id keeps every resource beside its pipelines', () => {
  const [before, after] = [resources('Approvals', 'shop'), resources('Renamed', 'shop')];

  expect(Object.keys(after.release!)).toEqual(Object.keys(before.release!));
});

test('the page on renaming names every type of the workflow whose name would be taken', () => {
  const before = resources('Approvals', 'shop').workflows!;
  const after = resources('Renamed', 'shop').workflows!;
  const namesOf = ({ Properties: p }: any): unknown[] =>
    [p.TopicName, p.AlarmName, p.LogGroupName, p.QueueName, p.TableName, p.FunctionName, p.RoleName, p.Name].filter(
      (name) => typeof name === 'string',
    );
  const taken = Object.values(before).flatMap((one) => namesOf(one).map((name) => `${one.Type} ${name}`));
  const clashing = Object.entries(after)
    .filter(([id]) => !(id in before))
    .map(([, one]) => one)
    .filter((one) => namesOf(one).some((name) => taken.includes(`${one.Type} ${name}`)))
    .map(({ Type }): string => Type)
    // The name of an API need not be unique.
    .filter((type) => type !== 'AWS::ApiGatewayV2::Api');

  const page = readFileSync(join(__dirname, '../../../docs/renaming.md'), 'utf8');
  expect(clashing).not.toEqual([]);
  expect([...new Set(clashing)].filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
});
