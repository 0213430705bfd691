import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Check } from '../check';
import { GateError } from '../errors';
import { circleProblems } from '../private/circle';
import { isSteps } from './codedeploy-steps';
import type { EcsNativeOptions } from './ecs-deployer';
import { findTooFewTasks } from './ecs-few-tasks';
import { EcsHealthHook } from './ecs-health-hook';
import { nativeConfig } from './ecs-native-config';
import { hasBreaker, mustNotBeSet } from './ecs-own-settings';
import { resourceOf } from './ecs-registration';
import { forwardProblems, shiftTraffic, trafficProblems } from './ecs-traffic';
import type { RolloutStrategy } from './rollout-strategy';

export interface NativeRollout extends EcsNativeOptions {
  readonly service: ecs.BaseService;
  readonly strategy: RolloutStrategy;
  readonly bakeTime?: Duration;
  readonly alarmNames: string[];
  readonly before?: Check[];
  readonly after?: Check[];
}

/** A hook or an alarm watches the service, and may name it in turn. */
const WATCHED_BY_NAME =
  'name an alarm on a metric of the service by a text, `AlarmRef.named` in checks and `Alarm.fromAlarmName` in `alarms`';

/** Has ECS deploy this service by the strategy from now on. Answers the role by which ECS shifts its traffic, if it needs one. */
export function deployNatively(scope: Construct, rollout: NativeRollout): iam.Role | undefined {
  const { service, strategy, bakeTime, alarmNames, before, after, during } = rollout;
  const resource = resourceOf(service);
  mustBeReplaced(service, resource);
  const shape = strategy._shape();
  mustNotBeSet(service, shape, alarmNames);
  const { kind } = shape;
  const checked = Object.entries({ before, during, after }).find(([, checks]) => checks !== undefined);
  if (kind === 'rolling' && (checked !== undefined || rollout.traffic !== undefined)) {
    const prop = checked?.[0] ?? 'traffic';
    throw new GateError(
      'RollingShiftsNothing',
      `\`${prop}\` is given, but with \`RolloutStrategy.rolling\` new tasks get traffic one after the other, and nothing is shifted: take ` +
        '`RolloutStrategy.canary`, `linear` or `allAtOnce`, or watch the service by `alarms`',
    );
  }
  if (kind === 'allAtOnce' && during !== undefined) {
    throw new GateError(
      'NoSteps',
      '`EcsDeployer.native during` is given, but `RolloutStrategy.allAtOnce` has no steps: take `before` or `after`, or `RolloutStrategy.canary`',
    );
  }
  const tasks = known(resource.desiredCount);
  const { strategy: name, properties } = nativeConfig(strategy, {
    bakeTime,
    watchesSteps: during !== undefined,
    minutesPerShift: rollout.traffic?._shape().minutesPerShift,
    tasks,
  });
  set(resource, { Strategy: name, ...properties });
  if (shape.kind === 'rolling') {
    findTooFewTasks(scope, service, shape.percent);
    if (!hasBreaker(service)) {
      set(resource, { DeploymentCircuitBreaker: { Enable: true, Rollback: true } });
    }
  }
  if (alarmNames.length > 0) {
    service.enableDeploymentAlarms(alarmNames, { behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM });
  }
  addHooks(scope, rollout);
  scope.node.addValidation({ validate: () => circleProblems(resource, 'EcsRollout: `service`', WATCHED_BY_NAME) });
  if (kind === 'rolling') {
    return undefined;
  }
  const shifted = rollout.traffic && shiftTraffic(scope, service, rollout.traffic);
  const needsTraffic = kind !== 'allAtOnce';
  scope.node.addValidation({
    validate: () => [
      ...trafficProblems(service, needsTraffic, shifted?.place),
      ...(rollout.traffic === undefined ? [] : forwardProblems(rollout.traffic)),
    ],
  });
  return shifted?.role;
}

function addHooks(scope: Construct, { service, strategy, before, during, after }: NativeRollout): void {
  const { POST_TEST_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT } =
    ecs.DeploymentLifecycleStage;
  const shape = strategy._shape();
  const bakeTime = isSteps(shape) ? shape.wait : undefined;
  const hook = (id: string, checks: Check[], lifecycleStage: ecs.DeploymentLifecycleStage, bake?: Duration): void =>
    service.addLifecycleHook(new EcsHealthHook(scope, id, { checks, lifecycleStage, bakeTime: bake }));
  if (before !== undefined) {
    hook('Before', before, POST_TEST_TRAFFIC_SHIFT);
  }
  if (during !== undefined) {
    hook('During', during, PRODUCTION_TRAFFIC_SHIFT, bakeTime);
  }
  if (after !== undefined) {
    hook('After', after, POST_PRODUCTION_TRAFFIC_SHIFT);
  }
}

function mustBeReplaced(service: ecs.BaseService, resource: ecs.CfnService): void {
  if (!service.isUsingECSDeploymentController()) {
    throw new GateError(
      'WrongController',
      '`service` does not have the deployment controller ECS, but `EcsDeployer.native` needs it: leave `deploymentController` out where the ' +
        'service is made; an existing service has to be made anew for that',
    );
  }
  if (resource.schedulingStrategy === 'DAEMON') {
    throw new GateError(
      'DaemonService',
      '`service` is a daemon, one task on each instance, which ECS replaces by another way only: leave it to ECS, without a rollout',
    );
  }
}

function known(count: number | undefined): number | undefined {
  return Token.isUnresolved(count) ? undefined : count;
}

function set(resource: ecs.CfnService, properties: Readonly<Record<string, unknown>>): void {
  Object.entries(properties).forEach(([name, value]) =>
    resource.addPropertyOverride(`DeploymentConfiguration.${name}`, value),
  );
}
