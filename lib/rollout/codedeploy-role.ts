import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';
import { acknowledgeAlarms, watchAlarms } from './watch-alarms';
import type { WatchedAlarm } from './watch-alarms';

export interface CodeDeployRoleProps {
  readonly handler: lambda.IFunction;
  readonly aliasName: string;
}

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
  acknowledgeAlarms(scope, role);
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
