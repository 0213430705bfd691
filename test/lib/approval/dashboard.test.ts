import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApprovalWorkflow, Approver, Dashboard, type ApprovalWorkflowProps } from '../../../lib/approval';

function templateOf(props: ApprovalWorkflowProps = {}) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', ...props });
  return { stack, workflow, template: Template.fromStack(stack) };
}

const routes = (template: Template) =>
  Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map((route) => String(route.Properties.RouteKey));

test('a workflow has a dashboard at an address of its own, over an index of the requests that have not ended', () => {
  const { stack, workflow, template } = templateOf();

  expect(JSON.stringify(stack.resolve(workflow.dashboardUrl))).toMatch(/"\/dashboard"\]/);
  expect(routes(template).filter((key) => key.includes('/dashboard'))).toHaveLength(6);
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    GlobalSecondaryIndexes: [
      {
        IndexName: 'open-requests',
        KeySchema: [
          { AttributeName: 'open', KeyType: 'HASH' },
          { AttributeName: 'openSince', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});

test('without one there is no route, no permission and no address for it', () => {
  const { workflow, template } = templateOf({ dashboard: Dashboard.none() });

  expect(workflow.dashboardUrl).toBeUndefined();
  expect(routes(template).filter((key) => key.includes('/dashboard'))).toEqual([]);
  const policies = JSON.stringify(
    template.findResources('AWS::IAM::Policy', { Properties: { PolicyName: Match.stringLikeRegexp('Review') } }),
  );
  expect(policies).not.toMatch(/index\/open-requests|GetParametersByPath/);
  expect(JSON.stringify(template.toJSON())).not.toContain('GATES_DASHBOARD');
});

test('viewers are declared beside the approvers, and asked by no gate', () => {
  const dev = Approver.person('dev@example.com', { name: 'Dev' });
  const { template } = templateOf({ dashboard: Dashboard.signInByEmail({ viewers: [dev] }) });

  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/approval-gates/shop/people/0',
    Value: Match.stringLikeRegexp('"mail":"dev@example.com"'),
  });
  template.hasResourceProperties('AWS::SNS::Topic', { TopicName: `gates-shop-to-${dev.approverId}` });
});

test('whoever is no approver is refused as a viewer', () => {
  expect(() => Dashboard.signInByEmail({ viewers: ['dev@example.com' as unknown as Approver] })).toThrow(/viewers/);
  expect(() => Dashboard.signInByEmail({ viewers: 'dev@example.com' as unknown as Approver[] })).toThrow(
    "has to be a list: write [Approver.person('dev@example.com')]",
  );
});
