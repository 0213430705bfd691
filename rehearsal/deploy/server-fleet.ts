/** Servers of the deployment groups of an app, and which version each of them has. They begin without any. */
import type { Breakage } from '../pipeline/execution';
import type { Resource } from '../template/model';

/** A version that servers may have. */
export interface Revision {
  /** Id of the commit. */
  readonly id: string;
  /** Servers on which it does not work, or sets of servers, and how. */
  readonly breaks: Readonly<Record<string, Breakage>>;
}

export interface Server {
  /** `shop-fleet/3` */
  readonly name: string;
  readonly zone: string;
  revision?: Revision;
  /** Whether it serves, and is not being deployed to, and has not failed. */
  serves: boolean;
}

const AUTO_SCALING = 'AWS::AutoScaling::AutoScalingGroup';
export const DEPLOYMENT_GROUP = 'AWS::CodeDeploy::DeploymentGroup';

const MINUTE = 60_000;

/** To stop a version on a server, to install the next one, and to check it. */
const PER_SERVER = 3 * MINUTE;

/** A script that does not end is ended after an hour, unless the AppSpec says less. */
const SCRIPT_TIMEOUT = 60 * MINUTE;

/** Of servers that are found by a tag, a template does not say how many there are. */
const TAGGED = 3;

export class ServerFleet {
  private readonly sets = new Map<string, Server[]>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly host: { resources(type: string): readonly Resource[] }) {}

  /** Names of all sets: of Auto Scaling groups, or `Key=Value` of tags. */
  get names(): readonly string[] {
    return this.host.resources(DEPLOYMENT_GROUP).flatMap(setsOf);
  }

  /** How many servers a set has from now on. New ones begin without a version. */
  resize(set: string, count: number): void {
    this.counts.set(set, count);
  }

  /** A set, or one server of it. */
  named(name: string): readonly Server[] {
    const set = this.set(name);
    return set.length > 0 ? set : this.set(name.replace(/\/\d+$/, '')).filter((server) => server.name === name);
  }

  of(group: Resource): readonly Server[] {
    return setsOf(group).flatMap((set) => this.set(set));
  }

  /** How this server's version behaves on it. */
  static breakage({ name, revision }: Server): Breakage | undefined {
    return revision?.breaks[name] ?? revision?.breaks[name.replace(/\/\d+$/, '')];
  }

  private set(name: string): Server[] {
    if (!this.names.includes(name)) return [];
    const group = this.host.resources(AUTO_SCALING).find(({ physicalId }) => physicalId === name);
    const count = this.counts.get(name) ?? (group === undefined ? TAGGED : sizeOf(group));
    const zones = zonesOf(group);
    const servers = this.sets.get(name) ?? [];
    while (servers.length < count) {
      const zone = zones[servers.length % zones.length] ?? '';
      servers.push({ name: `${name}/${servers.length + 1}`, zone, serves: true });
    }
    servers.length = count;
    this.sets.set(name, servers);
    return servers;
  }
}

/** How long the scripts of a server's version take, and how they fail where they do. */
export function scriptsOf(server: Server): { readonly milliseconds: number; readonly how: string } {
  return ServerFleet.breakage(server) === 'undecided'
    ? { milliseconds: SCRIPT_TIMEOUT, how: 'a script did not end within an hour' }
    : { milliseconds: PER_SERVER, how: 'its check script says no' };
}

/** Whether its scripts find nothing. */
export function isWell(server: Server): boolean {
  const breakage = ServerFleet.breakage(server);
  return breakage === undefined || breakage === 'errors';
}

export function setsOf({ properties }: Resource): readonly string[] {
  const tags = [
    ...(properties.Ec2TagSet?.Ec2TagSetList ?? []).flatMap((one: any) => one.Ec2TagGroup),
    ...(properties.OnPremisesTagSet?.OnPremisesTagSetList ?? []).flatMap((one: any) => one.OnPremisesTagGroup),
  ];
  return [...(properties.AutoScalingGroups ?? []), ...tags.map(({ Key, Value }) => `${Key}=${Value}`)];
}

function sizeOf({ properties }: Resource): number {
  return Number(properties.DesiredCapacity ?? properties.MinSize ?? 0);
}

function zonesOf(group: Resource | undefined): readonly string[] {
  const zones = group?.properties.AvailabilityZones ?? group?.properties.VPCZoneIdentifier;
  return Array.isArray(zones) && zones.length > 0 ? zones.map(String) : ['the only zone'];
}
