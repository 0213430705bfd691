import { App, Stack, Stage, Token } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Check } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const arnIn = (account: string, region = 'eu-west-1') =>
  `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/shop-web/6d0ecf831eec9f09`;

const stackOf = (): Stack => new Stack(new App(), 'Gates', { env: ENV });
const imported = (stack: Stack, targetGroupArn = arnIn(ENV.account)) =>
  elbv2.ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'Web', { targetGroupArn });
const made = (stack: Stack) =>
  new elbv2.ApplicationTargetGroup(stack, 'Web', {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'] }),
    targetGroupName: 'shop-web',
    targetType: elbv2.TargetType.IP,
  });

function bound(check: Check, stack: Stack) {
  const { plans, statements } = bindChecks(stack, [check]);
  return { plan: stack.resolve(plans[0]), statements: stack.resolve(statements.map((one) => one.toJSON())) };
}

test('an imported target group is named after itself, and its health may be read', () => {
  const stack = stackOf();

  expect(bound(Check.targetGroup(imported(stack)), stack)).toEqual({
    plan: expect.objectContaining({
      kind: 'targetGroup',
      id: 'target-group-shop-web',
      title: 'target group shop-web',
      targetGroupArn: arnIn(ENV.account),
      minHealthy: 1,
      minHealthyPercent: 100,
    }),
    statements: [{ Effect: 'Allow', Action: 'elasticloadbalancing:DescribeTargetHealth', Resource: '*' }],
  });
});

test('one of the app is named after its construct, and takes limits and a Region of its own', () => {
  const stack = stackOf();
  const { plan } = bound(Check.targetGroup(made(stack), { minHealthy: 2, minHealthyPercent: 75 }), stack);

  expect(plan).toMatchObject({
    title: 'target group Web',
    targetGroupArn: { Ref: expect.stringMatching(/^Web/) },
    minHealthy: 2,
    minHealthyPercent: 75,
  });
  const other = imported(stackOf(), arnIn(ENV.account, 'us-east-1'));
  expect(bound(Check.targetGroup(other), stackOf()).plan.targetGroupArn).toBe(arnIn(ENV.account, 'us-east-1'));
});

test('one of another account is read there by a reader', () => {
  const stack = stackOf();

  expect(Check.targetGroup(imported(stack, arnIn('222222222222')))._bind(stack, {}).place).toEqual({
    account: '222222222222',
    region: 'eu-west-1',
  });
});

test('one that another stage makes is refused with what to do instead', () => {
  const app = new App();
  const stack = new Stack(app, 'Gates', { env: ENV });
  const shop = new Stack(new Stage(app, 'Prod', { env: ENV }), 'Shop');
  expect(() => bound(Check.targetGroup(made(shop)), stack)).toThrow(
    /names target group 'Web.*' of stack 'Prod\/Shop'.*check its load balancer by `Check.http`/,
  );
});

test.each([
  ['minHealthy', 1, 1000],
  ['minHealthyPercent', 1, 100],
])('`%s` has limits, and may be known only at deployment', (prop, min, max) => {
  const make = (value: number) => () => Check.targetGroup(imported(stackOf()), { [prop]: value });

  expect(make(min)).not.toThrow();
  expect(make(max)).not.toThrow();
  expect(make(Token.asNumber({ Ref: 'Limit' }))).not.toThrow();
  for (const wrong of [min - 1, max + 1, 1.5, NaN]) {
    expect(make(wrong)).toThrow(`\`Check.targetGroup ${prop}\` is ${wrong}, but has to be a whole number`);
  }
});

test.each<[string, unknown, RegExp]>([
  ['an ARN as text', arnIn(ENV.account), /`Check.targetGroup` is given "arn.*": give a target group/],
  ['nothing', undefined, /`Check.targetGroup` is given nothing/],
  [
    'something else',
    { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/1' },
    /but that of a target group is 'arn:aws:elasticloadbalancing/,
  ],
])('%s is refused', (_, given, message) => {
  expect(() => Check.targetGroup(given as elbv2.ITargetGroup)).toThrow(message);
});
