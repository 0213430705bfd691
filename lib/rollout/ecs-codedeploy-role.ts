import { ArnFormat, Fn, Lazy, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';
import { acknowledgeAlarms, watchAlarms, type WatchedAlarm } from './watch-alarms';

export interface EcsCodeDeployRole {
  readonly role: iam.Role;
  /** Lets CodeDeploy look at one more alarm. */
  readonly watch: (alarm: WatchedAlarm) => void;
  /** Lets CodeDeploy call these hooks. The policy stands apart from the role, since their own permissions name the deployment group, which names the role. */
  readonly invoke: (hooks: readonly lambda.IFunction[]) => void;
}

/**
 * The role in which CodeDeploy replaces the tasks of this service and shifts its traffic. AWS's managed policy lets it make and delete task
 * sets of every service, change every listener, call every function and pass every role of tasks.
 */
export function ecsCodeDeployRole(
  scope: Construct,
  service: ecs.BaseService,
  listeners: readonly elbv2.IApplicationListener[],
): EcsCodeDeployRole {
  const rules = listeners.map(({ listenerArn }) => rulesOf(listenerArn));
  const taskSets = arnOf(scope, service, 'task-set', '/*');
  const document = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'ReplaceTasks',
        // Each is judged by the service or by its task sets; AWS has documented both for some of them.
        actions: ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet', 'ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'],
        resources: [arnOf(scope, service, 'service'), taskSets],
      }),
      new iam.PolicyStatement({
        sid: 'FindTraffic',
        // None of these can be limited to a resource.
        actions: [
          'elasticloadbalancing:DescribeListeners',
          'elasticloadbalancing:DescribeRules',
          'elasticloadbalancing:DescribeTargetGroups',
        ],
        resources: ['*'],
      }),
      new iam.PolicyStatement({
        sid: 'ShiftTraffic',
        actions: ['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:ModifyRule'],
        resources: [...listeners.map(({ listenerArn }) => listenerArn), ...rules],
      }),
      passTaskRoles(service.taskDefinition),
    ],
  });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
    description: 'CodeDeploy replaces the tasks of one service and shifts its traffic',
    inlinePolicies: { Rollout: document },
  });
  acknowledgeWildcard(role, taskSets, 'task sets of this service, which come and go');
  rules.forEach((arn) => acknowledgeWildcard(role, arn, 'rules of this listener, which CodeDeploy looks for'));
  acknowledgeWildcard(role, '*', 'what describes load balancers and composite alarms cannot be limited to a resource');
  acknowledgeAlarms(scope, role);
  return {
    role,
    watch: watchAlarms(scope, document),
    invoke: (hooks) => {
      const resources = hooks.map(({ functionArn }) => functionArn);
      const statements = [
        new iam.PolicyStatement({ sid: 'InvokeHooks', actions: ['lambda:InvokeFunction'], resources }),
      ];
      new iam.Policy(scope, 'InvokeHooks', { roles: [role], statements });
    },
  };
}

/** Lets somebody hand the roles of these tasks to ECS. The execution role may be made later. */
export function passTaskRoles(definition: ecs.TaskDefinition): iam.PolicyStatement {
  const roles = (): string[] =>
    [definition.taskRole, definition.executionRole].flatMap((role) => (role === undefined ? [] : [role.roleArn]));
  return new iam.PolicyStatement({
    sid: 'PassTaskRoles',
    actions: ['iam:PassRole'],
    resources: Lazy.list({ produce: roles }),
    conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
}

function arnOf(scope: Construct, { cluster, serviceName }: ecs.BaseService, resource: string, more = ''): string {
  return Stack.of(scope).formatArn({
    service: 'ecs',
    resource,
    resourceName: `${cluster.clusterName}/${serviceName}${more}`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}

/** `…:listener/app/<name>/<id>/<id>` has rules `…:listener-rule/app/<name>/<id>/<id>/<id>`. */
function rulesOf(listenerArn: string): string {
  const [before, after] = [0, 1].map((index) => Fn.select(index, Fn.split(':listener/', listenerArn)));
  return `${before}:listener-rule/${after}/*`;
}
