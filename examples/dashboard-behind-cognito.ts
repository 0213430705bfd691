// The dashboard behind single sign-on: people sign in at a Cognito user pool that is there already. A proxy in front signs them in and
// adds their ID token to each request; docs/single-sign-on.md says how to run one. Personal links do not go through it.
import { App, Stack } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, Dashboard } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'BehindCognito', { env: { account: '111111111111', region: 'eu-west-1' } });

const pool = cognito.UserPool.fromUserPoolId(stack, 'People', 'eu-west-1_AbCdEfGhI');
const client = cognito.UserPoolClient.fromUserPoolClientId(stack, 'Client', '3n4b5urk1ft4fl3mg5e62d9ado');

const approvals = new ApprovalWorkflow(stack, 'Approvals', {
  dashboard: Dashboard.behindAuthorizer(new HttpUserPoolAuthorizer('SignIn', pool, { userPoolClients: [client] }), {
    viewers: [Approver.person('dev@example.com', { name: 'Dev' })],
    address: 'https://approvals.example.com',
    signOutUrl: 'https://approvals.example.com/oauth2/sign_out',
  }),
});

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
      workflow: approvals,
      approvers: Approvers.anyOf(
        Approver.person('ana@example.com', { name: 'Ana' }),
        Approver.person('bo@example.com', { name: 'Bo' }),
      ),
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
