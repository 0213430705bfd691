/** What callers without a type checker write: each is refused by a sentence that names the property, what it is given, and what to write. */
import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as library from '../../lib';
import {
  AlarmRef,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approver,
  Approvers,
  BreakGlass,
  CdkPromotion,
  Check,
  EcsDeployer,
  Escalation,
  GateRule,
  HealthCheckAction,
  LambdaRollout,
  Mail,
  PromotionPipeline,
  PromotionTarget,
  RecommendedChecks,
  RolloutStrategy,
  ServerRollout,
  Servers,
  StageConditions,
  StageRollout,
  StageRules,
} from '../../lib';
import { shown } from '../../lib/private/types';

const ENV = { account: '111111111111', region: 'eu-west-1' };
const [ana, bo] = ['ana', 'bo'].map((name) => Approver.person(`${name}@example.com`)) as [Approver, Approver];
const strategy = RolloutStrategy.canary(10, Duration.minutes(10));
const health = Check.http('https://example.com/health');
const newStack = () => new Stack(new App(), 'Shop', { env: ENV });
const asNever = (value: unknown) => value as never;

const functionOf = (stack: Stack) =>
  new lambda.Function(stack, 'Fn', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });

const gate = (wrong: object) => () =>
  new ApprovalGateAction({ actionName: 'Approve', approvers: Approvers.anyOf(ana), ...wrong });
const workflow = (wrong: object) => () => new ApprovalWorkflow(newStack(), 'Approvals', wrong);
const rollout = (wrong: object) => () => {
  const stack = newStack();
  return new LambdaRollout(stack, 'Rollout', { handler: functionOf(stack), strategy, ...wrong });
};
const promotion = (stage: object) => () => {
  const stack = newStack();
  const output = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'bucket');
  const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output });
  const deploy = [new actions.S3DeployAction({ actionName: 'Deploy', bucket, input: output })];
  const stages = [{ stageName: 'Prod', deploy, ...stage }];
  return new PromotionPipeline(stack, 'Promotion', { source, stages, approvers: Approvers.anyOf(ana) });
};
const waves = (wave: object) => () => promotion({})().addWave(asNever({ waveName: 'Europe', ...wave }));

test.each<[string, () => unknown, RegExp]>([
  [
    'the name of a workflow',
    gate({ workflow: 'shop' }),
    /`workflow` is "shop", but has to be a workflow: make one by `new ApprovalWorkflow/,
  ],
  [
    'a factory for a value',
    gate({ rule: GateRule.guarded }),
    /`rule` is a function or class, but has to be `GateRule.guarded\(\)`/,
  ],
  [
    'a person for a choice',
    gate({ workflow: workflow({})(), breakGlass: ana }),
    /`breakGlass` is a value of `Approver`, but has to be made by `BreakGlass.by`/,
  ],
  ['a text for yes', gate({ rollbackOnReject: 'yes' }), /`rollbackOnReject` is "yes", but has to be true or false/],
  ['a text for no', gate({ excludeAuthor: 'no' }), /`excludeAuthor` is "no", but has to be true or false/],
  ['no name', gate({ actionName: undefined }), /`actionName` is nothing, but has to be a text/],
  [
    'the name of a mail service',
    workflow({ mail: 'ses' }),
    /`mail` is "ses", but has to be made by `Mail.sns` or `Mail.ses`: write/,
  ],
  ['a mail factory', workflow({ mail: Mail.sns }), /`mail` is a function or class, but has to be made by/],
  [
    'no dashboard',
    workflow({ dashboard: false }),
    /`dashboard` is false, .*write Dashboard.none\(\) where there should be none/,
  ],
  [
    'the name of a zone',
    workflow({ timeZone: 'Europe/Berlin' }),
    /`timeZone` is "Europe\/Berlin", but has to be a `TimeZone` of aws-cdk-lib/,
  ],
])('%s is refused', (_what, make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ name: 'GateError' }));
});

test.each<[string, () => unknown, RegExp]>([
  [
    'emails',
    () => Approvers.emails(asNever(['ana@example.com'])),
    /`Approvers.emails` is given a list, but takes what is in it one by one: write `\.\.\.`/,
  ],
  ['approvers', () => Approvers.atLeast(2, asNever([ana, bo])), /`approvers` is given a list, but takes/],
  ['groups', () => Approvers.allGroups(asNever([])), /`Approvers.allGroups` is given a list/],
  ['an escalation', () => Escalation.after(Duration.hours(1), asNever([ana])), /`escalation` is given a list/],
  ['an emergency', () => BreakGlass.by(asNever([ana])), /`breakGlass` is given a list/],
  [
    'recommended checks',
    () => {
      const stack = newStack();
      const checks = [RecommendedChecks.forFunction(functionOf(stack))];
      const action = new HealthCheckAction({ actionName: 'Healthy', checks: asNever(checks) });
      return pipelineOf(stack).addStage({ stageName: 'Prod', actions: [action] });
    },
    /`checks` is given a list, but takes what is in it one by one: write `\.\.\.` in front of the list/,
  ],
  [
    'the rules of a condition',
    () =>
      StageConditions.of(pipelineOf(newStack())).skipUnless(asNever([StageRules.variableIs('#{variables.a}', 'b')])),
    /`skipUnless` is given a list/,
  ],
])('a list is no member of a list: %s', (_what, make, message) => {
  expect(make).toThrow(message);
});

test.each<[string, () => unknown, RegExp]>([
  [
    'checks of a promotion',
    promotion({ checks: health }),
    /`checks` is a value of `Check`, but has to be a list: write \[Check.http/,
  ],
  [
    'deploy actions',
    promotion({ deploy: 'deploy' }),
    /`deploy` is "deploy", but has to be a list: write \[deployAction\]/,
  ],
  ['nothing to deploy', promotion({ deploy: undefined }), /`deploy` is nothing, but has to be a list/],
  [
    'checks of a target',
    () => PromotionTarget.actions('eu', [], { checks: asNever(health) }),
    /`checks` is a value of `Check`, but has to be a list/,
  ],
  ['targets', waves({}), /`targets` is nothing, but has to be a list: write \[PromotionTarget.actions/],
  ['hooks', rollout({ before: health }), /`before` is a value of `Check`, but has to be a list/],
  ['alarms', rollout({ alarms: 'shop-5xx' }), /`alarms` is "shop-5xx", but has to be a list: write \[alarm\]/],
  [
    'target groups',
    () => new ServerRollout(newStack(), 'R', { servers: Servers.tagged('a', 'b'), targetGroups: asNever('web') }),
    /`targetGroups` is "web", but has to be a list/,
  ],
  [
    'headers',
    () => Check.http('https://a.example', { secretHeaders: asNever({ a: 'b' }) }),
    /secretHeaders` is \{"a":"b"\}, but has to be a list/,
  ],
  ['gates', () => workflow({})().addGates(asNever('shop'), {}), /`names` is "shop", but has to be a list/],
  [
    'viewers',
    () => library.Dashboard.signInByEmail({ viewers: asNever(ana) }),
    /`viewers` is a value of `Approver`, but has to be a list/,
  ],
  [
    'no checks of an action',
    () =>
      pipelineOf(newStack()).addStage({
        stageName: 'Prod',
        actions: [new HealthCheckAction(asNever({ actionName: 'Healthy' }))],
      }),
    /`checks` is nothing, but has to be a list/,
  ],
])('one thing is no list of it: %s', (_what, make, message) => {
  expect(make).toThrow(message);
});

test.each<[string, () => unknown, RegExp]>([
  ['a stage that asks', promotion({ manualApproval: 'yes' }), /`manualApproval` is "yes", but has to be true or false/],
  ['a stage without a name', promotion({ stageName: undefined }), /`stageName` is nothing, but has to be a text/],
  [
    'a wave of actions',
    waves({ targets: [{}] }),
    /`targets` holds \{\}, but has to hold targets: make them by `PromotionTarget.actions`/,
  ],
  [
    'a promotion of the other kind of pipeline',
    () => {
      const stack = newStack();
      return new CdkPromotion(stack, 'Promotion', { pipeline: asNever(pipelineOf(stack)) });
    },
    /`pipeline` is a construct, but has to be a pipeline of CDK Pipelines.*or take `PromotionPipeline`/,
  ],
  [
    'a stack for a stage',
    () => {
      const stack = newStack();
      const pipeline = asNever({ addWave: () => undefined });
      return new CdkPromotion(stack, 'Promotion', { pipeline }).addStage(asNever(new Stack(stack, 'Inner')));
    },
    /a stage is a construct, but has to be a `Stage` of the CDK, which holds the stacks/,
  ],
  [
    'a function for a probe',
    () => Check.http('https://a.example', { probe: asNever(functionOf(newStack())) }),
    /`Check.http probe` is a construct, but has to be a `HttpProbe`/,
  ],
  [
    'a number for an account',
    () => AlarmRef.named('a', { account: asNever(222222222222) }),
    /`AlarmRef.named account` is 222222222222, but has to be a text/,
  ],
  [
    'a metric under another name',
    () =>
      Check.canaryAnalysis({
        metrics: asNever([{ canary: new cloudwatch.Metric({ namespace: 'A', metricName: 'b' }) }]),
      }),
    /`Check.canaryAnalysis baseline` is given nothing/,
  ],
  ['the name of a topic', rollout({ alarmTopic: 'team' }), /`alarmTopic` is given "team": give a topic/],
  ['no function', rollout({ handler: undefined }), /`handler` is given nothing: give a function that this app makes/],
  ['milliseconds', rollout({ watch: { p99Duration: 800 } }), /`watch.p99Duration` is 800, but has to be a duration/],
  [
    'traffic of no factory',
    () => EcsDeployer.native({ traffic: asNever({}) }),
    /`EcsDeployer.native traffic` is \{\}, but has to be traffic/,
  ],
  [
    'an HTTP API',
    () => {
      const stack = newStack();
      return new StageRollout(stack, 'R', { api: asNever(new apigatewayv2.HttpApi(stack, 'Api')), strategy });
    },
    /`api` is given a construct: an HTTP API has no canary, so give a `RestApi`/,
  ],
  [
    'half a name of a gate',
    () => workflow({})().addGate(asNever({ pipeline: 'a', stageName: 'b', actionName: 'c' })),
    /`pipelineName` is nothing, but has to be a text/,
  ],
])('%s is refused, too', (_what, make, message) => {
  expect(make).toThrow(message);
});

test('a text that looks like a number is shown with its quotes', () => {
  expect(() => Approvers.atLeast(asNever('2'), ana, bo)).toThrow(/`count` is "2", but must be a whole number/);
  expect(rollout({ strategy: RolloutStrategy.canary(asNever('10'), Duration.minutes(10)) })).toThrow(
    /percent` is "10", but CodeDeploy takes whole percentages/,
  );
  expect(() => Check.alarm(AlarmRef.named('a'), { failureLimit: asNever('4') })).toThrow(
    /failureLimit` is "4", but has/,
  );
});

test.each<[unknown, string]>([
  [undefined, 'nothing'],
  [null, 'null'],
  [NaN, 'NaN'],
  [0.1, '0.1'],
  ['a"b', '"a\\"b"'],
  [{ a: 1 }, '{"a":1}'],
  [Object.create(null), '{}'],
  [[], '[]'],
  [[1, 'a', ana, 2, 3], '[1, "a", a value of `Approver`, 2 more]'],
  [new Stage(new App(), 'Prod'), 'a construct'],
  [Duration.minutes(1), 'a value of `Duration`'],
  [() => 1, 'a function or class'],
])('%p is shown in few words', (value, words) => {
  expect(shown(value)).toBe(words);
});

test('the package exports what is documented alone: no helper of ours', () => {
  const helpers = Object.entries(library).filter(([name]) => !/^[A-Z]/.test(name));

  expect(helpers).toEqual([]);
});

function pipelineOf(stack: Stack): codepipeline.Pipeline {
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { pipelineType: codepipeline.PipelineType.V2 });
  const bucket = s3.Bucket.fromBucketName(stack, 'From', 'bucket');
  const output = new codepipeline.Artifact();
  const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'x.zip', output });
  pipeline.addStage({ stageName: 'Source', actions: [source] });
  return pipeline;
}
