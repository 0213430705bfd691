/** A dashboard behind a JWT authorizer, whose issuer runs on this machine. */
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { App, Stack } from 'aws-cdk-lib';
import { ApprovalWorkflow, Approver, Approvers, Dashboard } from 'cdk-approval-gates';
import { gatedPipeline } from '../../rehearsal/test/fixtures/sources';

const app = new App();
const stack = new Stack(app, 'SingleSignOn');
const [issuer, address] = ['issuer', 'address'].map((name) => app.node.getContext(name) as string);
const workflow = new ApprovalWorkflow(stack, 'Approvals', {
  dashboard: Dashboard.behindAuthorizer(new HttpJwtAuthorizer('SignIn', issuer!, { jwtAudience: ['approvals'] }), {
    viewers: [Approver.person('dev@example.com', { name: 'Dev' })],
    address,
    signOutUrl: 'https://login.example.com/logout',
  }),
});
gatedPipeline(stack, 'shop', {
  workflow,
  approvers: Approvers.anyOf(Approver.person('ana@example.com', { name: 'Ana' }), Approver.person('bo@example.com')),
});
