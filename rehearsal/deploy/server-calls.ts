/**
 * What CodeDeploy calls in the role of a deployment group of servers. AWS describes what CodeDeploy does, and publishes one policy for
 * deployments in place and blue/green ones together (AWSCodeDeployRole); which call does what is read from the names of that policy's
 * actions, and is a question of docs/first-deploy-checklist.md.
 */
import type { Resource } from '../template/model';
import { CodeDeployCalls, type Refused } from './codedeploy-calls';
import type { DeployHost } from './host';
import type { Server } from './server-fleet';

export class ServerCalls extends CodeDeployCalls {
  private readonly properties: any;

  constructor(
    private readonly host: Pick<DeployHost, 'call' | 'caller' | 'resources'>,
    group: Resource,
  ) {
    super(host, group);
    this.properties = group.properties;
    /** As CodeDeploy names them: one for each deployment group. */
    this.hook = `CodeDeploy-managed-automatic-launch-deployment-hook-${group.physicalId}`;
  }

  readonly hook: string;

  get autoScalingGroups(): readonly string[] {
    return (this.properties.AutoScalingGroups ?? []) as string[];
  }

  /**
   * By their groups and by their tags (https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html).
   * Servers outside of AWS are no instances of EC2.
   */
  async findServers(): Refused {
    const tagged = this.properties.Ec2TagSet !== undefined;
    const AutoScalingGroupNames = this.autoScalingGroups;
    return this.inTurn([
      ...(AutoScalingGroupNames.length === 0
        ? []
        : [() => this.call('autoscaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames })]),
      ...(tagged || this.properties.OnPremisesTagSet !== undefined
        ? [() => this.call('resource_groups_tagging_api', 'GetResources', {})]
        : []),
      ...(tagged || AutoScalingGroupNames.length > 0
        ? [() => this.call('ec2', 'DescribeInstances', {}), () => this.call('ec2', 'DescribeInstanceStatus', {})]
        : []),
      ...(this.targetGroups.length === 0
        ? []
        : [() => this.call('elasticloadbalancing', 'DescribeTargetGroups', { Names: this.targetGroups })]),
    ]);
  }

  /**
   * Only where the deployment group says which processes of its Auto Scaling groups stand still meanwhile
   * (https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling-suspend-processes.html).
   */
  suspendProcesses(): Refused {
    return this.processes('SuspendProcesses');
  }

  resumeProcesses(): Refused {
    return this.processes('ResumeProcesses');
  }

  /** https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-elastic-load-balancing.html */
  takeOutOfTraffic({ name }: Server): Refused {
    return this.eachTargetGroup((TargetGroupArn) => [
      ['DeregisterTargets', { TargetGroupArn, Targets: [{ Id: name }] }],
    ]);
  }

  /** The server is back as soon as the load balancer finds it healthy. */
  putIntoTraffic({ name }: Server): Refused {
    const Targets = [{ Id: name }];
    return this.eachTargetGroup((TargetGroupArn) => [
      ['RegisterTargets', { TargetGroupArn, Targets }],
      ['DescribeTargetHealth', { TargetGroupArn, Targets }],
    ]);
  }

  /** So that new servers wait for the version that was deployed last. */
  async putHook(AutoScalingGroupName: string): Refused {
    const LifecycleHookName = this.hook;
    return this.inTurn([
      () => this.call('autoscaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [AutoScalingGroupName] }),
      () => this.call('autoscaling', 'DescribeLifecycleHooks', { AutoScalingGroupName }),
      () =>
        this.call('autoscaling', 'PutLifecycleHook', {
          AutoScalingGroupName,
          LifecycleHookName,
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        }),
    ]);
  }

  deleteHook(AutoScalingGroupName: string): Refused {
    return this.call('autoscaling', 'DeleteLifecycleHook', {
      AutoScalingGroupName,
      LifecycleHookName: this.hook,
    });
  }

  /** The server goes on waiting while its version is installed. */
  holdLaunch(group: string, { name }: Server): Refused {
    return this.launching('RecordLifecycleActionHeartbeat', group, { InstanceId: name });
  }

  endLaunch(group: string, { name }: Server, LifecycleActionResult: 'CONTINUE' | 'ABANDON'): Refused {
    return this.launching('CompleteLifecycleAction', group, { InstanceId: name, LifecycleActionResult });
  }

  private launching(operation: string, AutoScalingGroupName: string, input: object): Refused {
    return this.call('autoscaling', operation, { AutoScalingGroupName, LifecycleHookName: this.hook, ...input });
  }

  private processes(operation: string): Refused {
    const ScalingProcesses = this.properties.Ec2DeploymentOptions?.AutoScalingGroupProcessesToSuspend ?? [];
    return ScalingProcesses.length === 0
      ? Promise.resolve(undefined)
      : this.inTurn(
          this.autoScalingGroups.map(
            (AutoScalingGroupName) => () =>
              this.call('autoscaling', operation, { AutoScalingGroupName, ScalingProcesses }),
          ),
        );
  }

  private get targetGroups(): readonly string[] {
    return (this.properties.LoadBalancerInfo?.TargetGroupInfoList ?? []).map(({ Name }: any) => String(Name));
  }

  /** The ARN of a target group that stands in no template is not known, so calls of it cannot be judged. */
  private eachTargetGroup(calls: (arn: string) => readonly (readonly [string, object])[]): Refused {
    const arns = this.host
      .resources('AWS::ElasticLoadBalancingV2::TargetGroup')
      .filter(({ attributes }) => this.targetGroups.includes(String(attributes.TargetGroupName)))
      .map(({ arn, physicalId }) => arn ?? physicalId);
    return this.inTurn(
      arns.flatMap((arn) =>
        calls(arn).map(
          ([operation, input]) =>
            () =>
              this.call('elasticloadbalancing', operation, input),
        ),
      ),
    );
  }
}
