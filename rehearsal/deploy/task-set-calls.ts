/** What CodeDeploy calls in its role while it replaces the tasks of a service. A call that the role does not allow ends the deployment. */
import type { Resource } from '../template/model';
import { HookedCalls, type Refused } from './codedeploy-calls';
import type { DeployHost } from './host';

type Traffic = 'production' | 'test';

export class TaskSetCalls extends HookedCalls {
  private readonly pair: any;

  constructor(
    private readonly around: Pick<DeployHost, 'call' | 'caller' | 'invoke' | 'resources'>,
    group: Resource,
    private readonly service: Resource,
    /** That of the service where nothing says which one is new. */
    private readonly taskDefinition: string = service.properties.TaskDefinition,
  ) {
    super(around, group);
    this.pair = group.properties.LoadBalancerInfo?.TargetGroupPairInfoList?.[0] ?? {};
  }

  get hasTestTraffic(): boolean {
    return this.listenersOf('test').length > 0;
  }

  async createTaskSet(): Refused {
    return (
      (await this.ecs('DescribeServices', { services: [this.service.arn] })) ??
      (await this.call('elasticloadbalancing', 'DescribeTargetGroups', {})) ??
      (await this.call('elasticloadbalancing', 'DescribeListeners', {})) ??
      (await this.call('elasticloadbalancing', 'DescribeRules', {})) ??
      (await this.ecs('CreateTaskSet', { taskDefinition: this.taskDefinition }))
    );
  }

  makePrimary(): Refused {
    return this.ecs('UpdateServicePrimaryTaskSet', {});
  }

  deleteTaskSet(number: number): Refused {
    return this.ecs('DeleteTaskSet', { taskSet: `ecs-svc/${number}` });
  }

  /** So many percent to the new tasks: by the rules of a listener that forward to these target groups, or by its default action. */
  async shift(traffic: Traffic, percent: number): Refused {
    for (const ListenerArn of this.listenersOf(traffic)) {
      const rules = this.around
        .resources('AWS::ElasticLoadBalancingV2::ListenerRule')
        .filter(({ properties }) => properties.ListenerArn === ListenerArn);
      const calls = rules.map(({ arn, physicalId }) =>
        this.call('elasticloadbalancing', 'ModifyRule', { RuleArn: arn ?? physicalId, Percent: percent }),
      );
      const changed = [
        await this.call('elasticloadbalancing', 'ModifyListener', { ListenerArn, Percent: percent }),
        ...(await Promise.all(calls)),
      ];
      const refused = changed.find((one) => one !== undefined);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  private listenersOf(traffic: Traffic): readonly string[] {
    const route = traffic === 'production' ? this.pair.ProdTrafficRoute : this.pair.TestTrafficRoute;
    return (route?.ListenerArns ?? []) as string[];
  }

  private ecs(operation: string, input: object): Refused {
    const { arn, attributes } = this.service;
    return this.call('ecs', operation, { cluster: arn?.split('/')[1], service: attributes.Name, ...input });
  }
}
