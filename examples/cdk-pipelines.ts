// Gates before and after a stage of CDK Pipelines: people before production, an alarm for an hour after it.
import { App, DefaultStackSynthesizer, Duration, Stack, Stage } from 'aws-cdk-lib';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { AlarmRef, ApprovalGateStep, ApprovalWorkflow, Approver, Approvers, Check, Mail } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'CdkPipelines', { env: { account: '111111111111', region: 'eu-west-1' } });

const pipeline = new CodePipeline(stack, 'Pipeline', {
  pipelineType: PipelineType.V2, // only V2 rolls back
  synth: new ShellStep('Synth', {
    input: CodePipelineSource.connection('example/shop', 'main', {
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-2222-3333-4444-555555555555',
    }),
    commands: ['npm ci', 'npx cdk synth'],
  }),
});

/** What is deployed: in your app, your service. */
class Shop extends Stage {
  constructor(scope: Stack, id: string) {
    super(scope, id, { env: { account: '111111111111', region: 'eu-west-1' } });
    // CloudFormation deploys it as a role of its own, which may do less than the one that bootstrapping makes.
    const synthesizer = new DefaultStackSynthesizer({
      cloudFormationExecutionRole: 'arn:aws:iam::111111111111:role/shop-deployment',
    });
    new sns.Topic(new Stack(this, 'Service', { synthesizer }), 'Orders', { enforceSSL: true });
  }
}
const prod = new Shop(stack, 'Prod');

const approvals = new ApprovalWorkflow(stack, 'Approvals', { mail: Mail.ses({ from: 'releases@example.com' }) });
const ana = Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh', '*/assumed-role/Release/ana'] });
const bo = Approver.person('bo@example.com');
const cy = Approver.person('cy@example.com');

pipeline.addStage(prod, {
  pre: [
    new ApprovalGateStep('Approve', {
      workflow: approvals,
      approvers: Approvers.atLeast(2, ana, bo, cy),
      timeout: Duration.days(2),
    }),
  ],
  post: [
    new ApprovalGateStep('Healthy', {
      workflow: approvals,
      checks: [Check.alarm(AlarmRef.named('shop-5xx'))],
      bakeTime: Duration.hours(1),
      rollbackOnReject: true,
    }),
  ],
});
