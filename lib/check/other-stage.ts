import { ArnFormat, Aws, Reference, Stack, Stage, Token, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { GateError } from '../errors';
import { AlarmRef } from './alarm-ref';
import type { IWatchedAlarm } from './alarm-ref';
import { nameInStack } from './construct-name';

// What CDK Pipelines deploys stands in a stage of the app, its pipeline stands outside. CloudFormation hands no reference from the
// one to the other, nor from account to account, but a name that is written in the app needs none.

/** The alarm itself, or by its name where a reference could not reach it. */
export function reachableAlarm(alarm: IWatchedAlarm, scope: Construct): IWatchedAlarm {
  const resource = madeElsewhere(alarm, scope);
  if (!(resource instanceof cloudwatch.CfnAlarm || resource instanceof cloudwatch.CfnCompositeAlarm)) {
    return alarm;
  }
  const name = mustBeNamed(resource.alarmName, 'Check.alarm', 'alarm', '`alarmName`', resource, scope);
  return AlarmRef.named(name, {
    ...placeOf(resource),
    composite: resource instanceof cloudwatch.CfnCompositeAlarm,
  });
}

/** ARN of the function, by its name where a reference could not reach it. */
export function reachableFunctionArn(handler: lambda.IFunction, scope: Construct): string {
  const alias = handler instanceof lambda.Alias ? handler : undefined;
  const version = handler.node.defaultChild instanceof lambda.CfnVersion && alias === undefined;
  const resource = madeElsewhere(alias?.lambda ?? handler, scope);
  if (version && isOutOfReach(handler, scope)) {
    throw cannotReach('Check.lambda', 'version', 'check an alias of the function instead', handler, scope);
  }
  if (!(resource instanceof lambda.CfnFunction)) {
    return handler.functionArn;
  }
  const name = mustBeNamed(resource.functionName, 'Check.lambda', 'function', '`functionName`', resource, scope);
  const { account, region } = placeOf(resource);
  return Stack.of(scope).formatArn({
    service: 'lambda',
    account: account ?? Aws.ACCOUNT_ID,
    region: region ?? Aws.REGION,
    resource: 'function',
    resourceName: alias === undefined ? name : `${name}:${alias.aliasName}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The ARN of a target group ends with an id that deployment makes, so a literal name does not help. */
export function mustReachTargetGroup(targetGroup: elbv2.ITargetGroup, scope: Construct): void {
  const resource = madeElsewhere(targetGroup, scope);
  if (resource instanceof elbv2.CfnTargetGroup) {
    const fix = 'check its load balancer by `Check.http`, or an alarm on its unhealthy hosts by `Check.alarm`';
    throw cannotReach('Check.targetGroup', 'target group', fix, resource, scope);
  }
}

/** The service and its cluster, by their names where a reference could not reach them. */
export function reachableEcsService(
  service: ecs.IBaseService,
  scope: Construct,
): { readonly serviceArn: string; readonly cluster: string } {
  const method = 'Check.ecsService';
  const [resource, cluster] = [madeElsewhere(service, scope), madeElsewhere(service.cluster, scope)];
  const clusterName =
    cluster instanceof ecs.CfnCluster
      ? mustBeNamed(cluster.clusterName, method, 'cluster', '`clusterName`', cluster, scope)
      : service.cluster.clusterName;
  if (!(resource instanceof ecs.CfnService)) {
    return { serviceArn: service.serviceArn, cluster: clusterName };
  }
  const name = mustBeNamed(resource.serviceName, method, 'service', '`serviceName`', resource, scope);
  const serviceArn = arnOf('ecs', 'service', `${clusterName}/${name}`, resource, scope);
  return { serviceArn, cluster: clusterName };
}

/** The log group, by its name where a reference could not reach it. Its ARN ends with `:*`, as permissions want it. */
export function reachableLogGroup(
  logGroup: logs.ILogGroup,
  scope: Construct,
): { readonly logGroupName: string; readonly logGroupArn: string } {
  const resource = madeElsewhere(logGroup, scope);
  if (!(resource instanceof logs.CfnLogGroup)) {
    return logGroup;
  }
  const logGroupName = mustBeNamed(
    resource.logGroupName,
    'Check.logQuery',
    'log group',
    '`logGroupName`',
    resource,
    scope,
  );
  const { account, region } = placeOf(resource);
  const logGroupArn = Stack.of(scope).formatArn({
    service: 'logs',
    account: account ?? Aws.ACCOUNT_ID,
    region: region ?? Aws.REGION,
    resource: 'log-group',
    resourceName: `${logGroupName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { logGroupName, logGroupArn };
}

/** ARN of the repository, by its name where a reference could not reach it. */
export function reachableRepositoryArn(repository: ecr.IRepository, scope: Construct): string {
  const resource = madeElsewhere(repository, scope);
  if (!(resource instanceof ecr.CfnRepository)) {
    return repository.repositoryArn;
  }
  const { repositoryName } = resource;
  const name = mustBeNamed(repositoryName, 'Check.imageScan', 'repository', '`repositoryName`', resource, scope);
  return arnOf('ecr', 'repository', name, resource, scope);
}

/** ARN of the report group, by its name where a reference could not reach it. */
export function reachableReportGroupArn(method: string, group: codebuild.IReportGroup, scope: Construct): string {
  const resource = madeElsewhere(group, scope);
  if (!(resource instanceof codebuild.CfnReportGroup)) {
    return group.reportGroupArn;
  }
  const { name } = resource;
  const literal = mustBeNamed(name, method, 'report group', '`reportGroupName`', resource, scope);
  return arnOf('codebuild', 'report-group', literal, resource, scope);
}

/** The bucket, by its name where a reference could not reach it. */
export function reachableBucketName(bucket: s3.IBucket, scope: Construct): string {
  const resource = madeElsewhere(bucket, scope);
  return resource instanceof s3.CfnBucket
    ? mustBeNamed(resource.bucketName, 'Check.licenses', 'bucket', '`bucketName`', resource, scope)
    : bucket.bucketName;
}

/** The value of a metric's dimension, with the literal names of functions that a reference could not reach. */
export function reachableDimension(method: string, value: string, scope: Construct): string {
  return Tokenization.reverseString(value)
    .mapTokens({ mapToken: (token) => (Reference.isReference(token) ? reachableName(method, token, scope) : token) })
    .join({ join: (left: unknown, right: unknown) => `${String(left ?? '')}${String(right ?? '')}` });
}

function reachableName(method: string, reference: Reference, scope: Construct): unknown {
  const { target } = reference;
  if (!Construct.isConstruct(target) || !isOutOfReach(target, scope)) {
    return reference;
  }
  if (target instanceof lambda.CfnVersion) {
    throw cannotReach(method, 'version', 'watch an alias of the function instead', target, scope);
  }
  if (!(target instanceof lambda.CfnFunction)) {
    throw cannotReach(method, 'resource', 'give the metric a literal dimension', target, scope);
  }
  return mustBeNamed(target.functionName, method, 'function', '`functionName`', target, scope);
}

function arnOf(service: string, kind: string, name: string, resource: Construct, scope: Construct): string {
  const { account, region } = placeOf(resource);
  return Stack.of(scope).formatArn({
    service,
    account: account ?? Aws.ACCOUNT_ID,
    region: region ?? Aws.REGION,
    resource: kind,
    resourceName: name,
  });
}

/** The resource behind a construct that another stage of the app makes, or a stack of another account. */
function madeElsewhere(thing: unknown, scope: Construct): unknown {
  return Construct.isConstruct(thing) && isOutOfReach(thing, scope) ? thing.node.defaultChild : undefined;
}

function isOutOfReach(thing: Construct, scope: Construct): boolean {
  const [there, here] = [Stack.of(thing).account, Stack.of(scope).account];
  const isOtherAccount = there !== here && !Token.isUnresolved(there) && !Token.isUnresolved(here);
  return Stage.of(thing) !== Stage.of(scope) || isOtherAccount;
}

function mustBeNamed(
  name: string | undefined,
  method: string,
  kind: string,
  prop: string,
  resource: Construct,
  scope: Construct,
): string {
  if (name === undefined || Token.isUnresolved(name)) {
    const named = kind === 'alarm' ? ', or name the alarm here with `AlarmRef.named`' : '';
    throw cannotReach(method, kind, `give the ${kind} a literal ${prop}${named}`, resource, scope);
  }
  return name;
}

function cannotReach(method: string, kind: string, fix: string, thing: Construct, scope: Construct): GateError {
  return new GateError(
    'StageOutOfReach',
    `\`${method}\` names ${kind} '${nameInStack(thing)}' of stack '${Stack.of(thing).node.path}', which is in a stage or account of its own, so ` +
      `stack '${Stack.of(scope).node.path}' of the gate cannot refer to it, and its name is made at deployment: ${fix}`,
  );
}

function placeOf(resource: Construct): { account?: string; region?: string } {
  const { account, region } = Stack.of(resource);
  return {
    account: Token.isUnresolved(account) ? undefined : account,
    region: Token.isUnresolved(region) ? undefined : region,
  };
}
