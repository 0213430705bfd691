import { App, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmRef } from '../../../lib/check';
import { EcsRollout, LambdaRollout, RolloutStrategy, ServerRollout, Servers, StageRollout } from '../../../lib/rollout';
import { EcsFixture } from './ecs-fixture';

const strategy = RolloutStrategy.canary(10, Duration.minutes(10));
const servers = Servers.tagged('role', 'web');

function setting() {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const handler = new lambda.Function(stack, 'Fn', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  return { stack, handler, api: new apigateway.RestApi(stack, 'Api', { deploy: false }) };
}

const ROLLOUTS: [string, (wrong: never) => unknown][] = [
  [
    'LambdaRollout',
    (wrong) => {
      const { stack, handler } = setting();
      return new LambdaRollout(stack, 'R', { handler, strategy: wrong });
    },
  ],
  [
    'StageRollout',
    (wrong) => {
      const { stack, api } = setting();
      return new StageRollout(stack, 'R', { api, strategy: wrong });
    },
  ],
  ['ServerRollout', (wrong) => new ServerRollout(setting().stack, 'R', { servers, strategy: wrong })],
  [
    'EcsRollout',
    (wrong) => {
      const fixture = new EcsFixture();
      return new EcsRollout(fixture.stack, 'R', { service: fixture.service(), strategy: wrong });
    },
  ],
];

test.each(ROLLOUTS)('%s needs a strategy that a factory has made', (_name, rollout) => {
  const refusal = (value: string) =>
    new RegExp(`\`strategy\` is ${value}, but has to be a strategy: .*RolloutStrategy.*WrongType`);

  expect(() => rollout('canary' as never)).toThrow(refusal('"canary"'));
  expect(() => rollout({} as never)).toThrow(refusal('\\{\\}'));
});

test('a rollout without a strategy has none of its own, except that of servers', () => {
  for (const [name, rollout] of ROLLOUTS) {
    const without = () => rollout(undefined as never);
    if (name === 'ServerRollout') {
      expect(without).not.toThrow();
    } else {
      expect(without).toThrow(/`strategy` is nothing, but has to be a strategy/);
    }
  }
});

test('a one box needs servers, and a strategy for the rest', () => {
  expect(() => RolloutStrategy.oneBox({} as never)).toThrow(
    /`RolloutStrategy.oneBox box` is \{\}, but has to be servers: .*`Servers.tagged.*WrongType/,
  );
  expect(() => RolloutStrategy.oneBox(undefined as never)).toThrow(/oneBox box` is nothing/);
  expect(() => RolloutStrategy.oneBox(servers, {} as never)).toThrow(/oneBox rest` is \{\}, but has to be a strategy/);
  expect(() => new ServerRollout(setting().stack, 'R', { servers: {} as never })).toThrow(
    /`servers` is \{\}, but has to be servers/,
  );
});

test('servers of a group that this app only refers to are named by a tag', () => {
  const group = autoscaling.AutoScalingGroup.fromAutoScalingGroupName(setting().stack, 'Group', 'web');

  expect(() => Servers.of(group as never)).toThrow(
    /`Servers.of` is given Auto Scaling group 'Shop\/Group', which this app only refers to.*`Servers.tagged.*ImportedServers/,
  );
});

test.each([
  ['the name of an alarm', AlarmRef.named('shop-5xx'), /`alarms` has 'shop-5xx', .*`Alarm.fromAlarmName`.*WrongType/],
  ['a text', 'shop-5xx', /`alarms` has "shop-5xx"/],
  ['nothing', undefined, /`alarms` has nothing/],
])('%s is no alarm of a rollout', (_what, alarm, message) => {
  const { stack, handler } = setting();

  expect(() => new LambdaRollout(stack, 'R', { handler, strategy, alarms: [alarm as never] })).toThrow(message);
});

test('an alarm that is added later has to be one, too', () => {
  const { stack, handler } = setting();
  const { deploymentGroup } = new LambdaRollout(stack, 'R', { handler, strategy });

  expect(() => deploymentGroup.addAlarm(AlarmRef.named('shop-5xx') as never)).toThrow(/`alarms` has 'shop-5xx'/);
});
