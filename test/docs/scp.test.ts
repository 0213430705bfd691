import { runSimulation } from '@cloud-copilot/iam-simulate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(__dirname, '..', '..', 'docs');
const SCP = JSON.parse(readFileSync(join(docs, 'scp.json'), 'utf8')) as object;
const security = readFileSync(join(docs, 'security.md'), 'utf8');

/** The rows of the table "Permissions that amount to approving". */
const section = security.slice(security.indexOf('## Permissions that amount to approving'));
const ROWS = [...section.slice(0, section.indexOf('\n## ', 5)).matchAll(/^\| `([a-z]+:\w+)` \| `([^`]+)` \|/gm)].map(
  ([, action = '', resource = '']) => [action, resource] as const,
);

const ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

function ask(action: string, resource: string, principal: string, scp: object): Promise<string> {
  return judge(known(action), known(resource), principal, JSON.parse(known(JSON.stringify(scp))) as object);
}

async function judge(action: string, resource: string, principal: string, scp: object): Promise<string> {
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: '111111111111' },
        contextVariables: {
          'aws:PrincipalArn': principal,
          'lambda:FunctionArn': 'arn:aws:lambda:eu-west-1:111111111111:function:ShopApprovals-Decide',
        },
      },
      identityPolicies: [{ name: 'Administrator', policy: ALL }],
      serviceControlPolicies: [
        { orgIdentifier: 'o-1', policies: [{ name: 'FullAWSAccess', policy: ALL }] },
        {
          orgIdentifier: 'ou-1',
          policies: [
            { name: 'FullAWSAccess', policy: ALL },
            { name: 'Approvals', policy: scp },
          ],
        },
      ],
      resourceControlPolicies: [],
      ...(action === 'sts:AssumeRole'
        ? {
            resourcePolicy: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
            },
          }
        : {}),
    },
    {},
  );
  return result.resultType === 'error' ? `error: ${JSON.stringify(result.errors)}` : result.overallResult;
}

/**
 * The evaluator knows no resources for the actions of API Gateway, so it judges another action in their place: the same pattern, the same
 * principal, only the names are another service's.
 */
function known(text: string): string {
  return text
    .replaceAll('apigateway:PATCH', 'sqs:SendMessage')
    .replace(
      /arn:aws:apigateway:([^:]*)::\/apis\//g,
      (_, region: string) => `arn:aws:sqs:${region === '*' ? '*' : region}:111111111111:`,
    )
    .replace('/integrations/abc', '-integrations-abc');
}

const DEVELOPER = 'arn:aws:iam::111111111111:role/Developer';

describe('the service control policy of docs/security.md', () => {
  test('the table has rows', () => {
    expect(ROWS.length).toBeGreaterThan(20);
  });

  test.each(ROWS)('denies %s to an administrator', async (action, resource) => {
    expect(await ask(action, resource, DEVELOPER, SCP)).toBe('ExplicitlyDenied');
  });

  test.each(ROWS)('without it, %s is allowed', async (action, resource) => {
    expect(await ask(action, resource, DEVELOPER, ALL)).toBe('Allowed');
  });

  test.each([
    ['the workflow itself', 'arn:aws:iam::111111111111:role/ShopApprovals-DecideRole'],
    ['whoever deploys', 'arn:aws:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-eu-west-1'],
    ['an emergency', 'arn:aws:iam::111111111111:role/BreakGlass'],
  ])('lets %s do its work', async (_, principal) => {
    for (const [action, resource] of ROWS) {
      expect(`${action} ${await ask(action, resource, principal, SCP)}`).toBe(`${action} Allowed`);
    }
  });

  test('leaves everything else alone', async () => {
    const others = [
      ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:111111111111:table/Orders'],
      ['sns:CreateTopic', 'arn:aws:sns:eu-west-1:111111111111:orders'],
      ['ssm:PutParameter', 'arn:aws:ssm:eu-west-1:111111111111:parameter/orders/limit'],
    ] as const;
    for (const [action, resource] of others) {
      expect(await ask(action, resource, DEVELOPER, SCP)).toBe('Allowed');
    }
  });

  test('fits into a service control policy', () => {
    expect(JSON.stringify(SCP).length).toBeLessThanOrEqual(5_120);
  });
});
