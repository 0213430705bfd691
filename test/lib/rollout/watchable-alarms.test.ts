import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EcsDeployer, EcsRollout, LambdaRollout, RolloutStrategy, ServerRollout, Servers } from '../../../lib/rollout';
import { EcsFixture } from './ecs-fixture';

type Alarms = readonly cloudwatch.IAlarm[];
type Rollout = (fixture: EcsFixture, alarms: Alarms) => { addAlarm?(alarm: cloudwatch.IAlarm): void };

const CODE_DEPLOY = { deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY } };
const strategy = RolloutStrategy.canary(10, Duration.minutes(10));

const byEcs: Rollout = (fixture, alarms) => {
  const service = fixture.service();
  const deployer = EcsDeployer.native({ traffic: fixture.traffic() });
  new EcsRollout(fixture.stack, 'Rollout', { service, strategy, deployer, alarms: [...alarms] });
  return {};
};

const byCodeDeploy: Rollout = (fixture, alarms) => {
  const { stack, blue, green, listener } = fixture;
  const service = fixture.service(CODE_DEPLOY);
  const deployer = EcsDeployer.codeDeploy({
    targetGroup: blue,
    alternateTargetGroup: green,
    productionListener: listener,
  });
  return new EcsRollout(stack, 'Rollout', { service, strategy, deployer, alarms: [...alarms] }).deploymentGroup!;
};

const ofAFunction: Rollout = ({ stack }, alarms) => {
  const handler = new lambda.Function(stack, 'Fn', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  return new LambdaRollout(stack, 'Rollout', { handler, strategy, alarms: [...alarms] }).deploymentGroup;
};

const ofServers: Rollout = ({ stack }, alarms) =>
  new ServerRollout(stack, 'Rollout', { servers: Servers.tagged('role', 'web'), alarms: [...alarms] }).fleetGroup;

const ROLLOUTS: [string, Rollout][] = [
  ['EcsRollout by ECS', byEcs],
  ['EcsRollout by CodeDeploy', byCodeDeploy],
  ['LambdaRollout', ofAFunction],
  ['ServerRollout', ofServers],
];

const named = ({ stack }: EcsFixture, arn: string, id = 'Imported') => cloudwatch.Alarm.fromAlarmArn(stack, id, arn);

/** An alarm with a fixed name, of a stack beside the one of the rollout. */
function beside({ stack }: EcsFixture, env: { account?: string; region?: string }): cloudwatch.Alarm {
  return new cloudwatch.Alarm(new Stack(stack.node.root as App, 'Beside', { env }), 'Errors', {
    alarmName: 'errors',
    metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }),
    threshold: 1,
    evaluationPeriods: 1,
  });
}

describe.each(ROLLOUTS)('%s', (_, rollout) => {
  test.each<[string, (fixture: EcsFixture) => cloudwatch.IAlarm, RegExp]>([
    [
      'an alarm of another account, by its ARN',
      (fixture) => named(fixture, 'arn:aws:cloudwatch:eu-west-1:222222222222:alarm:theirs'),
      /`alarms` has alarm 'theirs' of account 222222222222, Region eu-west-1, but .* account 111111111111, Region eu-west-1: .*AlarmElsewhere/,
    ],
    [
      'an alarm of another Region, by its ARN',
      (fixture) => named(fixture, 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:theirs'),
      /alarm 'theirs' of account 111111111111, Region us-east-1, but/,
    ],
    [
      'an alarm of a stack in another Region',
      (fixture) => beside(fixture, { account: '111111111111', region: 'us-east-1' }),
      /alarm 'Beside\/Errors' of account 111111111111, Region us-east-1, but .*AlarmElsewhere/,
    ],
    [
      'an alarm of a stack in another account',
      (fixture) => beside(fixture, { account: '222222222222', region: 'eu-west-1' }),
      /alarm 'Beside\/Errors' of account 222222222222/,
    ],
  ])('does not watch %s, in place of which another one of that name would be found', (_, alarm, message) => {
    const fixture = new EcsFixture();

    expect(() => rollout(fixture, [alarm(fixture)])).toThrow(message);
  });

  test('does not watch it either when it is added later', () => {
    const fixture = new EcsFixture();
    const group = rollout(fixture, [fixture.alarm('ours')]);
    const theirs = named(fixture, 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:theirs');

    if (group.addAlarm !== undefined) expect(() => group.addAlarm!(theirs)).toThrow(/AlarmElsewhere/);
  });

  test('watches what is in its place, or not known to be elsewhere', () => {
    const fixture = new EcsFixture();
    const { stack } = fixture;
    const alarms = [
      fixture.alarm('ours'),
      named(fixture, 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:arn', 'ByArn'),
      named(fixture, `arn:aws:cloudwatch:${stack.region}:${stack.account}:alarm:stack`, 'OfStack'),
      cloudwatch.Alarm.fromAlarmName(stack, 'ByName', 'name'),
    ];

    expect(() => rollout(fixture, alarms)).not.toThrow();
  });

  test.each([
    ['object', (alarm: cloudwatch.IAlarm) => [alarm, alarm]],
    [
      'name',
      (_: cloudwatch.IAlarm, fixture: EcsFixture) => [
        cloudwatch.Alarm.fromAlarmName(fixture.stack, 'One', 'same'),
        cloudwatch.Alarm.fromAlarmName(fixture.stack, 'Other', 'same'),
      ],
    ],
  ])('refuses one alarm twice, by its %s', (_, alarms) => {
    const fixture = new EcsFixture();

    expect(() => rollout(fixture, alarms(fixture.alarm('errors'), fixture))).toThrow(
      /`alarms` names the same alarm twice: remove one.*SameAlarmTwice/,
    );
  });
});

test('a stack whose place is known only at deployment takes alarms of any', () => {
  const app = new App();
  const handler = new lambda.Function(new Stack(app, 'Anywhere'), 'Fn', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  const arn = 'arn:aws:cloudwatch:us-east-1:222222222222:alarm:errors';
  const alarms = [cloudwatch.Alarm.fromAlarmArn(handler.stack, 'Errors', arn)];

  expect(() => new LambdaRollout(handler.stack, 'Rollout', { handler, strategy, alarms })).not.toThrow();
});
