import { AwsError, type Authorize, type Service } from '../service';
import type { Surroundings } from './surroundings';

/**
 * Auto Scaling groups, as far as CodeDeploy calls them: the lifecycle hooks that they have. Which servers they have, the engine that
 * calls this knows.
 */
export class AutoScalingGroups {
  /** Names of hooks, by name of the group. */
  private readonly hooks = new Map<string, Set<string>>();

  constructor(private readonly around: Pick<Surroundings, 'account' | 'region' | 'resources'>) {}

  hooksOf(group: string): readonly string[] {
    return [...(this.hooks.get(group) ?? [])];
  }

  service(): Service {
    return {
      name: 'autoscaling',
      protocol: 'query',
      // Descriptions need no `authorize`: no permission of them is judged by a resource.
      authorize: Object.fromEntries(
        [
          'PutLifecycleHook',
          'DeleteLifecycleHook',
          'RecordLifecycleActionHeartbeat',
          'CompleteLifecycleAction',
          'SuspendProcesses',
          'ResumeProcesses',
        ].map((operation) => [operation, this.onGroup(operation)]),
      ),
      operations: {
        DescribeAutoScalingGroups: ({ AutoScalingGroupNames = [] }) => ({
          AutoScalingGroups: (AutoScalingGroupNames as string[]).map((AutoScalingGroupName) => ({
            AutoScalingGroupName,
          })),
        }),
        DescribeLifecycleHooks: ({ AutoScalingGroupName: group }) => ({
          LifecycleHooks: this.hooksOf(group).map((LifecycleHookName) => ({ LifecycleHookName })),
        }),
        PutLifecycleHook: ({ AutoScalingGroupName: group, LifecycleHookName: name }) => {
          this.hooks.set(group, new Set([...this.hooksOf(group), String(name)]));
          return {};
        },
        DeleteLifecycleHook: ({ AutoScalingGroupName: group, LifecycleHookName: name }) => {
          this.mustExist(group, name);
          this.hooks.get(group)?.delete(name);
          return {};
        },
        RecordLifecycleActionHeartbeat: ({ AutoScalingGroupName: group, LifecycleHookName: name }) => {
          this.mustExist(group, name);
          return {};
        },
        CompleteLifecycleAction: ({ AutoScalingGroupName: group, LifecycleHookName: name }) => {
          this.mustExist(group, name);
          return {};
        },
        SuspendProcesses: () => ({}),
        ResumeProcesses: () => ({}),
      },
    };
  }

  private mustExist(group: string, name: string): void {
    if (!this.hooksOf(group).includes(name)) {
      throw new AwsError('ValidationError', `No Lifecycle Hook found with name: ${name}`);
    }
  }

  /** Groups are named by an id that AWS makes up, and by their name. */
  private onGroup(operation: string): Authorize {
    const { account, region } = this.around;
    return ({ AutoScalingGroupName: name }) => {
      const found = this.around
        .resources('AWS::AutoScaling::AutoScalingGroup')
        .find(({ physicalId }) => physicalId === name);
      const arn =
        found?.arn ?? `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${name}`;
      return { action: `autoscaling:${operation}`, resources: [arn] };
    };
  }
}
