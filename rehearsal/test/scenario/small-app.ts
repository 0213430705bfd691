/** A pipeline with two native gates in a stage that rolls back, a function with a timer, a parameter, an alarm, a table. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceStage } from '../fixtures/sources';

const LOOK = `exports.handler = async ({ now }) => ({ at: new Date(Date.parse(now) + 60000).toISOString() });`;

export function synthesize(): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), analyticsReporting: false });
  const stack = new Stack(app, 'Small');
  const gate = (actionName: string, runOrder: number): actions.ManualApprovalAction =>
    new actions.ManualApprovalAction({ actionName, runOrder, notifyEmails: ['ana@example.com'] });
  new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineName: 'small',
    pipelineType: codepipeline.PipelineType.V2,
    stages: [
      sourceStage(stack),
      {
        stageName: 'Prod',
        actions: [gate('Approve', 1), gate('Healthy', 2)],
        onFailure: { result: codepipeline.Result.ROLLBACK },
      },
    ],
  });
  const look = new Function(stack, 'Look', {
    functionName: 'look',
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(LOOK),
  });
  const decide = new LambdaInvoke(stack, 'Decide', {
    lambdaFunction: look,
    payload: sfn.TaskInput.fromObject({ now: sfn.JsonPath.stateEnteredTime }),
    outputPath: '$.Payload',
    retryOnServiceExceptions: false,
  });
  const wait = new sfn.Wait(stack, 'Wait', { time: sfn.WaitTime.timestampPath('$.at') });
  const pause = new sfn.Pass(stack, 'Pause', { parameters: { 'at.$': '$$.State.EnteredTime' } });
  const quarter = new sfn.Wait(stack, 'Quarter', { time: sfn.WaitTime.duration(Duration.minutes(15)) });
  decide.addCatch(quarter.next(pause).next(wait), { errors: ['Lambda.TooManyRequestsException', 'Runtime.ExitError'] });
  new sfn.StateMachine(stack, 'Timer', {
    stateMachineName: 'timer',
    definitionBody: sfn.DefinitionBody.fromChainable(wait.next(decide).next(wait)),
  });
  new StringParameter(stack, 'Policy', {
    parameterName: '/gates/policy',
    stringValue: JSON.stringify({ v: 2, kind: 'MANUAL' }),
  });
  new Alarm(stack, 'Alarm', {
    alarmName: 'shop-5xx',
    metric: new Metric({ namespace: 'Shop', metricName: 'Errors' }),
    threshold: 1,
    evaluationPeriods: 1,
  });
  new TableV2(stack, 'Rows', { tableName: 'rows', partitionKey: { name: 'pk', type: AttributeType.STRING } });
  app.synth();
  return app.outdir;
}
