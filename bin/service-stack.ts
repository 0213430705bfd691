import { CfnOutput, DefaultStackSynthesizer, Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaRollout, RolloutStrategy } from '../lib';
import { runbook } from '../lib/private/runbook';
import { Environment, errorAlarmName, serviceName, serviceStackName } from './names';

export interface ServiceStackProps extends StackProps {
  readonly environment: Environment;
  readonly strategy: RolloutStrategy;
  /** What is released: a new value publishes a new version of the function. */
  readonly release: string;
}

/**
 * The service in one environment. The release pipeline deploys this template, so it holds no assets and
 * needs no bootstrap version: whatever the build writes into its artifact is the whole deployment.
 */
export class ServiceStack extends Stack {
  public readonly rollout: LambdaRollout;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, {
      ...props,
      stackName: serviceStackName(props.environment),
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    const name = serviceName(props.environment);

    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    const handler = new lambda.Function(this, 'Function', {
      functionName: name,
      description: `The shop, release ${props.release}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromInline(readFileSync(join(__dirname, 'service', 'shop.cjs'), 'utf8')),
      environment: { RELEASE: props.release },
      memorySize: 256,
      timeout: Duration.seconds(5),
      role,
      logGroup,
      // The version that served until now outlives the shift: a rollback goes back to it. The version of a deployment that
      // failed must go, since Lambda publishes the same code and settings only once, and the next try would fail.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });

    this.rollout = new LambdaRollout(this, 'Rollout', { handler, strategy: props.strategy });
    const url = this.rollout.alias.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });

    new cloudwatch.Alarm(this, 'ServerErrors', {
      alarmName: errorAlarmName(props.environment),
      alarmDescription: `Customers of ${name} see errors. The release pipeline's health gate watches this alarm. ${runbook('alarm-customers-see-errors')}`,
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Url5xxCount',
        dimensionsMap: { FunctionName: name },
        statistic: cloudwatch.Stats.SUM,
        period: Duration.minutes(1),
      }),
      threshold: 5,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      // A shop without visitors is not broken.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });

    new CfnOutput(this, 'Url', { value: url.url, description: `Address of ${name}; calls are signed (AWS_IAM)` });
  }
}
