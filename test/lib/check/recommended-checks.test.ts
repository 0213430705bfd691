import { App, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RecommendedChecks, type Check } from '../../../lib';
import { bindChecks } from '../../../lib/check/bind-checks';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
});

function bound(checks: readonly Check[]) {
  const { plans, statements } = bindChecks(stack, checks);
  return stack.resolve({ plans, actions: statements.flatMap((one) => one.toStatementJson().Action) });
}

const fn = () =>
  new lambda.Function(stack, 'Shop', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'i.h',
    code: lambda.Code.fromInline('x'),
  });

/** Names and dimensions of the metrics that a check reads. */
const metricsOf = (source: any) =>
  source.queries.map(({ metric, dimensions, statistic }: any) => ({ metric, dimensions, statistic }));

test('for a function: few of its invocations fail, and none is throttled', () => {
  const { plans, actions } = bound(RecommendedChecks.forFunction(fn()));

  const dimensions = { FunctionName: { Ref: expect.stringMatching(/^Shop/) } };
  expect(plans).toMatchObject([
    { kind: 'errorRatio', maxPercent: 1, minRequests: 300, missingData: 'HEALTHY' },
    { kind: 'metric', atMost: 0, missingData: 'HEALTHY' },
  ]);
  expect(metricsOf(plans[0].errors)).toEqual([{ metric: 'Errors', dimensions, statistic: 'Sum' }]);
  expect(metricsOf(plans[0].requests)).toEqual([{ metric: 'Invocations', dimensions, statistic: 'Sum' }]);
  expect(metricsOf(plans[1].source)).toEqual([{ metric: 'Throttles', dimensions, statistic: 'Sum' }]);
  expect(new Set(actions)).toEqual(new Set(['cloudwatch:GetMetricData']));
});

test('for an alias: what is called by it, and nothing else', () => {
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn().currentVersion });

  const { plans } = bound(RecommendedChecks.forFunction(alias));

  expect(JSON.stringify(plans[0].errors)).toContain(':live');
});

test('for APIs: few of their requests are answered by 5xx', () => {
  const http = new apigatewayv2.HttpApi(stack, 'Http');
  const rest = new apigateway.RestApi(stack, 'Rest');
  rest.root.addMethod('GET');

  const { plans } = bound([...RecommendedChecks.forHttpApi(http), ...RecommendedChecks.forRestApi(rest)]);

  expect(
    plans.map(({ errors, requests }: any) => [errors, requests].flatMap(metricsOf).map(({ metric }: any) => metric)),
  ).toEqual([
    ['5xx', 'Count'],
    ['5XXError', 'Count'],
  ]);
});

test('for a service behind a load balancer: steady, healthy targets, few errors', () => {
  const vpc = new ec2.Vpc(stack, 'Network');
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('web', {
    image: ecs.ContainerImage.fromRegistry('web'),
    portMappings: [{ containerPort: 80 }],
  });
  const service = new ecs.FargateService(stack, 'Web', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc }),
    taskDefinition,
  });
  const listener = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc }).addListener('Listener', { port: 80 });
  const group = listener.addTargets('Web', { port: 80, targets: [service] });

  const { plans, actions } = bound(RecommendedChecks.forLoadBalancedService(service, group));

  expect(plans.map(({ kind }: any) => kind)).toEqual(['ecsService', 'targetGroup', 'errorRatio']);
  expect(actions).toEqual(
    expect.arrayContaining([
      'ecs:DescribeServices',
      'elasticloadbalancing:DescribeTargetHealth',
      'cloudwatch:GetMetricData',
    ]),
  );
  expect(bound(RecommendedChecks.forService(service)).plans).toMatchObject([{ kind: 'ecsService' }]);
});

test('two services can be told apart', () => {
  const other = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn().currentVersion });
  const second = lambda.Function.fromFunctionName(stack, 'Tea', 'tea');

  const { plans } = bound([...RecommendedChecks.forFunction(other), ...RecommendedChecks.forFunction(second)]);

  expect(plans.map(({ title }: any) => title)).toEqual([
    'errors of Live',
    'throttles of Live',
    'errors of Tea',
    'throttles of Tea',
  ]);
});

test('limits can be chosen', () => {
  const { plans } = bound(RecommendedChecks.forFunction(fn(), { maxErrorPercent: 5, minRequests: 50 }));

  expect(plans[0]).toMatchObject({ maxPercent: 5, minRequests: 50 });
});

test.each<[string, () => unknown, RegExp]>([
  [
    'no function',
    () => RecommendedChecks.forFunction(undefined as never),
    /`RecommendedChecks.forFunction` is given nothing/,
  ],
  ['no HTTP API', () => RecommendedChecks.forHttpApi({} as never), /`RecommendedChecks.forHttpApi` is given \{\}/],
  ['no REST API', () => RecommendedChecks.forRestApi('api' as never), /`RecommendedChecks.forRestApi` is given "api"/],
  [
    'no target group',
    () => RecommendedChecks.forLoadBalancedService({} as never, 5 as never),
    /forLoadBalancedService` is given 5/,
  ],
  ['a limit beyond 100 %', () => RecommendedChecks.forFunction(fn(), { maxErrorPercent: 100 }), /maxPercent/],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(message);
});
