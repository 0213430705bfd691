// A release that checks decide: what it is made of and what it would change before it, how it does in another account after it. People are
// asked about risky changes only. A function moves by a canary, servers one box first, and CodePipeline itself keeps to hours and an alarm.
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  AlarmRef,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  BakePreset,
  ChangeSetRef,
  Check,
  CheckReader,
  DeploymentWindow,
  GateRule,
  LambdaRollout,
  LicensePolicy,
  MetricCriticality,
  MissingData,
  OnFail,
  RolloutStrategy,
  ScannedImage,
  ServerRollout,
  Servers,
  StageConditions,
  StageRules,
  TestFailures,
  Waiver,
} from 'cdk-approval-gates';

const production = { account: '222222222222', region: 'eu-west-1' };

export const app = new App();
const stack = new Stack(app, 'CheckedRelease', { env: { account: '111111111111', region: 'eu-west-1' } });
const approvals = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'orders' });

// Production: a tenth of the calls reach a new version for ten minutes.
const orders = new Stack(app, 'Orders', { env: production });
const handler = new lambda.Function(orders, 'Handler', {
  functionName: 'orders',
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200, body: "hello" });'),
});
new LambdaRollout(orders, 'Rollout', {
  handler,
  strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
  watch: { p99Duration: Duration.seconds(3) },
});

const checkouts = (group: string) =>
  new cloudwatch.Metric({
    ...production,
    namespace: 'Orders',
    metricName: 'CheckoutSeconds',
    dimensionsMap: { Group: group },
    period: Duration.minutes(1),
  });
const risks = Check.changeSet(ChangeSetRef.named('orders', 'release'), { ...production });
const healthy = [
  Check.metric(handler.metricDuration({ statistic: 'p90', period: Duration.minutes(1) }), {
    atMost: 800,
    missingData: MissingData.HEALTHY,
  }),
  Check.errorRatio({
    title: 'errors of orders',
    errors: handler.metricErrors({ period: Duration.minutes(1) }),
    requests: handler.metricInvocations({ period: Duration.minutes(1) }),
    maxPercent: 0.5,
    minRequests: 200,
  }),
  Check.canaryAnalysis({
    metrics: [
      { name: 'checkout', canary: checkouts('canary'), baseline: checkouts('stable'), group: 'speed' },
      {
        name: 'slowest checkout',
        canary: checkouts('canary').with({ statistic: 'p99' }),
        baseline: checkouts('stable').with({ statistic: 'p99' }),
        criticality: MetricCriticality.REPORT_ONLY,
      },
    ],
    groupWeights: { speed: 100 },
  }),
];
new CheckReader(orders, 'Reader', {
  workflowName: approvals.workflowName,
  workflowAccount: '111111111111',
  checks: [risks, ...healthy],
});

// The account of the pipeline: the servers that print the orders.
const printed = AlarmRef.named('orders-not-printed');
const printers = new ServerRollout(stack, 'Printers', {
  servers: Servers.tagged('role', 'printer'),
  strategy: RolloutStrategy.oneBox(Servers.tagged('role', 'first-printer'), RolloutStrategy.rolling(25)),
  alarms: [cloudwatch.Alarm.fromAlarmName(stack, 'NotPrinted', 'orders-not-printed')],
});

const code = new codepipeline.Artifact('code');
const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
  pipelineName: 'orders',
  pipelineType: codepipeline.PipelineType.V2,
  executionMode: codepipeline.ExecutionMode.QUEUED,
  crossAccountKeys: true,
  enableKeyRotation: true,
});
pipeline.addStage({
  stageName: 'Source',
  actions: [
    new actions.CodeStarConnectionsSourceAction({
      actionName: 'Source',
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-4000-8000-000000000000',
      owner: 'example',
      repo: 'orders',
      output: code,
    }),
  ],
});

const role = (id: string) => iam.Role.fromRoleArn(stack, id, `arn:aws:iam::${production.account}:role/orders-${id}`);
const change = { stackName: 'orders', changeSetName: 'release', role: role('pipeline') };
const conditions = StageConditions.of(pipeline);
pipeline.addStage({
  stageName: 'Production',
  actions: [
    new actions.CloudFormationCreateReplaceChangeSetAction({
      ...change,
      actionName: 'Prepare',
      runOrder: 1,
      templatePath: code.atPath('orders.template.json'),
      adminPermissions: false,
      deploymentRole: role('deployment'),
    }),
    new ApprovalGateAction({
      actionName: 'Safe',
      runOrder: 2,
      workflow: approvals,
      checks: [
        Check.testReport(codebuild.ReportGroup.fromReportGroupName(stack, 'Tests', 'orders-tests'), {
          failures: TestFailures.NEW,
          minTests: 100,
        }),
        Check.codeCoverage(codebuild.ReportGroup.fromReportGroupName(stack, 'Coverage', 'orders-coverage'), {
          minLinePercent: 80,
        }),
        Check.imageScan(ecr.Repository.fromRepositoryName(stack, 'Images', 'orders'), {
          image: ScannedImage.taggedByRevision({ length: 12 }),
          limits: { high: 2 },
          waivers: [
            Waiver.of({ finding: 'CVE-2026-1234', owner: 'ana', reason: 'parser not used', until: '2027-06-30' }),
          ],
        }),
        Check.licenses(
          s3.Bucket.fromBucketName(stack, 'Boms', 'orders-sbom'),
          LicensePolicy.allow('MIT', 'Apache-2.0', 'ISC'),
        ),
        risks,
      ],
      rule: GateRule.automatedElsePeople({ onFail: OnFail.ASK_APPROVERS }),
      approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
    }),
    new actions.CloudFormationExecuteChangeSetAction({ ...change, actionName: 'Deploy', runOrder: 3 }),
    new ApprovalGateAction({
      actionName: 'Healthy',
      runOrder: 4,
      workflow: approvals,
      checks: [
        ...healthy,
        Check.http('https://orders.example.com/health', {
          jsonCondition: 'queue.waiting <= `100`',
          maxLatency: Duration.seconds(1),
          secretHeaders: [
            {
              name: 'Authorization',
              prefix: 'Bearer ',
              secret: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'orders-health'),
            },
          ],
        }),
      ],
      bakeTime: BakePreset.LATER_WAVE,
      rollbackOnReject: true,
    }),
  ],
  // Printers change in office hours only.
  onSuccess: conditions.failUnless(
    StageRules.deploymentWindow(DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' })),
  ),
});

pipeline.addStage({
  stageName: 'Printers',
  onSuccess: conditions.rollbackUnless(StageRules.alarmBake(printed, Duration.minutes(30))),
  actions: [
    printers.deployOneBox(code),
    new ApprovalGateAction({
      actionName: 'FirstPrinter',
      runOrder: 2,
      workflow: approvals,
      checks: [Check.alarm(printed, { missingData: MissingData.HEALTHY })],
      bakeTime: Duration.minutes(15),
    }),
    printers.deployFleet(code),
  ],
});
