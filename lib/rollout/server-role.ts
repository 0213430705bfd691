import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';
import { acknowledgeAlarms, watchAlarms } from './watch-alarms';
import type { WatchedAlarm } from './watch-alarms';
import type { Servers } from './servers';

export interface ServerRoleProps {
  readonly servers: readonly Servers[];
  readonly targetGroups: readonly elbv2.ITargetGroup[];
}

export interface ServerRole {
  readonly role: iam.Role;
  /** Lets CodeDeploy look at one more alarm. */
  readonly watch: (alarm: WatchedAlarm) => void;
}

/**
 * The role in which CodeDeploy replaces the version on these servers. AWS's managed policy lets it change, make and delete every
 * Auto Scaling group of the account, which only blue/green deployments need. This is the part of that policy for deployments in place.
 */
export function serverRole(scope: Construct, { servers, targetGroups }: ServerRoleProps): ServerRole {
  const shapes = servers.map((one) => one._shape());
  const groups = shapes.flatMap((shape) =>
    shape.kind === 'autoScaling' ? [groupArn(scope, shape.group.autoScalingGroupName)] : [],
  );
  const document = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'FindServers',
        // None of these can be limited to a resource.
        actions: [
          // Servers outside of AWS are no instances of EC2, and an Auto Scaling group names its instances itself.
          ...(shapes.every(({ kind }) => kind === 'onPremises')
            ? []
            : ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus']),
          ...(shapes.every(({ kind }) => kind === 'autoScaling') ? [] : ['tag:GetResources']),
          ...(groups.length === 0
            ? []
            : ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeLifecycleHooks']),
          ...(targetGroups.length === 0
            ? []
            : ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetHealth']),
        ],
        resources: ['*'],
      }),
      ...(groups.length === 0 ? [] : [followTheGroups(groups)]),
      ...(targetGroups.length === 0 ? [] : [moveTraffic(targetGroups)]),
    ],
  });
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
    description: 'CodeDeploy installs new versions on the servers of one rollout',
    inlinePolicies: { Rollout: document },
  });
  groups.forEach((arn) => acknowledgeWildcard(role, arn, 'one Auto Scaling group, whatever its generated id'));
  acknowledgeWildcard(role, '*', 'what describes servers, groups and composite alarms cannot be limited to a resource');
  acknowledgeAlarms(scope, role);
  return { role, watch: watchAlarms(scope, document) };
}

/**
 * New servers get the version that was deployed last, by a lifecycle hook. The groups' processes go on while servers are replaced:
 * CodeDeploy suspends only those that a deployment group lists (AutoScalingGroupProcessesToSuspend), and these list none.
 */
function followTheGroups(groups: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'FollowTheGroups',
    actions: [
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:DeleteLifecycleHook',
      'autoscaling:PutLifecycleHook',
      'autoscaling:RecordLifecycleActionHeartbeat',
    ],
    resources: groups,
  });
}

function moveTraffic(targetGroups: readonly elbv2.ITargetGroup[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'MoveTraffic',
    actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
    resources: targetGroups.map(({ targetGroupArn }) => targetGroupArn),
  });
}

function groupArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'autoscaling',
    resource: 'autoScalingGroup',
    resourceName: `*:autoScalingGroupName/${name}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
