import { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BundledFunction } from '../private/bundled-function';
import { mustBeOptions, mustHave } from '../private/types';

/** Where a probe stands. */
export interface HttpProbeProps {
  /**
   * The network in which the probe asks. Its routes, security groups and name resolution decide what the probe reaches.
   *
   * Nothing in it has to lead to AWS: the probe asks the address of the check and nothing else.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Subnets of that network.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the probe: let your service accept them.
   *
   * @default - one of its own, which lets everything out and nothing in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/**
 * Asks private addresses for `Check.http`: a function in a network of yours, with a role that may do nothing in AWS but write its log
 * and stand in that network.
 *
 * It reaches public and private addresses, and refuses loopback and link-local ones and those at which AWS serves metadata. One probe serves any
 * number of checks. It is in the account and Region of the gates that use it.
 *
 * Makes a Lambda function, its role and a log group that keeps one month.
 */
export class HttpProbe extends Construct implements ec2.IConnectable {
  /** ARN of the function. */
  public readonly functionArn: string;

  /**
   * What tells it from other functions.
   *
   * @internal
   */
  public readonly _probes = true;

  /** Network connections of the function. */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: HttpProbeProps) {
    super(scope, id);
    mustBeOptions('HttpProbe', props, '{ vpc }');
    mustHave('HttpProbe vpc', props.vpc, ['vpcId'], 'give a network, or look one up');
    const { vpc, vpcSubnets, securityGroups } = props;
    const { handler } = new BundledFunction(this, 'Probe', {
      asset: 'probe',
      description: 'Asks addresses within a network for health checks',
      timeout: Duration.minutes(1),
      memorySize: 256,
      environment: {},
      statements: [],
      logRetention: logs.RetentionDays.ONE_MONTH,
      options: { vpc, vpcSubnets, securityGroups },
    });
    this.functionArn = handler.functionArn;
    this.connections = handler.connections;
  }
}
