import { Fn, App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ApprovalWorkflowAttributes, IApprovalWorkflow } from '../../../lib/approval';
import { ApprovalGateAction, ApprovalWorkflow, Approver, Approvers, GateRule } from '../../../lib/approval';
import { PromotionPipeline } from '../../../lib/promotion';
import { documentOf, health, rolesOf, three } from './gate-fixture';
import { deployAction, newApp, newPipeline } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };
const attributes: ApprovalWorkflowAttributes = {
  workflowName: 'shop',
  requestTopicArn: 'arn:aws:sns:eu-west-1:111111111111:approvals',
  decideRoleArn: 'arn:aws:iam::111111111111:role/decide',
  checkRoleArn: 'arn:aws:iam::111111111111:role/check',
};

const made = (stack: Stack): IApprovalWorkflow => new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' });
const imported = (stack: Stack): IApprovalWorkflow =>
  ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Approvals', attributes);

describe.each([
  ['made here', made],
  ['imported', imported],
])('a workflow that is %s', (_, workflowIn) => {
  test.each([
    ['Bypassed', (workflow: IApprovalWorkflow) => workflow.metricBypassed()],
    ['ConsoleOnly', (workflow: IApprovalWorkflow) => workflow.metricConsoleOnly()],
    ['DecisionsTampered', (workflow: IApprovalWorkflow) => workflow.metricDecisionsTampered()],
    ['Unreadable', (workflow: IApprovalWorkflow) => workflow.metricUnreadable()],
  ])('counts %s', (metricName, metricOf) => {
    const {
      namespace,
      metricName: name,
      dimensions,
      statistic,
      period,
    } = metricOf(workflowIn(new Stack(newApp(), 'A')));

    expect({ namespace, name, dimensions, statistic }).toEqual({
      namespace: 'ApprovalGates',
      name: metricName,
      dimensions: { Workflow: 'shop' },
      statistic: 'Sum',
    });
    expect(period.toMinutes()).toBe(5);
  });

  test('counts otherwise where asked to', () => {
    const metric = workflowIn(new Stack(newApp(), 'A')).metricBypassed({
      statistic: 'Maximum',
      period: Duration.hours(1),
    });

    expect([metric.statistic, metric.period.toHours()]).toEqual(['Maximum', 1]);
  });

  test.each([
    ['Approval Requested', 'onApprovalRequested'],
    ['Approval Decided', 'onApprovalDecided'],
    ['Approval Bypassed', 'onApprovalBypassed'],
    ['Gate Needs Console', 'onGateNeedsConsole'],
  ] as const)('tells of "%s"', (detailType, on) => {
    const stack = new Stack(newApp(), 'A');
    const queue = new sqs.Queue(stack, 'Queue');

    workflowIn(stack)[on]('Told', { target: new targets.SqsQueue(queue), description: 'mine' });

    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Description: 'mine',
      EventPattern: { source: ['cdk-approval-gates'], 'detail-type': [detailType], detail: { workflow: ['shop'] } },
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Queue'), 'Arn'] } })],
    });
  });

  test('takes gates over, with roles and parameters beside it, and returns them', () => {
    const stack = new Stack(newApp(), 'A', { env });
    const role = new iam.Role(stack, 'Managers', { assumedBy: new iam.AccountRootPrincipal() });
    const queue = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));

    const gate = workflowIn(stack).addGate({
      pipelineName: 'old',
      stageName: 'Prod',
      actionName: 'Approve',
      approvers: three,
      checks: [health()],
      rule: GateRule.guarded(),
    });
    gate.grantManualApproval(role);
    gate.onDecided('Decided', queue);
    gate.onStateChange('Changed', queue);

    expect([gate.pipelineName, gate.stageName, gate.actionName]).toEqual(['old', 'Prod', 'Approve']);
    const template = Template.fromStack(stack);
    expect(documentOf(template, '/gates/old/Prod/Approve/policy').rule.kind).toBe('GUARDED');
    expect(Object.keys(rolesOf(template))).toHaveLength(2);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['cdk-approval-gates'],
        'detail-type': ['Approval Decided'],
        detail: { workflow: ['shop'], pipeline: ['old'], stage: ['Prod'], action: ['Approve'] },
      },
      Targets: [Match.anyValue()],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Action Execution State Change'],
        resources: [{ 'Fn::Join': ['', Match.arrayWith([':codepipeline:eu-west-1:111111111111:old'])] }],
        detail: { stage: ['Prod'], action: ['Approve'] },
      },
    });
    const statements = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith('Managers'))
      .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement as any[]);
    expect(statements.map(({ Action }) => [Action].flat().sort())).toEqual([
      ['codepipeline:PutApprovalResult'],
      ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
      ['codepipeline:ListPipelines'],
    ]);
    expect(JSON.stringify(statements[0].Resource)).toMatch(/:codepipeline:eu-west-1:111111111111:old\/Prod\/Approve"/);
  });
});

describe('an imported workflow', () => {
  const WARNING = 'cdk-approval-gates:ApprovalWorkflow.declareApprovers';

  test('serves gates: they name its roles and its topic, and nothing of it is made here', () => {
    const stack = new Stack(newApp(), 'A', { env });
    const workflow = imported(stack);
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [
        new ApprovalGateAction({
          actionName: 'Approve',
          workflow,
          approvers: three,
          checks: [health()],
          rule: GateRule.guarded(),
        }),
      ],
    });

    const template = Template.fromStack(stack);
    const trusted = Object.values(rolesOf(template)).map(
      (role) => role.Properties.AssumeRolePolicyDocument.Statement[0].Condition.ArnEquals['aws:PrincipalArn'],
    );
    expect(trusted).toEqual([attributes.decideRoleArn, attributes.checkRoleArn]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([{ Effect: 'Allow', Action: 'sns:Publish', Resource: attributes.requestTopicArn }]),
      },
    });
    for (const type of ['AWS::SNS::Topic', 'AWS::Lambda::Function', 'AWS::DynamoDB::Table']) {
      template.resourceCountIs(type, 0);
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('/approval-gates/shop/people');
  });

  test('warns of the people who have to be declared where it is made, each once', () => {
    const stack = new Stack(newApp(), 'A', { env });
    const workflow = imported(stack);
    const gate = (n: number, ...mails: string[]) =>
      workflow.addGate({
        pipelineName: 'old',
        stageName: 'Prod',
        actionName: `Gate${n}`,
        approvers: Approvers.emails(...mails),
      });
    gate(1, 'ana@example.com', 'bo@example.com');
    gate(2, 'ana@example.com');
    gate(3, 'cy@example.com');

    const warnings = Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp(WARNING))
      .map(({ entry }) => String(entry.data));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/call `addApprovers` .* for 'ana@example.com', 'bo@example.com', then acknowledge/);
    expect(warnings[1]).toMatch(/for 'cy@example.com', then/);
  });

  test('asks those who are declared by `addApprovers` where it is made', () => {
    const stack = new Stack(newApp(), 'A');
    made(stack).addApprovers(Approver.person('ana@example.com'), Approver.person('bo@example.com'));

    const { people } = documentOf(Template.fromStack(stack), '/people/0');
    expect(people.map(({ mail }: { mail: string }) => mail)).toEqual(['ana@example.com', 'bo@example.com']);
  });

  test('fails in another account or Region, and for a name that no workflow has', () => {
    const elsewhere = new Stack(newApp(), 'A', { env: { ...env, region: 'us-east-1' } });
    expect(() => imported(elsewhere)).toThrow(/stack 'A' is in account 111111111111, Region us-east-1, and a gate/);

    expect(() =>
      ApprovalWorkflow.fromApprovalWorkflowAttributes(new Stack(newApp(), 'A'), 'X', {
        ...attributes,
        workflowName: 'a b',
      }),
    ).toThrow(/`workflowName` is 'a b'/);
  });

  const importing = (more: object, stack = new Stack(newApp(), 'A', { env })) =>
    ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'X', { ...attributes, ...more });

  test.each([
    ['decideRoleArn', 'arn:aws:iam::111111111111:role/ShopApprovals-Decide*'],
    ['decideRoleArn', 'arn:aws:iam::111111111111:role/*'],
    ['checkRoleArn', 'arn:aws:iam::111111111111:role/Check?'],
    ['requestTopicArn', 'arn:aws:sns:eu-west-1:111111111111:*'],
    ['encryptionKeyArn', 'arn:aws:kms:eu-west-1:111111111111:key/*'],
    ['fieldsFunctionArn', 'arn:aws:lambda:eu-west-1:111111111111:function:*'],
  ])('is trusted by no more than one role, topic, key or function: %s %s', (name, arn) => {
    expect(() => importing({ [name]: arn })).toThrow(
      new RegExp(`\`${name}\` is '[^']+', but .* are wildcards in IAM.*give the whole ARN.*WildcardInName`),
    );
  });

  test.each([
    ['decideRoleArn', 'decide'],
    ['decideRoleArn', 'arn:aws:sts::111111111111:assumed-role/decide/session'],
    ['checkRoleArn', 'arn:aws:iam::111111111111:user/ana'],
    ['checkRoleArn', 'arn:aws:iam::111111111111:root'],
  ])('has roles: %s is not %s', (name, arn) => {
    expect(() => importing({ [name]: arn })).toThrow(/has to be the ARN of a role.*BadRoleArn/);
  });

  test.each(['decideRoleArn', 'checkRoleArn'])('has a %s of this account', (name) => {
    const arn = 'arn:aws:iam::222222222222:role/path/Role';

    expect(() => importing({ [name]: arn })).toThrow(/is in account 111111111111, and .* share the account/);
    expect(() => importing({ [name]: arn }, new Stack(newApp(), 'Anywhere'))).not.toThrow();
    expect(() => importing({ [name]: Fn.importValue('role') })).not.toThrow();
  });

  test('lets pipelines use the key of its topic', () => {
    const stack = new Stack(newApp(), 'A', { env });
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';
    const workflow = ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Approvals', {
      ...attributes,
      encryptionKeyArn: key,
    });
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: three })],
    });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key },
        ]),
      },
    });
  });

  test('serves a PromotionPipeline', () => {
    const stack = new Stack(new App(), 'A', { env });
    const bucket = s3.Bucket.fromBucketName(stack, 'Source', 'source');
    const output = new codepipeline.Artifact('App');
    const promotion = new PromotionPipeline(stack, 'Promotion', {
      source: new actions.S3SourceAction({ actionName: 'Fetch', bucket, bucketKey: 'app.zip', output }),
      workflow: imported(stack),
      stages: [{ stageName: 'Prod', deploy: [deployAction(stack)], checks: [health()] }],
    });

    expect(promotion.workflow?.workflowName).toBe('shop');
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
  });
});

test('addApprovers fails for an address instead of an approver', () => {
  expect(() => made(new Stack(newApp(), 'A')).addApprovers('ana@example.com' as never)).toThrow(
    /`addApprovers` holds "ana@example.com", but has to hold approvers/,
  );
});

describe('gates of many pipelines', () => {
  const names = Array.from({ length: 30 }, (_, i) => ({
    pipelineName: `old-${i}`,
    stageName: 'Prod',
    actionName: 'Approve',
  }));

  test('are added at once, and all ask the same', () => {
    const stack = new Stack(newApp(), 'A', { env });
    const gates = made(stack).addGates(names, { approvers: three, stageRollsBack: true });

    expect(gates.map(({ pipelineName }) => pipelineName)).toEqual(names.map(({ pipelineName }) => pipelineName));
    const template = Template.fromStack(stack);
    expect(Object.keys(rolesOf(template))).toHaveLength(30);
    for (const { pipelineName } of names) {
      expect(documentOf(template, `/gates/${pipelineName}/Prod/Approve/policy`)).toMatchObject({
        gate: { pipeline: pipelineName, stage: 'Prod', action: 'Approve' },
        rule: { people: { groups: [{ quorum: 2 }] } },
        onReject: 'ROLLBACK',
      });
    }
  });

  test('share a role where they stand in one pipeline', () => {
    const stack = new Stack(newApp(), 'A', { env });
    const places = ['Test', 'Prod'].map((stageName) => ({ ...names[0]!, stageName }));
    made(stack).addGates(places, { approvers: three });
    expect(Object.keys(rolesOf(Template.fromStack(stack)))).toHaveLength(1);
  });

  test.each([
    ['no names', [], /`addGates` is given no names: give at least one/],
    ['a name twice', [names[0]!, names[0]!], /gate 'Approve' of stage 'Prod' is added twice/],
    ['a wrong name', [{ ...names[0]!, stageName: 'a b' }], /`stageName` is 'a b'/],
  ])('fail for %s', (_, wrong, message) => {
    const workflow = made(new Stack(newApp(), 'A', { env }));
    expect(() => workflow.addGates(wrong, { approvers: three })).toThrow(message);
  });
});
