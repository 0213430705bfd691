import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { AlarmRef, Check, EcsHealthHook, type EcsHealthHookProps } from '../../../lib';

const checks = () => [Check.alarm(AlarmRef.named('shop-5xx'))];
const late = (initialDelay: Duration) => [Check.alarm(AlarmRef.named('a'), { initialDelay })];
const metric = (metricName: string, period = Duration.minutes(1)) =>
  new cloudwatch.Metric({ namespace: 'Shop', metricName, period });
const canary = () => Check.canaryAnalysis({ metrics: [{ canary: metric('Errors'), baseline: metric('Before') }] });

function hookOf(props: Partial<EcsHealthHookProps> = {}) {
  const stack = new Stack(new App(), 'Shop');
  const hook = new EcsHealthHook(stack, 'Healthy', { checks: checks(), ...props });
  return { stack, hook };
}

test('ECS may invoke exactly the function of the hook, in the stage that was chosen', () => {
  const { stack, hook } = hookOf({ lifecycleStage: ecs.DeploymentLifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT });

  const { targetArn, role, lifecycleStages } = hook.bind(stack);

  expect(lifecycleStages).toEqual(['POST_PRODUCTION_TRAFFIC_SHIFT']);
  expect(targetArn).toBe(hook.handler.functionArn);
  const template = Template.fromStack(stack);
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as any[];
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  expect(statements.filter(({ Action }) => Action === 'lambda:InvokeFunction')).toEqual([
    { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: stack.resolve(targetArn) },
  ]);
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'ecs.amazonaws.com' } })] },
  });
  expect(role).toBeDefined();
});

test('checks and bake time stand in the environment', () => {
  const { stack } = hookOf({ bakeTime: Duration.hours(2) });

  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { GATES_HOOK_BAKE_MINUTES: '120', GATES_HOOK_CHECKS: Match.anyValue() } },
  });
});

test('several hooks stand on one service', () => {
  const stack = new Stack(new App(), 'Shop');
  const cluster = new ecs.Cluster(stack, 'Cluster');
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
  taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('web') });
  const service = new ecs.FargateService(stack, 'Web', {
    cluster,
    taskDefinition,
    deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN,
  });

  service.addLifecycleHook(new EcsHealthHook(stack, 'Tested', { checks: checks() }));
  service.addLifecycleHook(
    new EcsHealthHook(stack, 'Serving', {
      checks: checks(),
      lifecycleStage: ecs.DeploymentLifecycleStage.POST_PRODUCTION_TRAFFIC_SHIFT,
    }),
  );

  Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: {
      LifecycleHooks: [
        { LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'], HookTargetArn: Match.anyValue(), RoleArn: Match.anyValue() },
        { LifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'] },
      ].map((one) => Match.objectLike(one)),
    },
  });
});

describe('what a deployment takes together', () => {
  const hours = (value: number) => Duration.hours(value);

  function serviceWith(props: Partial<ecs.FargateServiceProps>, ...bakes: number[]) {
    const stack = new Stack(new App(), 'Shop');
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('web') });
    const service = new ecs.FargateService(stack, 'Web', {
      cluster: new ecs.Cluster(stack, 'Cluster'),
      taskDefinition,
      ...props,
    });
    bakes.forEach((minutes, n) => {
      const bakeTime = Duration.minutes(minutes);
      service.addLifecycleHook(new EcsHealthHook(stack, `Hook${n}`, { checks: checks(), bakeTime }));
    });
    return () => Template.fromStack(stack);
  }
  const blueGreen = { deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN, bakeTime: hours(16) };
  const canary = {
    deploymentStrategy: ecs.DeploymentStrategy.CANARY,
    bakeTime: hours(4),
    canaryConfiguration: { stepPercent: 5, stepBakeTime: hours(12) },
  };
  // Two waits until all traffic has moved.
  const linear = {
    deploymentStrategy: ecs.DeploymentStrategy.LINEAR,
    bakeTime: hours(4),
    linearConfiguration: { stepPercent: 40, stepBakeTime: hours(6) },
  };

  test.each<[string, Partial<ecs.FargateServiceProps>, number[]]>([
    ['a hook and the bake of the service', blueGreen, [20]],
    ['two hooks and the bake', blueGreen, [5, 15]],
    ['a hook, the canary and the bake', canary, [20]],
    ['a hook, the steps and the bake', linear, [20]],
  ])('may be 36 hours, and not a minute more: %s', (_what, props, bakes) => {
    const [first = 0, ...others] = bakes.map((bake) => bake * 60);
    const refusal =
      /EcsHealthHook: a deployment of service 'Shop\/Web' takes at least 2161 minutes, .*gives up after 2160: .*RolloutTooLong/g;

    expect(serviceWith(props, first, ...others)).not.toThrow();
    expect(serviceWith(props, first + 1, ...others)).toThrow(refusal);
  });

  test('is told once, however many hooks there are', () => {
    let said = '';
    try {
      serviceWith(blueGreen, 600, 600, 600)();
    } catch (error) {
      said = String(error);
    }

    expect(said.match(/takes at least 2760 minutes, 1800 in its hooks and 960 by its own waits/g)).toHaveLength(1);
  });

  test('does not count what only the deployment knows', () => {
    const bakeTime = Duration.minutes(Token.asNumber({ Ref: 'Bake' }));

    expect(serviceWith({ ...blueGreen, bakeTime }, 1380)).not.toThrow();
  });
});

test.each<[Partial<EcsHealthHookProps>, RegExp]>([
  [{ checks: [] }, /`checks` is empty/],
  [{ bakeTime: Duration.hours(24) }, /`EcsHealthHook bakeTime` is 1 day, but must be between/],
  [{ bakeTime: Duration.seconds(90) }, /must be whole minutes/],
  [
    { bakeTime: Duration.minutes(Lazy.number({ produce: () => 5 })) },
    /`EcsHealthHook bakeTime` is known only at deployment, .*: give it as a number, such as `Duration.minutes\(10\)`/,
  ],
  [
    { checks: late(Duration.hours(24)) },
    /`checks` has check 'alarm a', which needs 1 day .* but a hook of a deployment has 23 hours/,
  ],
  [
    { checks: [canary()], bakeTime: Duration.hours(2) },
    /`checks` has check 'canary Errors', which compares for a whole bake/,
  ],
  [
    { checks: [Check.metric(metric('Orders', Duration.days(1)), { atMost: 5 })] },
    /check 'metric Orders' has a metric with a period of 1 day/,
  ],
  [{ lifecycleStage: 'LATER' as never }, /`EcsHealthHook lifecycleStage` is "LATER"/],
])('%j is refused', (props, message) => {
  expect(() => hookOf(props)).toThrow(message);
});

test('checks that begin within 23 hours are taken', () => {
  expect(() => hookOf({ checks: late(Duration.hours(23)) })).not.toThrow();
});

test('a check that waits for the end of the deployment is refused: the deployment waits for the hook', () => {
  const stack = new Stack(new App(), 'Shop');
  const service = ecs.FargateService.fromFargateServiceAttributes(stack, 'Web', {
    serviceName: 'web',
    cluster: new ecs.Cluster(stack, 'Cluster'),
  });

  expect(() => new EcsHealthHook(stack, 'Healthy', { checks: [Check.ecsService(service)] })).toThrow(
    /waits until the deployment is over, but it ends only after this hook/,
  );
});
