// Staging and production are in accounts of their own, production in three Regions: people approve in between, and the Regions follow in waves.
import { App, Duration, type Environment, Stack, Stage } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import {
  ApprovalWorkflow,
  Approver,
  Approvers,
  CdkPromotion,
  Check,
  CheckReader,
  LambdaRollout,
  RolloutStrategy,
} from 'cdk-approval-gates';

const tooling = { account: '111111111111', region: 'eu-west-1' };
const staging = { account: '222222222222', region: 'eu-west-1' };
const inProduction = (region: string) => ({ account: '333333333333', region });

export const app = new App();
const stack = new Stack(app, 'AccountsAndRegions', { env: tooling });
const approvals = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop-approvals' });

/** What is deployed, with the check that says whether it is well. */
class Shop extends Stage {
  public readonly checks: Check[];

  constructor(id: string, env: Environment, strategy = RolloutStrategy.canary(10, Duration.minutes(10))) {
    super(stack, id, { env });
    const service = new Stack(this, 'Service');
    const handler = new lambda.Function(service, 'Orders', {
      functionName: `orders-${id.toLowerCase()}`, // a literal name: no reference leads from account to account
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    });
    new LambdaRollout(service, 'Rollout', { handler, strategy });
    const errors = new cloudwatch.Alarm(service, 'Errors', {
      alarmName: 'orders-errors',
      metric: handler.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    // Reads the alarm's history, so nothing is missed between two measurements.
    this.checks = [Check.alarm(errors, { interval: Duration.minutes(10) })];
    const { workflowName } = approvals;
    new CheckReader(service, 'Reader', { workflowName, workflowAccount: tooling.account, checks: this.checks });
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

const promotion = new CdkPromotion(stack, 'Promotion', {
  pipeline,
  workflow: approvals,
  approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
});

promotion.addStage(new Shop('Staging', staging, RolloutStrategy.allAtOnce()));

// The first wave bakes for twelve hours, the next one for two.
const first = new Shop('Production', inProduction('eu-west-1'));
promotion.addWave('Production', [first], { manualApproval: true, checks: first.checks, rollbackOnReject: true });

const others = ['us-east-1', 'ap-southeast-2'].map((region) => new Shop(`Production-${region}`, inProduction(region)));
promotion.addWave('Worldwide', others, { checks: others.flatMap(({ checks }) => checks), rollbackOnReject: true });

// Whoever is on call hears when the checks of production begin and end.
const oncall = new sns.Topic(stack, 'Oncall', { enforceSSL: true });
promotion.stage('Production').healthy?.onStateChange(stack, 'ProductionHealth', new targets.SnsTopic(oncall));
