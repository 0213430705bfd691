// The dashboard behind single sign-on: https://login.example.com signs people in and sets a cookie for example.com, which a Lambda
// authorizer verifies (cookie-authorizer/handler.ts). docs/single-sign-on.md says what the cookie has to be.
import { App, Stack } from 'aws-cdk-lib';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, Dashboard } from 'cdk-approval-gates';
import { join } from 'node:path';

export const app = new App();
const stack = new Stack(app, 'ByCookie', { env: { account: '111111111111', region: 'eu-west-1' } });

const verify = new NodejsFunction(stack, 'CookieAuthorizer', {
  entry: join(__dirname, 'cookie-authorizer', 'handler.ts'),
  runtime: lambda.Runtime.NODEJS_24_X,
  environment: {
    ISSUER: 'https://login.example.com',
    CLIENT_ID: 'approvals',
    JWKS_URI: 'https://login.example.com/jwks',
  },
});

const approvals = new ApprovalWorkflow(stack, 'Approvals', {
  reviewDomain: {
    domainName: 'approvals.example.com',
    certificate: acm.Certificate.fromCertificateArn(
      stack,
      'Certificate',
      'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-2222-3333-4444-555555555555',
    ),
  },
  dashboard: Dashboard.behindAuthorizer(
    new HttpLambdaAuthorizer('ByCookie', verify, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Cookie'],
    }),
    { signOutUrl: 'https://login.example.com/logout' },
  ),
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
