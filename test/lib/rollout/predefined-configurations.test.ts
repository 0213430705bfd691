/** AWS's own configurations of CodeDeploy: each is reached by its numbers, and by nothing else. */
import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EcsDeploymentConfig, LambdaDeploymentConfig, ServerDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { RolloutStrategy, Servers } from '../../../lib/rollout';
import { ecsDeploymentConfig } from '../../../lib/rollout/ecs-codedeploy-config';
import { lambdaDeploymentConfig } from '../../../lib/rollout/lambda-config';
import { serverDeploymentConfig } from '../../../lib/rollout/server-config';

interface Platform {
  /** What the CDK knows of AWS's configurations, so that none is missing below. */
  readonly constants: object;
  /** Each of them, by its numbers. */
  readonly byNumbers: readonly (readonly [name: string, strategy: RolloutStrategy])[];
  /** Every strategy in the neighbourhood of these numbers that the platform takes. */
  readonly neighbours: () => readonly RolloutStrategy[];
  readonly bind: (stack: Stack, strategy: RolloutStrategy) => { readonly deploymentConfigName: string };
}

const canary = (percent: number, minutes: number) => RolloutStrategy.canary(percent, Duration.minutes(minutes));
const linear = (percent: number, minutes: number) => RolloutStrategy.linear(percent, Duration.minutes(minutes));

const zonal = (percent: number) => RolloutStrategy.zonal({ percent });

const PERCENTS = Array.from({ length: 99 }, (_, index) => index + 1);
const MINUTES = [1, 2, 3, 4, 5, 6, 9, 10, 11, 14, 15, 16, 29];

/** A row for each platform of CodeDeploy. */
const PLATFORMS: Readonly<Record<string, Platform>> = {
  Lambda: {
    constants: LambdaDeploymentConfig,
    byNumbers: [
      ['CodeDeployDefault.LambdaAllAtOnce', RolloutStrategy.allAtOnce()],
      ['CodeDeployDefault.LambdaCanary10Percent5Minutes', canary(10, 5)],
      ['CodeDeployDefault.LambdaCanary10Percent5Minutes', RolloutStrategy.canary(10, Duration.seconds(300))],
      ['CodeDeployDefault.LambdaCanary10Percent10Minutes', canary(10, 10)],
      ['CodeDeployDefault.LambdaCanary10Percent15Minutes', canary(10, 15)],
      ['CodeDeployDefault.LambdaCanary10Percent30Minutes', canary(10, 30)],
      ['CodeDeployDefault.LambdaLinear10PercentEvery1Minute', linear(10, 1)],
      ['CodeDeployDefault.LambdaLinear10PercentEvery2Minutes', linear(10, 2)],
      ['CodeDeployDefault.LambdaLinear10PercentEvery3Minutes', linear(10, 3)],
      ['CodeDeployDefault.LambdaLinear10PercentEvery10Minutes', linear(10, 10)],
    ],
    neighbours: () =>
      PERCENTS.flatMap((percent) => [
        ...[...MINUTES, 30, 31].map((minutes) => canary(percent, minutes)),
        ...MINUTES.map((minutes) => linear(percent, minutes)),
      ]),
    bind: lambdaDeploymentConfig,
  },
  ECS: {
    constants: EcsDeploymentConfig,
    byNumbers: [
      ['CodeDeployDefault.ECSAllAtOnce', RolloutStrategy.allAtOnce()],
      ['CodeDeployDefault.ECSCanary10Percent5Minutes', canary(10, 5)],
      ['CodeDeployDefault.ECSCanary10Percent15Minutes', canary(10, 15)],
      ['CodeDeployDefault.ECSLinear10PercentEvery1Minutes', linear(10, 1)],
      ['CodeDeployDefault.ECSLinear10PercentEvery3Minutes', linear(10, 3)],
    ],
    neighbours: () =>
      PERCENTS.flatMap((percent) => MINUTES.flatMap((minutes) => [canary(percent, minutes), linear(percent, minutes)])),
    bind: ecsDeploymentConfig,
  },
  servers: {
    constants: ServerDeploymentConfig,
    byNumbers: [
      ['CodeDeployDefault.AllAtOnce', RolloutStrategy.allAtOnce()],
      ['CodeDeployDefault.HalfAtATime', RolloutStrategy.rolling(50)],
      ['CodeDeployDefault.OneAtATime', RolloutStrategy.oneAtATime()],
    ],
    neighbours: () => PERCENTS.flatMap((percent) => [RolloutStrategy.rolling(percent), zonal(percent)]),
    bind: (stack, strategy) => serverDeploymentConfig(stack, strategy, Servers.tagged('Service', 'shop')),
  },
};

describe.each(Object.entries(PLATFORMS))('%s', (_platform, { constants, byNumbers, neighbours, bind }) => {
  const newStack = () => new Stack(new App(), 'Shop');

  test.each(byNumbers)('%s is reached by its numbers, and no configuration is made', (name, strategy) => {
    const stack = newStack();

    expect(bind(stack, strategy).deploymentConfigName).toBe(name);
    Template.fromStack(stack).resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
  });

  test('no configuration of AWS is missing', () => {
    const known = constantsOf(constants).map(({ deploymentConfigName }) => deploymentConfigName);

    expect(known.length).toBeGreaterThan(2);
    expect(new Set(byNumbers.map(([name]) => name))).toEqual(new Set(known));
  });

  test('no other numbers lead there: they get a configuration of their own', () => {
    const stack = newStack();
    const named = new Set(byNumbers.map(([, strategy]) => numbersOf(strategy)));

    for (const strategy of neighbours()) {
      const { deploymentConfigName } = bind(stack, strategy);
      expect([numbersOf(strategy), Token.isUnresolved(deploymentConfigName)]).toEqual([
        numbersOf(strategy),
        !named.has(numbersOf(strategy)),
      ]);
    }
  });
});

/** The CDK wraps its classes, so constants stand further up. */
function constantsOf(made: object): readonly { readonly deploymentConfigName: string }[] {
  const above = Object.getPrototypeOf(made) as object | null;
  const own = Object.getOwnPropertyNames(made).filter((name) => /^(ALL|HALF|ONE|CANARY|LINEAR)_/.test(name));
  return [...own.map((name) => made[name as never]), ...(above === null ? [] : constantsOf(above))];
}

function numbersOf(strategy: RolloutStrategy): string {
  return JSON.stringify(strategy._shape(), (_key, value: unknown) =>
    value instanceof Duration ? value.toSeconds() : value,
  );
}
