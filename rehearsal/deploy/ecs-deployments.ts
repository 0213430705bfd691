/**
 * Deployments of services by ECS itself: it starts the tasks of the new revision beside the old ones, shifts traffic by the service's
 * strategy, runs the lifecycle hooks, watches alarms, and goes back when one of them says no
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html).
 */
import { randomBytes } from 'node:crypto';
import type { Course } from '../pipeline/course';
import type { Resource } from '../template/model';
import { runHooks, type Sleep } from './ecs-hooks';
import { ecsShift } from './ecs-strategy';
import { EcsTrafficCalls } from './ecs-traffic';
import type { DeployHost } from './host';
import { showErrors } from './shown-errors';

export type EcsDeploymentStatus =
  'IN_PROGRESS' | 'SUCCESSFUL' | 'ROLLBACK_IN_PROGRESS' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED' | 'STOPPED';

export interface EcsDeployment {
  readonly arn: string;
  readonly service: Resource;
  /** Name of the service. */
  readonly name: string;
  /** Service revisions, counted from the first. */
  readonly from: number;
  readonly to: number;
  status: EcsDeploymentStatus;
  stage: string;
  /** Percent of the production traffic that the new revision has. */
  percent: number;
  why?: string;
}

interface Run {
  readonly deployment: EcsDeployment;
  readonly course: Course;
  readonly traffic: EcsTrafficCalls;
  /** Whether callers of the new revision get errors. */
  readonly returnsErrors: boolean;
  /** A newer deployment of the service has begun. */
  superseded?: boolean;
  stopped?: string;
  wake?: (why: string) => void;
}

const MINUTE = 60_000;

/** How long tasks take to start, in minutes. */
const SCALE_UP = 2;

/** How long ECS takes to begin a rollback. */
const TURN = MINUTE / 2;

export class EcsDeployments {
  readonly deployments: EcsDeployment[] = [];
  private readonly revisions = new Map<string, number>();
  private readonly runs = new Set<Run>();

  constructor(private readonly host: DeployHost) {
    host.alarms.onChange((name, state, reason) => {
      if (state === 'ALARM') this.runs.forEach((run) => this.alarmed(run, name, reason));
    });
  }

  /** Whether ECS shifts traffic when this service gets other tasks. */
  shifts({ properties }: Resource): boolean {
    return ecsShift(properties) !== undefined;
  }

  active(): readonly EcsDeployment[] {
    return [...this.runs].map(({ deployment }) => deployment);
  }

  /** The revision of a service that has its traffic when no deployment is under way. */
  revisionOf({ arn = '' }: Resource): number {
    return this.revisions.get(arn) ?? 1;
  }

  /** Runs to its end; undefined is success, a text says why the service is back on its old revision. */
  async run(service: Resource, course: Course, returnsErrors = false): Promise<string | undefined> {
    const earlier = [...this.runs].find(({ deployment }) => deployment.service.arn === service.arn);
    const traffic = new EcsTrafficCalls(this.host, service);
    const run: Run = { deployment: this.begin(service), course, traffic, returnsErrors };
    const { deployment } = run;
    this.runs.add(run);
    if (earlier !== undefined) {
      earlier.superseded = true;
      this.stop(earlier, `the deployment of revision ${deployment.to} has taken its place`);
    }
    this.host.watched.ecsServices.set(deployment.name, { state: 'deploying' });
    const failure =
      (earlier === undefined ? undefined : await this.stage(run, 'RECONCILE_SERVICE')) ?? (await this.perform(run));
    if (run.superseded === true) {
      Object.assign(deployment, { status: 'STOPPED', percent: 0, why: failure });
      this.runs.delete(run);
      return failure;
    }
    if (failure === undefined) {
      deployment.status = 'SUCCESSFUL';
      this.revisions.set(service.arn ?? '', deployment.to);
      this.note(deployment, `is on revision ${deployment.to}`);
    } else {
      await this.rollBack(run, failure);
    }
    this.runs.delete(run);
    this.host.watched.ecsServices.set(deployment.name, { state: failure === undefined ? 'redeployed' : 'steady' });
    return deployment.why;
  }

  private begin(service: Resource): EcsDeployment {
    const from = this.revisionOf(service);
    const earlier = this.deployments.filter((one) => one.service.arn === service.arn);
    const to = Math.max(from, ...earlier.map((one) => one.to)) + 1;
    const id = randomBytes(8).toString('hex');
    const deployment: EcsDeployment = {
      arn: `${(service.arn ?? '').replace(':service/', ':service-deployment/')}/${id}`,
      service,
      name: String(service.attributes.Name),
      from,
      to,
      status: 'IN_PROGRESS',
      stage: 'PRE_SCALE_UP',
      percent: 0,
    };
    this.deployments.push(deployment);
    const { Strategy } = service.properties.DeploymentConfiguration;
    this.note(deployment, `gets revision ${to} (${Strategy})`);
    return deployment;
  }

  private async perform(run: Run): Promise<string | undefined> {
    const { deployment, traffic } = run;
    const { BakeTimeInMinutes = 0 } = deployment.service.properties.DeploymentConfiguration;
    return (
      (await this.stage(run, 'PRE_SCALE_UP')) ??
      (await traffic.register(deployment.to)) ??
      (await this.stage(run, 'SCALE_UP', SCALE_UP)) ??
      (await this.stage(run, 'POST_SCALE_UP')) ??
      (await traffic.shift('test', 100)) ??
      (await this.stage(run, 'TEST_TRAFFIC_SHIFT', traffic.minutesPerShift)) ??
      (await this.stage(run, 'POST_TEST_TRAFFIC_SHIFT')) ??
      (await this.shift(run)) ??
      (await this.stage(run, 'POST_PRODUCTION_TRAFFIC_SHIFT')) ??
      (await this.stage(run, 'BAKE_TIME', Number(BakeTimeInMinutes))) ??
      (await traffic.deregister(deployment.from))
    );
  }

  private async shift(run: Run): Promise<string | undefined> {
    const { deployment, traffic } = run;
    for (const { percent, minutes } of ecsShift(deployment.service.properties) ?? []) {
      const before = await this.stage(run, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
      const refused = before ?? (await traffic.shift('production', percent));
      if (refused !== undefined) return refused;
      if (run.returnsErrors && deployment.percent === 0) this.showErrors(run);
      deployment.percent = percent;
      this.note(deployment, `has ${percent} % of its traffic on revision ${deployment.to}`);
      const after = await this.stage(run, 'PRODUCTION_TRAFFIC_SHIFT', minutes + traffic.minutesPerShift);
      if (after !== undefined) return after;
    }
    return undefined;
  }

  /** Its hooks, and then so many minutes; a text says why the deployment must not go on. */
  private async stage(run: Run, stage: string, minutes = 0): Promise<string | undefined> {
    const { deployment, course } = run;
    deployment.stage = stage;
    const sleep = (until: number, what: string): Promise<string | undefined> => this.sleep(run, until, what);
    const failure = await runHooks(this.host, deployment.service, this.event(deployment), sleep);
    return failure ?? sleep(course.now() + minutes * MINUTE, `${stage} of ${deployment.name}`);
  }

  /**
   * The hooks of both shifts run once more: their weights say that the new revision gets nothing. ECS does not say what becomes of a
   * rollback that a hook refuses. Here it fails, and the traffic stays where it is, so that nobody relies on more.
   */
  private async rollBack(run: Run, failure: string): Promise<void> {
    const { deployment } = run;
    const had = deployment.percent;
    deployment.status = 'ROLLBACK_IN_PROGRESS';
    run.stopped = undefined;
    this.note(deployment, `${failure}; rolls back`, 'error');
    const sleep = (until: number, what: string): Promise<string | undefined> =>
      run.course.sleep(Math.max(until - run.course.now(), 0), what).then(() => undefined);
    await sleep(run.course.now() + TURN, `rollback of ${deployment.name}`);
    for (const stage of ['PRODUCTION_TRAFFIC_SHIFT', 'TEST_TRAFFIC_SHIFT']) {
      deployment.stage = stage;
      const event = this.event(deployment, 0);
      const refused =
        (await run.traffic.shift(stage === 'TEST_TRAFFIC_SHIFT' ? 'test' : 'production', 0)) ??
        (await runHooks(this.host, deployment.service, event, sleep));
      if (refused !== undefined) {
        deployment.status = 'ROLLBACK_FAILED';
        deployment.why = `${failure}; the rollback failed, and ${had} % of the traffic stay on revision ${deployment.to}: ${refused}`;
        this.note(deployment, deployment.why, 'error');
        return;
      }
    }
    await this.replaceBack(deployment, sleep);
    await run.traffic.deregister(deployment.to);
    deployment.percent = 0;
    deployment.status = 'ROLLBACK_SUCCESSFUL';
    deployment.why = failure;
    this.note(deployment, `is back on revision ${deployment.from}`, 'error');
  }

  /** A rolling deployment has no old tasks left to go back to at once: they are started again, some at a time. */
  private async replaceBack(deployment: EcsDeployment, sleep: Sleep): Promise<void> {
    const { properties } = deployment.service;
    if (properties.DeploymentConfiguration.Strategy !== 'ROLLING') return;
    for (const { percent } of [...(ecsShift(properties) ?? [])].reverse()) {
      if (percent > deployment.percent) continue;
      deployment.percent = percent;
      await sleep(this.host.clock.now() + SCALE_UP * MINUTE, `rollback of ${deployment.name}`);
    }
  }

  /** ECS names weights only while it shifts them. */
  private event(deployment: EcsDeployment, share?: number): Parameters<typeof runHooks>[2] {
    const { arn, service, stage, from, to, percent } = deployment;
    const revision = (number: number): string =>
      `${(service.arn ?? '').replace(':service/', ':service-revision/')}/${number}`;
    const weights = (of: number): Record<string, number> => ({ [revision(to)]: of, [revision(from)]: 100 - of });
    return {
      lifecycleStage: stage,
      resourceArn: arn,
      executionDetails: {
        serviceArn: service.arn ?? '',
        targetServiceRevisionArn: revision(to),
        testTrafficWeights: stage === 'TEST_TRAFFIC_SHIFT' ? weights(share ?? 100) : {},
        productionTrafficWeights: stage === 'PRODUCTION_TRAFFIC_SHIFT' ? weights(share ?? percent) : {},
      },
    };
  }

  private async sleep(run: Run, until: number, what: string): Promise<string | undefined> {
    const milliseconds = until - run.course.now();
    if (milliseconds > 0 && run.stopped === undefined) {
      await run.course.wait<string>(milliseconds, what, (wake) => {
        run.wake = wake;
      });
      run.wake = undefined;
    }
    return run.stopped;
  }

  /** By the first alarm that the deployment watches. */
  private showErrors({ deployment }: Run): void {
    const [alarm] = this.alarmsOf(deployment);
    if (alarm === undefined) return;
    const { name, to } = deployment;
    showErrors(this.host, alarm, { name, version: `revision ${to} of ${name}`, serves: () => deployment.percent > 0 });
  }

  private alarmsOf({ service }: EcsDeployment): readonly string[] {
    const {
      Enable = false,
      Rollback = false,
      AlarmNames = [],
    } = service.properties.DeploymentConfiguration.Alarms ?? {};
    return Enable && Rollback ? AlarmNames.map((name: string) => this.host.alarms.idOf(name, service)) : [];
  }

  /** An alarm that was red before counts for nothing: ECS watches for those that turn red. */
  private alarmed(run: Run, alarm: string, reason: string): void {
    const { deployment } = run;
    if (deployment.status !== 'IN_PROGRESS' || !this.alarmsOf(deployment).includes(alarm)) return;
    this.stop(run, `alarm ${alarm} went red: ${reason}`);
  }

  private stop(run: Run, why: string): void {
    run.stopped = why;
    run.wake?.(why);
  }

  private note({ name }: EcsDeployment, text: string, level: 'info' | 'error' = 'info'): void {
    this.host.journal.add('deploy', `${name} ${text}`, level);
  }
}
