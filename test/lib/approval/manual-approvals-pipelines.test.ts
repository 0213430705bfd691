import { CfnParameter, Lazy, LegacyStackSynthesizer, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as include from 'aws-cdk-lib/cloudformation-include';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualApprovals, TakeOverVerdict } from '../../../lib/approval';
import { documentOf, three } from './gate-fixture';
import { newApp } from './stacks';
import {
  action,
  approvalIn,
  env,
  oldPipeline,
  place,
  plainPipeline,
  publishersIn,
  roleOf,
  RUN,
  topic,
} from './manual-approvals-fixture';

describe('a pipeline that is a plain resource', () => {
  test('is taken over: its role gets a policy before the pipeline changes', () => {
    const { app, release, options } = place();
    plainPipeline(release);
    const [gate] = ManualApprovals.takeOver(app, options);
    expect(gate!.pipelineName).toBe('billing');
    expect(approvalIn(release).Configuration).toEqual({ NotificationArn: topic, CustomData: `Pipeline run: ${RUN}` });
    expect(publishersIn(release)).toEqual(['<PlainRole>']);
    Template.fromStack(release).hasResource('AWS::CodePipeline::Pipeline', {
      DependsOn: [Match.stringLikeRegexp('^PlainPublishTo')],
    });
    expect(documentOf(Template.fromStack(release), '/gates/billing/Prod/Approve/policy')).toMatchObject({
      timeoutMinutes: 7 * 24 * 60,
      onReject: 'ROLLBACK',
    });
  });

  test('may be included from a template', () => {
    const { app, release, options } = place();
    const file = join(tmpdir(), `manual-approvals-${process.pid}.json`);
    const old = new Stack(newApp(), 'Old', { env, synthesizer: new LegacyStackSynthesizer() });
    plainPipeline(old);
    writeFileSync(file, JSON.stringify(Template.fromStack(old).toJSON()));
    new include.CfnInclude(release, 'Included', { templateFile: file });
    expect(ManualApprovals.takeOver(app, options)).toHaveLength(1);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(topic);
    expect(publishersIn(release)).toEqual(['<PlainRole>']);
  });

  test('of a role that stands in the account already keeps its notification', () => {
    const { app, release, options } = place();
    plainPipeline(release, { roleArn: 'arn:aws:iam::111111111111:role/mine' });
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration).toEqual({ CustomData: `Pipeline run: ${RUN}` });
  });

  test.each<[string, Partial<codepipeline.CfnPipelineProps>, RegExp]>([
    [
      'stages',
      { stages: Lazy.any({ produce: () => [] }) },
      /'billing\/\*': its stages are tokens: name its approvals by `addGate`/,
    ],
    [
      'one of its stages',
      { stages: [Lazy.any({ produce: () => ({}) })] },
      /'billing\/\*': its stages are tokens: name its approvals by `addGate`/,
    ],
    [
      'one of its actions',
      { stages: [{ name: 'Prod', actions: [Lazy.any({ produce: () => ({}) })] }] },
      /'billing\/\*': its stages are tokens: name its approvals by `addGate`/,
    ],
    [
      'the configuration of the action',
      {
        stages: [
          {
            name: 'Prod',
            actions: [{ ...action('Approve', 'Approval', 'Manual'), configuration: Lazy.any({ produce: () => ({}) }) }],
          },
        ],
      },
      /its `configuration` is a token, which nothing can be added to/,
    ],
    [
      'a name of a stage',
      { stages: [{ name: Token.asString({ Ref: 'Stage' }), actions: [action('Approve', 'Approval', 'Manual')] }] },
      /its `stageName` is a token, but a parameter is named after it/,
    ],
    [
      'a name of an action',
      { stages: [{ name: 'Prod', actions: [action(Token.asString({ Ref: 'Name' }), 'Approval', 'Manual')] }] },
      /its `actionName` is a token, but a parameter is named after it/,
    ],
  ])('fails where %s cannot be known', (_, change, message) => {
    const { app, release, options } = place();
    plainPipeline(release, change);
    expect(() => ManualApprovals.takeOver(app, options)).toThrow(message);
    expect(ManualApprovals.report(app, options)).toMatchObject([{ verdict: TakeOverVerdict.CANNOT }]);
  });

  test('is taken over in two calls, each with its own approvers', () => {
    const { app, release, options, workflow } = place();
    plainPipeline(release, {
      stages: ['Test', 'Prod'].map((name) => ({ name, actions: [action('Approve', 'Approval', 'Manual')] })),
    });
    ManualApprovals.takeOver(app, { ...options, include: ['*/Test/*'] });
    ManualApprovals.takeOver(app, { workflow, approvers: three, exclude: ['*/Test/*'] });
    const template = Template.fromStack(release);
    expect(documentOf(template, '/Test/Approve/').rule.people.groups[0].quorum).toBe(1);
    expect(documentOf(template, '/Prod/Approve/').rule.people.groups[0].quorum).toBe(2);
    expect(publishersIn(release)).toEqual(['<PlainRole>']);
  });
});

describe('CDK Pipelines', () => {
  function cdkPipeline(scope: Stack): pipelines.CodePipeline {
    const pipeline = new pipelines.CodePipeline(scope, 'Delivery', {
      synth: new pipelines.ShellStep('Synth', {
        input: pipelines.CodePipelineSource.gitHub('a/b', 'main', { authentication: SecretValue.unsafePlainText('x') }),
        commands: ['true'],
      }),
    });
    pipeline.addWave('Prod', { pre: [new pipelines.ManualApprovalStep('Approve', { comment: 'Look' })] });
    return pipeline;
  }

  test('are taken over once they are built', () => {
    const { app, release, options } = place();
    cdkPipeline(release).buildPipeline();
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration).toEqual({
      NotificationArn: topic,
      CustomData: `Look\nPipeline run: ${RUN}`,
    });
    expect(publishersIn(release)).toEqual([roleOf(release)]);
  });

  test('fail before that, and say what to do', () => {
    const { app, release, options } = place();
    cdkPipeline(release);
    expect(() => ManualApprovals.takeOver(app, options)).toThrow(
      /'Release\/Delivery\/\*': it has not been built yet: call its `buildPipeline\(\)` before/,
    );
  });
});

test('a parameter may stand for the name of a pipeline', () => {
  const { app, release, options } = place();
  const name = new CfnParameter(release, 'Name');
  oldPipeline(release, {}, { pipelineName: name.valueAsString });
  expect(ManualApprovals.takeOver(app, options)).toHaveLength(1);
  expect(documentOf(Template.fromStack(release), '/Prod/Approve/policy').gate.pipeline).toMatch(/^<Pipeline/);
});
