/** How much of its traffic each deployment has given to the new version, from its beginning to its end, whatever the platform: what the page shows and draws. */
import type { World } from '../world';
import { keepLatest } from '../kept';
import type { CodeDeploy } from './codedeploy';
import type { EcsDeployments } from './ecs-deployments';
import type { EcsTaskSets } from './ecs-task-sets';
import { servedByNew, type ServerDeploys } from './server-deploys';

export interface Deployments {
  readonly codeDeploy: CodeDeploy;
  readonly ecs: EcsDeployments;
  readonly taskSets: EcsTaskSets;
  readonly servers: ServerDeploys;
  readonly world: World;
}

/** Traffic that a deployment moves from one version to another. */
export interface Movement {
  /** Unique. */
  readonly id: string;
  /** An alias, a service, a stage of an API, or sets of servers. */
  readonly of: string;
  readonly from: string;
  readonly to: string;
  /** Share of the new version now. */
  readonly percent: number;
  readonly state: 'InProgress' | 'Succeeded' | 'Failed';
  readonly why?: string;
  /** By what an action of a pipeline is known to have begun it. */
  readonly stack?: string;
  readonly service?: string;
  readonly group?: string;
  readonly apiId?: string;
}

/** A movement, as it went. */
export interface TrafficCourse {
  readonly movement: Movement;
  /** In order; the first one is its beginning. Each share holds until the next. */
  readonly points: readonly { readonly at: number; readonly percent: number }[];
  readonly endedAt?: number;
}

const MOST_COURSES = 200;

export class TrafficCourses {
  readonly all: TrafficCourse[] = [];
  private readonly ended = new Set<string>();
  /** By stage of an API: what it served last. */
  private readonly served = new Map<string, string>();

  constructor(private readonly deployments: Deployments) {
    deployments.world.clock.onQuiet(() => this.look());
  }

  /** What is being moved now. */
  underWay(): readonly Movement[] {
    return [...this.ofDeployments(), ...this.ofCanaries()].filter(({ state }) => state === 'InProgress');
  }

  private look(): void {
    for (const movement of [...this.ofDeployments(), ...this.ofStages()]) this.note(movement);
    keepLatest(this.all, MOST_COURSES);
  }

  private note(movement: Movement): void {
    if (this.ended.has(movement.id)) return;
    const at = this.deployments.world.clock.now();
    const index = this.all.findLastIndex((course) => course.movement.id === movement.id);
    const known = this.all[index];
    const points = known?.points ?? [{ at, percent: 0 }];
    const isSame = points.at(-1)?.percent === movement.percent;
    const course: TrafficCourse = {
      // What a canary of an API comes from is itself, from its promotion to its end.
      movement: { ...movement, from: known?.movement.from ?? movement.from },
      points: isSame ? points : [...points, { at, percent: movement.percent }],
      ...(movement.state === 'InProgress' ? {} : { endedAt: at }),
    };
    if (course.endedAt !== undefined) this.ended.add(movement.id);
    if (known === undefined) this.all.push(course);
    else this.all[index] = course;
  }

  private ofDeployments(): readonly Movement[] {
    const { codeDeploy, ecs, taskSets, servers } = this.deployments;
    return [
      ...codeDeploy.deployments.map((one) => ({
        id: one.id,
        of: `${one.functionName}:${one.alias}`,
        from: `version ${one.from}`,
        to: `version ${one.to}`,
        percent: one.percent,
        state: stateOf(one.status),
        why: one.why,
        stack: one.stack,
      })),
      ...ecs.deployments.map((one) => ({
        id: one.arn,
        of: one.name,
        from: `revision ${one.from}`,
        to: `revision ${one.to}`,
        percent: one.percent,
        state: stateOf(one.status),
        why: one.why,
        stack: one.service.stack,
        service: one.name,
      })),
      ...taskSets.deployments.map((one) => ({
        id: one.id,
        of: one.name,
        from: `task set ${one.from}`,
        to: `task set ${one.to}`,
        // The old tasks are gone then, and nothing is shared any more.
        percent: one.status === 'Succeeded' ? 100 : one.percent,
        state: stateOf(one.status),
        why: one.why,
        group: one.group,
      })),
      ...servers.deployments.map((one) => ({
        id: one.id,
        of: one.sets.join(', '),
        from: `version ${one.from?.id.slice(0, 8) ?? 'none'}`,
        to: `version ${one.revision.id.slice(0, 8)}`,
        percent: servedByNew(one),
        state: stateOf(one.status),
        why: one.why,
        group: one.group,
      })),
    ];
  }

  private ofCanaries(): readonly Movement[] {
    return [...this.deployments.world.restApis.all.values()].flatMap(({ apiId, path, production, canary }) =>
      canary === undefined
        ? []
        : [
            {
              id: `${path} ${canary.snapshot.id}`,
              of: path,
              from: `deployment ${production.id}`,
              to: `deployment ${canary.snapshot.id}`,
              percent: canary.percent,
              state: 'InProgress' as const,
              apiId,
            },
          ],
    );
  }

  /** Stages with a canary, those that have just lost theirs, and those that got another deployment at once. */
  private ofStages(): readonly Movement[] {
    const stages = this.deployments.world.restApis.all;
    const canaries = this.ofCanaries();
    const ended = this.all.flatMap(({ movement, endedAt }): Movement[] => {
      if (movement.apiId === undefined || endedAt !== undefined) return [];
      if (canaries.some(({ id }) => id === movement.id)) return [];
      const isServed = movement.to === `deployment ${stages.get(movement.of)?.production.id}`;
      return [{ ...movement, percent: isServed ? 100 : 0, state: isServed ? 'Succeeded' : 'Failed' }];
    });
    const atOnce = [...stages.values()].flatMap(({ path, production }): Movement[] => {
      const before = this.served.get(path);
      this.served.set(path, production.id);
      const [from, to] = [`deployment ${before}`, `deployment ${production.id}`];
      const isMoved = [...canaries, ...ended].some((one) => one.of === path && one.to === to);
      if (before === undefined || before === production.id || isMoved) return [];
      return [{ id: `${path} ${to} ${this.all.length}`, of: path, from, to, percent: 100, state: 'Succeeded' }];
    });
    return [...canaries, ...ended, ...atOnce];
  }
}

function stateOf(status: string): Movement['state'] {
  if (/^(Succeeded|SUCCESSFUL)$/.test(status)) return 'Succeeded';
  return /IN_PROGRESS|InProgress/.test(status) ? 'InProgress' : 'Failed';
}
