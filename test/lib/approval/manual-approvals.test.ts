import { Aws, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import type { ManualApprovalsOptions } from '../../../lib/approval';
import { ApprovalGateAction, Approvers, GateRule, ManualApprovals, TakeOverVerdict } from '../../../lib/approval';
import { ana, documentOf, flat, health, rolesOf, three } from './gate-fixture';
import { deployAction, newPipeline } from './stacks';
import { approvalIn, env, oldPipeline, place, plainPipeline, RUN, topic } from './manual-approvals-fixture';

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
    expect(() => ManualApprovals.report(app, options)).toThrow(
      /there is no manual approval in the app yet: call this where every pipeline is complete/,
    );
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
