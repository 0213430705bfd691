import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { ApprovalWorkflow, type ReviewDomain } from '../../../lib/approval';

const ARN = 'arn:aws:acm:eu-west-1:111111111111:certificate/0123';

function workflowWith(domain: (stack: Stack, certificate: acm.ICertificate) => ReviewDomain) {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const reviewDomain = domain(stack, acm.Certificate.fromCertificateArn(stack, 'Certificate', ARN));
  return { stack, workflow: new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop', reviewDomain }) };
}

test('links, review page and dashboard are at the domain, and nowhere else', () => {
  const { stack, workflow } = workflowWith((_, certificate) => ({ domainName: 'approvals.example.com', certificate }));
  const template = Template.fromStack(stack);

  expect(workflow.reviewUrl).toBe('https://approvals.example.com');
  expect(workflow.dashboardUrl).toBe('https://approvals.example.com/dashboard');
  expect(workflow.reviewDomainName?.regionalDomainName).toBeDefined();
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
  template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
    DomainName: 'approvals.example.com',
    DomainNameConfigurations: [{ CertificateArn: ARN, EndpointType: 'REGIONAL' }],
  });
  template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
  const [decide] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
    id.includes('Decide'),
  );
  expect(decide?.[1].Properties.Environment.Variables.GATES_REVIEW_URL).toBe('https://approvals.example.com');
});

test('without one the API keeps its own address', () => {
  const stack = new Stack(new App(), 'Shop');
  const workflow = new ApprovalWorkflow(stack, 'Approvals');

  expect(workflow.reviewDomainName).toBeUndefined();
  const [api] = Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Api'));
  expect(api?.Properties).not.toHaveProperty('DisableExecuteApiEndpoint');
});

test.each([
  'https://approvals.example.com',
  'approvals.example.com/x',
  'Approvals.example.com',
  'approvals',
  '',
  'a..b.com',
])('%j is refused as the name of a host', (domainName) => {
  expect(() => workflowWith((_, certificate) => ({ domainName, certificate }))).toThrow(/domainName/);
});

test('a name that only the deployment knows is taken', () => {
  const { workflow } = workflowWith((stack, certificate) => ({
    domainName: new CfnParameter(stack, 'Host').valueAsString,
    certificate,
  }));

  expect(workflow.reviewUrl).toMatch(/^https:\/\/\$\{Token/);
});

test('a certificate is needed', () => {
  expect(() => workflowWith(() => ({ domainName: 'approvals.example.com' }) as unknown as ReviewDomain)).toThrow(
    /certificate/,
  );
});
