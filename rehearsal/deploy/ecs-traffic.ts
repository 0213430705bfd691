/** What ECS calls at a load balancer while it deploys a service, in the role that the service names for that. Without one it calls nothing. */
import type { Resource } from '../template/model';
import { couldNot } from './failed-call';
import type { DeployHost } from './host';

interface Shifted {
  readonly RoleArn: string;
  readonly AlternateTargetGroupArn: string;
  readonly ProductionListenerRule?: string;
  readonly TestListenerRule?: string;
}

interface Registration {
  readonly TargetGroupArn: string;
  readonly AdvancedConfiguration?: Shifted;
}

/**
 * ECS adds ten minutes to each shift of test and production traffic behind a Network Load Balancer
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html).
 */
const DELAY_OF_NETWORK = 10;

/** A call that the role does not allow answers why. */
export class EcsTrafficCalls {
  constructor(
    private readonly host: Pick<DeployHost, 'call' | 'caller'>,
    private readonly service: Resource,
  ) {}

  /** Minutes that ECS waits after each shift on its own account. */
  get minutesPerShift(): number {
    const behindNetwork = this.registrations.some(({ AdvancedConfiguration: shifted }) =>
      shifted?.ProductionListenerRule?.includes(':listener/net/'),
    );
    return behindNetwork ? DELAY_OF_NETWORK : 0;
  }

  /** The tasks of this revision get into the one target group or the other, in turn. */
  register(revision: number): Promise<string | undefined> {
    return this.forEach(async (shifted, first) => {
      const TargetGroupArn = groupOf(revision, shifted, first);
      for (const operation of ['DescribeTargetGroups', 'DescribeListeners', 'DescribeRules'] as const) {
        const refused = await this.call(shifted, operation, {});
        if (refused !== undefined) return refused;
      }
      return (
        (await this.call(shifted, 'RegisterTargets', { TargetGroupArn })) ??
        (await this.call(shifted, 'DescribeTargetHealth', { TargetGroupArn }))
      );
    });
  }

  deregister(revision: number): Promise<string | undefined> {
    return this.forEach((shifted, first) =>
      this.call(shifted, 'DeregisterTargets', { TargetGroupArn: groupOf(revision, shifted, first) }),
    );
  }

  /** So many percent to the new revision: by a rule, or by the listener itself. */
  shift(traffic: 'production' | 'test', percent: number): Promise<string | undefined> {
    return this.forEach(async (shifted) => {
      const arn = traffic === 'production' ? shifted.ProductionListenerRule : shifted.TestListenerRule;
      if (arn === undefined) return undefined;
      return arn.includes(':listener-rule/')
        ? this.call(shifted, 'ModifyRule', { RuleArn: arn, Percent: percent })
        : this.call(shifted, 'ModifyListener', { ListenerArn: arn, Percent: percent });
    });
  }

  private get registrations(): readonly Registration[] {
    return (this.service.properties.LoadBalancers ?? []) as Registration[];
  }

  private async forEach(
    act: (shifted: Shifted, first: string) => Promise<string | undefined>,
  ): Promise<string | undefined> {
    for (const { TargetGroupArn, AdvancedConfiguration } of this.registrations) {
      const refused = AdvancedConfiguration && (await act(AdvancedConfiguration, TargetGroupArn));
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  private call({ RoleArn }: Shifted, operation: string, input: object): Promise<string | undefined> {
    return this.host.call('elasticloadbalancing', operation, input, this.host.caller(RoleArn, 'ecs')).then(
      () => undefined,
      (error: unknown) => couldNot('ECS', error),
    );
  }
}

function groupOf(revision: number, { AlternateTargetGroupArn }: Shifted, first: string): string {
  return revision % 2 === 1 ? first : AlternateTargetGroupArn;
}
