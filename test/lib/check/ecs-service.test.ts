import { App, Stack, Stage, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Check } from '../../../lib/check';
import { bindChecks } from '../../../lib/check/bind-checks';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const arnIn = (account: string, region = 'eu-west-1') => `arn:aws:ecs:${region}:${account}:service/shop/web`;

const stackOf = (): Stack => new Stack(new App(), 'Gates', { env: ENV });
const imported = (stack: Stack, serviceArn = arnIn(ENV.account)) =>
  ecs.FargateService.fromFargateServiceAttributes(stack, 'Service', {
    serviceArn,
    cluster: ecs.Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:ecs:eu-west-1:111111111111:cluster/shop'),
  });
function made(stack: Stack, serviceName?: string, clusterName?: string) {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-1'],
  });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('shop') });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc, clusterName });
  return new ecs.FargateService(stack, 'Service', { cluster, taskDefinition, serviceName, minHealthyPercent: 50 });
}

function bound(check: Check, stack: Stack) {
  const { plans, statements } = bindChecks(stack, [check]);
  return { plan: stack.resolve(plans[0]), statements: stack.resolve(statements.map((one) => one.toJSON())) };
}

test('an imported service is named after itself, and exactly it may be described', () => {
  const stack = stackOf();

  expect(bound(Check.ecsService(imported(stack)), stack)).toEqual({
    plan: expect.objectContaining({
      kind: 'ecsService',
      id: 'ecs-service-web',
      title: 'ECS service web',
      serviceArn: arnIn(ENV.account),
      cluster: 'shop',
      maxFailedTasks: 0,
    }),
    statements: [{ Effect: 'Allow', Action: 'ecs:DescribeServices', Resource: arnIn(ENV.account) }],
  });
});

test('one of the app is named after its construct; one of another Region is read there', () => {
  const stack = stackOf();
  const { plan, statements } = bound(Check.ecsService(made(stack)), stack);

  expect(plan).toMatchObject({ title: 'ECS service Service', cluster: { Ref: expect.stringMatching(/^Cluster/) } });
  expect(plan.serviceArn).toEqual({ Ref: expect.stringMatching(/^Service/) });
  expect(statements[0].Resource).toEqual(plan.serviceArn);

  const other = bound(Check.ecsService(imported(stackOf(), arnIn(ENV.account, 'us-east-1'))), stackOf());
  expect(other.plan.serviceArn).toBe(arnIn(ENV.account, 'us-east-1'));
});

test('one of another account is read there by a reader, with exactly that permission', () => {
  const stack = stackOf();
  const { draft, place, statements } = Check.ecsService(imported(stack, arnIn('222222222222')))._bind(stack, {});

  expect(draft).toMatchObject({ serviceArn: arnIn('222222222222'), cluster: 'shop' });
  expect(place).toEqual({ account: '222222222222', region: 'eu-west-1' });
  expect(statements[0]!.resources).toEqual([arnIn('222222222222')]);
});

test('one that another stage makes is read by its literal names, and refused without them', () => {
  const app = new App();
  const stack = new Stack(app, 'Gates', { env: ENV });
  const inStage = (id: string, serviceName?: string, clusterName?: string) =>
    made(new Stack(new Stage(app, id, { env: ENV }), 'Shop'), serviceName, clusterName);

  const { plan, statements } = bound(Check.ecsService(inStage('Prod', 'web', 'shop')), stack);
  expect(plan.cluster).toBe('shop');
  expect(JSON.stringify(plan.serviceArn)).toContain(':ecs:eu-west-1:111111111111:service/shop/web');
  expect(statements[0].Resource).toEqual(plan.serviceArn);

  expect(() => bound(Check.ecsService(inStage('A', 'web')), stack)).toThrow(/give the cluster a literal `clusterName`/);
  expect(() => bound(Check.ecsService(inStage('B', undefined, 'shop')), stack)).toThrow(
    /give the service a literal `serviceName`/,
  );
});

test('`maxFailedTasks` has limits, and may be known only at deployment', () => {
  const make = (value: number) => () => Check.ecsService(imported(stackOf()), { maxFailedTasks: value });

  expect(make(0)).not.toThrow();
  expect(make(1000)).not.toThrow();
  expect(make(Token.asNumber({ Ref: 'Limit' }))).not.toThrow();
  for (const wrong of [-1, 1001, 0.5, NaN]) {
    expect(make(wrong)).toThrow(`\`Check.ecsService maxFailedTasks\` is ${wrong}, but has to be a whole number`);
  }
});

test.each<[string, unknown, RegExp]>([
  ['an ARN as text', arnIn(ENV.account), /`Check.ecsService` is given "arn.*": give a service/],
  ['nothing', undefined, /`Check.ecsService` is given nothing/],
  [
    'a service without its cluster',
    { serviceArn: arnIn(ENV.account), serviceName: 'web' },
    /import one with its cluster/,
  ],
])('%s is refused', (_, given, message) => {
  expect(() => Check.ecsService(given as ecs.IBaseService)).toThrow(message);
});
