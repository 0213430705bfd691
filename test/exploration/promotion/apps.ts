/** Two small apps that are walked through: waves with gates, and stages with conditions. */
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Approver,
  Approvers,
  Check,
  DeploymentWindow,
  PromotionPipeline,
  PromotionTarget,
  StageConditions,
  StageRules,
  TargetOrder,
} from '../../../lib';
import { alarmOf, PEOPLE, PROD, STAGING, WAVES, WINDOW, type Which } from './plan';

const env = { account: '111111111111', region: 'eu-west-1' };

/** What happens to a pipeline's template on its way, such as a bug. */
export type Plant = (pipeline: { Stages: any[] }, template: { Resources: Record<string, any> }) => void;

/** A function behind an alias, which says of itself of which change it is. */
function target(app: App, name: string): Check[] {
  const stack = new Stack(app, `Shop-${name}`, { env });
  const handler = new lambda.Function(stack, 'Orders', {
    functionName: `orders-${name}`,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    environment: { RELEASE: 'none' },
  });
  new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
  // Reads the alarm's history, so nothing is missed between two measurements.
  return [Check.alarm(alarmIn(stack, alarmOf(name)), { interval: Duration.minutes(10) })];
}

function alarmIn(stack: Stack, alarmName: string): cloudwatch.Alarm {
  const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: alarmName });
  return new cloudwatch.Alarm(stack, alarmName, { alarmName, metric, threshold: 1, evaluationPeriods: 1 });
}

function sourceOf(stack: Stack, output: codepipeline.Artifact): actions.S3SourceAction {
  const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'example-shop-source');
  return new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'cdk.out.zip', output });
}

function deploy(name: string, input: codepipeline.Artifact, runOrder = 1): codepipeline.IAction {
  return new actions.CloudFormationCreateUpdateStackAction({
    actionName: name,
    stackName: `Shop-${name}`,
    templatePath: input.atPath(`Shop${name}.template.json`),
    adminPermissions: false,
    runOrder,
  });
}

function newApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'exploration-')), analyticsReporting: false });
}

function waves(): App {
  const app = newApp();
  const stack = new Stack(app, 'Pipeline', { env });
  const input = new codepipeline.Artifact();
  new PromotionPipeline(stack, 'Waves', {
    pipelineName: 'waves',
    source: sourceOf(stack, input),
    approvers: Approvers.anyOf(...PEOPLE.map((address) => Approver.person(address))),
    waves: WAVES.map(({ name, approve, targets, bakeMinutes, rollsBack, oneByOne }) => ({
      waveName: name,
      manualApproval: approve,
      targetOrder: oneByOne ? TargetOrder.ONE_BY_ONE : TargetOrder.PARALLEL,
      targets: targets.map((one) => PromotionTarget.actions(one, [deploy(one, input)], { checks: target(app, one) })),
      bakeTime: Duration.minutes(bakeMinutes),
      rollbackOnReject: rollsBack,
    })),
  });
  return app;
}

function conditions(): App {
  const app = newApp();
  const stack = new Stack(app, 'Pipeline', { env });
  const input = new codepipeline.Artifact();
  const pipeline = new codepipeline.Pipeline(stack, 'Conditions', {
    pipelineName: 'conditions',
    pipelineType: codepipeline.PipelineType.V2,
    executionMode: codepipeline.ExecutionMode.SUPERSEDED,
  });
  [...STAGING.targets, ...PROD.targets].forEach((one) => target(app, one));
  const rules = StageConditions.of(pipeline);
  const { from, to, zone } = WINDOW;
  pipeline.addStage({ stageName: 'Source', actions: [sourceOf(stack, input)] });
  pipeline.addStage({
    stageName: STAGING.name,
    actions: STAGING.targets.map((one) => deploy(one, input)),
    onSuccess: rules.failUnless(StageRules.deploymentWindow(DeploymentWindow.weekly(TimeZone.of(zone), { from, to }))),
  });
  pipeline.addStage({
    stageName: PROD.name,
    actions: PROD.targets.map((one) => deploy(one, input)),
    beforeEntry: rules.failEntryUnless(
      StageRules.alarmIsOk(alarmIn(stack, PROD.incident), { waitTime: Duration.minutes(15) }),
    ),
    onSuccess: rules.rollbackUnless(
      StageRules.alarmBake(alarmIn(stack, PROD.watched[0]), Duration.minutes(PROD.bakeMinutes)),
    ),
    onFailure: rules.rollbackOnFailure(),
  });
  return app;
}

/** The folder of an app's assembly; whoever asked for it removes it. */
export function assemblyOf(which: Which, plant?: Plant): string {
  const { directory } = (which === 'waves' ? waves() : conditions()).synth();
  if (plant !== undefined) {
    const file = join(directory, 'Pipeline.template.json');
    const template = JSON.parse(readFileSync(file, 'utf8'));
    const pipelines = Object.values<any>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::CodePipeline::Pipeline',
    );
    plant(pipelines[0].Properties, template);
    writeFileSync(file, JSON.stringify(template));
  }
  return directory;
}

export function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
