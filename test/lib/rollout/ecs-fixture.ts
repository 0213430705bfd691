import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AlarmRef, Check, EcsTraffic } from '../../../lib';

/** A service behind a load balancer, with a second target group and a rule for each kind of traffic. */
export class EcsFixture {
  readonly stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  readonly vpc = ec2.Vpc.fromVpcAttributes(this.stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    privateSubnetIds: ['subnet-1', 'subnet-2'],
  });
  readonly cluster = new ecs.Cluster(this.stack, 'Cluster', { vpc: this.vpc });
  readonly blue = this.targetGroup('Blue');
  readonly green = this.targetGroup('Green');
  private readonly balancer = new elbv2.ApplicationLoadBalancer(this.stack, 'Balancer', { vpc: this.vpc });
  readonly listener = this.listen('Production', 80);
  readonly testListener = this.listen('Test', 9000);

  taskDefinition(): ecs.FargateTaskDefinition {
    const definition = new ecs.FargateTaskDefinition(this.stack, 'Task', { family: 'web' });
    definition.addContainer('web', {
      image: ecs.ContainerImage.fromRegistry('web'),
      portMappings: [{ containerPort: 8080 }],
    });
    return definition;
  }

  /** Registered with the first target group, unless told otherwise. */
  service(props: Partial<ecs.FargateServiceProps> = {}, registered = true): ecs.FargateService {
    const { cluster, stack } = this;
    const taskDefinition = this.taskDefinition();
    const service = new ecs.FargateService(stack, 'Web', { cluster, taskDefinition, minHealthyPercent: 100, ...props });
    if (registered) {
      service.attachToApplicationTargetGroup(this.blue);
    }
    return service;
  }

  traffic(): EcsTraffic {
    return EcsTraffic.applicationLoadBalancer({
      targetGroup: this.blue,
      alternateTargetGroup: this.green,
      productionRule: this.rule('Production', this.listener),
      testRule: this.rule('Test', this.testListener),
    });
  }

  rule(id: string, listener: elbv2.ApplicationListener): elbv2.ApplicationListenerRule {
    return new elbv2.ApplicationListenerRule(this.stack, `${id}Rule`, {
      listener,
      priority: 1,
      conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
      action: elbv2.ListenerAction.weightedForward([
        { targetGroup: this.blue, weight: 100 },
        { targetGroup: this.green, weight: 0 },
      ]),
    });
  }

  alarm(id: string): cloudwatch.Alarm {
    const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: id });
    return new cloudwatch.Alarm(this.stack, id, { alarmName: id, metric, threshold: 1, evaluationPeriods: 1 });
  }

  template(): Template {
    return Template.fromStack(this.stack);
  }

  /** Properties of the service. */
  rendered(): any {
    return (Object.values(this.template().findResources('AWS::ECS::Service'))[0] as any).Properties;
  }

  private targetGroup(id: string): elbv2.ApplicationTargetGroup {
    const { stack, vpc } = this;
    return new elbv2.ApplicationTargetGroup(stack, id, { vpc, port: 8080, targetType: elbv2.TargetType.IP });
  }

  private listen(id: string, port: number): elbv2.ApplicationListener {
    const defaultAction = elbv2.ListenerAction.forward([this.blue]);
    return this.balancer.addListener(id, { port, protocol: elbv2.ApplicationProtocol.HTTP, defaultAction });
  }
}

export const healthy = () => [Check.alarm(AlarmRef.named('web-5xx'))];
