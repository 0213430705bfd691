import { App, Stack, Token } from 'aws-cdk-lib';
import { HttpNoneAuthorizer, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
  HttpUserPoolAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  Answers,
  ApprovalWorkflow,
  Approver,
  Dashboard,
  EmailClaim,
  type AuthorizedDashboardOptions,
} from '../../../lib/approval';

const newStack = () => new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
const jwt = () => new HttpJwtAuthorizer('SignIn', 'https://login.example.com', { jwtAudience: ['approvals'] });

function templateOf(
  options: AuthorizedDashboardOptions = {},
  authorizer: IHttpRouteAuthorizer = jwt(),
  stack = newStack(),
) {
  const dashboard = Dashboard.behindAuthorizer(authorizer, options);
  const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', dashboard });
  return { stack, workflow, template: Template.fromStack(stack) };
}

const routesOf = (template: Template) =>
  Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(
    ({ Properties: { RouteKey, AuthorizationType } }) => [String(RouteKey), String(AuthorizationType)] as const,
  );

/** What `review` and `decide` are told. */
function accessesIn(template: Template): readonly unknown[] {
  const environments = Object.values(template.findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Properties.Environment?.Variables?.GATES_DASHBOARD as string | undefined,
  );
  return environments.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as unknown]));
}

describe('a dashboard behind an authorizer', () => {
  test('has it on every route of its own, and personal links are not behind it', () => {
    const routes = routesOf(templateOf().template);

    expect(routes.filter(([key]) => key.includes('/dashboard'))).toEqual([
      ['GET /dashboard', 'JWT'],
      ['GET /dashboard/{page}', 'JWT'],
      ['POST /dashboard/look', 'JWT'],
      ['POST /dashboard/{wish}', 'JWT'],
    ]);
    expect(routes.filter(([key]) => !key.includes('/dashboard')).map(([, type]) => type)).toEqual(
      Array(5).fill('NONE'),
    );
  });

  test('limits its routes as ever', () => {
    templateOf().template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      RouteSettings: {
        'POST /dashboard/{wish}': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
        'POST /dashboard/sign-in': Match.absent(),
      },
    });
  });

  test('tells both functions which claim counts', () => {
    const verified = { kind: 'BEHIND_AUTHORIZER', claim: 'email', mustBeVerified: true };
    expect(accessesIn(templateOf().template)).toEqual([verified, verified]);

    const { template } = templateOf({
      emailClaim: EmailClaim.unverified('preferred_username'),
      signOutUrl: 'https://login.example.com/logout',
    });
    const other = {
      kind: 'BEHIND_AUTHORIZER',
      claim: 'preferred_username',
      mustBeVerified: false,
      signOutUrl: 'https://login.example.com/logout',
    };
    expect(accessesIn(template)).toEqual([other, other]);
  });

  test('is at the workflow’s address, or at that of what stands in front', () => {
    const { stack, workflow } = templateOf();
    expect(JSON.stringify(stack.resolve(workflow.dashboardUrl))).toMatch(/ApiEndpoint.*"\/dashboard"\]/);

    const address = 'https://approvals.example.com';
    expect(templateOf({ address }).workflow.dashboardUrl).toBe(`${address}/dashboard`);
  });

  test('may be at an address that CloudFormation makes', () => {
    const address = Token.asString({ Ref: 'Front' });
    const { stack, workflow } = templateOf({ address });

    expect(stack.resolve(workflow.dashboardUrl)).toEqual({ 'Fn::Join': ['', [{ Ref: 'Front' }, '/dashboard']] });
  });

  test.each([
    ['a user pool', (stack: Stack) => new HttpUserPoolAuthorizer('Pool', new cognito.UserPool(stack, 'Pool')), 'JWT'],
    [
      'a function',
      (stack: Stack) =>
        new HttpLambdaAuthorizer(
          'Cookie',
          lambda.Function.fromFunctionArn(stack, 'Fn', 'arn:aws:lambda:eu-west-1:111111111111:function:cookie'),
          { responseTypes: [HttpLambdaResponseType.SIMPLE], identitySource: ['$request.header.Cookie'] },
        ),
      'CUSTOM',
    ],
  ])('may have %s for an authorizer', (_what, make, type) => {
    const stack = newStack();
    const { template } = templateOf({}, make(stack), stack);

    expect(routesOf(template).filter(([, one]) => one === type)).toHaveLength(4);
  });

  test('declares its viewers, who get no email and so no topic, unless they approve, too', () => {
    const [dev, ana] = [Approver.person('dev@example.com'), Approver.person('ana@example.com')];
    const stack = newStack();
    const dashboard = Dashboard.behindAuthorizer(jwt(), { viewers: [dev, ana] });
    new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', dashboard }).addApprovers(ana);
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/approval-gates/shop/people/0',
      Value: Match.stringLikeRegexp('"mail":"dev@example.com"'),
    });
    template.hasResourceProperties('AWS::SNS::Topic', { TopicName: `gates-shop-to-${ana.approverId}` });
    expect(
      Object.values(template.findResources('AWS::SNS::Topic')).map(({ Properties }) => Properties.TopicName),
    ).not.toContain(`gates-shop-to-${dev.approverId}`);
  });
});

describe('at synth is refused', () => {
  test.each<[string, IHttpRouteAuthorizer]>([
    ['NONE', new HttpNoneAuthorizer()],
    ['AWS_IAM', new HttpIamAuthorizer()],
  ])('an authorizer of type %s, which says nobody’s address', (type, authorizer) => {
    expect(() => templateOf({}, authorizer)).toThrow(
      `\`authorizer\` is of type ${type}, which says nobody's email address`,
    );
  });

  test('an authorizer that another workflow has', () => {
    const [stack, authorizer] = [newStack(), jwt()];
    templateOf({}, authorizer, stack);

    expect(() => new ApprovalWorkflow(stack, 'Other', { dashboard: Dashboard.behindAuthorizer(authorizer) })).toThrow(
      'make one for each workflow [AuthorizerOfAnotherApi]',
    );
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an issuer', 'https://login.example.com'],
    ['an object of another kind', {}],
  ])('%s in the place of an authorizer', (_what, authorizer) => {
    expect(() => Dashboard.behindAuthorizer(authorizer as IHttpRouteAuthorizer)).toThrow(
      /HttpJwtAuthorizer.*\[WrongType\]/,
    );
  });

  test.each([
    'approvals.example.com',
    'http://approvals.example.com',
    'https://approvals.example.com/',
    'https://approvals.example.com/dashboard',
    'https://Approvals.example.com',
    'https://user@approvals.example.com',
    'http://127.0.0.1',
    '',
  ])('the address %j', (address) => {
    expect(() => templateOf({ address })).toThrow("write 'https://approvals.example.com' [InvalidAddress]");
  });

  test.each([
    'http://login.example.com/logout',
    'javascript:alert(1)',
    'https://',
    `https://x.example/${'a'.repeat(2_000)}`,
    '',
  ])('the URL to sign out %j', (signOutUrl) => {
    expect(() => templateOf({ signOutUrl })).toThrow('[InvalidUrl]');
  });

  test.each(['', 'with blank', 'é', 'a'.repeat(129), 'email_verified'])('the claim %j', (name) => {
    expect(() => EmailClaim.unverified(name)).toThrow('[InvalidClaimName]');
  });

  test('a claim that is a token', () => {
    expect(() => EmailClaim.unverified(Token.asString({ Ref: 'Claim' }))).toThrow('[LiteralNeeded]');
  });

  test('what is no claim', () => {
    expect(() => templateOf({ emailClaim: 'email' as unknown as EmailClaim })).toThrow('[WrongType]');
  });

  test('somebody who is no approver for a viewer', () => {
    expect(() => templateOf({ viewers: ['dev@example.com' as unknown as Approver] })).toThrow(/viewers/);
  });

  test('any dashboard of a workflow that serves nothing', () => {
    const props = { answers: Answers.inConsole(), dashboard: Dashboard.behindAuthorizer(jwt()) };
    expect(() => new ApprovalWorkflow(newStack(), 'Approvals', props)).toThrow(
      '`dashboard` is `Dashboard.behindAuthorizer`, but with `Answers.inConsole()` nothing is served',
    );
  });
});

test.each([
  'https://approvals.example.com',
  'https://a.example.com:8443',
  'http://127.0.0.1:8080',
  'http://localhost:1',
])('the address %s is one', (address) => {
  expect(templateOf({ address }).workflow.dashboardUrl).toBe(`${address}/dashboard`);
});
