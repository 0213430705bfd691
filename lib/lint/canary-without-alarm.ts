import { type CfnResource, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { hasOwnFindings } from '../private/own-findings';
import { isIntrinsic } from '../private/rendered-properties';
import { renderedResource, type RenderedResource } from '../private/rendered-resource';

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
  return configsOf(group, config).some((one) => {
    const { Properties: { ComputePlatform, TrafficRoutingConfig } = {} } = renderedResource(one);
    const { Type: type } = (TrafficRoutingConfig ?? {}) as { readonly Type?: string };
    return ComputePlatform === 'Lambda' && STEP_BY_STEP.includes(type ?? '');
  });
}

/** Often of another stack, where a logical id alone would mislead. An override names one of its own stack. */
function configsOf(group: codedeploy.CfnDeploymentGroup, config: unknown): readonly codedeploy.CfnDeploymentConfig[] {
  const named = group.deploymentConfigName;
  const target = same(config, Stack.of(group).resolve(named)) ? referenced(named) : undefined;
  return target instanceof codedeploy.CfnDeploymentConfig
    ? [target]
    : siblings(group, codedeploy.CfnDeploymentConfig).filter((one) => same(config, refOf(one)));
}

function hasAlarms({ AlarmConfiguration }: Properties): boolean {
  const { Enabled, Alarms = [] } = (AlarmConfiguration ?? {}) as {
    readonly Enabled?: boolean;
    readonly Alarms?: unknown;
  };
  // What only the deployment knows is believed.
  return isIntrinsic(AlarmConfiguration) || (Enabled !== false && !(Array.isArray(Alarms) && Alarms.length === 0));
}

/** Hooks belong to the alias that the group shifts, in whichever stack that stands. */
function hasHooks(group: codedeploy.CfnDeploymentGroup): boolean {
  return group.node.root.node.findAll().some((alias) => {
    if (!(alias instanceof lambda.CfnAlias)) {
      return false;
    }
    const policy = (renderedResource(alias).UpdatePolicy?.CodeDeployLambdaAliasUpdate ?? {}) as Properties;
    const hooked = policy.BeforeAllowTrafficHook !== undefined || policy.AfterAllowTrafficHook !== undefined;
    return hooked && isGroupOf(alias, policy.DeploymentGroupName, group);
  });
}

function isGroupOf(alias: lambda.CfnAlias, name: unknown, group: codedeploy.CfnDeploymentGroup): boolean {
  const target = referenced(alias.cfnOptions.updatePolicy?.codeDeployLambdaAliasUpdate?.deploymentGroupName);
  if (target !== undefined) {
    return target === group;
  }
  return Stack.of(alias) === Stack.of(group) && (same(name, refOf(group)) || same(name, nameOf(group)));
}

function nameOf(group: codedeploy.CfnDeploymentGroup): unknown {
  return renderedResource(group).Properties?.DeploymentGroupName;
}

function isUnwatchedService({ DeploymentConfiguration }: Properties): boolean {
  const { Strategy, LifecycleHooks = [], Alarms } = (DeploymentConfiguration ?? {}) as Properties;
  const { Enable, AlarmNames = [] } = (Alarms ?? {}) as Properties;
  const isEmpty = (list: unknown) => Array.isArray(list) && list.length === 0;
  const shifts = Strategy === 'CANARY' || Strategy === 'LINEAR';
  return shifts && isEmpty(LifecycleHooks) && !isIntrinsic(Alarms) && (Enable === false || isEmpty(AlarmNames));
}

/** What a text is a reference to, before a stack makes an import of it. */
function referenced(text: string | undefined): IConstruct | undefined {
  const token = text === undefined ? undefined : Tokenization.reverseCompleteString(text);
  return Reference.isReference(token) ? token.target : undefined;
}

function refOf(resource: CfnResource): unknown {
  return { Ref: Stack.of(resource).resolve(resource.logicalId) as string };
}

function siblings<T extends IConstruct>(node: IConstruct, type: abstract new (...args: never[]) => T): readonly T[] {
  return Stack.of(node)
    .node.findAll()
    .filter((one): one is T => one instanceof type && Stack.of(one) === Stack.of(node));
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
