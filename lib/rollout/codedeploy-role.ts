import { ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';

export interface CodeDeployRoleProps {
  readonly handler: lambda.IFunction;
  readonly aliasName: string;
}

/** An alarm as a deployment group takes it. */
export type WatchedAlarm = Parameters<codedeploy.LambdaDeploymentGroup['addAlarm']>[0];

export interface CodeDeployRole {
  readonly role: iam.Role;
  /** Lets CodeDeploy look at one more alarm. */
  readonly watch: (alarm: WatchedAlarm) => void;
  /**
   * Lets CodeDeploy call one more hook. The policy stands apart from the role, because the hooks' own permissions name the
   * deployment group, which names the role.
   */
  readonly invoke: (hook: lambda.IFunction) => iam.Policy;
}

/** The role in which CodeDeploy moves this alias, watches these alarms and calls these hooks, and does nothing else. */
export function codeDeployRole(scope: Construct, props: CodeDeployRoleProps): CodeDeployRole {
  const { functionArn } = props.handler;
  const qualified = `${functionArn}:*`;
  const document = new iam.PolicyDocument({
    statements: [
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
    ],
  });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
    description: 'CodeDeploy moves traffic between versions of one function',
    inlinePolicies: { Rollout: document },
  });
  acknowledgeWildcard(role, qualified, 'versions of this function, which come and go, read only');
  acknowledgeWildcard(role, everyAlarm(scope), 'alarms of this account and Region, described only');
  acknowledgeWildcard(role, '*', 'CloudWatch answers for composite alarms on every alarm only');

  const invokeHooks = new iam.PolicyStatement({ sid: 'InvokeHooks', actions: ['lambda:InvokeFunction'] });
  let policy: iam.Policy | undefined;
  return {
    role,
    watch: watchAlarms(scope, document),
    invoke: (hook) => {
      invokeHooks.addResources(hook.functionArn);
      policy ??= new iam.Policy(scope, 'InvokeHooks', { roles: [role], statements: [invokeHooks] });
      return policy;
    },
  };
}

/**
 * CodeDeploy fails what it cannot watch, and AWS does not say whether a description of named alarms is judged by their names. So
 * it may describe all alarms of this account and Region, as AWS's own policy for CodeDeploy lets it.
 */
function watchAlarms(scope: Construct, document: iam.PolicyDocument): CodeDeployRole['watch'] {
  const alarms: WatchedAlarm[] = [];
  const statement = new iam.PolicyStatement({
    sid: 'WatchAlarms',
    actions: ['cloudwatch:DescribeAlarms'],
    resources: Lazy.list({ produce: () => [alarms.some(isComposite) ? '*' : everyAlarm(scope)] }),
  });
  return (alarm) => {
    if (alarms.length === 0) {
      document.addStatements(statement);
    }
    alarms.push(alarm);
  };
}

/** CloudWatch shows composite alarms only to callers that may see every alarm of every Region. */
function isComposite(alarm: WatchedAlarm): boolean {
  return alarm instanceof cloudwatch.CompositeAlarm || alarm instanceof cloudwatch.CfnCompositeAlarm;
}

function everyAlarm(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
