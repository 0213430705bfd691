import { Token } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { GateError } from '../errors';
import { mustBeMade, mustBeText, mustHave } from '../private/types';

/** Servers as a rollout sees them. */
export type ServersShape =
  | { readonly kind: 'autoScaling'; readonly group: autoscaling.AutoScalingGroup }
  | { readonly kind: 'ec2' | 'onPremises'; readonly key: string; readonly value: string };

/** How many servers there are, as far as this app knows. */
export interface ServerCount {
  readonly least?: number;
  readonly most?: number;
  /** Availability Zones. */
  readonly zones?: number;
}

/** Servers that belong together. Each of them runs the CodeDeploy agent. */
export abstract class Servers {
  /**
   * The servers of an Auto Scaling group. A server that starts later gets the version that was deployed last, by CodeDeploy.
   *
   * An Auto Scaling group belongs to one rollout: AWS advises against several deployment groups for one
   * (https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html).
   */
  public static of(group: autoscaling.AutoScalingGroup): Servers {
    mustHave(
      'Servers.of',
      group,
      ['autoScalingGroupName'],
      'give an Auto Scaling group, or take `Servers.tagged(key, value)`',
    );
    // Callers without a type checker may pass a group that another stack owns.
    if ((group as Partial<autoscaling.AutoScalingGroup>).node?.defaultChild === undefined) {
      throw new GateError(
        'ImportedServers',
        `\`Servers.of\` is given Auto Scaling group '${group.node?.path ?? group.autoScalingGroupName}', which this app only refers to, so its size and its role are not known ` +
          'here: put the rollout where the group is made, or take `Servers.tagged(key, value)` with a tag of its servers',
      );
    }
    return new ServersOf({ kind: 'autoScaling', group });
  }

  /**
   * The EC2 instances that have this tag when a deployment begins. Their instance profile has to read the artifacts of the pipeline.
   *
   * @param key key of the tag
   * @param value value of the tag
   */
  public static tagged(key: string, value: string): Servers {
    return new ServersOf({ kind: 'ec2', ...tag('Servers.tagged', key, value) });
  }

  /**
   * The servers outside of AWS that are registered with CodeDeploy and have this tag when a deployment begins.
   *
   * @param key key of the tag
   * @param value value of the tag
   */
  public static onPremises(key: string, value: string): Servers {
    return new ServersOf({ kind: 'onPremises', ...tag('Servers.onPremises', key, value) });
  }

  /**
   * What a rollout works with.
   *
   * @internal
   */
  public abstract _shape(): ServersShape;
}

class ServersOf extends Servers {
  constructor(private readonly shape: ServersShape) {
    super();
  }

  public _shape(): ServersShape {
    return this.shape;
  }
}

/** Refuses what are no servers. */
export function mustBeServers(prop: string, servers: Servers): void {
  mustBeMade(prop, servers, 'servers', 'write them as `Servers.of(group)` or `Servers.tagged(key, value)`');
}

/** Only Auto Scaling groups say how many servers they have. */
export function countOf(servers: Servers): ServerCount {
  const shape = servers._shape();
  if (shape.kind !== 'autoScaling') {
    return {};
  }
  const resource = shape.group.node.defaultChild as autoscaling.CfnAutoScalingGroup;
  const subnets = resource.vpcZoneIdentifier as string[] | undefined;
  const zones = subnets ?? (resource.availabilityZones as string[] | undefined);
  return {
    least: known(resource.minSize),
    most: known(resource.maxSize),
    zones: zones === undefined || Token.isUnresolved(zones) ? undefined : zones.length,
  };
}

/** Whether both are the same servers, as far as this app knows. */
export function isSame(one: Servers, other: Servers): boolean {
  const [a, b] = [one._shape(), other._shape()];
  if (a.kind === 'autoScaling' || b.kind === 'autoScaling') {
    return a.kind === b.kind && 'group' in a && 'group' in b && a.group === b.group;
  }
  return a.kind === b.kind && a.key === b.key && a.value === b.value;
}

function known(size: string): number | undefined {
  return Token.isUnresolved(size) ? undefined : Number(size);
}

function tag(method: string, key: string, value: string): { readonly key: string; readonly value: string } {
  mustBeText(`${method} key`, key);
  mustBeText(`${method} value`, value);
  if (key === '' || value === '') {
    throw new GateError(
      'EmptyTag',
      `\`${method}\` needs key and value of a tag, but is given '${key}' and '${value}': give both, so that no other servers are meant`,
    );
  }
  return { key, value };
}
