import {
  Aws,
  CfnParameter,
  Duration,
  Lazy,
  LegacyStackSynthesizer,
  SecretValue,
  Stack,
  Stage,
  Token,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as include from 'aws-cdk-lib/cloudformation-include';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManualApprovalsOptions } from '../../../lib/approval';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  ApproverGroup,
  Approvers,
  GateRule,
  ManualApprovals,
  TakeOverVerdict,
} from '../../../lib/approval';
import { ana, bo, cy, documentOf, flat, health, rolesOf, three } from './gate-fixture';
import { deployAction, newApp, newPipeline, newStack } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };

/** A workflow in a stack of its own, and a stack for pipelines. */
function place(workflowProps: { encryptionKey?: boolean } = {}) {
  const app = newApp();
  const approvals = new Stack(app, 'Approvals', { env });
  const encryptionKey = workflowProps.encryptionKey === true ? new kms.Key(approvals, 'Key') : undefined;
  const workflow = new ApprovalWorkflow(approvals, 'Workflow', { workflowName: 'shop', encryptionKey });
  const release = new Stack(app, 'Release', { env });
  const options: ManualApprovalsOptions = { workflow, approvers: Approvers.anyOf(ana) };
  return { app, approvals, workflow, release, options };
}

/** A pipeline of the CDK whose stage Prod asks by the CDK's own approval. */
function oldPipeline(
  scope: Stack,
  props: Partial<actions.ManualApprovalActionProps> = {},
  pipelineProps: codepipeline.PipelineProps = {},
  id = 'Pipeline',
): codepipeline.Pipeline {
  const pipeline = newPipeline(scope, id, pipelineProps);
  pipeline.addStage({
    stageName: 'Prod',
    actions: [
      new actions.ManualApprovalAction({ actionName: 'Approve', ...props }),
      deployAction(scope, `${id}Deploy`, 2),
    ],
  });
  return pipeline;
}

/** The approval `Prod/Approve` as the template holds it. */
function approvalIn(stack: Stack): any {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  const stage = pipeline!.Properties.Stages.find(({ Name }: any) => Name === 'Prod');
  return stage.Actions.find(({ Name }: any) => Name === 'Approve');
}

/** Logical ids of the roles that may publish to the request topic. */
function publishersIn(stack: Stack): string[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies
    .filter(({ Properties }) =>
      JSON.stringify(Properties).match(/"sns:Publish","Effect":"Allow","Resource":.*Workflow.*Topic/),
    )
    .flatMap(({ Properties }) => Properties.Roles.map(flat));
}

/** Roles of the action, or else of the pipeline, as the template names them. */
function roleOf(stack: Stack): string {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  return flat(approvalIn(stack).RoleArn ?? pipeline!.Properties.RoleArn).replace(/^<(.*)\.Arn>$/, '<$1>');
}

const RUN = '#{codepipeline.PipelineExecutionId}';
const topic = expect.objectContaining({ 'Fn::ImportValue': expect.stringMatching(/Workflow.*Topic/) });

describe('a manual approval of the CDK that is taken over', () => {
  test('stays the same approval in its place, but notifies the workflow, and says which run asks', () => {
    const { app, release, options } = place();
    oldPipeline(release, {
      additionalInformation: 'Read the notes',
      externalEntityLink: 'https://example.com',
      notifyEmails: ['old@example.com'],
      runOrder: 1,
      timeout: Duration.days(3),
    });
    const before = approvalIn(newCopy());
    const gates = ManualApprovals.takeOver(app, options);

    expect(gates.map(({ stageName, actionName }) => `${stageName}/${actionName}`)).toEqual(['Prod/Approve']);
    const after = approvalIn(release);
    expect(after).toEqual({
      ...before,
      Configuration: {
        ...before.Configuration,
        NotificationArn: topic,
        CustomData: `Read the notes\nPipeline run: ${RUN}`,
      },
    });
    expect(documentOf(Template.fromStack(release), '/Prod/Approve/policy')).toMatchObject({
      gate: { stage: 'Prod', action: 'Approve' },
      rule: { kind: 'MANUAL', people: { groups: [{ quorum: 1, ids: [ana.approverId] }] } },
      timeoutMinutes: 3 * 24 * 60,
      onReject: 'STOP',
    });
    expect(Object.keys(rolesOf(Template.fromStack(release)))).toHaveLength(1);

    /** The same pipeline, not taken over. */
    function newCopy(): Stack {
      const other = place().release;
      oldPipeline(other, {
        additionalInformation: 'Read the notes',
        externalEntityLink: 'https://example.com',
        notifyEmails: ['old@example.com'],
        runOrder: 1,
        timeout: Duration.days(3),
      });
      return other;
    }
  });

  test('says which run asks where it had no text', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration).toEqual({ NotificationArn: topic, CustomData: `Pipeline run: ${RUN}` });
  });

  test('keeps a text that holds references, and one that names the run already', () => {
    const { app, release, options } = place();
    oldPipeline(release, { additionalInformation: `Look at ${Aws.STACK_NAME}` });
    oldPipeline(release, { additionalInformation: `Pipeline run: ${RUN}` }, {}, 'Other');
    ManualApprovals.takeOver(app, options);
    const texts = Object.values(Template.fromStack(release).findResources('AWS::CodePipeline::Pipeline')).map(
      ({ Properties }) => flat(Properties.Stages[1].Actions[0].Configuration.CustomData),
    );
    expect(texts).toEqual([`Look at <AWS::StackName>\nPipeline run: ${RUN}`, `Pipeline run: ${RUN}`]);
  });

  test('waits as long as it did, or as long as the options say', () => {
    const { app, release, options } = place();
    oldPipeline(release, { timeout: Duration.hours(5) });
    ManualApprovals.takeOver(app, { ...options, timeout: Duration.hours(2) });
    expect(approvalIn(release).TimeoutInMinutes).toBe(120);
    expect(documentOf(Template.fromStack(release), '/policy').timeoutMinutes).toBe(120);
  });

  test('has the policy of the options: quorum, checks and rule', () => {
    const { app, release, workflow } = place();
    oldPipeline(release);
    ManualApprovals.takeOver(app, { workflow, approvers: three, checks: [health()], rule: GateRule.guarded() });
    expect(documentOf(Template.fromStack(release), '/policy').rule).toMatchObject({
      kind: 'GUARDED',
      people: { groups: [{ quorum: 2 }], excludeAuthor: true },
    });
    expect(Object.keys(rolesOf(Template.fromStack(release)))).toHaveLength(2);
    Annotations.fromStack(release).hasWarning('*', Match.stringLikeRegexp('CodePipeline names no author'));
  });

  test('tells approvers of a rollback that the stage does by itself', () => {
    const { app, release, options } = place();
    const pipeline = newPipeline(release);
    pipeline.addStage({
      stageName: 'Prod',
      actions: [deployAction(release), new actions.ManualApprovalAction({ actionName: 'Approve', runOrder: 2 })],
      onFailure: { result: codepipeline.Result.ROLLBACK },
    });
    ManualApprovals.takeOver(app, options);
    expect(documentOf(Template.fromStack(release), '/policy').onReject).toBe('ROLLBACK');
  });

  test('keeps what another gate of its stage changed, and stages that are added later', () => {
    const { app, release, options, workflow } = place();
    const pipeline = oldPipeline(release);
    pipeline.stages[1]!.addAction(
      new ApprovalGateAction({
        actionName: 'Healthy',
        runOrder: 3,
        workflow,
        checks: [health()],
        rollbackOnReject: true,
      }),
    );
    ManualApprovals.takeOver(app, options);
    pipeline.addStage({ stageName: 'Later', actions: [deployAction(release, 'Later')] });
    const [resource] = Object.values(Template.fromStack(release).findResources('AWS::CodePipeline::Pipeline'));
    expect(resource!.Properties.Stages.map(({ Name, OnFailure }: any) => [Name, OnFailure?.Result])).toEqual([
      ['Source', undefined],
      ['Prod', 'ROLLBACK'],
      ['Later', undefined],
    ]);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(topic);
  });
});

test('a gate keeps its role and its parameter when its action becomes an ApprovalGateAction later', () => {
  const takenOver = place();
  oldPipeline(takenOver.release);
  ManualApprovals.takeOver(takenOver.app, takenOver.options);
  const rewritten = place();
  const { workflow, approvers } = rewritten.options;
  newPipeline(rewritten.release).addStage({
    stageName: 'Prod',
    actions: [
      new ApprovalGateAction({ actionName: 'Approve', workflow, approvers }),
      deployAction(rewritten.release, 'PipelineDeploy', 2),
    ],
  });
  const [then, now] = [takenOver.release, rewritten.release].map((stack) => Template.fromStack(stack));
  const parameters = then!.findResources('AWS::SSM::Parameter');
  expect(Object.keys(parameters)).toHaveLength(1);
  expect(now!.findResources('AWS::SSM::Parameter')).toEqual(parameters);
  expect(rolesOf(now!)).toEqual(rolesOf(then!));
});

describe('the role that publishes', () => {
  test('is the one that the CDK made for the action', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    ManualApprovals.takeOver(app, options);
    expect(roleOf(release)).toMatch(/ProdApproveCodePipelineActionRole/);
    expect(publishersIn(release)).toEqual([roleOf(release)]);
  });

  test('is the one of the pipeline where the action has none', () => {
    const { app, release, options } = place();
    oldPipeline(release, {}, { usePipelineRoleForActions: true });
    ManualApprovals.takeOver(app, options);
    expect(roleOf(release)).toMatch(/^<PipelineRole[0-9A-F]+>$/);
    expect(publishersIn(release)).toEqual([roleOf(release)]);
  });

  test('is the one that the action was given', () => {
    const { app, release, options } = place();
    const role = new iam.Role(release, 'Mine', { assumedBy: new iam.AccountRootPrincipal() });
    oldPipeline(release, { role });
    ManualApprovals.takeOver(app, options);
    expect(publishersIn(release)).toEqual([`<${release.getLogicalId(role.node.defaultChild as iam.CfnRole)}>`]);
  });

  test('may use the key of an encrypted topic', () => {
    const { app, release, options } = place({ encryptionKey: true });
    oldPipeline(release);
    ManualApprovals.takeOver(app, options);
    expect(JSON.stringify(Template.fromStack(release).findResources('AWS::IAM::Policy'))).toMatch(
      /"kms:Decrypt","kms:GenerateDataKey"\],"Effect":"Allow","Resource":\{"Fn::ImportValue":/,
    );
  });

  test('of another app lets the notification be as it was, with a warning', () => {
    const { app, release, options } = place();
    const role = iam.Role.fromRoleArn(release, 'Mine', 'arn:aws:iam::111111111111:role/mine');
    const old = new sns.Topic(release, 'Old');
    oldPipeline(release, { role, notificationTopic: old });
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(release.resolve(old.topicArn));
    expect(approvalIn(release).Configuration.CustomData).toContain(RUN);
    Annotations.fromStack(release).hasWarning(
      '/Release/Pipeline',
      Match.stringLikeRegexp(
        "approval 'Release/Pipeline/Prod/Approve' is a gate, but notifies as before.*roleElsewhere",
      ),
    );
  });

  const MINE = 'arn:aws:iam::111111111111:role/mine';

  test('of another app may publish where it was imported to be changed', () => {
    const { app, release, options } = importedToBeChanged();
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(topic);
    expect(publishersIn(release)).toEqual(['mine']);
  });

  test('of another app is left alone by the report, however often it is called', () => {
    const untouched = importedToBeChanged();
    const { app, release, options } = importedToBeChanged();
    for (const _ of [1, 2]) {
      const [report] = ManualApprovals.report(app, options);
      expect(report!.changes).toContain("role 'Release/Mine' may publish to that topic");
    }
    expect(Template.fromStack(release).toJSON()).toEqual(Template.fromStack(untouched.release).toJSON());
  });

  function importedToBeChanged() {
    const all = place();
    const role = iam.Role.fromRoleArn(all.release, 'Mine', MINE);
    oldPipeline(all.release, {}, { role, usePipelineRoleForActions: true });
    return all;
  }

  test.each([
    ['immutable', MINE, { mutable: false }],
    ['immutable, with grants to resources', MINE, { mutable: false, addGrantsToResources: true }],
    ['from another account', 'arn:aws:iam::222222222222:role/mine', {}],
  ])('keeps its notification where it was imported as %s, with a warning', (_, arn, imported) => {
    const { app, release, options } = place();
    const role = iam.Role.fromRoleArn(release, 'Mine', arn, imported);
    const old = new sns.Topic(release, 'Old');
    oldPipeline(release, { notificationTopic: old }, { role, usePipelineRoleForActions: true });
    const [report] = ManualApprovals.report(app, options);
    expect(report!.changes[1]).toMatch(
      /^it notifies <Old.*> as before, and the workflow finds its request by the event/,
    );
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.NotificationArn).toEqual(release.resolve(old.topicArn));
    expect(publishersIn(release)).toEqual([]);
    Annotations.fromStack(release).hasWarning(
      '/Release/Pipeline',
      Match.stringLikeRegexp('is a gate, but notifies as before.*roleElsewhere'),
    );
  });
});

/** A pipeline as a plain resource. */
function plainPipeline(stack: Stack, change: Partial<codepipeline.CfnPipelineProps> = {}): codepipeline.CfnPipeline {
  const role = new iam.CfnRole(stack, 'PlainRole', { assumeRolePolicyDocument: {} });
  return new codepipeline.CfnPipeline(stack, 'Plain', {
    name: 'billing',
    roleArn: role.attrArn,
    artifactStore: { type: 'S3', location: 'artifacts' },
    stages: [
      { name: 'Source', actions: [action('Fetch', 'Source', 'S3')] },
      { name: 'Prod', actions: [action('Approve', 'Approval', 'Manual')], onFailure: { result: 'ROLLBACK' } },
    ],
    ...change,
  });
}

function action(name: string, category: string, provider: string): codepipeline.CfnPipeline.ActionDeclarationProperty {
  return { name, actionTypeId: { category, owner: 'AWS', provider, version: '1' } };
}

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

describe('what is a gate already', () => {
  test('stays as it is, however often it is called', () => {
    const { app, release, options, workflow } = place();
    const pipeline = oldPipeline(release, {}, { pipelineName: 'shop' });
    pipeline.addStage({ stageName: 'Gates', actions: [new ApprovalGateAction({ ...options, actionName: 'Ours' })] });
    plainPipeline(release);
    workflow.addGate({ pipelineName: 'billing', stageName: 'Prod', actionName: 'Approve', approvers: three });

    expect(ManualApprovals.takeOver(app, options).map(({ pipelineName }) => pipelineName)).toEqual(['shop']);
    expect(ManualApprovals.takeOver(app, options)).toEqual([]);
    expect(ManualApprovals.report(app, options).map(({ place, verdict, reason }) => [place, verdict, reason])).toEqual([
      ['shop/Prod/Approve', TakeOverVerdict.STAYS, "it is a gate of workflow 'shop' already"],
      ['shop/Gates/Ours', TakeOverVerdict.STAYS, "it is a gate of workflow 'shop' already"],
      ['billing/Prod/Approve', TakeOverVerdict.STAYS, "it is a gate of workflow 'shop' already"],
    ]);
    expect(() => app.synth()).not.toThrow();
  });

  test('also of pipelines without a name in the app', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    oldPipeline(release, {}, {}, 'Other');
    expect(ManualApprovals.takeOver(app, options)).toHaveLength(2);
    expect(ManualApprovals.takeOver(app, options)).toEqual([]);
    expect(() => app.synth()).not.toThrow();
  });

  test('stays native where it was made without a workflow', () => {
    const { app, release, options } = place();
    oldPipeline(release).addStage({
      stageName: 'Native',
      actions: [new ApprovalGateAction({ actionName: 'Ours', approvers: Approvers.emails('bo@example.com') })],
    });
    const reports = ManualApprovals.report(app, options);
    expect(reports[1]).toMatchObject({
      verdict: TakeOverVerdict.STAYS,
      reason: 'it is a gate already: give its action the `workflow`',
    });
    expect(ManualApprovals.takeOver(app, options)).toHaveLength(1);
  });
});

describe('which approvals', () => {
  test('are those of the scope alone', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    const other = new Stack(app, 'Other', { env });
    oldPipeline(other);
    expect(ManualApprovals.takeOver(other, options)).toHaveLength(1);
    expect(approvalIn(release).Configuration?.NotificationArn).toBeUndefined();
    expect(() => app.synth()).not.toThrow();
  });

  test.each([
    [{ include: ['shop/Prod/Approve'] }, ['shop']],
    [{ include: ['*/Prod/*'], exclude: ['shop/*'] }, ['Release/Other']],
    [{ exclude: ['Release/*'] }, ['shop']],
  ])('are chosen by place: %j', (filter, expected) => {
    const { app, release, options } = place();
    oldPipeline(release, {}, { pipelineName: 'shop' });
    oldPipeline(release, {}, {}, 'Other');
    const places = ManualApprovals.report(app, { ...options, ...filter }).map(({ place }) => place);
    expect(places).toEqual(expected.map((pipeline) => `${pipeline}/Prod/Approve`));
    ManualApprovals.takeOver(app, { ...options, ...filter });
    expect(() => app.synth()).not.toThrow();
  });

  test.each(['include', 'exclude'])('fails where `%s` names nothing', (prop) => {
    const { app, release, options } = place();
    oldPipeline(release);
    expect(() => ManualApprovals.takeOver(app, { ...options, [prop]: ['shop/Prod/Aprove'] })).toThrow(
      `\`${prop}\` names 'shop/Prod/Aprove', but the approvals are 'Release/Pipeline/Prod/Approve': correct it`,
    );
  });

  test('takes a dot in a name for a dot', () => {
    const { app, release, options } = place();
    oldPipeline(release, {}, { pipelineName: 'shop.eu' });
    expect(ManualApprovals.report(app, { ...options, include: ['shop.eu/*'] })).toHaveLength(1);
    expect(() => ManualApprovals.report(app, { ...options, include: ['shop.e./*'] })).toThrow(/names 'shop.e.\/\*'/);
  });

  test('fails where there is none', () => {
    const { app, options } = place();
    expect(() => ManualApprovals.report(app, options)).toThrow(/there is no manual approval below '' yet/);
  });

  test('fails at synth where one is added afterwards, unless it is left out', () => {
    const late = (options: Partial<ManualApprovalsOptions>) => {
      const p = place();
      const pipeline = oldPipeline(p.release);
      ManualApprovals.takeOver(p.app, { ...p.options, ...options });
      pipeline.addStage({
        stageName: 'Late',
        actions: [new actions.ManualApprovalAction({ actionName: 'Approve' })],
      });
      return p.app;
    };
    expect(() => late({}).synth()).toThrow(
      /approval 'Release\/Pipeline\/Late\/Approve' was added after `ManualApprovals.takeOver`, and is no gate/,
    );
    expect(() => late({ include: ['*/Prod/*'] }).synth()).not.toThrow();
  });

  test('fails at synth where a pipeline is added afterwards whose stages cannot be read, unless it is left out', () => {
    const late = (options: Partial<ManualApprovalsOptions>) => {
      const p = place();
      oldPipeline(p.release);
      ManualApprovals.takeOver(p.app, { ...p.options, ...options });
      plainPipeline(p.release, { stages: Lazy.any({ produce: () => [] }) });
      return p.app;
    };
    expect(() => late({}).synth()).toThrow(
      /'billing\/\*' was added after `ManualApprovals.takeOver`, which cannot see its approvals: its stages are tokens: name its approvals by `addGate` of the workflow, and `billing\/\*` in `exclude`/,
    );
    expect(() => late({ include: ['*/Prod/*'] }).synth()).not.toThrow();
  });

  test('may have a pipeline of another app added afterwards', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    ManualApprovals.takeOver(app, options);
    codepipeline.Pipeline.fromPipelineArn(release, 'Imported', 'arn:aws:codepipeline:eu-west-1:111111111111:theirs');
    expect(() => app.synth()).not.toThrow();
  });
});

describe('what cannot be taken over', () => {
  test('is told all at once, and nothing is changed', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    oldPipeline(new Stack(app, 'Elsewhere', { env: { ...env, region: 'us-east-1' } }));
    oldPipeline(new Stack(new Stage(app, 'Beta'), 'Release', { env }));
    oldPipeline(new Stack(app, 'Long', { env }), { additionalInformation: 'x'.repeat(941) });

    let message = '';
    try {
      ManualApprovals.takeOver(app, options);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/'Elsewhere\/Pipeline\/Prod\/Approve': .* is in account 111111111111, Region us-east-1/);
    expect(message).toMatch(/'Beta\/Release\/Pipeline\/Prod\/Approve': .* in different stages of the app/);
    expect(message).toMatch(
      /'Long\/Pipeline\/Prod\/Approve': its text \(`CustomData`\) has 941 characters, but at most 940/,
    );
    expect(message).toMatch(/name them in `exclude`/);
    expect(message).toMatch(/\[CannotTakeOver\]$/);
    expect(approvalIn(release).Configuration?.NotificationArn).toBeUndefined();
  });

  test('is told once where many share one mistake', () => {
    const { app, release, workflow } = place();
    oldPipeline(release, {}, { pipelineName: 'one' });
    oldPipeline(release, {}, { pipelineName: 'two' }, 'Other');
    expect(() => ManualApprovals.takeOver(app, { workflow })).toThrow(
      /\n'one\/Prod\/Approve', 'two\/Prod\/Approve': a gate needs `approvers`, `checks` or both/,
    );
  });

  test('also where the policy does not fit the action', () => {
    const { app, release, options } = place();
    oldPipeline(release, { timeout: Duration.minutes(30) });
    const bake = { ...options, checks: [health()], rule: GateRule.guarded(), bakeTime: Duration.hours(1) };
    expect(() => ManualApprovals.takeOver(app, bake)).toThrow(
      /`bakeTime` is 1 hour, but must be shorter than `timeout`, 30 minutes/,
    );
  });

  test('but takes the longest text', () => {
    const { app, release, options } = place();
    oldPipeline(release, { additionalInformation: 'x'.repeat(940) });
    ManualApprovals.takeOver(app, options);
    expect(approvalIn(release).Configuration.CustomData.length).toBeLessThanOrEqual(1000);
  });

  test('is not an imported pipeline, which is only told', () => {
    const { app, release, options } = place();
    oldPipeline(release);
    codepipeline.Pipeline.fromPipelineArn(release, 'Imported', 'arn:aws:codepipeline:eu-west-1:111111111111:theirs');
    expect(ManualApprovals.report(app, options)[1]).toEqual({
      place: 'Release/Imported/*',
      pipelinePath: 'Release/Imported',
      verdict: TakeOverVerdict.STAYS,
      changes: [],
      reason: 'it is made by another app: name its approvals by `addGate` of the workflow',
    });
    expect(ManualApprovals.takeOver(app, options)).toHaveLength(1);
  });
});

describe('the report', () => {
  test('says what would change, and changes nothing', () => {
    const untouched = place();
    oldPipeline(untouched.release, { notifyEmails: ['old@example.com'] });
    const { app, approvals, release, workflow } = place();
    oldPipeline(release, { notifyEmails: ['old@example.com'] });

    const reports = ManualApprovals.report(app, { workflow, approvers: three, timeout: Duration.days(1) });

    expect(reports).toEqual([
      {
        place: 'Release/Pipeline/Prod/Approve',
        pipelinePath: 'Release/Pipeline',
        verdict: TakeOverVerdict.BECOMES_GATE,
        changes: [
          'it is decided by 2 of ana@example.com, bo@example.com, cy@example.com',
          expect.stringMatching(
            /^it notifies the request topic of workflow 'shop' instead of <PipelineProdApproveTopicResource[0-9A-F]+>, whose subscribers are not asked any more$/,
          ),
          "role 'Release/Pipeline/Prod/Approve/CodePipelineActionRole' may publish to that topic",
          `its text ends with the line 'Pipeline run: ${RUN}'`,
          'it waits for 1 day',
        ],
      },
    ]);
    Annotations.fromStack(release).hasInfo(
      '/Release/Pipeline',
      Match.stringLikeRegexp("approval 'Release/Pipeline/Prod/Approve' would become a gate: it is decided by 2 of"),
    );
    expect(Template.fromStack(release).toJSON()).toEqual(Template.fromStack(untouched.release).toJSON());
    expect(Template.fromStack(approvals).toJSON()).toEqual(Template.fromStack(untouched.approvals).toJSON());
  });

  test('warns of what cannot become a gate', () => {
    const { app, options } = place();
    const elsewhere = newStack({ env: { ...env, region: 'us-east-1' } }, 'Elsewhere', app);
    oldPipeline(elsewhere);
    ManualApprovals.report(app, options);
    Annotations.fromStack(elsewhere).hasWarning(
      '/Elsewhere/Pipeline',
      Match.stringLikeRegexp("'Elsewhere/Pipeline/Prod/Approve' cannot become a gate: .*ManualApprovals.report"),
    );
  });

  test('names groups and who is in them', () => {
    const { app, release, workflow } = place();
    oldPipeline(release);
    const operations = ApproverGroup.atLeast('Operations', 2, bo, cy, ana);
    const approvers = Approvers.allGroups(ApproverGroup.anyOf('Security', ana), operations);
    const [report] = ManualApprovals.report(app, { workflow, approvers });
    expect(report!.changes[0]).toBe(
      'it is decided by 1 of Security (ana@example.com) and 2 of Operations (bo@example.com, cy@example.com, ana@example.com)',
    );
  });

  test('names checks, and a notification that stays', () => {
    const { app, release, workflow } = place();
    plainPipeline(release, { roleArn: 'arn:aws:iam::111111111111:role/mine' });
    const [report] = ManualApprovals.report(app, { workflow, checks: [health()] });
    expect(report!.changes.slice(0, 2)).toEqual([
      'it is decided by 1 checks (AUTOMATED)',
      'it notifies nobody as before, and the workflow finds its request by the event, two minutes later',
    ]);
  });
});

test('a parameter may stand for the name of a pipeline', () => {
  const { app, release, options } = place();
  const name = new CfnParameter(release, 'Name');
  oldPipeline(release, {}, { pipelineName: name.valueAsString });
  expect(ManualApprovals.takeOver(app, options)).toHaveLength(1);
  expect(documentOf(Template.fromStack(release), '/Prod/Approve/policy').gate.pipeline).toMatch(/^<Pipeline/);
});
