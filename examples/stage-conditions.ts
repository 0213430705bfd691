// Stage conditions: CodePipeline itself waits for a window, asks an alarm and a function, and watches an alarm after the deployment.
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AlarmRef, DeploymentWindow, StageConditions, StageRules } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'StageConditions');

const errors = new cloudwatch.Alarm(stack, 'Errors', {
  alarmName: 'shop-5xx',
  metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: '5xx', period: Duration.minutes(1) }),
  threshold: 1,
  evaluationPeriods: 1,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
});

// Answers its job: yes, as long as the on-call team has not closed the release page.
const readiness = new lambda.Function(stack, 'Readiness', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  timeout: Duration.seconds(30),
  code: lambda.Code.fromInline(`
const { CodePipelineClient, PutJobFailureResultCommand, PutJobSuccessResultCommand } = require('@aws-sdk/client-codepipeline');
const { get } = require('node:https');
const client = new CodePipelineClient({});
const statusOf = (url) => new Promise((found, failed) => get(url, (answer) => found(answer.statusCode)).on('error', failed));
exports.handler = async (event) => {
  const jobId = event['CodePipeline.job'].id;
  const status = await statusOf('https://oncall.example.com/releases');
  await client.send(
    status === 200
      ? new PutJobSuccessResultCommand({ jobId, executionDetails: { summary: 'releases are open' } })
      : new PutJobFailureResultCommand({ jobId, failureDetails: { type: 'JobFailed', message: 'releases are closed: ' + status } }),
  );
};`),
});

const code = new codepipeline.Artifact();
const source = new actions.CodeStarConnectionsSourceAction({
  actionName: 'Source',
  owner: 'example',
  repo: 'shop',
  connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-2222-3333-4444-555555555555',
  output: code,
});
const deploy = (environment: string) =>
  new actions.CloudFormationCreateUpdateStackAction({
    actionName: 'Deploy',
    stackName: `shop-${environment}`,
    templatePath: code.atPath('template.json'),
    adminPermissions: false,
  });

const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineType: codepipeline.PipelineType.V2,
  executionMode: codepipeline.ExecutionMode.QUEUED,
});
const conditions = StageConditions.of(pipeline);
pipeline.addStage({ stageName: 'Source', actions: [source] });
pipeline.addStage({
  stageName: 'Staging',
  actions: [deploy('staging')],
  onFailure: conditions.retryOnFailure(),
  // Behind staging, not in front of production: production looks at its alarm when the window is open, and no rollback waits for it.
  onSuccess: conditions.failUnless(
    StageRules.deploymentWindow(DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' })),
  ),
});
pipeline.addStage({
  stageName: 'Prod',
  actions: [deploy('prod')],
  beforeEntry: conditions.failEntryUnless(
    StageRules.alarmIsOk(AlarmRef.named('shop-incident'), { waitTime: Duration.minutes(15) }),
    StageRules.lambda(readiness, { userParameters: { run: '#{codepipeline.PipelineExecutionId}' } }),
  ),
  onSuccess: conditions.rollbackUnless(StageRules.alarmBake(errors, Duration.minutes(30))),
  onFailure: conditions.rollbackOnFailureIf(StageRules.alarmIsRed(errors)),
});
pipeline.addStage({
  stageName: 'Announce',
  actions: [deploy('announcement')],
  beforeEntry: conditions.skipUnless(StageRules.variableContains(source.variables.commitMessage, '[announce]')),
});
