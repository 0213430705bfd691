/**
 * CodeDeploy's lifecycle hooks: a deployment group puts one on each of its Auto Scaling groups when it gets them, and takes it away when
 * it loses them (https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html).
 */
import type { Surroundings } from '../aws/surroundings';
import { DeploymentFailed } from '../template/deployment-failed';
import type { Resource } from '../template/model';
import type { Changes } from '../template/stacks';
import { ServerCalls } from './server-calls';
import { DEPLOYMENT_GROUP } from './server-fleet';

export class LaunchHooks {
  constructor(private readonly around: Surroundings) {}

  /** @throws DeploymentFailed when CodeDeploy may not put a hook on a group */
  async follow({ created, updated, deleted }: Changes): Promise<void> {
    for (const group of created.filter(isGroup)) await this.put(group, []);
    for (const { before, after } of updated.filter((one) => isGroup(one.after))) {
      const [had, has] = [namesOf(before), namesOf(after)];
      await this.put(after, had);
      await this.take(
        after,
        had.filter((name) => !has.includes(name)),
      );
    }
    for (const group of deleted.filter(isGroup)) await this.take(group, namesOf(group));
  }

  private async put(group: Resource, had: readonly string[]): Promise<void> {
    for (const name of namesOf(group).filter((one) => !had.includes(one))) {
      const refused = await this.callsOf(group).putHook(name);
      if (refused !== undefined) throw new DeploymentFailed(`${group.logicalId}: ${refused}`);
    }
  }

  /** A hook that cannot be taken away fails nothing: CodeDeploy answers with `hooksNotCleanedUp`. New servers wait for it in vain then. */
  private async take(group: Resource, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const refused = await this.callsOf(group).deleteHook(name);
      if (refused !== undefined) {
        this.around.tell('deploy', `${name} keeps the lifecycle hook of CodeDeploy: ${refused}`, 'error');
      }
    }
  }

  private callsOf(group: Resource): ServerCalls {
    const { dispatcher, caller, resources } = this.around;
    return new ServerCalls(
      {
        call: (service, operation, input, who) => dispatcher.call(service, operation, input, who ?? caller('nobody')),
        caller,
        resources,
      },
      group,
    );
  }
}

function isGroup({ type }: Resource): boolean {
  return type === DEPLOYMENT_GROUP;
}

function namesOf({ properties }: Resource): readonly string[] {
  return (properties.AutoScalingGroups ?? []) as string[];
}
