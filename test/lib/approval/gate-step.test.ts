import { Duration, Stack, Stage } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { IStage } from 'aws-cdk-lib/aws-codepipeline';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import {
  ApprovalFieldsAction,
  ApprovalGateStep,
  ApprovalWorkflow,
  Approver,
  Approvers,
  DecisionField,
} from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { rolesOf } from './gate-fixture';
import { newApp } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };
const people = Approvers.emails('ana@example.com');

function production(app: App, id = 'Prod'): { stage: Stage; stack: Stack } {
  const stage = new Stage(app, id, { env });
  const stack = new Stack(stage, 'Shop');
  new s3.CfnBucket(stack, 'Bucket');
  return { stage, stack };
}

function pipelineIn(stack: Stack): pipelines.CodePipeline {
  const bucket = s3.Bucket.fromBucketName(stack, 'Sources', 'sources');
  return new pipelines.CodePipeline(stack, 'Pipeline', {
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.s3(bucket, 'app.zip'),
      commands: ['npm ci', 'npx cdk synth'],
    }),
  });
}

function actionsOf(stack: Stack, stageName: string): any {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  return pipeline!.Properties.Stages.find((stage: any) => stage.Name === stageName);
}

const order = (stage: any): [string, number][] => stage.Actions.map((action: any) => [action.Name, action.RunOrder]);

test('stands before, within and after a deployment, in its stage', () => {
  // GIVEN
  const app = newApp();
  const stack = new Stack(app, 'Release', { env });
  const { stage, stack: shop } = production(app);

  // WHEN
  pipelineIn(stack).addStage(stage, {
    pre: [new ApprovalGateStep('Approve', { approvers: people, timeout: Duration.days(2) })],
    stackSteps: [{ stack: shop, changeSet: [new ApprovalGateStep('Look', { approvers: people })] }],
    post: [new ApprovalGateStep('Healthy', { approvers: people, rollbackOnReject: true })],
  });

  // THEN
  const rendered = actionsOf(stack, 'Prod');
  expect(order(rendered)).toEqual([
    ['Approve', 1],
    ['Shop.Prepare', 2],
    ['Shop.Look', 3],
    ['Shop.Deploy', 4],
    ['Healthy', 5],
  ]);
  expect(rendered.OnFailure).toEqual({ Result: 'ROLLBACK' });
  expect(rendered.Actions[0]).toMatchObject({
    TimeoutInMinutes: 2880,
    ActionTypeId: { Owner: 'AWS', Provider: 'Manual' },
  });
  expect(rendered.Actions[0].RoleArn).toBeUndefined();
});

test.each(['workflow first', 'pipeline first'])(
  'has the policy of its workflow in the stack of the pipeline (%s)',
  (which) => {
    const app = newApp();
    const [one, other] = ['A', 'B'].map((id) => new Stack(app, id, { env }));
    const [workflows, release] = which === 'workflow first' ? [one!, other!] : [other!, one!];
    const workflow = new ApprovalWorkflow(workflows, 'Approvals', { workflowName: 'shop' });
    const { stage } = production(app);
    const [ana, bo, cy] = ['ana', 'bo', 'cy'].map((name) => Approver.person(`${name}@example.com`));

    pipelineIn(release).addStage(stage, {
      pre: [new ApprovalGateStep('Approve', { workflow, approvers: Approvers.atLeast(2, ana!, bo!, cy!) })],
      post: [
        new ApprovalGateStep('Healthy', {
          workflow,
          bakeTime: Duration.hours(1),
          rollbackOnReject: true,
          checks: [Check.alarm(AlarmRef.named('shop-5xx'))],
        }),
      ],
    });

    const template = Template.fromStack(release);
    template.resourceCountIs('AWS::SSM::Parameter', 2);
    expect(Object.keys(rolesOf(template))).toHaveLength(2);
    Template.fromStack(workflows).resourceCountIs('AWS::SNS::Topic', 1 + 3);
  },
);

test('fails for a rollback before anything is deployed', () => {
  const app = newApp();
  const stack = new Stack(app, 'Release', { env });
  const pre = [new ApprovalGateStep('Approve', { approvers: people, rollbackOnReject: true })];
  pipelineIn(stack).addStage(production(app).stage, { pre });
  expect(() => Template.fromStack(stack)).toThrow(/nothing is deployed before it in its stage/);
});

describe('one step guards one place', () => {
  const setup = () => {
    const app = newApp();
    const stack = new Stack(app, 'Release', { env });
    const gate = new ApprovalGateStep('Approve', { approvers: people });
    return { app, stack, gate, pipeline: pipelineIn(stack) };
  };

  test('is refused in two stages, because only the first would be guarded', () => {
    const { app, stack, gate, pipeline } = setup();
    pipeline.addStage(production(app, 'Test').stage, { pre: [gate] });
    pipeline.addStage(production(app, 'Prod').stage, { pre: [gate] });

    expect(() => Template.fromStack(stack)).toThrow(
      /gate 'Approve' stands before stage 'Test' and before stage 'Prod'.*new `ApprovalGateStep` for each place/,
    );
  });

  test('is refused in two stages of a wave', () => {
    const { app, stack, gate, pipeline } = setup();
    const wave = pipeline.addWave('Fixture', { post: [gate] });
    wave.addStage(production(app, 'Europe').stage);
    wave.addStage(production(app, 'America').stage, { post: [gate] });

    expect(() => Template.fromStack(stack)).toThrow(/stands after stage 'America' and after wave 'Fixture'/);
  });

  test('is refused between change set and deployment of one stage and before another', () => {
    const { app, stack, gate, pipeline } = setup();
    const { stage, stack: shop } = production(app, 'Test');
    pipeline.addStage(stage, { stackSteps: [{ stack: shop, changeSet: [gate] }] });
    pipeline.addStage(production(app, 'Prod').stage, { pre: [gate] });

    expect(() => Template.fromStack(stack)).toThrow(
      /between change set and deployment of stack 'Test-Shop' of stage 'Test' and before stage 'Prod'/,
    );
  });

  test('is free in another pipeline, which runs it again', () => {
    const { app, stack, gate, pipeline } = setup();
    pipeline.addStage(production(app, 'Prod').stage, { pre: [gate] });
    const other = new Stack(app, 'Other', { env });
    pipelineIn(other).addStage(production(app, 'Copy').stage, { pre: [gate] });

    expect(order(actionsOf(stack, 'Prod'))[0]).toEqual(['Approve', 1]);
    expect(order(actionsOf(other, 'Copy'))[0]).toEqual(['Approve', 1]);
  });
});

describe('somebody who may answer it in the console', () => {
  function answerable(grant: 'before' | 'after') {
    const stack = new Stack(newApp(), 'Release', { env });
    const pipeline = pipelineIn(stack);
    const gate = new ApprovalGateStep('Approve', { approvers: people });
    const role = new iam.Role(stack, 'Lead', { assumedBy: new iam.AccountRootPrincipal() });
    const { stage } = production(stack.node.root as App);
    pipeline.addStage(stage, { pre: [gate] });
    if (grant === 'before') gate.grantManualApproval(role);
    pipeline.buildPipeline();
    if (grant === 'after') gate.grantManualApproval(role);
    return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).find(({ Properties }) =>
      Properties.PolicyName.startsWith('Lead'),
    )!.Properties.PolicyDocument.Statement;
  }

  test.each(['before', 'after'] as const)('is let %s the pipeline is built, for this gate alone', (when) => {
    const statements = answerable(when);
    expect(statements[0]).toMatchObject({ Action: 'codepipeline:PutApprovalResult' });
    expect(JSON.stringify(statements[0].Resource)).toMatch(/\/Prod\/Approve"\]\]\}$/);
  });

  test('is an error where the gate stands in no pipeline', () => {
    const app = newApp();
    const stack = new Stack(app, 'Release', { env });
    const role = new iam.Role(stack, 'Lead', { assumedBy: new iam.AccountRootPrincipal() });
    new ApprovalGateStep('Approve', { approvers: people }).grantManualApproval(role);

    expect(() => app.synth()).toThrow(
      /gate 'Approve' is asked for, but no pipeline with the gate was built so far: add the step/,
    );
  });
});

test.each(['before', 'after'] as const)(
  'its states are followed by a rule that is made %s the pipeline is built',
  (when) => {
    const stack = new Stack(newApp(), 'Release', { env });
    const pipeline = pipelineIn(stack);
    const gate = new ApprovalGateStep('Approve', { approvers: people });
    pipeline.addStage(production(stack.node.root as App).stage, { pre: [gate] });
    const follow = () => gate.onStateChange(stack, 'States', new targets.SnsTopic(new sns.Topic(stack, 'Oncall')));
    if (when === 'before') follow();
    pipeline.buildPipeline();
    if (when === 'after') follow();

    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.codepipeline'],
        resources: [{ 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^PipelineL?') }])] }],
        detail: { stage: ['Prod'], action: ['Approve'] },
      },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^Oncall') } })],
    });
  },
);

test('an action of a later step gives out what its approvers filled in', () => {
  const app = newApp();
  const stack = new Stack(app, 'Release', { env });
  const workflow = new ApprovalWorkflow(stack, 'Approvals');
  const gate = new ApprovalGateStep('Approve', {
    workflow,
    approvers: people,
    fields: [DecisionField.text('ticket', { label: 'Ticket' })],
  });
  class Fields extends pipelines.Step implements pipelines.ICodePipelineActionFactory {
    produceAction(stage: IStage, { actionName, runOrder }: pipelines.ProduceActionOptions) {
      stage.addAction(new ApprovalFieldsAction({ actionName, runOrder, gate: gate.action }));
      return { runOrdersConsumed: 1 };
    }
  }
  const fields = new Fields('Fields');
  fields.addStepDependency(gate);
  pipelineIn(stack).addStage(production(app).stage, { pre: [gate, fields] });

  expect(order(actionsOf(stack, 'Prod')).slice(0, 2)).toEqual([
    ['Approve', 1],
    ['Fields', 2],
  ]);
});
