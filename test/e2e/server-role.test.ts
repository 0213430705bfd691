/** Every permission of the role in which CodeDeploy deploys to servers is needed, on these resources. */
import type { World } from '../../rehearsal/world';
import { notEnough, provedByRemoval, type ServiceRole } from './roles-by-removal';
import { scenarioOf } from '../../rehearsal/test/support/scenarios';

const FIXTURE = scenarioOf('rehearsal/test/fixtures/server-group.yaml');
const role = /^RolloutRole/;

/** The deployment group no longer has the Auto Scaling group: its lifecycle hook has to go. */
async function leaveTheGroup(world: World): Promise<string | undefined> {
  const [{ stackName, template }] = world.stacks as [World['stacks'][number]];
  const copy = structuredClone(template);
  for (const { Type, Properties } of Object.values(copy.Resources ?? {}))
    if (Type === 'AWS::CodeDeploy::DeploymentGroup') delete Properties?.AutoScalingGroups;
  await world.deploy(stackName, copy);
  const hooks = world.watched.autoScalingGroups.hooksOf('tea');
  return hooks.length === 0 ? undefined : `the group keeps ${hooks.join(', ')}`;
}

const GROUP: ServiceRole = {
  scenario: FIXTURE,
  role,
  actions: [
    'autoscaling:CompleteLifecycleAction',
    'autoscaling:DeleteLifecycleHook',
    'autoscaling:DescribeAutoScalingGroups',
    'autoscaling:DescribeLifecycleHooks',
    'autoscaling:PutLifecycleHook',
    'autoscaling:RecordLifecycleActionHeartbeat',
    'cloudwatch:DescribeAlarms',
    'ec2:DescribeInstanceStatus',
    'ec2:DescribeInstances',
    'elasticloadbalancing:DeregisterTargets',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'elasticloadbalancing:RegisterTargets',
  ],
  afterwards: leaveTheGroup,
};

/** Of servers that are found by a tag nobody says when one joins. */
const ONE_CHANGE = { ...FIXTURE, steps: FIXTURE.steps.slice(0, 3) as typeof FIXTURE.steps };

const TAGGED: ServiceRole = {
  scenario: ONE_CHANGE,
  context: { servers: 'tagged' },
  role,
  actions: [
    'cloudwatch:DescribeAlarms',
    'ec2:DescribeInstanceStatus',
    'ec2:DescribeInstances',
    'elasticloadbalancing:DeregisterTargets',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
    'elasticloadbalancing:RegisterTargets',
    'tag:GetResources',
  ],
};

const ON_PREMISES: ServiceRole = {
  scenario: ONE_CHANGE,
  context: { servers: 'onPremises' },
  role,
  actions: ['cloudwatch:DescribeAlarms', 'tag:GetResources'],
};

provedByRemoval('CodeDeploy, on servers of an Auto Scaling group,', GROUP);
provedByRemoval('CodeDeploy, on instances with a tag,', TAGGED);
provedByRemoval('CodeDeploy, on servers outside of AWS,', ON_PREMISES);

const OTHER_GROUP = 'arn:aws:autoscaling:eu-west-1:111111111111:autoScalingGroup:*:autoScalingGroupName/coffee';
const OTHER_TARGETS = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/coffee/0123456789abcdef';
notEnough([
  ['another Auto Scaling group, for the hook,', GROUP, 'autoscaling:PutLifecycleHook', OTHER_GROUP],
  ['another Auto Scaling group, for its end,', GROUP, 'autoscaling:DeleteLifecycleHook', OTHER_GROUP],
  ['another Auto Scaling group, for a new server,', GROUP, 'autoscaling:CompleteLifecycleAction', OTHER_GROUP],
  ['another Auto Scaling group, while a server waits,', GROUP, 'autoscaling:RecordLifecycleActionHeartbeat', OTHER_GROUP], // prettier-ignore
  ['another target group, to leave,', GROUP, 'elasticloadbalancing:DeregisterTargets', OTHER_TARGETS],
  ['another target group, to come back,', GROUP, 'elasticloadbalancing:RegisterTargets', OTHER_TARGETS],
  ['another alarm', GROUP, 'cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:other'],
]);
