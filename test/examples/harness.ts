import { Annotations, App, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { CodePipeline as CdkPipeline } from 'aws-cdk-lib/pipelines';
import { AwsSolutionsChecks } from 'cdk-nag';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  acknowledge,
  acknowledgeCdkGrants,
  acknowledgePipeline,
  replicationBuckets,
  resourcesBelow,
} from '../../bin/acknowledge-pipeline';

export const ROOT = join(__dirname, '..', '..');

/** What `cdk synth` gives an app in this repository. */
const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

/** The same, but findings are collected instead of thrown. */
export const CONTEXT: Readonly<Record<string, unknown>> = {
  ...context,
  '@aws-cdk/core:failSynthOnValidationErrors': false,
};

export const EXAMPLES = readdirSync(join(ROOT, 'examples'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

/** Runs an example as the CDK's command line would. An example is run once per test file. */
export function loadExample(name: string, more: Readonly<Record<string, unknown>> = {}): App {
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...CONTEXT, ...more });
  try {
    return (jest.requireActual(join(ROOT, 'examples', name)) as { app: App }).app;
  } finally {
    delete process.env.CDK_CONTEXT_JSON;
  }
}

/** Functions of users, in examples. */
const OWN_FUNCTIONS = [
  'Orders/Handler',
  'Rollout/Shop',
  'ShopApi/Shop',
  'ShopEndpoints/Shop',
  'ByCookie/CookieAuthorizer',
  'StageConditions/Readiness',
  'AccountsAndRegions/Staging/Service/Orders',
  'AccountsAndRegions/Production/Service/Orders',
  'AccountsAndRegions/Production-us-east-1/Service/Orders',
  'AccountsAndRegions/Production-ap-southeast-2/Service/Orders',
  'eu-west-1/Shop/Orders',
  'us-east-1/Shop/Orders',
  'ap-southeast-2/Shop/Orders',
  'ThreeAccounts/Staging/Service/Orders',
  'ThreeAccounts/Production/Service/Orders',
];

/** Examples show one thing each. What their pipelines get from the CDK, and what they leave out, is not what they are about. */
export function acknowledgeWhatExamplesLeaveOut(app: App): void {
  // CDK Pipelines makes its pipeline when the app is synthesized: too late for acknowledgements.
  app.node.findAll().forEach((construct) => construct instanceof CdkPipeline && construct.buildPipeline());
  const constructs = app.node.findAll();
  const pipelines = constructs.filter((construct) => construct instanceof codepipeline.Pipeline);
  for (const pipeline of pipelines) {
    acknowledgePipeline(pipeline);
    if (replicationBuckets(pipeline).some(({ encryptionKey }) => encryptionKey !== undefined)) {
      acknowledge(
        pipeline,
        'AwsSolutions-IAM5[Resource::*]',
        'the CDK does not know keys of other Regions by their ARNs',
      );
    }
    for (const bucket of [pipeline.node.tryFindChild('ArtifactsBucket'), ...replicationBuckets(pipeline)]) {
      if (bucket instanceof s3.Bucket) {
        acknowledge(bucket, 'AwsSolutions-S1', 'an artifact bucket of the CDK');
      }
    }
  }
  // An example names its last day once, and is an example afterwards, too.
  Annotations.of(app).acknowledgeWarning('cdk-approval-gates:Waiver.isOver:CVE-2026-1234');
  for (const construct of constructs) {
    if (construct instanceof apigatewayv2.CfnRoute || construct instanceof apigatewayv2.CfnStage) {
      const why = 'who may call an API, and its access log, are not what an example is about';
      acknowledge(construct, 'AwsSolutions-APIG1', why);
      acknowledge(construct, 'AwsSolutions-APIG4', why);
    }
    if (construct instanceof apigateway.RestApi) {
      acknowledgeRestApi(construct);
    }
    if (construct instanceof iam.CfnPolicy && construct.node.path.startsWith('ShopApiRelease/Pipeline/Prod/Release/')) {
      // The construct says why; across stacks, the linter has another name for it.
      const id = 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/';
      acknowledge(
        construct,
        `${id}ShopApi:ExportsOutputRefApiF70053CD5653BA4D/deployments/*]`,
        'deployments come and go',
      );
    }
    if (construct instanceof secretsmanager.CfnSecret) {
      acknowledge(construct, 'AwsSolutions-SMG4', 'how a secret is rotated is the service’s own affair');
    }
    if (construct instanceof autoscaling.AutoScalingGroup) {
      acknowledgeCdkGrants(construct, pipelines[0]!);
      acknowledge(
        construct,
        'AwsSolutions-AS3',
        'who hears of servers that start and stop is not what an example is about',
      );
    }
    if (construct instanceof codebuild.Project) {
      acknowledgeProject(construct, pipelines[0]!);
    }
    if (construct instanceof lambda.Function && OWN_FUNCTIONS.includes(construct.node.path)) {
      acknowledge(construct, IAM4_BASIC_EXECUTION, 'the execution role that the CDK makes for a function of the user');
    }
  }
}

/** Build projects of CDK Pipelines, made by the CDK with its own roles. */
function acknowledgeProject(project: codebuild.Project, pipeline: codepipeline.Pipeline): void {
  acknowledgeCdkGrants(project, pipeline);
  acknowledge(project, 'AwsSolutions-CB4', 'a build project of the CDK');
  for (const resource of resourcesBelow(project).filter((arn) => arn.includes('*'))) {
    acknowledge(project, `AwsSolutions-IAM5[Resource::${resource}]`, 'a build project of the CDK');
  }
}

const IAM4_BASIC_EXECUTION =
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]';

export interface Finding {
  readonly plugin: string;
  readonly rule: string;
  readonly where: string;
}

/** Synthesizes with cdk-nag's AwsSolutions pack, and with whatever else validates, and collects what is not acknowledged. */
export function findingsOf(app: App): { readonly assembly: CloudAssembly; readonly findings: readonly Finding[] } {
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  const assembly = app.synth();
  const path = join(assembly.directory, 'validation-report.json');
  if (!existsSync(path)) {
    return { assembly, findings: [] };
  }
  const report = JSON.parse(readFileSync(path, 'utf8')) as ValidationReport;
  const findings = (report.pluginReports ?? []).flatMap((plugin) =>
    (plugin.violations ?? []).map((violation) => ({
      plugin: plugin.pluginName ?? plugin.summary?.pluginName ?? '',
      rule: violation.ruleName,
      where: (violation.violatingConstructs ?? []).map((construct) => construct.constructPath ?? '').join(', '),
    })),
  );
  return { assembly, findings };
}

interface ValidationReport {
  readonly pluginReports?: readonly {
    readonly pluginName?: string;
    readonly summary?: { readonly pluginName?: string };
    readonly violations?: readonly {
      readonly ruleName: string;
      readonly violatingConstructs?: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Who may call an API, what it lets through, and the role that the CDK makes for its logs. */
function acknowledgeRestApi(api: apigateway.RestApi): void {
  const why = 'who may call an API, and what it lets through, are not what an example is about';
  for (const construct of [...api.node.findAll(), api.deploymentStage]) {
    [
      'AwsSolutions-APIG2',
      'AwsSolutions-APIG3',
      'AwsSolutions-APIG4',
      'AwsSolutions-APIG6',
      'AwsSolutions-COG4',
    ].forEach((rule) => acknowledge(construct, rule, why));
  }
  const pushes = 'iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  acknowledge(
    api,
    `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:${pushes}]`,
    'the role of API Gateway that the CDK makes',
  );
}
