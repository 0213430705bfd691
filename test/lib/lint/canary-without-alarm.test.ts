import { Annotations as AnnotationsOf, App, Aspects, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Check } from '../../../lib/check';
import { ReleaseLint } from '../../../lib/lint';
import { EcsHealthHook, EcsRollout, LambdaRollout, RolloutStrategy } from '../../../lib/rollout';

const { LambdaDeploymentConfig } = codedeploy;

/** Paths of what is found. */
function found(make: (stack: Stack) => void): readonly string[] {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  make(stack);
  Aspects.of(stack).add(new ReleaseLint());
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('ReleaseLint.canaryWithoutAlarm'))
    .map(({ id }) => id);
}

const handlerOf = (stack: Stack): lambda.Function =>
  new lambda.Function(stack, 'Fn', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });

const alarmOf = (stack: Stack): cloudwatch.IAlarm => cloudwatch.Alarm.fromAlarmName(stack, 'Errors', 'shop-errors');

function group(
  stack: Stack,
  props: Partial<codedeploy.LambdaDeploymentGroupProps> = {},
): codedeploy.LambdaDeploymentGroup {
  const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handlerOf(stack).currentVersion });
  return new codedeploy.LambdaDeploymentGroup(stack, 'Group', { alias, ...props });
}

const FOUND = ['/Shop/Group/Resource'];

describe('of CodeDeploy for Lambda', () => {
  const custom = (trafficRouting: codedeploy.TrafficRouting) => (stack: Stack) =>
    group(stack, { deploymentConfig: new LambdaDeploymentConfig(stack, 'Config', { trafficRouting }) });
  const steps = { interval: Duration.minutes(7), percentage: 5 };

  test.each<[string, (stack: Stack) => unknown]>([
    ['by AWS’s canary, which the CDK takes where nothing is said', (stack) => group(stack)],
    [
      'by AWS’s linear',
      (stack) => group(stack, { deploymentConfig: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE }),
    ],
    ['by a canary of one’s own', custom(new codedeploy.TimeBasedCanaryTrafficRouting(steps))],
    ['by a linear of one’s own', custom(new codedeploy.TimeBasedLinearTrafficRouting(steps))],
    ['whose alarms are ignored', (stack) => group(stack, { alarms: [alarmOf(stack)], ignoreAlarmConfiguration: true })],
  ])('a group that shifts %s', (_what, make) => {
    expect(found(make)).toEqual(FOUND);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ['all at once', (stack) => group(stack, { deploymentConfig: LambdaDeploymentConfig.ALL_AT_ONCE })],
    ['all at once by a configuration of its own', custom(codedeploy.TrafficRouting.allAtOnce())],
    ['with an alarm', (stack) => group(stack, { alarms: [alarmOf(stack)] })],
    ['with an alarm that is added later', (stack) => group(stack).addAlarm(alarmOf(stack))],
    [
      'with alarms that only the deployment knows',
      (stack) =>
        new codedeploy.CfnDeploymentGroup(stack, 'Group', {
          applicationName: 'shop',
          serviceRoleArn: 'arn:aws:iam::111111111111:role/deploy',
          deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
          alarmConfiguration: Fn.conditionIf('IsWatched', {}, {}),
        }),
    ],
    ['with a hook before', (stack) => group(stack).addPreHook(hookOf(stack))],
    ['with a hook after', (stack) => group(stack).addPostHook(hookOf(stack))],
    [
      'by a configuration of another stack, which cannot be seen',
      (stack) =>
        group(stack, {
          deploymentConfig: LambdaDeploymentConfig.fromLambdaDeploymentConfigName(stack, 'Config', 'house-rules'),
        }),
    ],
  ])('not one that shifts %s', (_what, make) => {
    expect(found(make)).toEqual([]);
  });

  describe('of several stacks', () => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    const configOf = (stack: Stack, trafficRouting: codedeploy.TrafficRouting) =>
      new LambdaDeploymentConfig(new Stack(stack.node.root, 'Platform', { env }), 'Config', { trafficRouting });
    const canary = new codedeploy.TimeBasedCanaryTrafficRouting(steps);

    test('a group that shifts by a canary of another stack', () => {
      expect(found((stack) => group(stack, { deploymentConfig: configOf(stack, canary) }))).toEqual(FOUND);
    });

    test('not one that shifts all at once by a configuration of another stack, whatever its own stack has under that id', () => {
      expect(
        found((stack) => {
          const deploymentConfig = configOf(stack, codedeploy.TrafficRouting.allAtOnce());
          new LambdaDeploymentConfig(stack, 'Config', { trafficRouting: canary });
          group(stack, { deploymentConfig });
        }),
      ).toEqual([]);
    });

    test('an override of the configuration counts', () => {
      expect(
        found((stack) => {
          const made = group(stack, { deploymentConfig: configOf(stack, canary) });
          const other = new LambdaDeploymentConfig(stack, 'Other', {
            trafficRouting: codedeploy.TrafficRouting.allAtOnce(),
          });
          const { logicalId } = other.node.defaultChild as codedeploy.CfnDeploymentConfig;
          (made.node.defaultChild as codedeploy.CfnDeploymentGroup).addPropertyOverride('DeploymentConfigName', {
            Ref: stack.resolve(logicalId),
          });
        }),
      ).toEqual([]);
    });

    test('a hook of an alias of another stack counts, and one for a group of that stack does not', () => {
      const groupBeside = (hooked: boolean) => (stack: Stack) => {
        const functions = new Stack(stack.node.root, 'Functions', { env });
        const alias = new lambda.Alias(functions, 'Live', {
          aliasName: 'live',
          version: handlerOf(functions).currentVersion,
        });
        const made = new codedeploy.LambdaDeploymentGroup(stack, 'Group', { alias });
        if (hooked) {
          made.addPreHook(hookOf(stack));
        } else {
          const other = new Stack(stack.node.root, 'Other', { env });
          group(other).addPreHook(hookOf(other));
        }
      };
      expect(found(groupBeside(true))).toEqual([]);
      expect(found(groupBeside(false))).toEqual(FOUND);
    });
  });

  test('a hook of another group’s alias does not count', () => {
    expect(
      found((stack) => {
        group(stack);
        const version = lambda.Version.fromVersionArn(
          stack,
          'V',
          'arn:aws:lambda:eu-west-1:111111111111:function:tea:1',
        );
        const alias = new lambda.CfnAlias(stack, 'Other', {
          name: 'live',
          functionName: 'tea',
          functionVersion: version.version,
        });
        alias.cfnOptions.updatePolicy = {
          codeDeployLambdaAliasUpdate: {
            applicationName: 'tea',
            deploymentGroupName: 'tea',
            beforeAllowTrafficHook: 'check',
          },
        };
      }),
    ).toEqual(FOUND);
  });

  test('a hook of an alias that names the group does', () => {
    expect(
      found((stack) => {
        new codedeploy.CfnDeploymentGroup(stack, 'Group', {
          applicationName: 'tea',
          deploymentGroupName: 'tea-live',
          deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
          serviceRoleArn: 'arn:aws:iam::111111111111:role/CodeDeploy',
        });
        const alias = new lambda.CfnAlias(stack, 'Live', { name: 'live', functionName: 'tea', functionVersion: '1' });
        alias.cfnOptions.updatePolicy = {
          codeDeployLambdaAliasUpdate: {
            applicationName: 'tea',
            deploymentGroupName: 'tea-live',
            afterAllowTrafficHook: 'check',
          },
        };
      }),
    ).toEqual([]);
  });

  test('groups for servers and for ECS, whose hooks no template holds, are left alone', () => {
    const plain = (id: string, deploymentConfigName: string) => (stack: Stack) =>
      new codedeploy.CfnDeploymentGroup(stack, id, {
        applicationName: 'tea',
        deploymentConfigName,
        serviceRoleArn: 'arn:aws:iam::111111111111:role/CodeDeploy',
      });
    expect(found(plain('Servers', 'CodeDeployDefault.HalfAtATime'))).toEqual([]);
    expect(found(plain('Ecs', 'CodeDeployDefault.ECSCanary10Percent5Minutes'))).toEqual([]);
    expect(
      found((stack) => {
        const trafficRouting = new codedeploy.TimeBasedCanaryTrafficRouting(steps);
        const config = new codedeploy.EcsDeploymentConfig(stack, 'Config', { trafficRouting });
        plain('Custom', config.deploymentConfigName)(stack);
      }),
    ).toEqual([]);
  });

  test('alarms that only the deployment knows are believed', () => {
    expect(
      found((stack) => {
        const made = group(stack).node.defaultChild as codedeploy.CfnDeploymentGroup;
        made.addPropertyOverride('AlarmConfiguration', { Enabled: true, Alarms: { 'Fn::FindInMap': ['A', 'B', 'C'] } });
      }),
    ).toEqual([]);
  });

  test('a rollout of ours says so itself, by its own id', () => {
    expect(
      found((stack) => {
        new LambdaRollout(stack, 'Rollout', {
          handler: handlerOf(stack),
          strategy: RolloutStrategy.canary(10, Duration.minutes(5)),
          versionAlarms: false,
        });
      }),
    ).toEqual([]);
  });

  test('is acknowledged by its id', () => {
    expect(
      found((stack) => {
        const made = group(stack);
        AnnotationsOf.of(made).acknowledgeWarning('cdk-approval-gates:ReleaseLint.canaryWithoutAlarm');
      }),
    ).toEqual([]);
  });
});

describe('of ECS', () => {
  const { CANARY, LINEAR, BLUE_GREEN, ROLLING } = ecs.DeploymentStrategy;
  const serviceOf = (stack: Stack, props: Partial<ecs.FargateServiceProps>): ecs.FargateService => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-1'],
    });
    const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Tasks');
    taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('example/web') });
    return new ecs.FargateService(stack, 'Service', {
      cluster: new ecs.Cluster(stack, 'Cluster', { vpc }),
      taskDefinition,
      ...props,
    });
  };
  const service = (props: Partial<ecs.FargateServiceProps>) => found((stack) => void serviceOf(stack, props));

  test('a service that shifts step by step without alarms and hooks', () => {
    expect(service({ deploymentStrategy: CANARY })).toEqual(['/Shop/Service/Service']);
    expect(service({ deploymentStrategy: LINEAR })).toEqual(['/Shop/Service/Service']);
  });

  test('not one that does not shift step by step', () => {
    expect(service({ deploymentStrategy: ROLLING })).toEqual([]);
    expect(service({ deploymentStrategy: BLUE_GREEN })).toEqual([]);
    expect(service({})).toEqual([]);
  });

  test('not one with an alarm', () => {
    const deploymentAlarms = { alarmNames: ['shop-5xx'], behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM };
    expect(service({ deploymentStrategy: CANARY, deploymentAlarms })).toEqual([]);
  });

  test('not one with a hook', () => {
    expect(
      found((stack) => {
        const made = serviceOf(stack, { deploymentStrategy: CANARY });
        made.addLifecycleHook(new EcsHealthHook(stack, 'Healthy', { checks: [Check.alarm(alarmOf(stack))] }));
      }),
    ).toEqual([]);
  });

  test('not one of a rollout of ours, which says so itself', () => {
    expect(
      found((stack) => {
        new EcsRollout(stack, 'Rollout', {
          service: serviceOf(stack, { desiredCount: 2 }),
          strategy: RolloutStrategy.rolling(50),
        });
      }),
    ).toEqual([]);
  });
});

function hookOf(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Hook', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
}
