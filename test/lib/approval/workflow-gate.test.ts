import { App, CfnParameter, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import {
  ApprovalGateAction,
  ApprovalWorkflow,
  ApproverGroup,
  Approvers,
  GateRule,
  OnFail,
  OnInconclusive,
  RequireReason,
} from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { deployAction, newApp, newPipeline } from './stacks';
import { add, ana, bo, cy, documentOf, flat, health, rolesOf, three, fixture } from './gate-fixture';

describe('the policy of a gate', () => {
  test('holds ids and numbers, and the names of the roles', () => {
    // GIVEN
    const w = fixture();
    add(w, { timeout: Duration.days(2), requireReason: RequireReason.FOR_REJECTION, actionName: 'Approve@prod' });

    // WHEN
    const policy = documentOf(Template.fromStack(w.release), '/Prod/Approve_40prod/policy');

    // THEN
    expect(policy).toEqual({
      v: 2,
      gate: { pipeline: expect.stringMatching(/^<Pipeline/), stage: 'Prod', action: 'Approve@prod' },
      answerRole: expect.stringMatching(/AnswerRole.*\.Arn>$/),
      rule: {
        kind: 'MANUAL',
        people: {
          groups: [{ quorum: 2, ids: [ana, bo, cy].map((approver) => approver.approverId) }],
          excludeAuthor: true,
          reason: 'FOR_REJECTION',
        },
      },
      timeoutMinutes: 2880,
      onReject: 'STOP',
    });
  });

  test('names its groups, and excludes authors from them', () => {
    const w = fixture();
    const groups = [ApproverGroup.anyOf('Security', ana, bo), ApproverGroup.atLeast('Operations', 2, bo, cy, ana)];
    add(w, { approvers: Approvers.allGroups(...groups) });

    expect(documentOf(Template.fromStack(w.release), '/Prod/Approve/policy').rule.people).toEqual({
      groups: [
        { name: 'Security', quorum: 1, ids: [ana.approverId, bo.approverId] },
        { name: 'Operations', quorum: 2, ids: [bo.approverId, cy.approverId, ana.approverId] },
      ],
      excludeAuthor: true,
      reason: 'OPTIONAL',
    });
  });

  test('does not exclude authors where any one is enough, unless asked to', () => {
    const w = fixture();
    add(w, { approvers: Approvers.anyOf(ana, bo) });
    add(w, { approvers: Approvers.anyOf(ana, bo), excludeAuthor: true, actionName: 'Strict' });
    add(w, { excludeAuthor: false, actionName: 'Lax' });

    const template = Template.fromStack(w.release);
    expect(documentOf(template, '/Prod/Approve/policy').rule.people.excludeAuthor).toBe(false);
    expect(documentOf(template, '/Prod/Strict/policy').rule.people.excludeAuthor).toBe(true);
    expect(documentOf(template, '/Prod/Lax/policy').rule.people.excludeAuthor).toBe(false);
  });

  test.each<[string, Partial<ApprovalGateActionProps>, string, object]>([
    ['checks alone', { approvers: undefined }, 'AUTOMATED', { onInconclusive: 'REJECT' }],
    [
      'checks alone that open when they cannot tell',
      { approvers: undefined, onInconclusive: OnInconclusive.APPROVE_WITH_WARNING },
      'AUTOMATED',
      { onInconclusive: 'APPROVE_WITH_WARNING' },
    ],
    ['people and checks', { rule: GateRule.guarded() }, 'GUARDED', { people: expect.any(Object) }],
    [
      'checks, else people',
      { rule: GateRule.automatedElsePeople() },
      'AUTOMATED_ELSE_PEOPLE',
      { people: expect.any(Object) },
    ],
    [
      'the same, and a failure that rejects',
      { rule: GateRule.automatedElsePeople({ onFail: OnFail.REJECT }) },
      'AUTOMATED_ELSE_PEOPLE',
      { people: expect.any(Object) },
    ],
    [
      'checks, else people, and people also when a check fails',
      { rule: GateRule.automatedElsePeople({ onFail: OnFail.ASK_APPROVERS }) },
      'AUTOMATED_ELSE_PEOPLE',
      { people: expect.any(Object), onFail: 'ASK_APPROVERS' },
    ],
  ])('names its rule: %s', (_, props, kind, more) => {
    const w = fixture();
    add(w, { checks: [health()], bakeTime: Duration.hours(1), ...props });
    const { rule } = documentOf(Template.fromStack(w.release), '/Prod/Approve/policy');
    expect(rule).toEqual({
      kind,
      checks: {
        role: expect.stringMatching(/CheckRole.*\.Arn>$/),
        bakeMinutes: 60,
        source: { plans: [expect.objectContaining({ kind: 'alarm', id: 'alarm-shop-5xx', inconclusiveLimit: 0 })] },
      },
      ...more,
    });
  });

  test('holds its checks while all of it surely fits into a standard parameter, else names a second parameter', () => {
    const url = (n: number) => `https://example.com/${n}/${'x'.repeat(700)}`;
    const gateWith = (count: number) => {
      const w = fixture();
      add(w, { approvers: undefined, checks: Array.from({ length: count }, (_, n) => Check.http(url(n))) });
      const template = Template.fromStack(w.release);
      return { template, source: documentOf(template, '/Prod/Approve/policy').rule.checks.source };
    };

    expect(gateWith(3).source.plans).toHaveLength(3);
    const { source, template } = gateWith(4);
    expect(source).toEqual({
      parameter: expect.stringMatching(/^\/approval-gates\/shop\/gates\/<Pipeline.*>\/Prod\/Approve\/checks$/),
    });
    expect(documentOf(template, '/Prod/Approve/checks')).toEqual({ v: 2, checks: expect.any(Array) });
  });

  test('never holds two braces in a row, which SSM refuses, and means the same', () => {
    const w = fixture();
    const url = 'https://example.com/?q={{{a}}}';
    add(w, { approvers: undefined, checks: [Check.http(url)] });
    const template = Template.fromStack(w.release);
    const values = Object.values(template.findResources('AWS::SSM::Parameter')).map((p) => flat(p.Properties.Value));
    expect(values.filter((value) => value.includes('{{'))).toEqual([]);
    expect(documentOf(template, '/Prod/Approve/policy').rule.checks.source.plans[0].url).toBe(url);
  });

  test('fails when the checks could be longer than a parameter is', () => {
    const url = (n: number) => `https://example.com/${n}/${'x'.repeat(900)}`;
    const checks = (count: number) => Array.from({ length: count }, (_, n) => Check.http(url(n)));
    const short = fixture();
    add(short, { approvers: undefined, checks: checks(6) });
    expect(() => Template.fromStack(short.release)).not.toThrow();

    const long = fixture();
    add(long, { approvers: undefined, checks: checks(8) });
    expect(() => Template.fromStack(long.release)).toThrow(/at most 8192 fit: give the gate fewer `checks`/);
  });

  test('counts what is known at deployment only at its longest', () => {
    const w = fixture();
    const names = Array.from({ length: 40 }, (_, n) => new CfnParameter(w.release, `Alarm${n}`).valueAsString);
    add(w, { approvers: undefined, checks: names.map((name) => Check.alarm(AlarmRef.named(name))) });
    expect(() => Template.fromStack(w.release)).toThrow(/may reach \d{5} bytes, but at most 8192 fit/);
  });
});

describe('the action', () => {
  test('publishes to the workflow, and carries the id of its run after the text for people', () => {
    const w = fixture();
    add(w, { additionalInformation: 'Look first' });
    add(w, { actionName: 'Second' });
    const [pipeline] = Object.values(Template.fromStack(w.release).findResources('AWS::CodePipeline::Pipeline'));
    const [first, second] = pipeline!.Properties.Stages[1].Actions;
    expect(first.Configuration).toEqual({
      NotificationArn: { Ref: expect.stringMatching(/^ApprovalsIngressTopic/) },
      CustomData: 'Look first\nPipeline run: #{codepipeline.PipelineExecutionId}',
    });
    expect(second.Configuration.CustomData).toBe('Pipeline run: #{codepipeline.PipelineExecutionId}');
    expect(first.RoleArn).toBeUndefined();
  });

  test('leaves room for that id: 940 characters, not 941', () => {
    const { workflow } = fixture();
    const make = (length: number) => () =>
      new ApprovalGateAction({
        actionName: 'A',
        workflow,
        approvers: three,
        additionalInformation: 'x'.repeat(length),
      });
    expect(make(940)).not.toThrow();
    expect(make(941)).toThrow(/`additionalInformation` has 941 characters, but at most 940/);
  });
});

describe('permissions', () => {
  test('the answer role reads one pipeline and answers exactly its gates, for decide alone', () => {
    // GIVEN
    const w = fixture('workflow first');
    add(w);
    add(w, { actionName: 'Second' });

    // WHEN
    const [[, role], ...others] = Object.entries(rolesOf(Template.fromStack(w.release)));

    // THEN
    expect(others).toEqual([]);
    const pipeline = [
      expect.anything(),
      expect.anything(),
      ':codepipeline:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      ':',
      { Ref: expect.stringMatching(/^Pipeline/) },
    ];
    const arn = (...suffix: string[]) => ({ 'Fn::Join': ['', [...pipeline, ...suffix]] });
    expect(role.Properties.Policies).toEqual([
      {
        PolicyName: 'Gates',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: [
                'codepipeline:GetPipelineExecution',
                'codepipeline:GetPipelineState',
                'codepipeline:ListActionExecutions',
                'codepipeline:ListPipelineExecutions',
              ],
              Resource: arn(),
            },
            {
              Effect: 'Allow',
              Action: 'codepipeline:PutApprovalResult',
              Resource: [arn('/Prod/Approve'), arn('/Prod/Second')],
            },
          ],
        },
      },
    ]);
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] },
        },
        Condition: { ArnEquals: { 'aws:PrincipalArn': { 'Fn::ImportValue': expect.stringContaining('DecideRole') } } },
      },
    ]);
  });

  test('the check role may do what its checks say, for check alone, and exists only where there are checks', () => {
    const w = fixture('workflow first');
    add(w, { checks: [health()], rule: GateRule.guarded() });
    const fn = lambda.Function.fromFunctionArn(w.release, 'Fn', 'arn:aws:lambda:eu-west-1:111111111111:function:probe');
    add(w, { checks: [Check.lambda(fn)], rule: GateRule.guarded(), actionName: 'Second' });

    const role: any = Object.values(rolesOf(Template.fromStack(w.release))).find((one) =>
      one.Properties.Description.includes('checks'),
    );
    expect(role.Properties.Policies[0].PolicyDocument.Statement.flatMap((one: any) => one.Action).sort()).toEqual([
      'cloudwatch:DescribeAlarmHistory',
      'cloudwatch:DescribeAlarms',
      'lambda:InvokeFunction',
    ]);
    expect(JSON.stringify(role.Properties.AssumeRolePolicyDocument)).toContain('CheckRole');
  });

  test('the pipeline may publish to the request topic, and the topic knows nothing of it', () => {
    const w = fixture('workflow first');
    add(w);
    const publishing = Object.values(Template.fromStack(w.release).findResources('AWS::IAM::Policy'))
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
      .filter((statement) => statement.Action === 'sns:Publish');
    expect(publishing).toEqual([
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Resource: { 'Fn::ImportValue': expect.stringContaining('IngressTopic') },
      },
    ]);
    const policies = Template.fromStack(w.workflows).findResources('AWS::SNS::TopicPolicy');
    expect(JSON.stringify(policies)).not.toContain('"Effect":"Allow"');
  });

  test('widens, with a warning, where the ARNs of the gates do not fit into a role', () => {
    // GIVEN
    const w = fixture();
    const put = () => {
      const role: any = Object.values(rolesOf(Template.fromStack(w.release)))[0];
      return role.Properties.Policies[0].PolicyDocument.Statement[1].Resource;
    };
    const long = (n: number) => `${'action'.padEnd(97, 'x')}${n}`;
    for (let n = 10; n < 50; n++) {
      add(w, { actionName: long(n), approvers: Approvers.anyOf(ana) });
    }

    // THEN
    expect(flat(put())).toMatch(/\/Prod\/\*$/);
    Annotations.fromStack(w.release).hasWarning('*', Match.stringLikeRegexp('answerRoleWidened'));
  });

  test('widens to the pipeline where the stages do not fit either', () => {
    const w = fixture();
    for (let n = 10; n < 49; n++) {
      add(w, { actionName: 'a'.repeat(100), approvers: Approvers.anyOf(ana) }, `${'stage'.padEnd(98, 'x')}${n}`);
    }
    const role: any = Object.values(rolesOf(Template.fromStack(w.release)))[0];
    expect(flat(role.Properties.Policies[0].PolicyDocument.Statement[1].Resource)).toMatch(/<Pipeline[^/]*>\/\*$/);
    Annotations.fromStack(w.release).hasWarning('*', Match.stringLikeRegexp('every approval of this pipeline'));
  });

  test('stays exact for thirty gates of ordinary names', () => {
    const w = fixture('one stack', 'shop-release');
    for (let n = 0; n < 30; n++) {
      add(w, { actionName: `Approve-${n}`, approvers: Approvers.anyOf(ana) });
    }
    Annotations.fromStack(w.release).hasNoWarning('*', Match.stringLikeRegexp('answerRoleWidened'));
  });
});

describe('a further gate adds to its stack', () => {
  const count = (
    gates: number,
    props: Partial<ApprovalGateActionProps>,
    order: 'one stack' | 'workflow first',
  ): number => {
    const w = fixture(order);
    for (let n = 0; n < gates; n++) {
      add(w, { ...props, actionName: `Approve${n}` });
    }
    return Object.keys(Template.fromStack(w.release).toJSON().Resources).length;
  };

  test.each(['one stack', 'workflow first'] as const)('one resource, checks included (%s)', (order) => {
    const guarded = { checks: [health()], rule: GateRule.guarded() };
    expect(count(4, {}, order) - count(1, {}, order)).toBe(3);
    expect(count(4, guarded, order) - count(1, guarded, order)).toBe(3);
  });

  test('no more than ten parameters are made at once', () => {
    const w = fixture();
    for (let n = 0; n < 25; n++) {
      add(w, { actionName: `Approve${n}` });
    }
    const parameters = Template.fromStack(w.release).findResources('AWS::SSM::Parameter');
    const free = Object.values(parameters).filter(
      (parameter) => !(parameter.DependsOn ?? []).some((id: string) => id in parameters),
    );
    expect(free).toHaveLength(10);
  });
});

describe('stacks', () => {
  test.each(['workflow first', 'pipeline first'] as const)('refer from pipeline to workflow only (%s)', (order) => {
    const w = fixture(order);
    add(w, { checks: [health()], rule: GateRule.guarded() });
    Template.fromStack(w.release);
    const workflows = Template.fromStack(w.workflows).toJSON();
    expect(JSON.stringify(workflows.Resources)).not.toContain('Fn::ImportValue');
    expect(w.release.dependencies).toEqual([w.workflows]);
    expect(w.workflows.dependencies).toEqual([]);
  });

  const env = { account: '111111111111', region: 'eu-west-1' };
  test.each([
    ['the other knows none', env, undefined],
    ['the one knows none', undefined, env],
    ['of another account', env, { ...env, account: '222222222222' }],
    ['of another Region', env, { ...env, region: 'us-east-1' }],
  ])('fail with the fix where the environments differ: %s', (_, ours, theirs) => {
    const app = newApp();
    const workflow = new ApprovalWorkflow(new Stack(app, 'A', { env: ours }), 'Approvals');
    const pipeline = newPipeline(new Stack(app, 'B', { env: theirs }));
    const action = new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: three });
    expect(() => pipeline.addStage({ stageName: 'Prod', actions: [action] })).toThrow(
      /stack 'B' is in account .*, but a gate and its workflow share account and Region: give both stacks the same `env`/,
    );
  });

  test('fail with the fix in different stages of the app', () => {
    const app = new App();
    const workflow = new ApprovalWorkflow(new Stack(new Stage(app, 'One'), 'A'), 'Approvals');
    const pipeline = newPipeline(new Stack(new Stage(app, 'Two'), 'B'));
    const action = new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: three });
    expect(() => pipeline.addStage({ stageName: 'Prod', actions: [action] })).toThrow(/different stages of the app/);
  });

  test('hold two workflows and two pipelines', () => {
    const w = fixture();
    const second = new ApprovalWorkflow(w.workflows, 'Second', { workflowName: 'second' });
    add(w);
    add(w, { workflow: second, actionName: 'Again' });
    const other = { ...w, pipeline: newPipeline(w.release, 'Other') };
    add(other);
    expect(Object.keys(rolesOf(Template.fromStack(w.release)))).toHaveLength(2);
  });
});

test('every gate of a stage that rolls back says so, whichever of them asked for it', () => {
  const w = fixture();
  add(w, { actionName: 'Approve', runOrder: 1 });
  w.pipeline.stages.at(-1)!.addAction(deployAction(w.release, 'Deploy', 2));
  add(w, { actionName: 'Healthy', runOrder: 3, approvers: undefined, checks: [health()], rollbackOnReject: true });
  add(w, { actionName: 'Later' }, 'Next');

  const template = Template.fromStack(w.release);

  expect(documentOf(template, '/Prod/Approve/policy').onReject).toBe('ROLLBACK');
  expect(documentOf(template, '/Prod/Healthy/policy').onReject).toBe('ROLLBACK');
  expect(documentOf(template, '/Next/Later/policy').onReject).toBe('STOP');
});
