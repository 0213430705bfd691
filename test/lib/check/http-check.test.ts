import { App, Duration, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Check, HttpProbe, type HttpCheckOptions, type HttpSecretHeader } from '../../../lib';
import { bindChecks } from '../../../lib/check/bind-checks';

const URL = 'https://shop.example.com/health';
const ENV = { account: '111111111111', region: 'eu-west-1' };
const stackOf = () => new Stack(new App(), 'Shop', { env: ENV });

function bound(stack: Stack, options: HttpCheckOptions, url = URL) {
  const { plans, statements } = bindChecks(stack, [Check.http(url, options)]);
  return stack.resolve({ plan: plans[0], statements: statements.map((one) => one.toStatementJson()) });
}

test('conditions on body and time stand in the plan', () => {
  const { plan, statements } = bound(stackOf(), { jsonCondition: "status == 'UP'", maxLatency: Duration.millis(800) });

  expect(plan).toMatchObject({ condition: "status == 'UP'", maxMilliseconds: 800 });
  expect(statements).toEqual([]);
  expect(bound(stackOf(), {}).plan).not.toHaveProperty('maxMilliseconds');
});

test.each<[HttpCheckOptions, RegExp]>([
  [{ jsonCondition: ' ' }, /`Check.http jsonCondition` has 1 characters, but has to have 1 to 500/],
  [{ jsonCondition: 'x'.repeat(501) }, /has 501 characters/],
  [{ jsonCondition: 5 as never }, /`Check.http jsonCondition` is 5, but has to be a text/],
  [
    { maxLatency: Duration.millis(0) },
    /`Check.http maxLatency` is .*1 millisecond to the `timeout` of 5000 milliseconds/,
  ],
  [{ maxLatency: Duration.seconds(6) }, /`Check.http maxLatency` is 6 seconds/],
  [{ maxLatency: 800 as never }, /`Check.http maxLatency` is 800, but has to be a duration/],
  [{ maxLatency: Duration.seconds(Lazy.number({ produce: () => 1 })) }, /known only at deployment/],
  [{ probe: {} as never }, /`Check.http probe` is \{\}, but has to be a `HttpProbe`: make it by `new HttpProbe/],
])('%j is refused', (options, message) => {
  expect(() => bound(stackOf(), options)).toThrow(message);
});

test('a latency up to the timeout is taken', () => {
  expect(bound(stackOf(), { timeout: Duration.seconds(20), maxLatency: Duration.seconds(20) }).plan).toMatchObject({
    maxMilliseconds: 20_000,
  });
});

describe('secret headers', () => {
  const READ = 'secretsmanager:GetSecretValue';
  const of = (secret: secretsmanager.ISecret, more: Partial<HttpSecretHeader> = {}): HttpCheckOptions => ({
    secretHeaders: [{ name: 'Authorization', secret, ...more }],
  });

  test('give the measuring role exactly their secrets, and stand nowhere with their values', () => {
    const stack = stackOf();
    const secret = new secretsmanager.Secret(stack, 'Token', {
      secretStringValue: SecretValue.unsafePlainText('s3cret'),
    });

    const { plan, statements } = bound(stack, of(secret, { jsonField: 'token', prefix: 'Bearer ' }));

    const ref = { Ref: expect.stringMatching(/^Token/) };
    expect(plan.secretHeaders).toEqual([{ name: 'Authorization', secret: ref, field: 'token', prefix: 'Bearer ' }]);
    expect(statements).toEqual([{ Effect: 'Allow', Action: READ, Resource: ref }]);
    expect(JSON.stringify(plan)).not.toContain('s3cret');
  });

  test('of a secret known by its name reach that name with any ending, and no longer name', () => {
    const stack = stackOf();

    const { plan, statements } = bound(stack, of(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'shop/token')));

    const text = JSON.stringify(statements);
    expect(text).toContain(':secret:shop/token-??????');
    expect(text).not.toContain('*');
    expect(JSON.stringify(plan.secretHeaders)).toContain(':secret:shop/token');
  });

  test('of a secret with a key of its own may decrypt with it, by Secrets Manager alone', () => {
    const stack = stackOf();
    const encryptionKey = new kms.Key(stack, 'Key');

    const { statements } = bound(stack, of(new secretsmanager.Secret(stack, 'Token', { encryptionKey })));

    expect(statements[1]).toEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
      Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } },
    });
  });

  test.each<[string, (secret: secretsmanager.ISecret) => HttpCheckOptions, RegExp]>([
    ['over plain http', (secret) => ({ ...of(secret), allowPlainHttp: true }), /together with `allowPlainHttp`/],
    ['of another name', (secret) => of(secret, { name: 'X Key' }), /`Check.http secretHeaders name` is "X Key"/],
    ['that break the line', (secret) => of(secret, { name: 'X\r\nHost' }), /secretHeaders name` is/],
    ['that name the host', (secret) => of(secret, { name: 'Host' }), /none of host, accept/],
    ['with a prefix of two lines', (secret) => of(secret, { prefix: 'a\nb' }), /secretHeaders prefix` is/],
    ['with an empty field', (secret) => of(secret, { jsonField: '' }), /secretHeaders jsonField` is ""/],
    ['without a secret', () => of('token' as never), /`Check.http secretHeaders secret` is given "token"/],
    [
      'of one name',
      (secret) => ({ secretHeaders: ['X-Key', 'x-key'].map((name) => ({ name, secret })) }),
      /names 'x-key' twice/,
    ],
    [
      'beyond the fifth',
      (secret) => ({ secretHeaders: [1, 2, 3, 4, 5, 6].map((n) => ({ name: `X-${n}`, secret })) }),
      /has 6 headers, but may have at most 5/,
    ],
  ])('%s are refused', (_, options, message) => {
    const stack = stackOf();

    expect(() => bound(stack, options(new secretsmanager.Secret(stack, 'Token')))).toThrow(message);
  });

  test('of another account are refused', () => {
    const stack = stackOf();
    const secret = secretsmanager.Secret.fromSecretCompleteArn(
      stack,
      'Token',
      'arn:aws:secretsmanager:eu-west-1:222222222222:secret:token-AbCdEf',
    );

    expect(() => bound(stack, of(secret))).toThrow(/a secret in account 222222222222, but the gate is in 111111111111/);
  });
});

describe('a probe', () => {
  function probeOf(stack: Stack) {
    const vpc = new ec2.Vpc(stack, 'Network', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'in', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    return new HttpProbe(stack, 'Probe', { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
  }

  test('reaches private names, and is all that the measuring role may invoke', () => {
    const stack = stackOf();

    const { plan, statements } = bound(stack, { probe: probeOf(stack) }, 'https://orders.internal/health');

    const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Probe/), 'Arn'] };
    expect(plan).toMatchObject({ url: 'https://orders.internal/health', probe: arn });
    expect(statements).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn }]);
  });

  test('may do nothing in AWS but write its log and stand in its network', () => {
    const stack = stackOf();
    const probe = probeOf(stack);

    const template = Template.fromStack(stack);
    const policies = Object.values(template.findResources('AWS::IAM::Policy')) as any[];
    expect(
      policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement.map(({ Sid }: any) => Sid)),
    ).toEqual(['Logs', 'Network']);
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.objectLike({ SubnetIds: Match.anyValue() }),
      Environment: Match.absent(),
    });
    expect(probe.connections.securityGroups).toHaveLength(1);
  });

  test.each([
    'https://localhost/',
    'https://127.0.0.1/',
    'https://169.254.169.254/',
    'https://[::1]/',
    'https://[fe80::1]/',
  ])('does not reach %s', (url) => {
    const stack = stackOf();

    expect(() => bound(stack, { probe: probeOf(stack) }, url)).toThrow(/never asked/);
  });

  test.each(['https://10.0.0.7/', 'https://192.168.0.1/', 'https://db.internal/', 'https://[fd12::1]/'])(
    'is what %s needs',
    (url) => {
      const stack = stackOf();

      expect(() => Check.http(url)).toThrow(/give a `probe` in the network of that host/);
      expect(bound(stack, { probe: probeOf(stack) }, url).plan.url).toBe(url);
    },
  );

  test('needs a network', () => {
    expect(() => new HttpProbe(stackOf(), 'Probe', { vpc: undefined as never })).toThrow(
      /`HttpProbe vpc` is given nothing/,
    );
  });
});
