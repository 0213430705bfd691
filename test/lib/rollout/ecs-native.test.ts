import { Duration, Token, type App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import fc from 'fast-check';
import { EcsDeployer, EcsRollout, EcsTraffic, RolloutStrategy } from '../../../lib/rollout';
import type { EcsNativeOptions, EcsRolloutProps } from '../../../lib/rollout';
import { nativeConfig } from '../../../lib/rollout/ecs-native-config';
import { AlarmRef, Check } from '../../../lib/check';
import { EcsFixture, healthy } from './ecs-fixture';

const canary = (percent: number, minutes: number) => RolloutStrategy.canary(percent, Duration.minutes(minutes));
const linear = (percent: number, minutes: number) => RolloutStrategy.linear(percent, Duration.minutes(minutes));
const token = (): number => Token.asNumber({ Ref: 'Given' });

type Props = Partial<EcsRolloutProps> & { readonly native?: EcsNativeOptions };

function rolled(props: Props = {}, fixture = new EcsFixture(), service = fixture.service({ desiredCount: 6 })) {
  const { native = {}, ...others } = props;
  const strategy = others.strategy ?? canary(10, 10);
  const traffic = strategy._shape().kind === 'rolling' || native.traffic ? {} : { traffic: fixture.traffic() };
  const deployer = EcsDeployer.native({ ...traffic, ...native });
  const rollout = new EcsRollout(fixture.stack, 'Rollout', { service, strategy, deployer, ...others });
  return { fixture, service, rollout };
}

const configOf = (props: Props) => rolled(props).fixture.rendered().DeploymentConfiguration;

describe('the deployment configuration', () => {
  test.each([
    [
      canary(10, 10),
      {
        Strategy: 'CANARY',
        CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 10 },
        BakeTimeInMinutes: 15,
      },
    ],
    [
      linear(25, 5),
      { Strategy: 'LINEAR', LinearConfiguration: { StepPercent: 25, StepBakeTimeInMinutes: 5 }, BakeTimeInMinutes: 15 },
    ],
    [RolloutStrategy.allAtOnce(), { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 15 }],
  ])('is that of ECS for the strategy, with a bake in any case (%#)', (strategy, expected) => {
    expect(configOf({ strategy })).toMatchObject(expected);
  });

  test('lets no task be out of service in a rolling deployment, and switches the circuit breaker on', () => {
    const { Strategy, MinimumHealthyPercent, MaximumPercent, DeploymentCircuitBreaker, BakeTimeInMinutes } = configOf({
      strategy: RolloutStrategy.rolling(20),
    });

    expect({ Strategy, MinimumHealthyPercent, MaximumPercent }).toEqual({
      Strategy: 'ROLLING',
      MinimumHealthyPercent: 100,
      MaximumPercent: 120,
    });
    expect(DeploymentCircuitBreaker).toEqual({ Enable: true, Rollback: true });
    expect(BakeTimeInMinutes).toBeUndefined();
  });

  test('leaves a circuit breaker as the service has it', () => {
    const fixture = new EcsFixture();
    const service = fixture.service({ desiredCount: 6, circuitBreaker: { rollback: false } });
    rolled({ strategy: RolloutStrategy.rolling(50) }, fixture, service);

    expect(fixture.rendered().DeploymentConfiguration.DeploymentCircuitBreaker).toEqual({
      Enable: true,
      Rollback: false,
    });
  });

  test('has the bake time that was given', () => {
    expect(configOf({ bakeTime: Duration.hours(2) }).BakeTimeInMinutes).toBe(120);
  });

  test.each([
    ['canary', () => RolloutStrategy.canary(token(), Duration.minutes(token())), Duration.minutes(token())],
    ['linear', () => RolloutStrategy.linear(token(), Duration.minutes(token())), Duration.minutes(token())],
  ])('takes numbers of %s that are known only at deployment', (_, strategy, bakeTime) => {
    const config = configOf({ strategy: strategy(), bakeTime });

    expect(config.BakeTimeInMinutes).toEqual({ Ref: 'Given' });
    expect(JSON.stringify(config.CanaryConfiguration ?? config.LinearConfiguration)).toContain('{"Ref":"Given"}');
  });
});

const native = (strategy: RolloutStrategy, bakeTime?: Duration, watchesSteps = false, tasks?: number) =>
  nativeConfig(strategy, { bakeTime, watchesSteps, tasks });

const behindNetwork = (strategy: RolloutStrategy, bakeTime: Duration, watchesSteps = false) =>
  nativeConfig(strategy, { bakeTime, watchesSteps, minutesPerShift: 10 });

describe('the limits of ECS', () => {
  test.each([
    [() => native(canary(0.1, 1))],
    [() => native(canary(99.9, 1440), Duration.hours(9))],
    [() => native(canary(0.3, 1440), Duration.minutes(0))],
    [() => native(canary(50, 540), Duration.hours(24))],
    [() => native(linear(3, 59), Duration.minutes(33))],
    [() => native(linear(33.3, 655))],
    [() => native(linear(99.9, 1440), Duration.hours(9))],
    [() => native(RolloutStrategy.allAtOnce(), Duration.hours(24))],
    [() => native(RolloutStrategy.rolling(1), undefined, false, 100)],
    [() => native(RolloutStrategy.rolling(99), undefined, false, 2)],
    [() => native(RolloutStrategy.rolling(1), undefined, false, 0)],
    [() => native(RolloutStrategy.rolling(1), undefined, false, undefined)],
    [() => native(RolloutStrategy.rolling(1), undefined, false, 0)],
    [() => native(canary(10, 655), Duration.minutes(15), true)],
    [() => behindNetwork(canary(10, 1440), Duration.minutes(510))],
    [() => behindNetwork(linear(3, 49), Duration.minutes(13))],
    [() => native(linear(50, 653), Duration.minutes(21), true)],
    [() => native(canary(10, 1380), Duration.minutes(0))],
    [() => native(canary(token(), 1440), Duration.minutes(540))],
    [() => native(linear(token(), 1440), Duration.minutes(540))],
    [() => native(linear(3, 60), Duration.minutes(token()))],
    [() => native(linear(3, token()), Duration.minutes(1440))],
  ])('are met (%#)', (make) => {
    expect(make).not.toThrow();
  });

  test.each<[() => unknown, RegExp]>([
    [
      () => native(canary(0.05, 1)),
      /`RolloutStrategy.canary percent` is 0.05, but ECS takes 0.1 to 99.9 in steps of 0.1/,
    ],
    [() => native(canary(10.25, 1)), /is 10.25, but ECS takes 0.1 to 99.9/],
    [() => native(linear(2.9, 1)), /`RolloutStrategy.linear percent` is 2.9, but ECS takes 3 to 99.9/],
    [() => native(linear(33.33, 1)), /is 33.33/],
    [() => native(canary(10, 1441)), /`RolloutStrategy.canary bake` is .*must be between 1 minute and 1 day/],
    [() => native(RolloutStrategy.canary(10, Duration.seconds(90))), /must be whole minutes/],
    [() => native(linear(50, 1441)), /`RolloutStrategy.linear every`/],
    [() => native(canary(10, 10), Duration.minutes(1441)), /`EcsRollout bakeTime` is .*, but must be between 0/],
    [() => native(canary(10, 10), Duration.seconds(1)), /`EcsRollout bakeTime` is 1 second, but must be whole minutes/],
    [() => native(canary(99.9, 1440), Duration.minutes(541)), /1440 minutes, once, which makes 1981 minutes with/],
    [
      () => behindNetwork(canary(10, 1440), Duration.minutes(511)),
      /which makes 1981 minutes with the `bakeTime` of 511 minutes and 30 minutes that ECS adds behind a Network Load Balancer, but/,
    ],
    [() => behindNetwork(linear(3, 57), Duration.minutes(15)), /makes 2246 .*350 minutes that ECS adds/],
    [() => native(linear(3, 59), Duration.minutes(34)), /59 minutes, 33 times, which makes 1981 .*accepts 1980/],
    [() => native(canary(10, 655), Duration.minutes(16), true), /655 minutes, 3 times, which makes 1981/],
    [() => native(linear(34, 393), Duration.minutes(16), true), /393 minutes, 5 times, which makes 1981/],
    [
      () => native(RolloutStrategy.rolling(49), undefined, false, 2),
      /of 2 tasks that is less than one.*take 50 or more$|take 50/,
    ],
    [() => native(RolloutStrategy.rolling(99), undefined, false, 1), /for one task means `RolloutStrategy.allAtOnce/],
    [() => native(RolloutStrategy.rolling(33.5)), /ECS takes whole percentages/],
    [() => native(RolloutStrategy.rolling(token())), /known only at deployment/],
    [
      () => native(RolloutStrategy.rolling(), Duration.minutes(5)),
      /`bakeTime` is given, but with `RolloutStrategy.rolling`/,
    ],
    [
      () => native(RolloutStrategy.oneAtATime()),
      /`RolloutStrategy.oneAtATime`, but the tasks of a service are no servers/,
    ],
    [() => native(RolloutStrategy.zonal()), /`RolloutStrategy.zonal`, but/],
    [() => native(canary(10, 1381), Duration.minutes(0), true), /1381 minutes, 3 times, which makes 4143 minutes/],
    [
      () => native(canary(10, token()), undefined, true),
      /`RolloutStrategy.canary bake` is known only at deployment, but checks `during`/,
    ],
    [
      () => native(RolloutStrategy.canary(10, Duration.seconds(token()))),
      /`RolloutStrategy.canary bake` is known only at deployment: give it as `Duration.minutes/,
    ],
    [() => native(canary(token(), 1440), Duration.minutes(541)), /1440 minutes, once, which makes 1981 minutes/],
    [() => native(linear(token(), 1440), Duration.minutes(541)), /1440 minutes, once, which makes 1981 minutes/],
    [
      () => native(linear(3, 61), Duration.minutes(token())),
      /61 minutes, 33 times, which makes 2013 minutes with the `bakeTime` of 0 minutes/,
    ],
  ])('are told when they are not met (%#)', (make, message) => {
    expect(make).toThrow(message);
  });

  test('every tenth of a percent is a canary', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (tenths) => {
        native(canary(tenths / 10, 1));
      }),
    );
  });
});

describe('what is watched', () => {
  test('alarms take the deployment back', () => {
    const fixture = new EcsFixture();
    rolled({ alarms: [fixture.alarm('errors')] }, fixture);

    expect(fixture.rendered().DeploymentConfiguration.Alarms).toMatchObject({ Enable: true, Rollback: true });
    expect(fixture.stack.resolve(fixture.rendered().DeploymentConfiguration.Alarms.AlarmNames)).toHaveLength(1);
  });

  test('checks run before production traffic, and after all of it has moved', () => {
    const { LifecycleHooks } = configOf({ before: healthy(), after: healthy() });

    expect(LifecycleHooks.map(({ LifecycleStages }: any) => LifecycleStages)).toEqual([
      ['POST_TEST_TRAFFIC_SHIFT'],
      ['POST_PRODUCTION_TRAFFIC_SHIFT'],
    ]);
  });

  test('checks that watch the steps do so beside the wait there, which holds the traffic whatever ECS makes of a hook', () => {
    const { fixture } = rolled({ strategy: canary(10, 20), native: { during: healthy() } });
    const { LifecycleHooks, CanaryConfiguration } = fixture.rendered().DeploymentConfiguration;

    expect(LifecycleHooks).toMatchObject([{ LifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }]);
    expect(CanaryConfiguration).toEqual({ CanaryPercent: 10, CanaryBakeTimeInMinutes: 20 });
    fixture.template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ GATES_HOOK_BAKE_MINUTES: '20' }) },
    });
  });

  test.each<[string, Props]>([
    ['alarms', {}],
    ['checks before everybody gets the new tasks', { before: healthy(), strategy: RolloutStrategy.allAtOnce() }],
    ['checks during', { native: { during: healthy() } }],
    ['checks after', { after: healthy() }],
  ])('nothing is said when there are %s', (what, props) => {
    const fixture = new EcsFixture();
    const alarms = what === 'alarms' ? [fixture.alarm('errors')] : [];
    rolled({ alarms, ...props }, fixture);

    expect(Annotations.fromStack(fixture.stack).findWarning('*', Match.stringLikeRegexp('nothing looks'))).toEqual([]);
  });

  test.each<[string, Props]>([
    ['nothing', {}],
    ['nothing once traffic moves', { before: healthy() }],
    ['nothing once traffic moves in steps', { before: healthy(), strategy: linear(50, 5) }],
  ])('a rollout that %s watches is a finding', (_, props) => {
    const { fixture } = rolled(props);

    Annotations.fromStack(fixture.stack).hasWarning(
      '/Shop/Rollout',
      Match.stringLikeRegexp('nothing looks at how they do in it: give `alarms` or `after`'),
    );
  });
});

describe('the traffic', () => {
  test('ECS shifts it by a role that may change these two rules and nothing else', () => {
    const { fixture, rollout } = rolled({ before: healthy() });
    const [registration] = fixture.rendered().LoadBalancers;
    const [role] = Object.values(fixture.template().findResources('AWS::IAM::Role')).filter(
      ({ Properties }) => Properties.Policies?.[0]?.PolicyName === 'Traffic',
    );

    expect(registration.AdvancedConfiguration).toEqual({
      AlternateTargetGroupArn: { Ref: expect.stringMatching(/^Green/) },
      ProductionListenerRule: { Ref: expect.stringMatching(/^ProductionRule/) },
      TestListenerRule: { Ref: expect.stringMatching(/^TestRule/) },
      RoleArn: fixture.stack.resolve(rollout.role?.roleArn),
    });
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
    expect(role?.Properties.Policies[0].PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Sid: 'FindTraffic', Resource: '*' }),
      {
        Sid: 'RegisterTasks',
        Effect: 'Allow',
        Action: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
        Resource: [{ Ref: expect.stringMatching(/^Blue/) }, { Ref: expect.stringMatching(/^Green/) }],
      },
      {
        Sid: 'ShiftTraffic',
        Effect: 'Allow',
        Action: 'elasticloadbalancing:ModifyRule',
        Resource: [{ Ref: expect.stringMatching(/^ProductionRule/) }, { Ref: expect.stringMatching(/^TestRule/) }],
      },
    ]);
    const reads = role?.Properties.Policies[0].PolicyDocument.Statement[0];
    expect(reads.Action.every((one: string) => one.startsWith('elasticloadbalancing:Describe'))).toBe(true);
  });

  test('of a network load balancer is shifted by its listeners', () => {
    const fixture = new EcsFixture();
    const { stack, vpc } = fixture;
    const group = (id: string) =>
      new elbv2.NetworkTargetGroup(stack, id, { vpc, port: 80, targetType: elbv2.TargetType.IP });
    const [targetGroup, alternateTargetGroup] = [group('One'), group('Other')];
    const balancer = new elbv2.NetworkLoadBalancer(stack, 'Network', { vpc });
    const productionListener = balancer.addListener('Production', { port: 80, defaultTargetGroups: [targetGroup] });
    const service = fixture.service({}, false);
    service.attachToNetworkTargetGroup(targetGroup);
    new EcsRollout(stack, 'Rollout', {
      service,
      strategy: canary(10, 10),
      before: healthy(),
      deployer: EcsDeployer.native({
        traffic: EcsTraffic.networkLoadBalancer({ targetGroup, alternateTargetGroup, productionListener }),
      }),
    });

    const { ProductionListenerRule, TestListenerRule } = fixture.rendered().LoadBalancers[0].AdvancedConfiguration;
    expect(ProductionListenerRule).toEqual({ Ref: expect.stringMatching(/^NetworkProduction/) });
    expect(TestListenerRule).toBeUndefined();
    fixture.template().hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({ Sid: 'ShiftTraffic', Action: 'elasticloadbalancing:ModifyListener' }),
            ]),
          },
        },
      ],
    });
  });

  test('is found among several registrations', () => {
    const fixture = new EcsFixture();
    const service = fixture.service({}, false);
    const { stack, vpc } = fixture;
    const other = new elbv2.ApplicationTargetGroup(stack, 'Admin', {
      vpc,
      port: 8080,
      targetType: elbv2.TargetType.IP,
    });
    service.attachToApplicationTargetGroup(other);
    service.attachToApplicationTargetGroup(fixture.blue);
    rolled({ before: healthy() }, fixture, service);

    expect(() => fixture.template()).toThrow(
      /target group that has no alternate one.*register each of them, beside the one of `traffic`.*NoAlternateTarget/s,
    );
  });

  test.each<['Production' | 'Test', RegExp]>([
    ['Production', /`productionRule` 'Shop\/ProductionRule' forwards to neither of the two target groups.*NoForward/s],
    ['Test', /`testRule` 'Shop\/TestRule' forwards to neither/s],
  ])('of a rule that forwards nothing to the service cannot be shifted (%s)', (which, message) => {
    const fixture = new EcsFixture();
    const rule = fixture.rule(which, which === 'Test' ? fixture.testListener : fixture.listener);
    rule.configureAction(elbv2.ListenerAction.fixedResponse(503));
    const traffic = EcsTraffic.applicationLoadBalancer({
      targetGroup: fixture.blue,
      alternateTargetGroup: fixture.green,
      productionRule: which === 'Test' ? fixture.rule('Production', fixture.listener) : rule,
      ...(which === 'Test' ? { testRule: rule } : {}),
    });
    rolled({ before: healthy(), native: { traffic } }, fixture);

    expect(() => fixture.template()).toThrow(message);
  });

  test('may be shifted as the CDK has it', () => {
    const fixture = new EcsFixture();
    const service = fixture.service({}, false);
    const productionListener = ecs.ListenerRuleConfiguration.applicationListenerRule(
      fixture.rule('Production', fixture.listener),
    );
    service
      .loadBalancerTarget({
        containerName: 'web',
        alternateTarget: new ecs.AlternateTarget('Alternate', {
          alternateTargetGroup: fixture.green,
          productionListener,
        }),
      })
      .attachToApplicationTargetGroup(fixture.blue);
    new EcsRollout(fixture.stack, 'Rollout', { service, strategy: canary(10, 10), before: healthy() });

    expect(fixture.rendered().LoadBalancers).toHaveLength(1);
  });

  test.each<[string, RolloutStrategy, Partial<ecs.FargateServiceProps>, boolean, RegExp | undefined]>([
    ['a canary without traffic', canary(10, 10), {}, false, /no traffic to shift step by step.*NoTraffic/s],
    ['a canary without an alternate target group', canary(10, 10), {}, true, /NoAlternateTarget/],
    ['all at once without an alternate target group', RolloutStrategy.allAtOnce(), {}, true, /NoAlternateTarget/],
    ['all at once of a service that nobody calls', RolloutStrategy.allAtOnce(), {}, false, undefined],
    ['a rolling deployment with one target group', RolloutStrategy.rolling(50), { desiredCount: 2 }, true, undefined],
    [
      'a canary by Service Connect',
      canary(10, 10),
      { serviceConnectConfiguration: { namespace: 'shop' } },
      false,
      undefined,
    ],
  ])('%s is refused, or not, at synth', (_, strategy, props, registered, message) => {
    const fixture = new EcsFixture();
    const service = fixture.service(props, registered);
    const alarms = [fixture.alarm('errors')];
    new EcsRollout(fixture.stack, 'Rollout', { service, strategy, alarms });

    if (message === undefined) expect(() => fixture.template()).not.toThrow();
    else expect(() => fixture.template()).toThrow(message);
  });
});

describe('an alarm of the service itself', () => {
  const alarmOf = (fixture: EcsFixture, service: ecs.FargateService) =>
    service.metricCpuUtilization().createAlarm(fixture.stack, 'Cpu', { threshold: 90, evaluationPeriods: 1 });

  test.each<[string, (alarm: cloudwatch.Alarm) => Props]>([
    ['alarms', (alarm) => ({ alarms: [alarm] })],
    ['before', (alarm) => ({ before: [Check.alarm(alarm)] })],
    ['during', (alarm) => ({ native: { during: [Check.alarm(alarm)] } })],
    ['after', (alarm) => ({ after: [Check.alarm(alarm)] })],
  ])('makes `%s` a circle that CloudFormation refuses: told at synth', (_, propsOf) => {
    const fixture = new EcsFixture();
    const service = fixture.service();
    rolled(propsOf(alarmOf(fixture, service)), fixture, service);

    expect(() => (fixture.stack.node.root as App).synth()).toThrow(
      /refers to itself, by way of .*'Shop\/Cpu.*CircularReference/s,
    );
  });

  test('may be named by a text', () => {
    const fixture = new EcsFixture();
    const service = fixture.service();
    alarmOf(fixture, service);
    const named = [Check.alarm(AlarmRef.named('web-cpu'))];
    rolled({ before: named, after: named }, fixture, service);

    expect(() => (fixture.stack.node.root as App).synth()).not.toThrow();
  });
});

describe('what does not fit is refused', () => {
  test.each<[string, (fixture: EcsFixture) => unknown, RegExp]>([
    [
      'a service that CodeDeploy deploys',
      (fixture) =>
        rolled(
          {},
          fixture,
          fixture.service({ deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY } }),
        ),
      /`service` does not have the deployment controller ECS.*WrongController/,
    ],
    [
      'a service of another app',
      (fixture) =>
        rolled(
          {},
          fixture,
          ecs.FargateService.fromServiceArnWithCluster(
            fixture.stack,
            'Imported',
            'arn:aws:ecs:eu-west-1:111111111111:service/shop/web',
          ) as any,
        ),
      /only refers to/,
    ],
    [
      'a strategy that the service has, too',
      (fixture) => rolled({}, fixture, fixture.service({ deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN })),
      /`service` has a `deploymentStrategy` of its own.*StrategyTwice/,
    ],
    [
      'a bake time that the service has, too',
      (fixture) => rolled({}, fixture, fixture.service({ bakeTime: Duration.minutes(1) })),
      /`service` has a `bakeTime` of its own/,
    ],
    [
      'a second rollout of one service, whose strategy would be mixed with that of the first',
      (fixture) => {
        const { service } = rolled({}, fixture);
        return new EcsRollout(fixture.stack, 'Again', { service, strategy: RolloutStrategy.rolling(50) });
      },
      /`service` is rolled out by 'Shop\/Rollout' already: .*RolloutTwice/,
    ],
    [
      'more tasks at a time than the strategy makes of it',
      (fixture) =>
        rolled(
          { strategy: RolloutStrategy.rolling(25) },
          fixture,
          fixture.service({ desiredCount: 6, maxHealthyPercent: 150, minHealthyPercent: 50 }),
        ),
      /`service` has a `maxHealthyPercent` of its own \(150\), but .* 125.*StrategyTwice/,
    ],
    [
      'fewer healthy tasks than the strategy makes of it',
      (fixture) =>
        rolled(
          { strategy: RolloutStrategy.rolling(25) },
          fixture,
          fixture.service({ desiredCount: 6, minHealthyPercent: 75 }),
        ),
      /`service` has a `minHealthyPercent` of its own \(75\), but .* 100.*StrategyTwice/,
    ],
    [
      'alarms of the service that fail a deployment without going back',
      (fixture) =>
        rolled(
          {},
          fixture,
          fixture.service({ deploymentAlarms: { alarmNames: ['a'], behavior: ecs.AlarmBehavior.FAIL_ON_ALARM } }),
        ),
      /`service` has `deploymentAlarms` that fail a deployment and leave it there.*AlarmsTwice/,
    ],
    [
      'alarms of the service beside those of the rollout, which the CDK would leave out',
      (fixture) =>
        rolled(
          { alarms: [fixture.alarm('errors')] },
          fixture,
          fixture.service({ deploymentAlarms: { alarmNames: ['a'] } }),
        ),
      /`service` has `deploymentAlarms` of its own.*put them into `alarms` of the rollout.*AlarmsTwice/,
    ],
    [
      'one rule for test and production traffic',
      (fixture) => {
        const rule = fixture.rule('Production', fixture.listener);
        return EcsTraffic.applicationLoadBalancer({
          targetGroup: fixture.blue,
          alternateTargetGroup: fixture.green,
          productionRule: rule,
          testRule: rule,
        });
      },
      /`EcsTraffic.applicationLoadBalancer testRule` is `productionRule`.*SameRule/,
    ],
    ['one box', (fixture) => rolled({ strategy: RolloutStrategy.oneAtATime() }, fixture), /StrategyForServers/],
    ['no checks', (fixture) => rolled({ before: [] }, fixture), /`before` is empty/],
    ['no checks at the steps', (fixture) => rolled({ native: { during: [] } }, fixture), /`during` is empty/],
    [
      'checks of a rolling deployment',
      (fixture) => rolled({ strategy: RolloutStrategy.rolling(), after: healthy() }, fixture),
      /`after` is given, but with `RolloutStrategy.rolling`.*RollingShiftsNothing/,
    ],
    [
      'traffic of a rolling deployment',
      (fixture) => rolled({ strategy: RolloutStrategy.rolling(), native: { traffic: fixture.traffic() } }, fixture),
      /`traffic` is given, but/,
    ],
    [
      'checks at the steps of a deployment without steps',
      (fixture) => rolled({ strategy: RolloutStrategy.allAtOnce(), native: { during: healthy() } }, fixture),
      /has no steps.*NoSteps/,
    ],
    [
      'too few tasks for a part of them',
      (fixture) => rolled({ strategy: RolloutStrategy.rolling(20) }, fixture, fixture.service({ desiredCount: 4 })),
      /of 4 tasks that is less than one.*take 25 or more/,
    ],
    [
      'the same alarm twice',
      (fixture) => {
        const alarm = fixture.alarm('errors');
        return rolled({ alarms: [alarm, alarm] }, fixture);
      },
      /SameAlarmTwice/,
    ],
    [
      'a target group that the service is not registered with',
      (fixture) => rolled({}, fixture, fixture.service({}, false)),
      /register it before the rollout is made.*NotRegistered/,
    ],
    [
      'the same target group twice',
      (fixture) =>
        EcsTraffic.applicationLoadBalancer({
          targetGroup: fixture.blue,
          alternateTargetGroup: fixture.blue,
          productionRule: fixture.rule('Production', fixture.listener),
        }),
      /SameTargetGroup/,
    ],
    [
      'a listener in place of a rule',
      (fixture) =>
        EcsTraffic.applicationLoadBalancer({
          targetGroup: fixture.blue,
          alternateTargetGroup: fixture.green,
          productionRule: fixture.listener as any,
        }),
      /`EcsTraffic.applicationLoadBalancer productionRule` is given a construct: give an `ApplicationListenerRule`/,
    ],
    ['no options', () => EcsTraffic.networkLoadBalancer(undefined as any), /has nothing for its options/],
    ['a text as a deployer', () => EcsDeployer.native('x' as any), /`EcsDeployer.native` has "x"/],
  ])('%s', (_, make, message) => {
    expect(() => make(new EcsFixture())).toThrow(message);
  });

  test('a rolling deployment of the one task that CloudFormation makes without a number', () => {
    const fixture = new EcsFixture();
    rolled({ strategy: RolloutStrategy.rolling() }, fixture, fixture.service());

    expect(() => fixture.template()).toThrow(
      /has no `desiredCount`.*give it `desiredCount` 3 or more.*RolloutCannotBegin/s,
    );
  });

  test.each<[number, boolean]>([
    [2, true],
    [3, false],
  ])('a rolling deployment of a third is told of a service that may have %i tasks: %s', (minCapacity, told) => {
    const fixture = new EcsFixture();
    const service = fixture.service({ desiredCount: minCapacity === 2 ? 6 : undefined });
    rolled({ strategy: RolloutStrategy.rolling(), alarms: [fixture.alarm('errors')] }, fixture, service);
    service.autoScaleTaskCount({ minCapacity, maxCapacity: 9 });

    expect(() => fixture.template()).not.toThrow();
    const found = Annotations.fromStack(fixture.stack).findWarning('/Shop/Rollout', Match.stringLikeRegexp('fewTasks'));
    expect(found).toHaveLength(told ? 1 : 0);
  });

  test('a service without tasks may be rolled out', () => {
    const fixture = new EcsFixture();
    rolled({ strategy: RolloutStrategy.rolling() }, fixture, fixture.service({ desiredCount: 0 }));

    expect(() => fixture.template()).not.toThrow();
  });

  test('a daemon', () => {
    const fixture = new EcsFixture();
    const { stack, cluster, vpc } = fixture;
    cluster.addCapacity('Servers', {
      instanceType: new ec2.InstanceType('t3.micro'),
      vpcSubnets: { subnets: vpc.privateSubnets },
    });
    const taskDefinition = new ecs.Ec2TaskDefinition(stack, 'Agent');
    taskDefinition.addContainer('agent', { image: ecs.ContainerImage.fromRegistry('agent'), memoryLimitMiB: 64 });
    const service = new ecs.Ec2Service(stack, 'Daemon', { cluster, taskDefinition, daemon: true });

    expect(() => new EcsRollout(stack, 'Rollout', { service, strategy: RolloutStrategy.allAtOnce() })).toThrow(
      /DaemonService/,
    );
  });
});
