import { PhysicalName } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { ServerRole } from './server-role';
import type { Servers } from './servers';
import type { WatchedAlarm } from './watch-alarms';
import { mustBeBeside } from './watchable-alarms';

export interface ServerGroupProps {
  readonly application: codedeploy.ServerApplication;
  readonly servers: Servers;
  readonly deploymentConfig: codedeploy.IServerDeploymentConfig;
  readonly access: ServerRole;
  readonly targetGroups: readonly elbv2.ITargetGroup[];
  readonly ignoreAlarms: boolean;
  /** Refuses one more alarm beside so many. */
  readonly mustBeFew: (already: number) => void;
}

/**
 * A deployment group whose exact role grows with the alarms that are added to it, now or later. The group of the CDK would attach
 * AWS's managed policy to its role.
 */
export class ServerGroup extends codedeploy.ServerDeploymentGroup {
  private readonly access: ServerRole;
  private readonly ignoreAlarms: boolean;
  private readonly mustBeFew: ServerGroupProps['mustBeFew'];
  private watching = 0;

  constructor(scope: Construct, id: string, props: ServerGroupProps) {
    super(scope, id, {
      application: props.application,
      deploymentGroupName: PhysicalName.GENERATE_IF_NEEDED,
      deploymentConfig: props.deploymentConfig,
      role: props.access.role.withoutPolicyUpdates(),
      // Its commands need packages that newer systems do not have, and a permission on a bucket that anybody may read.
      installAgent: false,
      loadBalancers: props.targetGroups.length === 0 ? undefined : props.targetGroups.map(loadBalancer),
      ignoreAlarmConfiguration: props.ignoreAlarms,
      // An alarm stops a deployment where there is one.
      autoRollback: { failedDeployment: true, stoppedDeployment: true },
      ...which(props.servers),
    });
    this.access = props.access;
    this.ignoreAlarms = props.ignoreAlarms;
    this.mustBeFew = props.mustBeFew;
  }

  public override addAlarm(alarm: WatchedAlarm): void {
    mustBeBeside(this, alarm);
    this.mustBeFew(this.watching);
    this.watching += 1;
    if (!this.ignoreAlarms) {
      this.access.watch(alarm);
    }
    super.addAlarm(alarm);
  }
}

function which(
  servers: Servers,
): Pick<codedeploy.ServerDeploymentGroupProps, 'autoScalingGroups' | 'ec2InstanceTags' | 'onPremiseInstanceTags'> {
  const shape = servers._shape();
  if (shape.kind === 'autoScaling') {
    return { autoScalingGroups: [shape.group] };
  }
  const tags = new codedeploy.InstanceTagSet({ [shape.key]: [shape.value] });
  return shape.kind === 'ec2' ? { ec2InstanceTags: tags } : { onPremiseInstanceTags: tags };
}

/** CodeDeploy knows target groups by their names, of whichever load balancer. */
function loadBalancer(targetGroup: elbv2.ITargetGroup): codedeploy.LoadBalancer {
  return codedeploy.LoadBalancer.application(targetGroup as elbv2.IApplicationTargetGroup);
}
