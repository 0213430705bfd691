import { Duration, Stack, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Check, CheckReader, LambdaRollout, type RolloutStrategy } from 'cdk-approval-gates';
import type { Construct } from 'constructs';
import { join } from 'node:path';
import { settings, type Target } from './settings';

export interface ServiceStageProps {
  readonly target: Target;
  /** How traffic moves to a new version. */
  readonly strategy: RolloutStrategy;
  readonly workflowName: string;
}

/** What is deployed: replace the function by your service, and keep `checks`. */
export class ServiceStage extends Stage {
  /** They tell whether this stage is well. */
  public readonly checks: Check[];

  constructor(scope: Construct, id: string, { target, strategy, workflowName }: ServiceStageProps) {
    super(scope, id, { env: { account: target.account, region: target.region } });
    const stack = new Stack(this, 'Service', { stackName: `${settings.service}-${target.name.toLowerCase()}` });

    const handler = new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(__dirname, '..', 'service')),
    });
    const { alias } = new LambdaRollout(stack, 'Rollout', { handler, strategy });

    const errors = new cloudwatch.Alarm(stack, 'Errors', {
      alarmName: `${settings.service}-${target.name.toLowerCase()}-errors`, // the gate knows the alarm by its name
      metric: alias.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING, // nobody called it: nothing is broken
    });
    const isElsewhere = target.account !== settings.pipeline.account;
    const readerName = target.name; // stages may share an account
    this.checks = [Check.alarm(errors, isElsewhere ? { readerName } : {})];

    if (isElsewhere) {
      new CheckReader(stack, 'Reader', {
        workflowName,
        readerName,
        workflowAccount: settings.pipeline.account,
        checks: this.checks,
      });
    }
  }
}
