import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CheckReaderProps } from '../../../lib/check';
import { AlarmRef, Check, CheckReader } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const THERE = { account: '222222222222', region: 'eu-west-1' };
const alarm = (options = {}) => Check.alarm(AlarmRef.named('shop-5xx', THERE), options);

function readerOf(props: Partial<CheckReaderProps> = {}, stack = new Stack(new App(), 'Shop', { env: THERE })) {
  const reader = new CheckReader(stack, 'Reader', {
    workflowName: 'Approvals',
    workflowAccount: '111111111111',
    checks: [alarm()],
    ...props,
  });
  return { reader, stack };
}

function roleOf(stack: Stack): any {
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return JSON.parse(
    JSON.stringify(
      role?.Properties,
      (_, value) =>
        value?.['Fn::Join']?.[1]?.map((part: unknown) => (typeof part === 'string' ? part : '<P>')).join('') ?? value,
    ),
  );
}

describe('a reader', () => {
  test('is one role that may do what its checks need', () => {
    const { reader, stack } = readerOf();

    const { Path, RoleName, Policies } = roleOf(stack);

    expect(`${Path}${RoleName}`).toBe('/approval-gates/Approvals/Approvals.reader.eu-west-1');
    expect(reader.roleName).toBe(RoleName);
    expect(Policies).toHaveLength(1);
    expect(Policies[0].PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarms',
        Resource: 'arn:<P>:cloudwatch:eu-west-1:222222222222:alarm:*',
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarmHistory',
        Resource: 'arn:<P>:cloudwatch:eu-west-1:222222222222:alarm:shop-5xx',
      },
    ]);
  });

  test('trusts the roles that measure for its workflow, and nobody else', () => {
    const { stack } = readerOf();

    expect(roleOf(stack).AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:<P>:iam::111111111111:root' },
        Condition: {
          ArnLike: { 'aws:PrincipalArn': 'arn:<P>:iam::111111111111:role/approval-gates/Approvals/checks/*' },
        },
      },
    ]);
  });

  test('is the role that the gate assumes for the same check', () => {
    const check = alarm({ readerName: 'tea' });
    const { reader, stack } = readerOf({ checks: [check], readerName: 'tea' });
    const tooling = new Stack(new App(), 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });

    const [plan] = bindChecks(tooling, [check], { workflowName: 'Approvals' }).plans;

    const assumed = JSON.stringify(tooling.resolve(plan?.reader));
    const { Path, RoleName } = roleOf(stack);
    expect(assumed).toContain(`:iam::222222222222:role${Path}${RoleName}`);
    expect(RoleName).toBe(reader.roleName);
  });

  test('reads an alarm and a function of its own stack, which the gate knows by their literal names', () => {
    const app = new App();
    const stack = new Stack(new Stage(app, 'Prod', { env: THERE }), 'Shop');
    const red = new cloudwatch.Alarm(stack, 'Errors', {
      alarmName: 'shop-errors',
      metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    const smoke = new lambda.Function(stack, 'Smoke', {
      functionName: 'smoke',
      code: lambda.Code.fromInline('exports.handler = async () => 1'),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
    });
    const checks = [Check.alarm(red), Check.lambda(smoke)];
    const tooling = new Stack(app, 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });

    const { plans } = bindChecks(tooling, checks, { workflowName: 'Approvals' });
    readerOf({ checks }, stack);

    expect(tooling.resolve(plans)).toMatchObject([
      { alarmName: 'shop-errors' },
      { reader: { 'Fn::Join': ['', expect.anything()] } },
    ]);
    const statements = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))
      .flatMap(({ Properties: { Policies = [] } }) => Policies)
      .flatMap(({ PolicyDocument: { Statement } }) => Statement);
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Smoke/), 'Arn'] },
    });
  });

  test('reads metrics of its own stack, and refuses those that do not say where they are', () => {
    const app = new App();
    const stack = new Stack(app, 'Shop', { env: THERE });
    const smoke = new lambda.Function(stack, 'Smoke', {
      functionName: 'smoke',
      code: lambda.Code.fromInline('exports.handler = async () => 1'),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
    });
    const ratio = Check.errorRatio({
      errors: smoke.metricErrors(),
      requests: smoke.metricInvocations(),
      maxPercent: 1,
    });
    const checks = [Check.metric(smoke.metricErrors(), { atMost: 0 }), ratio];
    const tooling = new Stack(app, 'Gates', { env: { account: '111111111111', region: 'eu-west-1' } });

    const { plans, statements } = bindChecks(tooling, checks, { workflowName: 'Approvals' });
    readerOf({ checks }, stack);

    expect(plans.map(({ reader }) => reader?.endsWith('/Approvals.reader.eu-west-1'))).toEqual([true, true]);
    expect(new Set(statements.flatMap(({ actions }) => actions))).toEqual(new Set(['sts:AssumeRole']));
    const anywhere = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' });
    expect(() => readerOf({ checks: [Check.metric(anywhere, { atLeast: 1 })] })).toThrow(
      /'metric Orders' does not say in which account and Region/,
    );
  });

  test('cannot hold more than a role does', () => {
    const checks = Array.from({ length: 60 }, (_, n) =>
      Check.alarm(AlarmRef.named(`${n}`.padStart(200, 'x'), THERE), { title: `alarm ${n}` }),
    );
    const { stack } = readerOf({ checks });

    expect(() => (stack.node.root as App).synth()).toThrow(/may reach \d+ characters, but a role holds 10240/);
  });
});

describe('a reader is refused', () => {
  test.each<[string, Partial<CheckReaderProps>, RegExp]>([
    ['without checks', { checks: [] }, /`checks` is empty/],
    ['for what is no check', { checks: ['shop' as never] }, /has to hold checks/],
    ['for a web address', { checks: [Check.http('https://shop.example.com')] }, /'http shop.example.com' does not say/],
    [
      'for a check that does not say its place',
      { checks: [Check.alarm(AlarmRef.named('x', { account: THERE.account }))] },
      /'alarm x' does not say in which account and Region/,
    ],
    [
      'for a check of another account',
      { checks: [Check.alarm(AlarmRef.named('x', { account: '333333333333', region: THERE.region }))] },
      /in account 333333333333, Region eu-west-1, but the `CheckReader` is in 222222222222, eu-west-1/,
    ],
    [
      'for a check of another Region',
      { checks: [Check.alarm(AlarmRef.named('x', { account: THERE.account, region: 'us-east-1' }))] },
      /Region us-east-1, but the `CheckReader` is in 222222222222, eu-west-1: give it to a reader there/,
    ],
    [
      'for a check of another reader',
      { checks: [alarm({ readerName: 'tea' })] },
      /is read by reader 'tea', but is given to reader 'reader'/,
    ],
    ['with a name that is too long', { readerName: 'a'.repeat(16) }, /`CheckReader readerName` is/],
    ['of workflows by a pattern', { workflowName: 'shop-*' }, /shop-\*/],
    ['for what is no account', { workflowAccount: '1' }, /`workflowAccount` is '1', but has to be the 12 digits/],
    ['for the account of the workflow', { workflowAccount: THERE.account }, /are read without one: remove it/],
  ])('%s', (_, props, message) => {
    expect(() => readerOf(props)).toThrow(message);
  });

  test('in a stack that does not say where it is', () => {
    expect(() => readerOf({}, new Stack(new App(), 'Shop', { env: { account: THERE.account } }))).toThrow(
      /stack 'Shop', which does not say its account and Region: set `env`/,
    );
  });

  test('beside one of the same name in the same account and Region', () => {
    const app = new App();
    readerOf({}, new Stack(app, 'Shop', { env: THERE }));

    expect(() => readerOf({}, new Stack(app, 'Tea', { env: THERE }))).toThrow(
      /'Shop\/Reader' reads for workflow 'Approvals' in account 222222222222 and this Region already/,
    );
    expect(() =>
      readerOf({ readerName: 'tea', checks: [alarm({ readerName: 'tea' })] }, new Stack(app, 'Pot', { env: THERE })),
    ).not.toThrow();
    expect(() =>
      readerOf(
        { checks: [Check.alarm(AlarmRef.named('x', { account: '333333333333', region: THERE.region }))] },
        new Stack(app, 'Other', { env: { ...THERE, account: '333333333333' } }),
      ),
    ).not.toThrow();
  });
});
