import { Annotations, Duration, PhysicalName } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Check } from '../check';
import { GateError } from '../errors';
import { mustBeWithin } from '../private/minutes';
import { appSpecText } from './ecs-app-spec';
import { ecsDeploymentConfig } from './ecs-codedeploy-config';
import { ecsCodeDeployRole } from './ecs-codedeploy-role';
import type { EcsCodeDeployOptions } from './ecs-deployer';
import { DEFAULT_BAKE } from './ecs-native-config';
import { placeOf, registrationsOf, resourceOf } from './ecs-registration';
import { hookFunction } from './hook-function';
import type { RolloutStrategy } from './rollout-strategy';
import { MAX_ALARMS, type WatchedAlarm } from './watch-alarms';
import { mustBeBeside } from './watchable-alarms';

export interface CodeDeployRollout extends EcsCodeDeployOptions {
  readonly service: ecs.BaseService;
  readonly strategy: RolloutStrategy;
  readonly bakeTime?: Duration;
  readonly alarms: readonly cloudwatch.IAlarm[];
  readonly before?: Check[];
  readonly after?: Check[];
}

export interface CodeDeployParts {
  readonly role: iam.IRole;
  readonly group: codedeploy.EcsDeploymentGroup;
  readonly appSpec: string;
}

/** CodeDeploy keeps the old tasks no longer (https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html). */
const LONGEST_BAKE = Duration.hours(48);

/** Has CodeDeploy deploy this service from now on. */
export function deployByCodeDeploy(scope: Construct, rollout: CodeDeployRollout): CodeDeployParts {
  const { service, strategy, bakeTime = DEFAULT_BAKE, alarms, ignoreAlarms = false } = rollout;
  const { targetGroup, alternateTargetGroup, productionListener, testListener } = rollout;
  mustLeaveItToCodeDeploy(service);
  mustBeWithin(bakeTime, { prop: 'EcsRollout bakeTime', min: Duration.minutes(0), max: LONGEST_BAKE });
  const deploymentConfig = ecsDeploymentConfig(scope, strategy);
  const registration = registrationsOf(service)[placeOf(service, targetGroup.targetGroupArn)];
  const listeners = [productionListener, ...(testListener === undefined ? [] : [testListener])];
  const access = ecsCodeDeployRole(scope, service, listeners);
  const group = new ExactEcsDeploymentGroup(
    scope,
    'Group',
    {
      // Names only where a pipeline of another account or Region needs them.
      application: new codedeploy.EcsApplication(scope, 'Application', {
        applicationName: PhysicalName.GENERATE_IF_NEEDED,
      }),
      deploymentGroupName: PhysicalName.GENERATE_IF_NEEDED,
      service,
      deploymentConfig,
      blueGreenDeploymentConfig: {
        blueTargetGroup: targetGroup,
        greenTargetGroup: alternateTargetGroup,
        listener: productionListener,
        testListener,
        terminationWaitTime: bakeTime,
      },
      // The group would add a managed policy that allows the same on every service, listener, function and role of the account.
      role: access.role.withoutPolicyUpdates(),
      ignoreAlarmConfiguration: ignoreAlarms,
      // An alarm stops a deployment where there is one.
      autoRollback: { failedDeployment: true, stoppedDeployment: true },
    },
    (alarm) => !ignoreAlarms && access.watch(alarm),
  );
  alarms.forEach((alarm) => group.addAlarm(alarm));
  const hooks = hooksOf(scope, group, rollout);
  if (hooks.length > 0) {
    access.invoke(hooks.map(({ handler }) => handler));
  }
  if (ignoreAlarms) {
    Annotations.of(scope).addWarningV2(
      'cdk-approval-gates:EcsRollout.alarmsIgnored',
      '`ignoreAlarms` is set: no alarm stops this rollout, remove it once the fix is deployed',
    );
  }
  const appSpec = appSpecText({
    containerName: literal('name', registration?.containerName),
    containerPort: literal('port', registration?.containerPort),
    hooks: Object.fromEntries(hooks.map(({ event, handler }) => [event, handler.functionName])),
  });
  return { role: access.role, group, appSpec };
}

/** A group whose exact role grows with the alarms that are added, now or later. */
class ExactEcsDeploymentGroup extends codedeploy.EcsDeploymentGroup {
  private watching = 0;

  constructor(
    scope: Construct,
    id: string,
    props: Omit<codedeploy.EcsDeploymentGroupProps, 'alarms'>,
    private readonly watch: (alarm: WatchedAlarm) => void,
  ) {
    super(scope, id, props);
  }

  public override addAlarm(alarm: WatchedAlarm): void {
    mustBeBeside(this, alarm);
    this.watching += 1;
    if (this.watching > MAX_ALARMS) {
      throw new GateError(
        'TooManyAlarms',
        `\`alarms\` has more than ${MAX_ALARMS} alarms, but CodeDeploy allows ${MAX_ALARMS}: put several into one composite alarm`,
      );
    }
    this.watch(alarm);
    super.addAlarm(alarm);
  }
}

interface Hook {
  readonly event: 'BeforeAllowTraffic' | 'AfterAllowTraffic';
  readonly handler: lambda.IFunction;
}

function hooksOf(
  scope: Construct,
  group: codedeploy.EcsDeploymentGroup,
  { service, before, after }: Pick<CodeDeployRollout, 'service' | 'before' | 'after'>,
): readonly Hook[] {
  const made = (event: Hook['event'], id: string, checks: Check[] | undefined): readonly Hook[] => {
    if (checks === undefined) {
      return [];
    }
    const handler = hookFunction(scope, id, checks, service);
    handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
        resources: [group.deploymentGroupArn],
      }),
    );
    return [{ event, handler }];
  };
  return [...made('BeforeAllowTraffic', 'Before', before), ...made('AfterAllowTraffic', 'After', after)];
}

/** The AppSpec is a text, which a build puts beside the sources. */
function literal<T extends string | number>(what: 'name' | 'port', value: T | object | undefined): T {
  if (value === undefined || typeof value === 'object') {
    throw new GateError(
      'LiteralNeeded',
      `the ${what} of the container that \`service\` registers with \`targetGroup\` is known only at deployment, but the AppSpec has to hold it: give it as a literal where the ` +
        'container is made',
    );
  }
  return value;
}

function mustLeaveItToCodeDeploy(service: ecs.BaseService): void {
  const controller = resourceOf(service).deploymentController as { readonly type?: string } | undefined;
  if (controller?.type !== 'CODE_DEPLOY') {
    throw new GateError(
      'WrongController',
      '`service` does not have the deployment controller CODE_DEPLOY, but `EcsDeployer.codeDeploy` needs it: give ' +
        '`deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY }` where the service is made; an existing service has to be made ' +
        'anew for that',
    );
  }
}
