import { Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { hasOwnFindings } from '../private/own-findings';
import { renderedResource, type RenderedResource } from './rendered-resource';

const PREDEFINED = /^CodeDeployDefault\.Lambda(Canary|Linear)/;
const STEP_BY_STEP = ['TimeBasedCanary', 'TimeBasedLinear'];

/**
 * What shifts traffic step by step, though nothing looks at the new version: a deployment group for Lambda, or a service that ECS deploys. The hooks
 * of CodeDeploy for ECS are in the AppSpec, which no template holds, so its groups are left alone.
 */
export function canaryWithoutAlarm(node: IConstruct): string | undefined {
  if (hasOwnFindings(node)) {
    return undefined;
  }
  if (node instanceof codedeploy.CfnDeploymentGroup) {
    const { Properties: group = {} } = renderedResource(node);
    const unwatched = isStepByStep(node, group.DeploymentConfigName) && !hasAlarms(group) && !hasHooks(node);
    return unwatched
      ? 'this deployment group shifts traffic step by step, but no alarm and no hook looks at the new version, so it gets everything, whatever it does: ' +
          'give the group alarms, or the alias a hook. `LambdaRollout` makes alarms on the new version'
      : undefined;
  }
  if (node instanceof ecs.CfnService) {
    const { Properties: service = {} } = renderedResource(node);
    return isUnwatchedService(service)
      ? 'this service shifts traffic step by step, but no alarm and no lifecycle hook looks at the new tasks, so they get everything, whatever they do: ' +
          'give it `deploymentAlarms`, or `EcsHealthHook`'
      : undefined;
  }
  return undefined;
}

type Properties = NonNullable<RenderedResource['Properties']>;

function isStepByStep(group: codedeploy.CfnDeploymentGroup, config: unknown): boolean {
  if (typeof config === 'string') {
    return PREDEFINED.test(config);
  }
  return siblings(group, codedeploy.CfnDeploymentConfig).some((one) => {
    const { Properties: { ComputePlatform, TrafficRoutingConfig } = {} } = renderedResource(one);
    const { Type: type } = (TrafficRoutingConfig ?? {}) as { readonly Type?: string };
    return (
      same(config, { Ref: Stack.of(one).resolve(one.logicalId) as string }) &&
      ComputePlatform === 'Lambda' &&
      STEP_BY_STEP.includes(type ?? '')
    );
  });
}

function hasAlarms({ AlarmConfiguration }: Properties): boolean {
  const { Enabled, Alarms = [] } = (AlarmConfiguration ?? {}) as {
    readonly Enabled?: boolean;
    readonly Alarms?: unknown;
  };
  // What only the deployment knows is believed.
  return Enabled !== false && !(Array.isArray(Alarms) && Alarms.length === 0);
}

/** Hooks belong to the alias that the group shifts. */
function hasHooks(group: codedeploy.CfnDeploymentGroup): boolean {
  const name = { Ref: Stack.of(group).resolve(group.logicalId) as string };
  return siblings(group, lambda.CfnAlias).some((alias) => {
    const policy = (renderedResource(alias).UpdatePolicy?.CodeDeployLambdaAliasUpdate ?? {}) as Properties;
    const hooked = policy.BeforeAllowTrafficHook !== undefined || policy.AfterAllowTrafficHook !== undefined;
    return hooked && (same(policy.DeploymentGroupName, name) || same(policy.DeploymentGroupName, nameOf(group)));
  });
}

function nameOf(group: codedeploy.CfnDeploymentGroup): unknown {
  return renderedResource(group).Properties?.DeploymentGroupName;
}

function isUnwatchedService({ DeploymentConfiguration }: Properties): boolean {
  const { Strategy, LifecycleHooks = [], Alarms } = (DeploymentConfiguration ?? {}) as Properties;
  const { Enable, AlarmNames = [] } = (Alarms ?? {}) as Properties;
  const isEmpty = (list: unknown) => Array.isArray(list) && list.length === 0;
  const shifts = Strategy === 'CANARY' || Strategy === 'LINEAR';
  return shifts && isEmpty(LifecycleHooks) && (Enable === false || isEmpty(AlarmNames));
}

function siblings<T extends IConstruct>(node: IConstruct, type: abstract new (...args: never[]) => T): readonly T[] {
  return Stack.of(node)
    .node.findAll()
    .filter((one): one is T => one instanceof type && Stack.of(one) === Stack.of(node));
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
