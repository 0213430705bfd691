import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

export interface CodeDeployRoleProps {
  readonly handler: lambda.IFunction;
  readonly aliasName: string;
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
  const statements = [
    new iam.PolicyStatement({
      sid: 'MoveTraffic',
      // Lambda judges these by the function or by the alias, depending on how it was addressed.
      actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      resources: [functionArn, `${functionArn}:${props.aliasName}`],
    }),
  ];
  if (props.alarms.length > 0) {
    // CloudWatch shows composite alarms only to callers that may see every alarm of the account.
    const composite = props.alarms.some((alarm) => alarm instanceof cloudwatch.CompositeAlarm);
    statements.push(
      new iam.PolicyStatement({
        sid: 'WatchAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: composite ? ['*'] : props.alarms.map((alarm) => alarm.alarmArn),
      }),
    );
  }
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
    description: 'CodeDeploy moves traffic between versions of one function',
    inlinePolicies: { Rollout: new iam.PolicyDocument({ statements }) },
  });
  return props.hooks.length === 0 ? { role } : { role, invokeHooks: invokePolicy(scope, role, props.hooks) };
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
