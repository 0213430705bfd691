/** CodeDeploy for servers: one after another gets a version, as many at a time as the configuration allows; it goes back when that hurts. */
import { randomBytes } from 'node:crypto';
import { Course } from '../pipeline/course';
import type { Provider } from '../pipeline/provider';
import { succeeds } from '../pipeline/provider';
import type { Resource } from '../template/model';
import { askDeployment, orderDeployment } from './deploy-action';
import type { DeployHost } from './host';
import { customPlan, predefinedPlan, type HostPlan } from './healthy-hosts';
import { ServerCalls } from './server-calls';
import { DEPLOYMENT_GROUP, isWell, scriptsOf, ServerFleet, setsOf, type Revision, type Server } from './server-fleet';
import { ServerLaunches } from './server-launches';
import { ALARM_AFTER } from './shown-errors';

export interface ServerDeployment {
  readonly id: string;
  readonly application: string;
  readonly group: string;
  readonly config: string;
  readonly startedAt: number;
  /** Names of the servers' sets. */
  readonly sets: readonly string[];
  readonly servers: readonly Server[];
  readonly revision: Revision;
  /** The version that the group had before. */
  readonly from?: Revision;
  readonly isRollback: boolean;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  /** Why it failed. */
  why?: string;
  endedAt?: number;
}

interface Begun {
  readonly deployment: ServerDeployment;
  readonly plan: HostPlan;
  /** Servers of the group, whether they are deployed to or not: all of them count where some have to stay healthy. */
  readonly size: number;
  readonly alarms: readonly string[];
  readonly calls: ServerCalls;
  /** Whether some server got the version: else there is nothing to take back. */
  touched: boolean;
  /** Set by an alarm that turns red, or by somebody who stops it. */
  stopped?: string;
  stop?: (why: string) => void;
  /** Why a server that has the version could not be put back. */
  refused?: string;
}

export class ServerDeploys {
  readonly deployments: ServerDeployment[] = [];
  readonly fleet: ServerFleet;
  private readonly begun = new Map<string, Begun>();
  private readonly lastGood = new Map<string, Revision>();
  private readonly launches: ServerLaunches;
  /** Alarms that are red because of servers. */
  private readonly red = new Map<string, string>();

  constructor(
    private readonly host: DeployHost,
    private readonly changed: () => void = () => undefined,
  ) {
    this.fleet = new ServerFleet(host);
    this.launches = new ServerLaunches(host, ({ physicalId }) => this.lastGood.get(physicalId), changed);
    host.alarms.onChange((name, state, reason) => {
      if (state !== 'ALARM') return;
      for (const begun of this.begun.values()) {
        if (!begun.alarms.includes(name)) continue;
        halt(begun, `alarm ${name} went red: ${reason}`);
      }
    });
  }

  /** How many servers a set has from now on. New ones of an Auto Scaling group get the version that was deployed last. */
  resize(set: string, count: number): void {
    const before = new Set(this.fleet.named(set));
    this.fleet.resize(set, count);
    const joined = this.fleet.named(set).filter((server) => !before.has(server));
    for (const group of this.host.resources(DEPLOYMENT_GROUP)) {
      if (!(group.properties.AutoScalingGroups ?? []).includes(set)) continue;
      joined.forEach((server) => this.launches.join(group, set, server));
    }
  }

  /** False when nothing is being installed on these servers. */
  stop(set: string, why: string): boolean {
    return this.haltWhere(({ sets }) => sets.includes(set), why);
  }

  /** False when the deployment is over. */
  stopDeployment(id: string, why: string): boolean {
    return this.haltWhere((deployment) => deployment.id === id, why);
  }

  private haltWhere(isMeant: (deployment: ServerDeployment) => boolean, why: string): boolean {
    const begun = [...this.begun.values()].find(({ deployment }) => isMeant(deployment));
    if (begun !== undefined) halt(begun, why);
    return begun !== undefined;
  }

  /** The CodeDeploy action of CodePipeline. A deployment group of another app succeeds, like every action that nobody knows. */
  readonly provider: Provider = async (work, course) => {
    const { DeploymentGroupName: name = '' } = work.run.resolvedConfiguration;
    const group = this.host.resources(DEPLOYMENT_GROUP).find(({ physicalId }) => physicalId === name);
    if (group === undefined) return succeeds(work, course);
    const { execution } = work;
    const revision = { id: execution.revisions[0]?.id ?? 'unknown', breaks: execution.change?.breaks ?? {} };
    if (this.begun.has(name)) {
      return { status: 'Failed', summary: `deployment group ${name} already has an active deployment` };
    }
    await orderDeployment(this.host, work, group);
    const begun = this.begin(group, revision, false);
    const externalId = begun.deployment.id;
    work.progress(`CodeDeploy deployment ${externalId}`);
    const failure = await this.run(begun, group, course);
    if (failure !== undefined && begun.touched) this.goBack(group);
    await askDeployment(this.host, work, externalId);
    return failure === undefined
      ? { status: 'Succeeded', externalId }
      : { status: 'Failed', externalId, summary: failure.slice(0, 2048) };
  };

  /** Deployments to a group that have not ended. */
  underWay(group: string | undefined): readonly ServerDeployment[] {
    return this.deployments.filter((deployment) => deployment.status === 'InProgress' && deployment.group === group);
  }

  private begin(
    group: Resource,
    revision: Revision,
    isRollback: boolean,
    servers: readonly Server[] = this.fleet.of(group),
  ): Begun {
    const { physicalId, properties } = group;
    const config = String(properties.DeploymentConfigName ?? 'CodeDeployDefault.OneAtATime');
    const custom = this.host
      .resources('AWS::CodeDeploy::DeploymentConfig')
      .find((resource) => resource.physicalId === config);
    const { Enabled, Alarms = [] } = properties.AlarmConfiguration ?? {};
    // What brings the version before back does not wait for the alarm that made it necessary.
    const watches = Enabled !== false && !isRollback;
    const begun: Begun = {
      deployment: {
        id: `d-${randomBytes(5).toString('hex').slice(0, 9).toUpperCase()}`,
        application: String(properties.ApplicationName),
        group: physicalId,
        config,
        startedAt: this.host.clock.now(),
        sets: setsOf(group),
        servers,
        revision,
        from: this.lastGood.get(physicalId),
        isRollback,
        status: 'InProgress',
      },
      plan: (custom === undefined ? predefinedPlan(config) : customPlan(custom.properties)) ?? { out: () => 1 },
      calls: new ServerCalls(this.host, group),
      size: this.fleet.of(group).length,
      touched: false,
      alarms: watches ? Alarms.map(({ Name }: any) => this.host.alarms.idOf(Name, group)) : [],
    };
    this.deployments.push(begun.deployment);
    this.begun.set(physicalId, begun);
    this.note(begun, `${isRollback ? 'goes back to' : 'installs'} ${short(revision)} on ${servers.length} servers`);
    return begun;
  }

  /** Runs to its end; undefined is success, a text says why not. */
  private async run(begun: Begun, group: Resource, course: Course): Promise<string | undefined> {
    const { physicalId } = group;
    const { calls, deployment } = begun;
    const refused = await this.mayNotBegin(begun);
    const failed = refused ?? (await this.perform(begun, course));
    const stays = refused === undefined ? await calls.resumeProcesses() : undefined;
    const failure = failed ?? stays;
    deployment.status = failure === undefined ? 'Succeeded' : 'Failed';
    deployment.why = failure;
    deployment.endedAt = course.now();
    this.begun.delete(physicalId);
    if (failure === undefined) this.lastGood.set(physicalId, deployment.revision);
    this.note(begun, failure ?? 'every server has been dealt with', failure === undefined ? 'info' : 'error');
    if (failure === undefined) this.bringUpToDate(group, deployment);
    return failure;
  }

  private async perform(begun: Begun, course: Course): Promise<string | undefined> {
    const { deployment, plan, size } = begun;
    const { servers } = deployment;
    const out = plan.out(size);
    if (servers.length === 0 || out < 1)
      return `no server of ${servers.length} may be out of service: nothing is deployed`;

    const zones = plan.zonal === undefined ? [servers] : byZone(servers);
    const failed = new Set<Server>();
    for (const [index, zone] of zones.entries()) {
      const failure = await this.throughZone(begun, zone, out, failed, course);
      if (failure !== undefined) return failure;
      const seconds = index === zones.length - 1 ? 0 : ((index === 0 ? plan.zonal?.first : plan.zonal?.others) ?? 0);
      if (seconds > 0) {
        this.note(begun, `watches zone ${index + 1} of ${zones.length} for ${seconds / 60} minutes`);
        const stopped = await this.pause(begun, seconds * 1_000, course);
        if (stopped !== undefined) return stopped;
      }
    }
    return failed.size === servers.length ? 'the version failed on every server' : undefined;
  }

  /** What ends a deployment before any server is touched. */
  private async mayNotBegin({ alarms, calls }: Begun): Promise<string | undefined> {
    const unread = await calls.describeAlarms(alarms);
    if (unread !== undefined) return unread;
    const red = alarms.find((name) => this.host.alarms.state(name) === 'ALARM');
    if (red !== undefined) return `alarm ${red} is red already, so CodeDeploy does not deploy`;
    return (await calls.findServers()) ?? (await calls.suspendProcesses());
  }

  /** Whoever is done makes room for the next, as long as enough others are healthy. */
  private async throughZone(
    begun: Begun,
    zone: readonly Server[],
    out: number,
    failed: Set<Server>,
    course: Course,
  ): Promise<string | undefined> {
    const waiting = [...zone];
    const underWay = new Map<Server, number>();
    for (;;) {
      while (waiting.length > 0 && underWay.size + failed.size < out) {
        const server = waiting.shift();
        if (server === undefined) continue;
        const refused = await begun.calls.takeOutOfTraffic(server);
        if (refused !== undefined) return `${server.name} keeps its version: ${refused}`;
        underWay.set(server, this.install(begun, server));
      }
      if (underWay.size === 0) {
        if (waiting.length === 0) return undefined;
        const names = [...failed].map(({ name }) => name).join(', ');
        return `too few healthy servers are left: ${names} failed; still on the version before: ${waiting.length}`;
      }
      const next = Math.min(...underWay.values());
      const stopped = await this.pause(begun, next - course.now(), course);
      if (stopped !== undefined) return stopped;
      for (const [server] of [...underWay].filter(([, at]) => at <= course.now())) {
        underWay.delete(server);
        if (!(await this.finish(begun, server))) failed.add(server);
      }
      if (begun.refused !== undefined) return begun.refused;
    }
  }

  /** Takes a server out of service, and says when its scripts are through. */
  private install(begun: Begun, server: Server): number {
    begun.touched = true;
    server.serves = false;
    server.revision = begun.deployment.revision;
    this.changed();
    return this.host.clock.now() + scriptsOf(server).milliseconds;
  }

  private async finish(begun: Begun, server: Server): Promise<boolean> {
    const refused = isWell(server) ? await begun.calls.putIntoTraffic(server) : scriptsOf(server).how;
    server.serves = refused === undefined;
    if (refused !== undefined && isWell(server)) begun.refused = `${server.name} gets no traffic: ${refused}`;
    const { revision } = begun.deployment;
    this.note(
      begun,
      server.serves ? `${server.name} has ${short(revision)}` : `${server.name} failed: ${refused}`,
      server.serves ? 'info' : 'error',
    );
    this.look(begun.deployment.group);
    return server.serves;
  }

  /** Undefined when the time is over; else why the deployment has to stop. */
  private async pause(begun: Begun, milliseconds: number, course: Course): Promise<string | undefined> {
    if (begun.stopped !== undefined) return begun.stopped;
    return course.wait<string>(milliseconds, `deployment to ${begun.deployment.sets.join(', ')}`, (stop) => {
      begun.stop = stop;
    });
  }

  /** By a new deployment of the last version that was installed well, as CodeDeploy does. */
  private goBack(group: Resource): void {
    const { physicalId, properties } = group;
    const revision = this.lastGood.get(physicalId);
    if (properties.AutoRollbackConfiguration?.Enabled !== true) return;
    if (revision === undefined) {
      this.host.journal.add('deploy', `${setsOf(group).join(', ')}: there is no version to go back to`, 'error');
      return;
    }
    const begun = this.begin(group, revision, true);
    Course.run(this.host.clock, `${physicalId} goes back`, async (course) => {
      await this.run(begun, group, course);
    });
  }

  /**
   * Servers that joined meanwhile have the version before. Unless told otherwise, CodeDeploy deploys to them as well
   * (outdatedInstancesStrategy, https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html).
   */
  private bringUpToDate(group: Resource, { revision }: ServerDeployment): void {
    const { AutoScalingGroups = [], OutdatedInstancesStrategy } = group.properties;
    if (OutdatedInstancesStrategy === 'IGNORE') return;
    const outdated = (AutoScalingGroups as string[])
      .flatMap((set) => this.fleet.named(set))
      .filter((server) => server.serves && server.revision?.id !== revision.id);
    if (outdated.length === 0) return;
    const begun = this.begin(group, revision, false, outdated);
    Course.run(this.host.clock, `${group.physicalId} brings new servers up to date`, async (course) => {
      await this.run(begun, group, course);
    });
  }

  /** The first alarm of the app's groups turns red while some server serves errors, and green when none does. */
  private look(group: string): void {
    const serving = (): Server | undefined =>
      this.deployments
        .flatMap(({ servers }) => servers)
        .find((server) => server.serves && ServerFleet.breakage(server) === 'errors');
    this.host.clock.schedule(this.host.clock.now() + ALARM_AFTER, `errors of ${group} show`, () => {
      const bad = serving();
      const alarm = this.alarmOf();
      if (alarm === undefined) return;
      if (bad !== undefined && !this.red.has(alarm)) {
        this.red.set(alarm, bad.name);
        this.host.alarms.set(alarm, 'ALARM', `${bad.name} returns errors`);
      } else if (bad === undefined && this.red.delete(alarm)) {
        this.host.alarms.set(alarm, 'OK', 'no errors any more');
      }
    });
  }

  private alarmOf(): string | undefined {
    return this.host
      .resources(DEPLOYMENT_GROUP)
      .flatMap((group) =>
        ((group.properties.AlarmConfiguration?.Alarms ?? []) as any[]).map(({ Name }) =>
          this.host.alarms.idOf(Name, group),
        ),
      )[0];
  }

  private note({ deployment: { sets } }: Begun, text: string, level: 'info' | 'error' = 'info'): void {
    this.host.journal.add('deploy', `${sets.join(', ')}: ${text}`, level);
    this.changed();
  }
}

function halt(begun: Begun, why: string): void {
  begun.stopped = why;
  begun.stop?.(why);
}

/** Percent of the traffic: what does not serve gets none, and the others get the same. */
export function servedByNew({ servers, revision }: ServerDeployment): number {
  const serving = servers.filter(({ serves }) => serves);
  const isNew = serving.filter((server) => server.revision?.id === revision.id);
  return serving.length === 0 ? 0 : Math.round((isNew.length / serving.length) * 100);
}

function byZone(servers: readonly Server[]): readonly (readonly Server[])[] {
  const zones = [...new Set(servers.map(({ zone }) => zone))];
  return zones.map((name) => servers.filter(({ zone }) => zone === name));
}

function short({ id }: Revision): string {
  return id.slice(0, 8);
}
