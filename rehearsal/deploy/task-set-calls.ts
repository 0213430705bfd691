/** What CodeDeploy calls in its role while it replaces the tasks of a service. A call that the role does not allow ends the deployment. */
import type { Resource } from '../template/model';
import type { DeployHost } from './host';

type Traffic = 'production' | 'test';

export class TaskSetCalls {
  private readonly roleArn: string;
  private readonly pair: any;

  constructor(
    private readonly host: Pick<DeployHost, 'call' | 'caller' | 'invoke' | 'resources'>,
    private readonly group: Resource,
    private readonly service: Resource,
    /** That of the service where nothing says which one is new. */
    private readonly taskDefinition: string = service.properties.TaskDefinition,
  ) {
    this.roleArn = String(group.properties.ServiceRoleArn);
    this.pair = group.properties.LoadBalancerInfo?.TargetGroupPairInfoList?.[0] ?? {};
  }

  get hasTestTraffic(): boolean {
    return this.listenersOf('test').length > 0;
  }

  /** Alarms that CodeDeploy may not look at stop a deployment, as red ones do. */
  describeAlarms(): Promise<string | undefined> {
    const AlarmNames = this.group.properties.AlarmConfiguration.Alarms.map(({ Name }: any) => Name as string);
    return this.call('cloudwatch', 'DescribeAlarms', { AlarmNames });
  }

  async createTaskSet(): Promise<string | undefined> {
    return (
      (await this.ecs('DescribeServices', { services: [this.service.arn] })) ??
      (await this.call('elasticloadbalancing', 'DescribeTargetGroups', {})) ??
      (await this.call('elasticloadbalancing', 'DescribeListeners', {})) ??
      (await this.call('elasticloadbalancing', 'DescribeRules', {})) ??
      (await this.ecs('CreateTaskSet', { taskDefinition: this.taskDefinition }))
    );
  }

  makePrimary(): Promise<string | undefined> {
    return this.ecs('UpdateServicePrimaryTaskSet', {});
  }

  deleteTaskSet(number: number): Promise<string | undefined> {
    return this.ecs('DeleteTaskSet', { taskSet: `ecs-svc/${number}` });
  }

  /** So many percent to the new tasks: by the rules of a listener that forward to these target groups, or by its default action. */
  async shift(traffic: Traffic, percent: number): Promise<string | undefined> {
    for (const ListenerArn of this.listenersOf(traffic)) {
      const rules = this.host
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

  /** Asynchronous: what becomes of the function, CodeDeploy only learns from its report. */
  async invoke(functionName: string, payload: object): Promise<string | undefined> {
    return this.host.invoke(functionName, payload, this.host.caller(this.roleArn)).then(
      () => undefined,
      (error: unknown) =>
        /AccessDenied/.test((error as Error).name)
          ? `CodeDeploy may not do this: ${(error as Error).message}`
          : undefined,
    );
  }

  private listenersOf(traffic: Traffic): readonly string[] {
    const route = traffic === 'production' ? this.pair.ProdTrafficRoute : this.pair.TestTrafficRoute;
    return (route?.ListenerArns ?? []) as string[];
  }

  private ecs(operation: string, input: object): Promise<string | undefined> {
    const { arn, attributes } = this.service;
    return this.call('ecs', operation, { cluster: arn?.split('/')[1], service: attributes.Name, ...input });
  }

  private call(service: string, operation: string, input: object): Promise<string | undefined> {
    return this.host.call(service, operation, input, this.host.caller(this.roleArn)).then(
      () => undefined,
      (error: unknown) => `CodeDeploy may not do this: ${(error as Error).message}`,
    );
  }
}
