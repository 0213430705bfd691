import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { ApprovalFieldsActionProps } from '../../../lib/approval';
import {
  ApprovalFieldsAction,
  ApprovalGateAction,
  ApprovalWorkflow,
  Approvers,
  DecisionField,
} from '../../../lib/approval';
import { ana, bo, type Fixture, fixture } from './gate-fixture';
import { newPipeline } from './stacks';

const fields = [
  DecisionField.text('ticket', { label: 'Change ticket' }),
  DecisionField.choice('traffic', { label: 'How much first', choices: ['10', '50'] }),
];
const gateOf = (w: Pick<Fixture, 'workflow'>, runOrder?: number) =>
  new ApprovalGateAction({
    actionName: 'Approve',
    workflow: w.workflow,
    approvers: Approvers.anyOf(ana, bo),
    fields,
    ...(runOrder === undefined ? {} : { runOrder }),
  });

/** A gate, and what gives out its fields. */
function both(w: Fixture, props: Partial<ApprovalFieldsActionProps> = {}): ApprovalFieldsAction {
  const gate = gateOf(w);
  const action = new ApprovalFieldsAction({ actionName: 'Fields', runOrder: 2, gate, ...props });
  w.pipeline.addStage({ stageName: 'Prod', actions: [gate, action] });
  return action;
}

const actionIn = (stack: Stack) => {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  return pipeline!.Properties.Stages.at(-1).Actions.find(({ Name }: { Name: string }) => Name === 'Fields');
};
const functionsOf = (stack: Stack) =>
  Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function')).filter((id) => /Fields/.test(id));

test('the action asks the function for exactly the fields of its gate, by the id of the run', () => {
  const w = fixture();
  both(w);

  expect(actionIn(w.release)).toMatchObject({
    ActionTypeId: { Category: 'Invoke', Owner: 'AWS', Provider: 'Lambda' },
    RunOrder: 2,
    Configuration: {
      FunctionName: { Ref: expect.stringMatching(/^ApprovalsFields/) as string },
      UserParameters: JSON.stringify({
        run: '#{codepipeline.PipelineExecutionId}',
        stage: 'Prod',
        action: 'Approve',
        fields: ['ticket', 'traffic'],
      }),
    },
  });
});

test('the function may read what approvers filled in, answer jobs, and nothing else', () => {
  const w = fixture();
  both(w);

  const policies = Object.entries(Template.fromStack(w.release).findResources('AWS::IAM::Policy'));
  const [, policy] = policies.find(([id]) => id.startsWith('ApprovalsFields'))!;
  expect(policy.Properties.PolicyDocument.Statement).toEqual([
    expect.objectContaining({ Sid: 'Logs' }),
    {
      Effect: 'Allow',
      Action: 'dynamodb:Query',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/Requests/), 'Arn'] },
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['fields#*'] } },
    },
    {
      Effect: 'Allow',
      Action: ['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'],
      Resource: '*',
    },
  ]);
});

test('a variable has the namespace of the action, where it has one', () => {
  const w = fixture();
  const given = both(w, { variablesNamespace: 'Approved' });
  expect(w.release.resolve(given.variable('ticket'))).toBe('#{Approved.ticket}');
});

test('a variable that is used gives the action a namespace', () => {
  const w = fixture();
  const made = both(w);
  expect(w.release.resolve(made.variable('ticket'))).toBe('#{Prod_Fields_NS.ticket}');
  expect(actionIn(w.release).Namespace).toBe('Prod_Fields_NS');
});

test('there is one function for all pipelines of a workflow, and none without such an action', () => {
  const w = fixture('workflow first');
  w.pipeline.addStage({ stageName: 'Test', actions: [gateOf(w)] });
  expect(functionsOf(w.workflows)).toEqual([]);

  const v = fixture('workflow first');
  both(v);
  const other = gateOf(v);
  newPipeline(v.release, 'Other').addStage({
    stageName: 'Prod',
    actions: [other, new ApprovalFieldsAction({ actionName: 'Fields', runOrder: 2, gate: other })],
  });
  expect(functionsOf(v.workflows)).toHaveLength(1);
  expect(functionsOf(v.release)).toEqual([]);
});

test.each(['workflow first', 'pipeline first'] as const)(
  'in two stacks, %s, the pipeline refers to the function',
  (order) => {
    const w = fixture(order);
    both(w);

    expect(JSON.stringify(actionIn(w.release).Configuration.FunctionName)).toMatch(/ImportValue|GetStackOutput/);
    Template.fromStack(w.release).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'lambda:InvokeFunction', Effect: 'Allow' })]),
      },
    });
  },
);

describe('an imported workflow', () => {
  const attributes = {
    workflowName: 'shop',
    requestTopicArn: 'arn:aws:sns:eu-west-1:111111111111:requests',
    decideRoleArn: 'arn:aws:iam::111111111111:role/decide',
    checkRoleArn: 'arn:aws:iam::111111111111:role/check',
  };
  const imported = (more: object = {}) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
    const workflow = ApprovalWorkflow.fromApprovalWorkflowAttributes(stack, 'Approvals', { ...attributes, ...more });
    const gate = new ApprovalGateAction({ actionName: 'Approve', workflow, approvers: Approvers.anyOf(ana), fields });
    const action = new ApprovalFieldsAction({ actionName: 'Fields', runOrder: 2, gate });
    newPipeline(stack, 'Pipeline').addStage({ stageName: 'Prod', actions: [gate, action] });
    return stack;
  };

  test('has the function that its app names', () => {
    const stack = imported({ fieldsFunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:shop-fields' });

    expect(actionIn(stack).Configuration.FunctionName).toBe('shop-fields');
  });

  test('without one such an action is refused', () => {
    expect(() => imported()).toThrow(/give its ARN here as `fieldsFunctionArn`/);
  });
});

test.each<[string, (w: Fixture) => unknown, RegExp]>([
  ['a gate that is none', (w) => both(w, { gate: 'Approve' as never }), /`gate` is "Approve"/],
  [
    'a gate without fields',
    (w) =>
      both(w, {
        gate: new ApprovalGateAction({ actionName: 'A', workflow: w.workflow, approvers: Approvers.anyOf(ana) }),
      }),
    /gate 'A' has no `fields`/,
  ],
  ['a name that CodePipeline refuses', (w) => both(w, { actionName: 'the fields' }), /`actionName` is 'the fields'/],
  ['a run order of 0', (w) => both(w, { runOrder: 0 }), /`runOrder` is 0/],
  ['a field that is not there', (w) => both(w).variable('tickets'), /asked for "tickets".*'ticket', 'traffic'/],
])('%s is refused', (_, make, why) => {
  expect(() => make(fixture())).toThrow(why);
});

test.each<[string, (w: Fixture) => void, RegExp]>([
  [
    'beside its gate',
    (w) => void both(w, { runOrder: 1 }),
    /does not run after it: give it a higher `runOrder` than 1/,
  ],
  [
    'in a stage before',
    (w) => {
      const gate = gateOf(w);
      const action = new ApprovalFieldsAction({ actionName: 'Fields', gate });
      w.pipeline.addStage({ stageName: 'Early', actions: [action] });
      w.pipeline.addStage({ stageName: 'Prod', actions: [gate] });
    },
    /does not run after it/,
  ],
  [
    'in another pipeline',
    (w) => {
      const gate = gateOf(w);
      newPipeline(w.release, 'Other').addStage({ stageName: 'Prod', actions: [gate] });
      w.pipeline.addStage({ stageName: 'Prod', actions: [new ApprovalFieldsAction({ actionName: 'Fields', gate })] });
    },
    /does not stand in this pipeline/,
  ],
])('an action %s fails the synth', (_, prepare, why) => {
  const w = fixture();
  prepare(w);

  expect(() => Template.fromStack(w.release)).toThrow(why);
});

test('an action in a later stage is fine', () => {
  const w = fixture();
  const gate = gateOf(w);
  w.pipeline.addStage({ stageName: 'Prod', actions: [gate] });
  w.pipeline.addStage({ stageName: 'After', actions: [new ApprovalFieldsAction({ actionName: 'Fields', gate })] });

  expect(actionIn(w.release).Configuration.UserParameters).toContain('"stage":"Prod"');
});
