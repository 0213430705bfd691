import { RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { assetPath } from '../../private/assets';

export interface BundledFunctionProps {
  /** Folder in `assets/`. */
  readonly asset: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly environment: { [name: string]: string };
  readonly statements: readonly iam.PolicyStatement[];
  readonly logRetention: logs.RetentionDays;
}

/** A function that came with the package, with a role and a log group of its own: it may do what its statements say, nothing else. */
export class BundledFunction extends Construct {
  public readonly handler: lambda.Function;
  public readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
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
    props.statements.forEach((statement) => this.role.addToPolicy(statement));
    this.handler = new lambda.Function(this, 'Function', {
      code: lambda.Code.fromAsset(assetPath(props.asset)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      description: props.description,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environment: props.environment,
      role: this.role,
      logGroup,
    });
    // Without it the first invocation may come before the permission.
    this.handler.node.addDependency(this.role);
  }
}
