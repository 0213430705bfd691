/** A timer whose every look makes the calls of a gate that bakes: what the rehearsal itself costs, whatever a gate does. */
import { App, Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { buildSync } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const app = new App();
const stack = new Stack(app, 'Looks');

function bundled(name: string, environment: Record<string, string> = {}): Function {
  const folder = mkdtempSync(join(tmpdir(), 'looks-'));
  buildSync({
    entryPoints: [join(__dirname, `${name}.mjs`)],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return new Function(stack, name, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromAsset(folder),
    environment,
  });
}

const table = new TableV2(stack, 'Requests', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
const policy = new StringParameter(stack, 'Policy', { stringValue: JSON.stringify({ rule: 'x'.repeat(1_000) }) });
new Alarm(stack, 'Alarm', {
  alarmName: 'shop-5xx',
  metric: new Metric({ namespace: 'Shop', metricName: 'Errors' }),
  threshold: 1,
  evaluationPeriods: 1,
});

const output = new codepipeline.Artifact();
new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineName: 'bench',
  pipelineType: codepipeline.PipelineType.V2,
  stages: [
    {
      stageName: 'Source',
      actions: [
        new actions.S3SourceAction({
          actionName: 'Source',
          bucket: s3.Bucket.fromBucketName(stack, 'Sources', 'sources'),
          bucketKey: 'source.zip',
          output,
        }),
      ],
    },
    { stageName: 'Prod', actions: [new actions.ManualApprovalAction({ actionName: 'Gate' })] },
  ],
});

const decide = bundled('decide', {
  TABLE: table.tableName,
  CHECK: bundled('check').functionArn,
  PARAMETER: policy.parameterName,
  PIPELINE: 'bench',
  LOOKS: String(app.node.tryGetContext('looks') ?? 1_440),
});
const wait = new sfn.Wait(stack, 'Wait', { time: sfn.WaitTime.timestampPath('$.at') });
const look = new LambdaInvoke(stack, 'Decide', {
  lambdaFunction: decide,
  payload: sfn.TaskInput.fromObject({ 'looks.$': '$.looks', now: sfn.JsonPath.stateEnteredTime }),
  outputPath: '$.Payload',
  retryOnServiceExceptions: false,
});
look.addCatch(new sfn.Succeed(stack, 'Done'), { errors: ['RequestClosed'] });
new sfn.StateMachine(stack, 'Timer', {
  stateMachineName: 'timer',
  definitionBody: sfn.DefinitionBody.fromChainable(wait.next(look).next(wait)),
});
