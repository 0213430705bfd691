import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { ApprovalGateStep, ApprovalWorkflow } from '../../../lib/approval';
import { Check, RecommendedChecks } from '../../../lib/check';

interface Env {
  readonly account?: string;
  readonly region?: string;
}

const env = { account: '111111111111', region: 'eu-west-1' };

/** What a pipeline of CDK Pipelines deploys, and a gate after it that looks at what is deployed. */
function synth(
  check: (shop: Stack) => Check | Check[],
  { pipeline = env, shop = env }: { pipeline?: Env; shop?: Env } = {},
) {
  const app = new App({ context: { '@aws-cdk/aws-codepipeline:defaultPipelineTypeToV2': true } });
  const release = new Stack(app, 'Release', { env: pipeline });
  const workflow = new ApprovalWorkflow(release, 'Approvals', { workflowName: 'shop' });
  const stage = new Stage(app, 'Prod', { env: shop });
  const checks = [check(new Stack(stage, 'Shop'))].flat();
  const bucket = s3.Bucket.fromBucketName(release, 'Sources', 'sources');
  new pipelines.CodePipeline(release, 'Pipeline', {
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.s3(bucket, 'app.zip'),
      commands: ['npx cdk synth'],
    }),
  }).addStage(stage, { post: [new ApprovalGateStep('Healthy', { workflow, checks })] });
  return JSON.stringify(Template.fromStack(release).toJSON());
}

const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' });
const alarm = (stack: Stack, alarmName?: string) =>
  new cloudwatch.Alarm(stack, 'Errors', { metric, threshold: 1, evaluationPeriods: 1, alarmName });
const handler = (stack: Stack, functionName?: string) =>
  new lambda.Function(stack, 'Smoke', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    functionName,
  });

describe('an alarm that a stage of the app deploys', () => {
  test.each<[string, Env]>([
    ['known', env],
    ['not known', {}],
  ])('is watched by its literal name (account and Region %s)', (_, place) => {
    const template = synth((shop) => Check.alarm(alarm(shop, 'shop-5xx')), { pipeline: place, shop: place });

    expect(template).toContain(':alarm:shop-5xx');
    expect(template).toContain('shop-5xx');
    expect(template).not.toContain('Fn::ImportValue');
  });

  test('is watched in its own Region', () => {
    const template = synth((shop) => Check.alarm(alarm(shop, 'shop-5xx')), { shop: { ...env, region: 'us-east-1' } });

    expect(template).toContain(':cloudwatch:us-east-1:111111111111:alarm:shop-5xx');
  });

  test('is watched by its literal name when it is composite', () => {
    const template = synth((shop) =>
      Check.alarm(
        new cloudwatch.CompositeAlarm(shop, 'All', {
          compositeAlarmName: 'shop-all',
          alarmRule: cloudwatch.AlarmRule.fromAlarm(alarm(shop), cloudwatch.AlarmState.ALARM),
        }),
      ),
    );

    expect(template).toContain('shop-all');
    expect(template).toContain('composite');
  });

  test('fails without a literal name, and says how to give one', () => {
    expect(() => synth((shop) => Check.alarm(alarm(shop)))).toThrow(
      /`Check.alarm` names alarm 'Errors.*' of stack 'Prod\/Shop'.*give the alarm a literal `alarmName`, or name the alarm here with `AlarmRef.named`/,
    );
  });
});

describe('a function that a stage of the app deploys', () => {
  test('is called by its literal name', () => {
    const template = synth((shop) => Check.lambda(handler(shop, 'smoke')));

    expect(template).toContain(':lambda:eu-west-1:111111111111:function:smoke"');
    expect(template).not.toContain('Fn::ImportValue');
  });

  test('is called by its literal name and alias', () => {
    const template = synth((shop) => {
      const { currentVersion: version } = handler(shop, 'smoke');
      return Check.lambda(new lambda.Alias(shop, 'Live', { aliasName: 'live', version }));
    });

    expect(template).toContain(':lambda:eu-west-1:111111111111:function:smoke:live');
  });

  test('fails without a literal name, and for a version, whose number is made at deployment', () => {
    expect(() => synth((shop) => Check.lambda(handler(shop)))).toThrow(/give the function a literal `functionName`/);
    expect(() => synth((shop) => Check.lambda(handler(shop, 'smoke').currentVersion))).toThrow(/check an alias/);
  });
});

describe('what a stage of the app deploys is measured by its literal name:', () => {
  test('the metrics of a function', () => {
    const template = synth((shop) => RecommendedChecks.forFunction(handler(shop, 'smoke')));

    expect(template).toMatch(/FunctionName\W+smoke/);
    expect(template).not.toContain('Fn::ImportValue');
  });

  test('the metrics of an alias', () => {
    const template = synth((shop) => {
      const { currentVersion: version } = handler(shop, 'smoke');
      return RecommendedChecks.forFunction(new lambda.Alias(shop, 'Live', { aliasName: 'live', version }));
    });

    expect(template).toContain('smoke:live');
  });

  test('an image scan', () => {
    const template = synth((shop) => Check.imageScan(new ecr.Repository(shop, 'Images', { repositoryName: 'shop' })));

    expect(template).toContain(':ecr:eu-west-1:111111111111:repository/shop"');
    expect(template).not.toContain('Fn::ImportValue');
  });

  test('a test report', () => {
    const template = synth((shop) =>
      Check.testReport(new codebuild.ReportGroup(shop, 'Reports', { reportGroupName: 'shop-unit' })),
    );

    expect(template).toContain(':codebuild:eu-west-1:111111111111:report-group/shop-unit"');
    expect(template).not.toContain('Fn::ImportValue');
  });

  test.each<[string, (shop: Stack) => Check | Check[], RegExp]>([
    [
      'function',
      (shop) => RecommendedChecks.forFunction(handler(shop)),
      /`Check.errorRatio errors` names function 'Smoke.*literal `functionName`/,
    ],
    [
      'version',
      (shop) => RecommendedChecks.forFunction(handler(shop, 'smoke').currentVersion),
      /`Check.errorRatio errors` names version 'Smoke.*watch an alias of the function instead/,
    ],
    [
      'other construct behind a metric',
      (shop) =>
        Check.metric(new sns.Topic(shop, 'Orders', { topicName: 'orders' }).metricNumberOfNotificationsFailed(), {
          atMost: 0,
        }),
      /`Check.metric` names resource 'Orders.*give the metric a literal dimension/,
    ],
    ['repository', (shop) => Check.imageScan(new ecr.Repository(shop, 'Images')), /literal `repositoryName`/],
    [
      'report group',
      (shop) => Check.testReport(new codebuild.ReportGroup(shop, 'Reports')),
      /`Check.testReport` names.*literal `reportGroupName`/,
    ],
    [
      'report group of coverage',
      (shop) => {
        const type = codebuild.ReportGroupType.CODE_COVERAGE;
        return Check.codeCoverage(new codebuild.ReportGroup(shop, 'Reports', { type }), { minLinePercent: 80 });
      },
      /`Check.codeCoverage` names.*literal `reportGroupName`/,
    ],
  ])('a %s without one is refused', (_, check, message) => {
    expect(() => synth(check)).toThrow(message);
    expect(() => synth(check)).toThrow('[StageOutOfReach]');
  });
});
