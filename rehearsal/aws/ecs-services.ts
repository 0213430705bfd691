import type { Service } from '../service';
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

/** Services of ECS, whose states a scenario sets. Those that nobody told are steady. */
export class EcsServices {
  private readonly services = new Map<string, Deployed>();
  private readonly began: number;

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
      },
      authorize: {
        DescribeServices: ({ services = [], cluster = 'default' }, { region = this.around.region }) => ({
          action: 'ecs:DescribeServices',
          resources: (services as string[]).map((one) =>
            one.startsWith('arn:') ? one : `arn:aws:ecs:${region}:${account}:service/${cluster}/${one}`,
          ),
        }),
      },
    };
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
