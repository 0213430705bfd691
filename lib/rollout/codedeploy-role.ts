import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';

export interface CodeDeployRoleProps {
  readonly handler: lambda.IFunction;
  readonly aliasName: string;
  /** Whether alarms of this stack are watched that are made anew for every version. */
  readonly versionAlarms: boolean;
  /** Further alarms. */
  readonly alarms: readonly cloudwatch.IAlarm[];
  readonly hooks: readonly lambda.IFunction[];
}

export interface CodeDeployRole {
  readonly role: iam.Role;
  /** Apart from the role, because the hooks' own permissions name the deployment group, which names the role. */
  readonly invokeHooks?: iam.Policy;
}

/** The role in which CodeDeploy moves this alias, watches these alarms and calls these hooks, and does nothing else. */
export function codeDeployRole(scope: Construct, props: CodeDeployRoleProps): CodeDeployRole {
  const { functionArn } = props.handler;
  const qualified = `${functionArn}:*`;
  const statements = [
    new iam.PolicyStatement({
      sid: 'MoveTraffic',
      // Lambda judges these by the function or by the alias, depending on how it was addressed.
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
      resources: [functionArn, `${functionArn}:${props.aliasName}`],
    }),
    new iam.PolicyStatement({
      sid: 'LookAtVersions',
      actions: ['lambda:GetProvisionedConcurrencyConfig'],
      resources: [qualified],
    }),
  ];
  const watched = watchedAlarms(scope, props);
  if (watched.length > 0) {
    statements.push(
      new iam.PolicyStatement({
        sid: 'WatchAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: watched,
      }),
    );
  }
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
    description: 'CodeDeploy moves traffic between versions of one function',
    inlinePolicies: { Rollout: new iam.PolicyDocument({ statements }) },
  });
  acknowledgeWildcard(role, qualified, 'versions of this function, which come and go, read only');
  acknowledgeWildcard(role, alarmsOf(scope), 'alarms of this stack, made anew for every version, read only');
  acknowledgeWildcard(role, '*', 'CloudWatch answers for composite alarms on every alarm only');
  return props.hooks.length === 0 ? { role } : { role, invokeHooks: invokePolicy(scope, role, props.hooks) };
}

/**
 * Alarms on a new version are as new as the version. CodeDeploy reads them seconds later, sooner than a permission on their own
 * names would hold everywhere, and fails what it cannot watch. So it may read by the first part of their names, the stack's.
 */
function watchedAlarms(scope: Construct, { versionAlarms, alarms }: CodeDeployRoleProps): string[] {
  // CloudWatch shows composite alarms only to callers that may see every alarm of the account.
  if (alarms.some((alarm) => alarm instanceof cloudwatch.CompositeAlarm)) {
    return ['*'];
  }
  return [...(versionAlarms ? [alarmsOf(scope)] : []), ...alarms.map((alarm) => alarm.alarmArn)];
}

function alarmsOf(scope: Construct): string {
  const stack = Stack.of(scope);
  return stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: `${stack.stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function invokePolicy(scope: Construct, role: iam.Role, hooks: readonly lambda.IFunction[]): iam.Policy {
  return new iam.Policy(scope, 'InvokeHooks', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        sid: 'InvokeHooks',
        actions: ['lambda:InvokeFunction'],
        resources: hooks.map((hook) => hook.functionArn),
      }),
    ],
  });
}
