import { RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { assetPath } from './assets';

/** Where the function runs, and whether it is traced. */
export interface FunctionSurroundings {
  readonly vpc?: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly securityGroups?: ec2.ISecurityGroup[];
  readonly tracing?: lambda.Tracing;
}

export interface BundledFunctionProps {
  /** Folder in `assets/`. */
  readonly asset: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly environment: { [name: string]: string };
  readonly statements: readonly iam.PolicyStatement[];
  readonly logRetention: logs.RetentionDays;
  /** Key of log group and environment. The statements have to let the function use it. */
  readonly encryptionKey?: kms.IKey;
  readonly options?: FunctionSurroundings;
  readonly reservedConcurrentExecutions?: number;
}

/** A function that came with the package, with a role and a log group of its own: it may do what its statements say, nothing else. */
export class BundledFunction extends Construct {
  public readonly handler: lambda.Function;
  public readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { options = {}, encryptionKey } = props;
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    this.role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'Logs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // The ARN of a group ends in `:*`, its streams.
        resources: [logGroup.logGroupArn],
      }),
    );
    [...props.statements, ...networkStatements(options)].forEach((statement) => this.role.addToPolicy(statement));
    if (options.vpc !== undefined || options.tracing !== undefined) {
      acknowledge(this.role, 'AwsSolutions-IAM5[Resource::*]', 'network interfaces and traces know no resources');
    }
    this.handler = new lambda.Function(this, 'Function', {
      code: lambda.Code.fromAsset(assetPath(props.asset)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      description: props.description,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: props.environment,
      environmentEncryption: encryptionKey,
      role: this.role,
      logGroup,
      vpc: options.vpc,
      vpcSubnets: options.vpcSubnets,
      securityGroups: options.securityGroups,
      tracing: options.tracing,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
    });
    // Without it the first invocation may come before the permission.
    this.handler.node.addDependency(this.role);
  }
}

/** Lambda puts a function into a network in the function's own name (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). */
function networkStatements({ vpc }: FunctionSurroundings): iam.PolicyStatement[] {
  if (vpc === undefined) {
    return [];
  }
  return [
    new iam.PolicyStatement({
      sid: 'Network',
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  ];
}
