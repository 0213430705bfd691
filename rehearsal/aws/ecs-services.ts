import type { Authorization, Service } from '../service';
import type { Surroundings } from './surroundings';

export type EcsServiceState = 'steady' | 'deploying' | 'failed' | 'redeployed' | 'missing';

export interface EcsService {
  readonly state: EcsServiceState;
  readonly desired?: number;
  readonly running?: number;
  readonly failedTasks?: number;
}

interface Deployed extends EcsService {
  readonly deployedAt: number;
}

/** Services of ECS, whose states a scenario sets. A service is steady where a scenario says nothing. */
export class EcsServices {
  private readonly services = new Map<string, Deployed>();
  private readonly began: number;
  /** Roles of the task definitions that somebody registered, by ARN. */
  private readonly registered = new Map<string, readonly string[]>();

  constructor(private readonly around: Surroundings) {
    this.began = around.clock.now();
  }

  find(name: string): EcsService {
    return this.services.get(name) ?? { state: 'steady' };
  }

  set(name: string, service: EcsService): void {
    const before = this.services.get(name)?.deployedAt ?? this.began;
    const deployedAt = service.state === 'redeployed' ? this.around.clock.now() : before;
    this.services.set(name, { ...service, deployedAt });
    this.around.tell('ecs', `service ${name} is ${service.state}`);
  }

  service(): Service {
    const { account } = this.around;
    return {
      name: 'ecs',
      operations: {
        DescribeServices: ({ services = [], cluster = 'default' }) => {
          const [there, missing] = [[] as object[], [] as object[]];
          for (const reference of services as string[]) {
            const name = reference.split('/').at(-1) ?? reference;
            if (this.find(name).state === 'missing') missing.push({ arn: reference, reason: 'MISSING' });
            else there.push(this.describe(name, reference, cluster));
          }
          return { services: there, failures: missing };
        },
        RegisterTaskDefinition: (input, { region = this.around.region }) => {
          const taskDefinitionArn = `${familyOf(input, region, account)}:${this.registered.size + 2}`;
          this.registered.set(taskDefinitionArn, rolesIn(input.taskRoleArn, input.executionRoleArn));
          return { taskDefinition: { ...input, taskDefinitionArn, status: 'ACTIVE' } };
        },
        // What becomes of the tasks, the engine that calls these knows.
        CreateTaskSet: ({ service, cluster }) => ({ taskSet: { serviceArn: service, clusterArn: cluster } }),
        UpdateServicePrimaryTaskSet: ({ service, cluster }) => ({
          taskSet: { serviceArn: service, clusterArn: cluster },
        }),
        DeleteTaskSet: ({ service, cluster }) => ({ taskSet: { serviceArn: service, clusterArn: cluster } }),
      },
      authorize: {
        RegisterTaskDefinition: (input, { region = this.around.region }) => [
          { action: 'ecs:RegisterTaskDefinition', resources: [`${familyOf(input, region, account)}:*`] },
          passed(rolesIn(input.taskRoleArn, input.executionRoleArn)),
        ],
        CreateTaskSet: (input) => [
          {
            action: 'ecs:CreateTaskSet',
            resources: [this.arnOf('task-set', { ...input, service: `${input.service}/*` })],
          },
          passed(this.rolesOf(input.taskDefinition)),
        ],
        UpdateServicePrimaryTaskSet: (input) => ({
          action: 'ecs:UpdateServicePrimaryTaskSet',
          resources: [this.arnOf('service', input)],
        }),
        DeleteTaskSet: (input) => ({
          action: 'ecs:DeleteTaskSet',
          resources: [this.arnOf('task-set', { ...input, service: `${input.service}/${input.taskSet}` })],
        }),
        DescribeServices: ({ services = [], cluster = 'default' }, { region = this.around.region }) => ({
          action: 'ecs:DescribeServices',
          resources: (services as string[]).map((one) =>
            one.startsWith('arn:') ? one : `arn:aws:ecs:${region}:${account}:service/${cluster}/${one}`,
          ),
        }),
      },
    };
  }

  private arnOf(resource: string, { cluster, service }: { cluster: string; service: string }): string {
    const { region, account } = this.around;
    return `arn:aws:ecs:${region}:${account}:${resource}/${cluster}/${service}`;
  }

  /** Roles that the tasks of a definition get. */
  private rolesOf(taskDefinition: string): readonly string[] {
    const registered = this.registered.get(taskDefinition);
    if (registered !== undefined) return registered;
    const found = this.around
      .resources('AWS::ECS::TaskDefinition')
      .find(({ arn, physicalId, properties }) => [arn, physicalId, properties.Family].includes(taskDefinition));
    const { TaskRoleArn, ExecutionRoleArn } = found?.properties ?? {};
    return rolesIn(TaskRoleArn, ExecutionRoleArn);
  }

  private describe(name: string, arn: string, cluster: string): object {
    const { state, desired = 2, running = desired, failedTasks = 0 } = this.find(name);
    const deployedAt = this.services.get(name)?.deployedAt ?? this.began;
    const deployment = (id: number, more: object): object => ({
      id: `ecs-svc/${id}`,
      desiredCount: desired,
      runningCount: running,
      pendingCount: 0,
      ...more,
    });
    const rollout: Readonly<Record<string, object>> = {
      deploying: { rolloutState: 'IN_PROGRESS', rolloutStateReason: 'ECS deployment ecs-svc/2 in progress.' },
      failed: { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start' },
    };
    const how = rollout[state] ?? {
      rolloutState: 'COMPLETED',
      rolloutStateReason: 'ECS deployment ecs-svc/2 completed.',
    };
    return {
      serviceArn: arn,
      serviceName: name,
      clusterArn: cluster,
      status: 'ACTIVE',
      desiredCount: desired,
      runningCount: running,
      pendingCount: desired - running,
      deployments: [
        deployment(2, { status: 'PRIMARY', createdAt: new Date(deployedAt), failedTasks, ...how }),
        ...(state === 'deploying'
          ? [deployment(1, { status: 'ACTIVE', createdAt: new Date(this.began), rolloutState: 'COMPLETED' })]
          : []),
      ],
    };
  }
}

function familyOf({ family }: { readonly family?: string }, region: string, account: string): string {
  return `arn:aws:ecs:${region}:${account}:task-definition/${family}`;
}

function rolesIn(...roles: readonly unknown[]): readonly string[] {
  return roles.filter((role) => typeof role === 'string');
}

function passed(resources: readonly string[]): Authorization {
  return { action: 'iam:PassRole', resources, context: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } };
}
