// The pipeline in one account, staging and production in others: each of them deploys a reader, by which its own checks are measured.
import { App, Duration, type Environment, Stack, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { ApprovalGateStep, ApprovalWorkflow, Check, CheckReader } from 'cdk-approval-gates';

const tooling = { account: '111111111111', region: 'eu-west-1' };
const staging = { account: '222222222222', region: 'eu-west-1' };
const production = { account: '333333333333', region: 'eu-west-1' };

export const app = new App();
const stack = new Stack(app, 'ThreeAccounts', { env: tooling });
const approvals = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop-approvals' });

/** What is deployed, with the checks that say whether it is well, and the reader that lets them. */
class Shop extends Stage {
  public readonly checks: Check[];

  constructor(scope: Stack, id: string, env: Environment) {
    super(scope, id, { env });
    const service = new Stack(this, 'Service');
    const orders = new lambda.Function(service, 'Orders', {
      // Literal names: no reference leads from account to account.
      functionName: `orders-${id.toLowerCase()}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(
        "exports.handler = async () => ({ hookStatus: 'SUCCEEDED', reason: 'Orders work.' });",
      ),
    });
    const errors = new cloudwatch.Alarm(service, 'Errors', {
      alarmName: 'orders-errors',
      metric: orders.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.checks = [
      Check.alarm(errors),
      Check.lambda(orders, { title: 'orders answer' }),
      Check.metric(orders.metricDuration({ statistic: 'p90', period: Duration.minutes(1) }), { atMost: 800 }),
    ];
    new CheckReader(service, 'Reader', {
      workflowName: approvals.workflowName,
      workflowAccount: tooling.account,
      checks: this.checks,
    });
  }
}

const pipeline = new CodePipeline(stack, 'Pipeline', {
  pipelineType: PipelineType.V2,
  crossAccountKeys: true, // the other accounts read the artifacts
  enableKeyRotation: true,
  synth: new ShellStep('Synth', {
    input: CodePipelineSource.connection('example/shop', 'main', {
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-2222-3333-4444-555555555555',
    }),
    commands: ['npm ci', 'npx cdk synth'],
  }),
});

for (const shop of [new Shop(stack, 'Staging', staging), new Shop(stack, 'Production', production)]) {
  pipeline.addStage(shop, {
    post: [
      new ApprovalGateStep(`Healthy${shop.stageName}`, {
        workflow: approvals,
        checks: shop.checks,
        bakeTime: Duration.minutes(15),
        rollbackOnReject: true,
      }),
    ],
  });
}
