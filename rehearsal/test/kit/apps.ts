/** Small apps for the test kit, each in two forms: with a hole, and without. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AlarmRef,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  Check,
  LambdaRollout,
  RolloutStrategy,
} from 'cdk-approval-gates';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceStage } from '../fixtures/sources';

type Action = codepipeline.IAction;

interface Parts {
  readonly stack: Stack;
  /** An action that deploys; it takes a minute and a half. */
  deploy(runOrder?: number): Action;
  /** CodePipeline's own approval. */
  native(runOrder?: number): Action;
  workflow(): ApprovalWorkflow;
  /** Deploys a function to a tenth of its calls for ten minutes, then to all. */
  canary(watches: readonly string[]): Action;
}

export type Stages = Readonly<Record<string, readonly Action[]>>;

export function appWith(build: (parts: Parts) => Stages, name = 'shop'): App {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), analyticsReporting: false });
  const stack = new Stack(app, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const input = new codepipeline.Artifact('change');
  const bucket = new s3.Bucket(stack, 'Site');
  let workflow: ApprovalWorkflow | undefined;
  const stages = build({
    stack,
    deploy: (runOrder) => new actions.S3DeployAction({ actionName: 'Deploy', bucket, input, runOrder }),
    native: (runOrder) =>
      new actions.ManualApprovalAction({ actionName: 'Approve', runOrder, notifyEmails: ['ana@example.com'] }),
    workflow: () => (workflow ??= new ApprovalWorkflow(stack, 'Approvals')),
    canary: (watches) => {
      const service = new Stack(app, 'Service', { env: { account: stack.account, region: stack.region } });
      const alarms = watches.map((alarmName) => alarmNamed(service, alarmName));
      new LambdaRollout(service, 'Rollout', {
        handler: new lambda.Function(service, 'Shop', {
          runtime: lambda.Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
        }),
        strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
        alarms,
      });
      return new actions.CloudFormationCreateUpdateStackAction({
        actionName: 'Deploy',
        stackName: 'Service',
        templatePath: input.atPath('Service.template.json'),
        adminPermissions: false,
      });
    },
  });
  new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineName: name,
    pipelineType: codepipeline.PipelineType.V2,
    stages: [
      sourceStage(stack, input),
      ...Object.entries(stages).map(([stageName, all]) => ({ stageName, actions: [...all] })),
    ],
  });
  return app;
}

const [ana, bo, cy] = ['ana', 'bo', 'cy'].map((name) => Approver.person(`${name}@example.com`)) as [
  Approver,
  Approver,
  Approver,
];

export const people = ({ workflow, deploy }: Parts, approvers: Approvers): Stages => ({
  Prod: [new ApprovalGateAction({ actionName: 'Approve', runOrder: 1, workflow: workflow(), approvers }), deploy(2)],
});

function alarmNamed(stack: Stack, alarmName: string): Alarm {
  const metric = new Metric({ namespace: 'Shop', metricName: alarmName });
  return new Alarm(stack, alarmName, { alarmName, metric, threshold: 1, evaluationPeriods: 1 });
}

/** The alarm is there in either case; CodeDeploy looks at it, or not. */
const canaryBefore = ({ stack, canary, deploy }: Parts, watches: readonly string[]): Stages => {
  if (!watches.includes('shop-5xx')) alarmNamed(stack, 'shop-5xx');
  return { Canary: [canary(watches)], Prod: [deploy()] };
};

const watched = (parts: Parts, watches: 'shop-5xx' | 'shop-latency'): Stages => {
  const { stack, workflow, deploy } = parts;
  ['shop-5xx', 'shop-latency'].forEach((name) => alarmNamed(stack, name));
  const gate = new ApprovalGateAction({
    actionName: 'Healthy',
    runOrder: 2,
    workflow: workflow(),
    checks: [Check.alarm(AlarmRef.named(watches))],
    bakeTime: Duration.minutes(10),
  });
  return { Canary: [deploy(1), gate], Prod: [deploy()] };
};

export const HOLES = {
  'the gate comes after the deployment': {
    hole: () => appWith(({ deploy, native }) => ({ Prod: [deploy(1), native(2)] })),
    repaired: () => appWith(({ deploy, native }) => ({ Prod: [native(1), deploy(2)] })),
  },
  'the gate is in another stage, which comes later': {
    hole: () => appWith(({ deploy, native }) => ({ Prod: [deploy()], Verify: [native()] })),
    repaired: () => appWith(({ deploy, native }) => ({ Verify: [native()], Prod: [deploy()] })),
  },
  'any of three may approve, where two were meant': {
    hole: () => appWith((parts) => people(parts, Approvers.anyOf(ana, bo, cy))),
    repaired: () => appWith((parts) => people(parts, Approvers.atLeast(2, ana, bo, cy))),
  },
  'the canary is watched by another alarm than its own': {
    hole: () => appWith((parts) => watched(parts, 'shop-latency')),
    repaired: () => appWith((parts) => watched(parts, 'shop-5xx')),
  },
  'a canary has no alarm': {
    hole: () => appWith((parts) => canaryBefore(parts, [])),
    repaired: () => appWith((parts) => canaryBefore(parts, ['shop-5xx'])),
  },
  'a rollback passes no gate': {
    hole: () => appWith(({ deploy, native }) => ({ Verify: [native()], Prod: [deploy()] })),
    repaired: () => appWith(({ deploy, native }) => ({ Prod: [native(1), deploy(2)] })),
  },
};
