import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import { RolloutStrategy, ServerRollout, Servers } from '../../../lib/rollout';
import type { ServerRolloutProps } from '../../../lib/rollout';

class Fixture {
  readonly stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  private readonly vpc = ec2.Vpc.fromVpcAttributes(this.stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    privateSubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
  });

  group(id: string, least: number, most = least): autoscaling.AutoScalingGroup {
    return new autoscaling.AutoScalingGroup(this.stack, id, {
      vpc: this.vpc,
      instanceType: new ec2.InstanceType('t4g.nano'),
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-1' }),
      minCapacity: least,
      maxCapacity: most,
    });
  }

  servers(least: number, most = least): Servers {
    return Servers.of(this.group('Group', least, most));
  }

  alarm(id: string): cloudwatch.Alarm {
    const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: id });
    return new cloudwatch.Alarm(this.stack, id, { metric, threshold: 1, evaluationPeriods: 1 });
  }

  rollout(props: ServerRolloutProps): ServerRollout {
    return new ServerRollout(this.stack, 'Rollout', props);
  }

  template(): Template {
    return Template.fromStack(this.stack);
  }

  /** Name of the fleet's configuration, and what was made for it. */
  config(strategy: RolloutStrategy, servers = this.servers(6)) {
    this.rollout({ servers, strategy, alarms: [this.alarm('Errors')] });
    const template = this.template();
    const [group] = Object.entries(template.findResources('AWS::CodeDeploy::DeploymentGroup')).filter(([id]) =>
      id.startsWith('RolloutFleet'),
    );
    const made = Object.values(template.findResources('AWS::CodeDeploy::DeploymentConfig'));
    return { name: group?.[1].Properties.DeploymentConfigName, made: made.map(({ Properties }) => Properties) };
  }
}

const fixture = () => new Fixture();

describe('the configuration', () => {
  test('lets a third be out of service when nothing is said', () => {
    expect(fixture().config(RolloutStrategy.rolling()).made).toEqual([
      { MinimumHealthyHosts: { Type: 'FLEET_PERCENT', Value: 66 } },
    ]);
  });

  test('goes zone by zone and watches in between', () => {
    const strategy = RolloutStrategy.zonal({
      monitorDuration: Duration.minutes(10),
      firstZoneMonitorDuration: Duration.minutes(30),
      percent: 50,
    });

    expect(fixture().config(strategy).made).toEqual([
      {
        MinimumHealthyHosts: { Type: 'FLEET_PERCENT', Value: 50 },
        ZonalConfig: { MonitorDurationInSeconds: 600, FirstZoneMonitorDurationInSeconds: 1800 },
      },
    ]);
  });

  test('another strategy is another configuration, since CodeDeploy cannot change one', () => {
    const ids = [RolloutStrategy.rolling(20), RolloutStrategy.rolling(30), RolloutStrategy.zonal({ percent: 20 })].map(
      (strategy) => {
        const made = fixture();
        made.config(strategy);
        return Object.keys(made.template().findResources('AWS::CodeDeploy::DeploymentConfig'))[0];
      },
    );

    expect(new Set(ids).size).toBe(3);
  });

  test.each([
    [1, 99],
    [50.0, 50],
    [99, 1],
  ])('of %i %% out of service leaves %i %% healthy, and CodeDeploy takes 0 to 99', (percent, healthy) => {
    const { made, name } = fixture().config(RolloutStrategy.zonal({ percent }), Servers.tagged('Service', 'shop'));

    expect(name).toBeDefined();
    expect(made[0].MinimumHealthyHosts).toEqual({ Type: 'FLEET_PERCENT', Value: healthy });
  });

  test.each([
    [1, 100],
    [34, 3],
    [50, 2],
    [99, 2],
  ])('accepts %i %% of %i servers, of which one may be out of service', (percent, servers) => {
    const made = fixture();

    expect(() => made.config(RolloutStrategy.rolling(percent), made.servers(servers))).not.toThrow();
  });

  test.each([
    [
      RolloutStrategy.rolling(1),
      99,
      /`RolloutStrategy.rolling percent` is 1.*99 servers.*take 2 or more, or `RolloutStr/,
    ],
    [RolloutStrategy.rolling(33), 3, /less than one, and CodeDeploy fails such a deployment at once: take 34 or more/],
    [RolloutStrategy.rolling(49), 2, /take 50 or more/],
    [RolloutStrategy.zonal(), 2, /`RolloutStrategy.zonal percent` is 34.*take 50 or more/],
    [
      RolloutStrategy.rolling(50),
      1,
      /no more than 1 server, so no other one serves meanwhile: raise its `maxCapacity`/,
    ],
    [RolloutStrategy.oneAtATime(), 1, /take `RolloutStrategy.allAtOnce\(\)`/],
    [RolloutStrategy.rolling(33.3), 6, /is 33.3, but CodeDeploy takes whole percentages from 1 to 99 for servers/],
    [
      RolloutStrategy.canary(10, Duration.minutes(5)),
      6,
      /no share of the traffic is moved: take `RolloutStrategy.oneBox`/,
    ],
    [RolloutStrategy.linear(10, Duration.minutes(5)), 6, /`RolloutStrategy.linear`.*or `rolling`/],
  ])('refuses what CodeDeploy would not do (%#)', (strategy, servers, message) => {
    const made = fixture();

    expect(() => made.config(strategy, made.servers(servers))).toThrow(message);
  });

  test.each([
    [() => RolloutStrategy.rolling(0), /`RolloutStrategy.rolling percent` is 0, but has to be more than 0/],
    [() => RolloutStrategy.rolling(100), /is 100.*take `RolloutStrategy.allAtOnce\(\)`/],
    [() => RolloutStrategy.zonal({ percent: 0 }), /`RolloutStrategy.zonal percent` is 0/],
    [() => RolloutStrategy.zonal({ percent: 100 }), /`RolloutStrategy.zonal percent` is 100/],
    [() => RolloutStrategy.zonal({ monitorDuration: 5 as never }), /has to be a duration/],
  ])('is refused where it is written (%#)', (make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[number, number, RegExp | undefined]>([
    [330, 330, undefined],
    [
      330,
      331,
      /waits 11 hours 1 minute between 3 Availability Zones.*after 12 hours, in which the servers get the version, too: .*at most 11 hours/,
    ],
    [0, 660, undefined],
    [0, 661, /waits 11 hours 1 minute/],
    [660, 0, undefined],
    [661, 0, /waits 11 hours 1 minute/],
  ])('counts the waits of %i and %i minutes between three zones', (wait, firstWait, message) => {
    const strategy = RolloutStrategy.zonal({
      monitorDuration: Duration.minutes(wait),
      firstZoneMonitorDuration: Duration.minutes(firstWait),
    });
    const config = () => fixture().config(strategy);

    if (message === undefined) {
      expect(config).not.toThrow();
    } else {
      expect(config).toThrow(message);
    }
  });

  test('takes no number that only deployment knows, because others are computed from it', () => {
    const token = Token.asNumber({ Ref: 'Number' });

    expect(() => fixture().config(RolloutStrategy.rolling(token))).toThrow(/known only at deployment.*give a number/);
    expect(() => fixture().config(RolloutStrategy.zonal({ percent: token }))).toThrow(/zonal percent.*give a number/);
    expect(() => fixture().config(RolloutStrategy.zonal({ monitorDuration: Duration.minutes(token) }))).toThrow(
      /known only at deployment.*give a duration that is known at synth/,
    );
    expect(() =>
      fixture().config(RolloutStrategy.zonal({ firstZoneMonitorDuration: Duration.minutes(token) })),
    ).toThrow(/`RolloutStrategy.zonal firstZoneMonitorDuration` is known only at deployment/);
  });

  test('takes whole seconds between zones, of which there are at least two where their number is unknown', () => {
    const waits = (firstZoneMonitorDuration: Duration) => () =>
      fixture().config(RolloutStrategy.zonal({ firstZoneMonitorDuration }), Servers.tagged('Service', 'shop'));

    expect(waits(Duration.millis(1500))).toThrow(/is 1.5 seconds, but CodeDeploy takes whole seconds: round it/);
    expect(waits(Duration.seconds(1))).not.toThrow();
    expect(waits(Duration.hours(11))).not.toThrow();
    expect(waits(Duration.seconds(39_601))).toThrow(/between 2 Availability Zones/);
  });

  test('of whatever is accepted, CodeDeploy can take a server out of service', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 101 }), fc.integer({ min: 1, max: 120 }), (percent, servers) => {
        const made = fixture();
        try {
          made.config(RolloutStrategy.rolling(percent), made.servers(servers));
        } catch (error) {
          expect((error as Error).name).toBe('GateError');
          return;
        }
        // As CodeDeploy does: it rounds up what has to stay healthy.
        expect(Math.ceil((servers * (100 - percent)) / 100)).toBeLessThan(servers);
      }),
      { numRuns: 40 },
    );
  });

  test('warns where a group may be too small for its percentage', () => {
    const made = fixture();
    made.config(RolloutStrategy.rolling(), made.servers(2, 6));

    Annotations.fromStack(made.stack).hasWarning(
      '/Shop/Rollout',
      Match.stringLikeRegexp('may have 2 servers, but with fewer than 3 CodeDeploy fails.*raise its `minCapacity`'),
    );
  });
});

describe('one box', () => {
  const twoGroups = (made: Fixture, box = 1, others = 4) =>
    made.rollout({
      servers: Servers.of(made.group('Others', others)),
      strategy: RolloutStrategy.oneBox(Servers.of(made.group('Box', box))),
      alarms: [made.alarm('Errors')],
    });

  test('is a deployment group of its own, all at once, beside that of the fleet', () => {
    const made = fixture();
    twoGroups(made);

    const groups = Object.values(made.template().findResources('AWS::CodeDeploy::DeploymentGroup'));
    expect(
      groups.map(({ Properties: { AutoScalingGroups, DeploymentConfigName } }) => [
        AutoScalingGroups,
        DeploymentConfigName,
      ]),
    ).toEqual([
      [[{ Ref: expect.stringMatching('^Box') }], 'CodeDeployDefault.AllAtOnce'],
      [[{ Ref: expect.stringMatching('^Others') }], { Ref: expect.stringMatching('Rolling34Percent') }],
    ]);
  });

  test('watches no alarm, which would keep the version before and a fix from it: the gate behind it does', () => {
    const made = fixture();
    twoGroups(made);

    const groups = Object.entries(made.template().findResources('AWS::CodeDeploy::DeploymentGroup'));
    const watching = groups.filter(([, { Properties }]) => Properties.AlarmConfiguration?.Alarms?.length > 0);
    expect(watching.map(([id]) => id)).toEqual([expect.stringMatching('^RolloutFleet')]);
  });

  test('is deployed first; the fleet leaves room for a gate in between', () => {
    const rollout = twoGroups(fixture());
    const input = new codepipeline.Artifact('Build');

    const orders = [rollout.deployOneBox(input), rollout.deployFleet(input)].map(
      ({ actionProperties: { actionName, runOrder } }) => `${actionName} ${runOrder}`,
    );
    expect(orders).toEqual(['OneBox 1', 'Fleet 3']);
    expect(rollout.deployFleet(input, { runOrder: 5, actionName: 'Rest' }).actionProperties).toMatchObject({
      actionName: 'Rest',
      runOrder: 5,
    });
  });

  /** What each stage deploys to, and at which run order. */
  type Stages = (readonly ['box' | 'fleet', number?])[][];
  const released = (stages: Stages) => {
    const made = fixture();
    const rollout = twoGroups(made);
    const output = new codepipeline.Artifact();
    const pipeline = new codepipeline.Pipeline(made.stack, 'Pipeline');
    const bucket = s3.Bucket.fromBucketName(made.stack, 'Source', 'source');
    const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output });
    pipeline.addStage({ stageName: 'Source', actions: [source] });
    stages.forEach((deployed, index) => {
      const added = deployed.map(([to, runOrder]) => {
        const options = runOrder === undefined ? {} : { runOrder };
        return to === 'box' ? rollout.deployOneBox(output, options) : rollout.deployFleet(output, options);
      });
      pipeline.addStage({ stageName: `Stage${index + 1}`, actions: added });
    });
    return () => made.template();
  };

  test.each<[string, Stages]>([
    ['in its stage', [[['fleet'], ['box']]]],
    ['in the stage before', [[['box', 9]], [['fleet', 1]]]],
  ])('has a version before the fleet: %s', (_where, stages) => {
    expect(released(stages)).not.toThrow();
  });

  test.each<[string, Stages]>([
    [
      'at the same time',
      [
        [
          ['box', 2],
          ['fleet', 2],
        ],
      ],
    ],
    [
      'later in the stage',
      [
        [
          ['box', 4],
          ['fleet', 3],
        ],
      ],
    ],
    ['in a later stage', [[['fleet', 3]], [['box', 1]]]],
  ])('that has it %s is refused', (_when, stages) => {
    expect(released(stages)).toThrow(
      /action 'Fleet' of stage 'Stage1' deploys to the fleet of a `RolloutStrategy.oneBox`, but action 'OneBox' of stage 'Stage.' deploys to the one box no earlier: give it a lower `runOrder`/,
    );
  });

  describe('that nothing looks at before the fleet follows', () => {
    const gate = (runOrder: number) => new actions.ManualApprovalAction({ actionName: `Look${runOrder}`, runOrder });
    const isFound = (...stages: readonly (readonly ['box' | 'fleet' | 'gate', number])[][]) => {
      const made = fixture();
      const rollout = twoGroups(made);
      const output = new codepipeline.Artifact();
      const pipeline = new codepipeline.Pipeline(made.stack, 'Pipeline');
      const bucket = s3.Bucket.fromBucketName(made.stack, 'Source', 'source');
      const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output });
      pipeline.addStage({ stageName: 'Source', actions: [source] });
      const actionOf = { box: rollout.deployOneBox, fleet: rollout.deployFleet };
      stages.forEach((list, index) =>
        pipeline.addStage({
          stageName: `Stage${index + 1}`,
          actions: list.map(([what, runOrder]) =>
            what === 'gate' ? gate(runOrder) : actionOf[what].call(rollout, output, { runOrder }),
          ),
        }),
      );
      const found = Annotations.fromStack(made.stack).findWarning(
        '*',
        Match.stringLikeRegexp('nothing looks at the one box'),
      );
      return found.length === 1;
    };

    test('is a finding', () => {
      expect(
        isFound([
          ['box', 1],
          ['fleet', 3],
        ]),
      ).toBe(true);
      expect(
        isFound([
          ['gate', 1],
          ['box', 1],
          ['fleet', 3],
          ['gate', 3],
        ]),
      ).toBe(true);
      expect(
        isFound(
          [
            ['gate', 1],
            ['box', 2],
          ],
          [
            ['fleet', 1],
            ['gate', 2],
          ],
        ),
      ).toBe(true);
    });

    test('is none with a gate in between, wherever that stands', () => {
      expect(
        isFound([
          ['box', 1],
          ['gate', 2],
          ['fleet', 3],
        ]),
      ).toBe(false);
      expect(
        isFound(
          [
            ['box', 1],
            ['gate', 2],
          ],
          [['fleet', 1]],
        ),
      ).toBe(false);
      expect(
        isFound(
          [['box', 1]],
          [
            ['gate', 1],
            ['fleet', 2],
          ],
        ),
      ).toBe(false);
      expect(isFound([['box', 1]], [['gate', 1]], [['fleet', 1]])).toBe(false);
    });
  });

  test('that no pipeline deploys to is refused, once the fleet is deployed to', () => {
    expect(released([[['fleet']]])).toThrow(
      /no action deploys to the one box: put `deployOneBox\(…\)` and a gate in front/,
    );
    expect(released([[['box']]])).not.toThrow();
  });

  test.each([
    [2, 4, /an Auto Scaling group of 2 to 2 servers, but one box is one server: set its `minCapacity`/],
    [0, 4, /of 0 to 0 servers/],
    [1, 1, /at most 1 server beside the one box.*take `RolloutStrategy.allAtOnce\(\)`/],
  ])('of %i servers beside %i is refused', (box, others, message) => {
    expect(() => twoGroups(fixture(), box, others)).toThrow(message);
  });

  test('that is the fleet itself is refused', () => {
    const made = fixture();
    const group = made.group('All', 4);

    expect(() =>
      made.rollout({ servers: Servers.of(group), strategy: RolloutStrategy.oneBox(Servers.of(group)) }),
    ).toThrow(/are the same servers.*Auto Scaling group of its own, or a tag/);
    expect(() =>
      fixture().rollout({
        servers: Servers.tagged('A', 'b'),
        strategy: RolloutStrategy.oneBox(Servers.tagged('A', 'b')),
      }),
    ).toThrow(/are the same servers/);
  });

  test('that there is not cannot be deployed', () => {
    const rollout = fixture().rollout({ servers: Servers.tagged('Service', 'shop') });

    expect(() => rollout.deployOneBox(new codepipeline.Artifact('Build'))).toThrow(
      /take `RolloutStrategy.oneBox\(box\)`/,
    );
  });
});

describe('a deployment group', () => {
  test('goes back when a deployment fails, is stopped, or an alarm turns red', () => {
    const made = fixture();
    made.rollout({ servers: made.servers(3), alarms: [made.alarm('Errors')] });

    made.template().hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: Match.stringLikeRegexp('^Errors') } }] },
    });
  });

  test('takes servers out of the load balancer meanwhile', () => {
    const made = fixture();
    const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/shop/6d0ecf831eec9f09';
    const targetGroup = elbv2.ApplicationTargetGroup.fromTargetGroupAttributes(made.stack, 'Web', { targetGroupArn });
    made.rollout({ servers: made.servers(3), targetGroups: [targetGroup] });

    made.template().hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      LoadBalancerInfo: { TargetGroupInfoList: [{ Name: 'shop' }] },
      DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
    });
    expect(statements(made).MoveTraffic).toEqual({
      actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
      resources: targetGroupArn,
    });
  });

  test.each([
    [Servers.tagged('Service', 'shop'), 'Ec2TagSet', 'Ec2TagSetList', 'Ec2TagGroup'],
    [Servers.onPremises('Service', 'shop'), 'OnPremisesTagSet', 'OnPremisesTagSetList', 'OnPremisesTagGroup'],
  ])('finds servers by their tag (%#)', (servers, set, list, group) => {
    const made = fixture();
    made.rollout({ servers });

    made.template().hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      [set]: { [list]: [{ [group]: [{ Key: 'Service', Value: 'shop', Type: 'KEY_AND_VALUE' }] }] },
    });
  });

  test('of servers outside of AWS knows no zones', () => {
    const servers = Servers.onPremises('Service', 'shop');

    expect(() => fixture().config(RolloutStrategy.zonal(), servers)).toThrow(
      /in no Availability Zone: take `RolloutStrategy.rolling`/,
    );
  });

  test('needs both key and value of a tag', () => {
    expect(() => Servers.tagged('Service', '')).toThrow(/so that no other servers are meant/);
    expect(() => Servers.of({} as never)).toThrow(/give an Auto Scaling group/);
  });

  test('watches at most ten alarms, also those that are added later', () => {
    const made = fixture();
    const alarms = Array.from({ length: 10 }, (_, index) => made.alarm(`Errors${index}`));
    const rollout = made.rollout({ servers: made.servers(3), alarms });

    expect(() => rollout.fleetGroup.addAlarm(made.alarm('OneMore'))).toThrow(
      /CodeDeploy allows 10: put several into one composite/,
    );
    const servers = Servers.tagged('Service', 'shop');
    expect(() => fixture().rollout({ servers, alarms: [alarms[0]!, alarms[0]!] })).toThrow(/same alarm twice/);
  });

  test('without alarms is a finding, and so are alarms that are ignored', () => {
    const unwatched = fixture();
    unwatched.rollout({ servers: unwatched.servers(3) });
    Annotations.fromStack(unwatched.stack).hasWarning(
      '/Shop/Rollout',
      Match.stringLikeRegexp('nothing looks at those'),
    );

    const ignoring = fixture();
    ignoring.rollout({ servers: ignoring.servers(3), alarms: [ignoring.alarm('Errors')], ignoreAlarms: true });
    Annotations.fromStack(ignoring.stack).hasWarning('/Shop/Rollout', Match.stringLikeRegexp('`ignoreAlarms` is set'));
    ignoring
      .template()
      .hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { AlarmConfiguration: { Enabled: false } });
    expect(Object.keys(statements(ignoring))).not.toContain('WatchAlarms');
  });
});

/** Of the role of CodeDeploy, by their ids. */
function statements(made: Fixture): Record<string, { actions: unknown; resources: unknown }> {
  const roles = Object.entries(made.template().findResources('AWS::IAM::Role')).filter(([id]) =>
    id.startsWith('RolloutRole'),
  );
  expect(roles).toHaveLength(1);
  const { Policies, ManagedPolicyArns } = roles[0]![1].Properties;
  expect(ManagedPolicyArns).toBeUndefined();
  return Object.fromEntries(
    Policies[0].PolicyDocument.Statement.map(({ Sid, Action, Resource }: any) => [
      Sid,
      { actions: Action, resources: Resource },
    ]),
  );
}

describe('the agent of CodeDeploy', () => {
  const userData = (made: Fixture) =>
    JSON.stringify(made.template().findResources('AWS::AutoScaling::LaunchConfiguration')) +
    JSON.stringify(made.template().findResources('AWS::EC2::LaunchTemplate'));

  test('is installed by the servers of an Auto Scaling group as they start, unless their image has it', () => {
    const made = fixture();
    made.rollout({ servers: made.servers(3) });
    expect(userData(made)).toContain('codedeploy-install auto');

    const own = fixture();
    own.rollout({ servers: own.servers(3), installAgent: false });
    expect(userData(own)).not.toContain('codedeploy');
  });

  test('is not installed on Windows', () => {
    const made = fixture();
    const group = made.group('Windows', 3);
    Object.defineProperty(group, 'osType', { value: ec2.OperatingSystemType.WINDOWS });

    expect(() => made.rollout({ servers: Servers.of(group) })).toThrow(
      /servers run Windows: put the agent into their image/,
    );
  });
});

describe('the role of CodeDeploy', () => {
  test('may change nothing but the lifecycle hooks of its own Auto Scaling groups', () => {
    const made = fixture();
    made.rollout({ servers: made.servers(3), alarms: [made.alarm('Errors')] });

    const { FollowTheGroups, FindServers, ...others } = statements(made);
    expect(FollowTheGroups!.actions).toEqual(expect.arrayContaining(['autoscaling:PutLifecycleHook']));
    expect(JSON.stringify(FollowTheGroups)).not.toMatch(/Delete(?!LifecycleHook)|Create|Update|Processes/);
    expect(JSON.stringify(FollowTheGroups!.resources)).toMatch(
      /autoScalingGroup:\*:autoScalingGroupName\/.*"Ref":"Group/,
    );
    expect(FindServers!.resources).toBe('*');
    expect(FindServers!.actions).toEqual([
      'ec2:DescribeInstances',
      'ec2:DescribeInstanceStatus',
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribeLifecycleHooks',
    ]);
    expect(others).toEqual({
      WatchAlarms: { actions: 'cloudwatch:DescribeAlarms', resources: expect.anything() },
    });
  });

  test('for servers with a tag may only look for them', () => {
    const made = fixture();
    made.rollout({ servers: Servers.tagged('Service', 'shop') });

    expect(statements(made)).toEqual({
      FindServers: {
        actions: ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'tag:GetResources'],
        resources: '*',
      },
    });
  });

  test('for servers outside of AWS may only look for their tags', () => {
    const made = fixture();
    made.rollout({ servers: Servers.onPremises('Service', 'shop') });

    expect(statements(made)).toEqual({ FindServers: { actions: 'tag:GetResources', resources: '*' } });
  });

  test('for a box with a tag beside an Auto Scaling group may look for both', () => {
    const made = fixture();
    const strategy = RolloutStrategy.oneBox(Servers.tagged('OneBox', 'shop'));
    made.rollout({ servers: made.servers(3), strategy });

    expect(statements(made).FindServers!.actions).toEqual(
      expect.arrayContaining(['ec2:DescribeInstances', 'tag:GetResources', 'autoscaling:DescribeAutoScalingGroups']),
    );
  });
});

test('an Auto Scaling group has one rollout, as fleet or as box', () => {
  const shop = fixture();
  const [fleet, box] = [shop.group('Group', 6), shop.group('Box', 1)];
  shop.rollout({ servers: Servers.of(fleet), strategy: RolloutStrategy.oneBox(Servers.of(box)) });
  const again = (group: autoscaling.AutoScalingGroup) => () =>
    new ServerRollout(shop.stack, `Again${group.node.id}`, { servers: Servers.of(group) });

  expect(again(fleet)).toThrow(
    /Auto Scaling group 'Shop\/Group' is rolled out by 'Shop\/Rollout' already.*RolloutTwice/,
  );
  expect(again(box)).toThrow(/Auto Scaling group 'Shop\/Box' is rolled out by 'Shop\/Rollout' already.*RolloutTwice/);
});

test('a pipeline of another account deploys by names that both know; elsewhere nothing has a name', () => {
  const named = (account: string) => {
    const shop = fixture();
    const rollout = shop.rollout({ servers: Servers.tagged('role', 'web') });
    const release = new Stack(shop.stack.node.root as App, 'Release', { env: { account, region: 'eu-west-1' } });
    const pipeline = new codepipeline.Pipeline(release, 'Pipeline', { crossAccountKeys: true });
    const output = new codepipeline.Artifact();
    const bucket = s3.Bucket.fromBucketName(release, 'Source', 'source');
    pipeline.addStage({
      stageName: 'Source',
      actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output })],
    });
    pipeline.addStage({ stageName: 'Prod', actions: [rollout.deployFleet(output)] });
    const template = shop.template();
    const [application] = Object.values(template.findResources('AWS::CodeDeploy::Application'));
    const [group] = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'));
    const [made] = Object.values(Template.fromStack(release).findResources('AWS::CodePipeline::Pipeline'));
    const { Configuration } = made!.Properties.Stages[1].Actions[0];
    return [application!.Properties?.ApplicationName, group!.Properties.DeploymentGroupName, Configuration];
  };

  const [application, group, configuration] = named('222222222222');
  expect([typeof application, typeof group]).toEqual(['string', 'string']);
  expect(configuration).toEqual({ ApplicationName: application, DeploymentGroupName: group });
  expect(named('111111111111').slice(0, 2)).toEqual([undefined, undefined]);
});
