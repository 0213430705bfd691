import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { RolloutStrategy, Servers } from '../../../lib/rollout';
import { knownShift, lambdaDeploymentConfig } from '../../../lib/rollout/lambda-config';

function bound(strategy: RolloutStrategy) {
  const stack = new Stack(new App(), 'S');
  const config = lambdaDeploymentConfig(stack, strategy);
  const resources = Template.fromStack(stack).findResources('AWS::CodeDeploy::DeploymentConfig');
  return { name: stack.resolve(config.deploymentConfigName), resources: Object.values(resources) as any[] };
}

const canary = (percent: number, minutes: number) => RolloutStrategy.canary(percent, Duration.minutes(minutes));
const linear = (percent: number, minutes: number) => RolloutStrategy.linear(percent, Duration.minutes(minutes));

test('makes a configuration where none matches', () => {
  expect(bound(canary(5, 7)).resources[0].Properties).toEqual({
    ComputePlatform: 'Lambda',
    TrafficRoutingConfig: { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryInterval: 7, CanaryPercentage: 5 } },
  });
  expect(bound(linear(25, 60)).resources[0].Properties).toEqual({
    ComputePlatform: 'Lambda',
    TrafficRoutingConfig: { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearInterval: 60, LinearPercentage: 25 } },
  });
});

test('another strategy is another configuration, since CodeDeploy cannot change one', () => {
  const ids = [canary(5, 7), canary(5, 8), canary(6, 7), linear(5, 7)].map((strategy) => {
    const stack = new Stack(new App(), 'S');
    lambdaDeploymentConfig(stack, strategy);
    return Object.keys(Template.fromStack(stack).toJSON().Resources)[0];
  });

  expect(new Set(ids).size).toBe(4);
});

/** Waits between the first shift and the last, counted one by one. */
function waitsOf(percent: number): number {
  let waits = 0;
  for (let at = percent; at < 100; at += percent) {
    waits += 1;
  }
  return waits;
}

const PERCENTS = Array.from({ length: 99 }, (_, index) => index + 1);

test.each(PERCENTS)('%i %% may take 2,880 minutes from the first shift to the last, and not one more', (percent) => {
  expect(() => bound(canary(percent, 1))).not.toThrow();
  expect(() => bound(canary(percent, 2880))).not.toThrow();
  expect(() => bound(canary(percent, 2881))).toThrow('take at most 2880 minutes [');

  const longest = Math.floor(2880 / waitsOf(percent));
  expect(() => bound(linear(percent, 1))).not.toThrow();
  expect(() => bound(linear(percent, longest))).not.toThrow();
  expect(() => bound(linear(percent, longest + 1))).toThrow(`take at most ${longest} minutes, or larger steps`);
});

test.each([
  [() => canary(0, 5), /`RolloutStrategy.canary percent` is 0, but has to be more than 0 and less than 100.*allAtOnce/],
  [() => canary(100, 5), /`RolloutStrategy.canary percent` is 100/],
  [() => canary(150, 5), /`RolloutStrategy.canary percent` is 150/],
  [() => canary(NaN, 5), /`RolloutStrategy.canary percent` is NaN/],
  [
    () => canary(10.5, 5),
    /`RolloutStrategy.canary percent` is 10.5, but CodeDeploy takes whole percentages from 1 to 99/,
  ],
  [
    () => canary(10, 2881),
    /`RolloutStrategy.canary bake` is 2881 minutes.*allows 2880 for Lambda: take at most 2880 minutes/,
  ],
  [() => canary(10, 0), /`RolloutStrategy.canary bake` is 0/],
  [
    () => RolloutStrategy.canary(10, Duration.seconds(90)),
    /`RolloutStrategy.canary bake` is 90 seconds, but CodeDeploy takes whole minutes/,
  ],
  [() => RolloutStrategy.canary(10, Duration.seconds(30)), /whole minutes, at least 1/],
  [() => linear(0, 5), /`RolloutStrategy.linear percent` is 0/],
  [() => linear(100, 5), /`RolloutStrategy.linear percent` is 100/],
  [
    () => linear(10, 321),
    /makes 2889 minutes from the first shift to the last.*take at most 320 minutes, or larger steps/,
  ],
  [() => linear(1, 30), /take at most 29 minutes/],
  [() => linear(30, 3000), /take at most 960 minutes/],
])('fails beyond the edge of a limit (%#)', (make, message) => {
  expect(() => bound(make())).toThrow(message);
});

test('numbers that only deployment knows are believed', () => {
  const token = Token.asNumber({ Ref: 'Number' });

  expect(bound(canary(token, 5)).resources[0].Properties.TrafficRoutingConfig.TimeBasedCanary).toEqual({
    CanaryInterval: 5,
    CanaryPercentage: { Ref: 'Number' },
  });
  expect(bound(linear(20, token)).resources[0].Properties.TrafficRoutingConfig.TimeBasedLinear).toEqual({
    LinearInterval: { Ref: 'Number' },
    LinearPercentage: 20,
  });
  // One of the two is known, and has to be right all the same.
  expect(() => bound(canary(token, 2880))).not.toThrow();
  expect(() => bound(canary(token, 2881))).toThrow(/is 2881 minutes.*take at most 2880 minutes/);
  expect(() => bound(linear(token, 2880))).not.toThrow();
  expect(() => bound(linear(token, 2881))).toThrow(/is 2881 minutes.*take at most 2880 minutes/);
  expect(() => bound(linear(99, token))).not.toThrow();
  expect(() => bound(canary(token, 0.5))).toThrow(/whole minutes, at least 1/);
  expect(() => bound(linear(0.5, token))).toThrow(/whole percentages from 1 to 99/);
  expect(() => bound(RolloutStrategy.canary(10, Duration.hours(token)))).toThrow(/give it as `Duration.minutes/);
});

test.each<[RolloutStrategy, number]>([
  [canary(10, 7), 7],
  [linear(10, 7), 63],
  [linear(30, 7), 21],
  [linear(99, 7), 7],
  [RolloutStrategy.allAtOnce(), 0],
  [canary(Token.asNumber({ Ref: 'Number' }), 7), 0],
  [linear(10, Token.asNumber({ Ref: 'Number' })), 0],
])('the time from the first shift to the last is known as far as its numbers are (%#)', (strategy, minutes) => {
  expect(knownShift(strategy)?.minutes ?? 0).toBe(minutes);
});

test('whatever is accepted, AWS accepts too', () => {
  const numbers = fc.oneof(fc.integer({ min: -5, max: 105 }), fc.double({ min: -1, max: 101, noNaN: true }));
  const seconds = fc.oneof(
    fc.integer({ min: 0, max: 200_000 }),
    fc.integer({ min: 0, max: 3000 }).map((m) => m * 60),
  );
  fc.assert(
    fc.property(fc.constantFrom('canary', 'linear'), numbers, seconds, (kind, percent, wait) => {
      let strategy: RolloutStrategy;
      let stack: Stack;
      try {
        stack = new Stack();
        strategy = RolloutStrategy[kind as 'canary' | 'linear'](percent, Duration.seconds(wait));
        lambdaDeploymentConfig(stack, strategy);
      } catch (error) {
        expect((error as Error).name).toBe('GateError');
        return;
      }
      // Replayed the slow way: one shift after the other.
      const shifts = kind === 'canary' ? [percent, 100] : [];
      for (let at = percent; kind === 'linear' && shifts[shifts.length - 1] !== 100; at += percent) {
        shifts.push(Math.min(at, 100));
      }
      expect(Number.isInteger(percent) && percent >= 1 && percent <= 99).toBe(true);
      expect(wait % 60).toBe(0);
      expect(wait).toBeGreaterThanOrEqual(60);
      expect(((shifts.length - 1) * wait) / 60).toBeLessThanOrEqual(2880);
    }),
    { numRuns: 300 },
  );
});

test('fails for minutes as a number, which only callers without a type checker can write', () => {
  expect(() => RolloutStrategy.canary(10, 5 as never)).toThrow(
    /`RolloutStrategy.canary bake` is 5, but has to be a duration: write it as `Duration.minutes\(5\)`/,
  );
});

test.each([
  RolloutStrategy.rolling(),
  RolloutStrategy.oneAtATime(),
  RolloutStrategy.zonal(),
  RolloutStrategy.oneBox(Servers.tagged('Service', 'shop')),
])('refuses for a Lambda function what is for servers (%#)', (strategy) => {
  expect(() => bound(strategy)).toThrow(/a Lambda function has no servers: take `RolloutStrategy.canary`/);
});

test('one box is not first twice', () => {
  const box = Servers.tagged('OneBox', 'true');

  expect(() => RolloutStrategy.oneBox(box, RolloutStrategy.oneBox(box))).toThrow(/take `RolloutStrategy.rolling\(\)`/);
});
