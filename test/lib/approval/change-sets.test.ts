import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { ApprovalGateAction, ApprovalGateStep, ApprovalWorkflow, Approvers } from '../../../lib/approval';
import { ChangeSetRef } from '../../../lib/check';
import { add, documentOf, fixture, flat, health, rolesOf, three, type Fixture } from './gate-fixture';
import { newApp } from './stacks';

/** The actions by which a stage prepares, asks and executes. */
function stageWith(
  w: Fixture,
  {
    stackName = 'shop-prod',
    prepare = 1,
    execute = 3,
    ...more
  }: {
    stackName?: string;
    prepare?: number;
    execute?: number;
  } & Partial<actions.CloudFormationCreateReplaceChangeSetActionProps> = {},
): void {
  const common = { stackName, changeSetName: 'release', ...more };
  const stage = w.pipeline.stages.find((one) => one.stageName === 'Prod') ?? w.pipeline.addStage({ stageName: 'Prod' });
  stage.addAction(
    new actions.CloudFormationCreateReplaceChangeSetAction({
      actionName: `Prepare${stage.actions.length}`,
      templatePath: w.pipeline.stages[0]!.actions[0]!.actionProperties.outputs![0]!.atPath('shop.template.json'),
      adminPermissions: false,
      runOrder: prepare,
      ...common,
    }),
  );
  stage.addAction(
    new actions.CloudFormationExecuteChangeSetAction({
      actionName: `Deploy${stage.actions.length}`,
      runOrder: execute,
      ...common,
    }),
  );
}

const policyOf = (stack: Stack) => documentOf(Template.fromStack(stack), 'Approve');

/** What the answer role may describe. */
function described(stack: Stack): readonly string[] {
  const statements = Object.values(rolesOf(Template.fromStack(stack)))
    .flatMap(({ Properties }) => Properties.Policies as any[])
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as any[])
    .filter(({ Action }) => JSON.stringify(Action).includes('cloudformation:'));
  expect(statements.every(({ Action }) => Action === 'cloudformation:DescribeChangeSet')).toBe(true);
  return statements.flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource : [Resource]).map(flat));
}

const arnOf = (stack: string) => `arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${stack}/*`;

describe('the change sets that a gate shows', () => {
  test('are those that its stage prepares before it and executes after it, and its role may read these alone', () => {
    const w = fixture();
    add(w, { runOrder: 2 });
    stageWith(w);

    expect(policyOf(w.release).changeSets).toEqual([{ stack: 'shop-prod', name: 'release' }]);
    expect(described(w.release)).toEqual([arnOf('shop-prod')]);
  });

  test('are none where the stage prepares them beside the gate or after it, or has executed them by then', () => {
    const w = fixture();
    add(w, { runOrder: 2 });
    stageWith(w, { stackName: 'beside', prepare: 2 });
    stageWith(w, { stackName: 'after', prepare: 3, execute: 4 });
    stageWith(w, { stackName: 'executed', prepare: 1, execute: 2 });

    expect(policyOf(w.release)).not.toHaveProperty('changeSets');
    expect(described(w.release)).toEqual([]);
  });

  test('are none where checks decide alone: nobody would see them', () => {
    const w = fixture();
    add(w, { runOrder: 2, approvers: undefined, checks: [health()] });
    stageWith(w);

    expect(policyOf(w.release)).not.toHaveProperty('changeSets');
    expect(described(w.release)).toEqual([]);
  });

  test('may have names that only the deployment knows', () => {
    const w = fixture();
    add(w, { runOrder: 2 });
    stageWith(w, { stackName: w.release.stackId });

    expect(policyOf(w.release).changeSets).toEqual([{ stack: '<AWS::StackId>', name: 'release' }]);
  });

  test('are named and not read where the run gives them their names', () => {
    const w = fixture();
    add(w, { runOrder: 2 });
    stageWith(w, { changeSetName: '#{Source.CommitId}' });

    expect(policyOf(w.release).changeSets).toEqual([
      { stack: 'shop-prod', name: '#{Source.CommitId}', hidden: 'NAMED_BY_RUN' },
    ]);
    expect(described(w.release)).toEqual([]);
  });

  test.each<[string, Partial<actions.CloudFormationCreateReplaceChangeSetActionProps>]>([
    ['another Region', { region: 'us-east-1' }],
    ['another account', { account: '222222222222' }],
  ])('are named and not read where they are in %s', (_where, place) => {
    const app = newApp();
    const env = { account: '111111111111', region: 'eu-west-1' };
    const stack = new Stack(app, 'A', { env });
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      crossRegionReplicationBuckets: {},
    });
    const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' });
    pipeline.addStage({
      stageName: 'Source',
      actions: [
        new actions.CodeStarConnectionsSourceAction({
          actionName: 'Source',
          connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/x',
          owner: 'example',
          repo: 'shop',
          output: new codepipeline.Artifact('source'),
        }),
      ],
    });
    const w = { workflows: stack, release: stack, workflow, pipeline };
    const role =
      place.account === undefined
        ? undefined
        : iam.Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${place.account}:role/deploy`);
    add(w, { runOrder: 2 });
    stageWith(w, {
      ...place,
      ...(role === undefined ? {} : { role, deploymentRole: role }),
    });

    expect(policyOf(stack).changeSets).toEqual([{ stack: 'shop-prod', name: 'release', hidden: 'ELSEWHERE' }]);
    expect(described(stack)).toEqual([]);
  });

  test('are those that are named, instead of those that are found; an empty list shows none', () => {
    const named = fixture();
    add(named, { runOrder: 2, changeSets: [ChangeSetRef.named('other', 'PipelineChange')] });
    stageWith(named);
    const none = fixture();
    add(none, { runOrder: 2, changeSets: [] });
    stageWith(none);

    expect(policyOf(named.release).changeSets).toEqual([{ stack: 'other', name: 'PipelineChange' }]);
    expect(described(named.release)).toEqual([arnOf('other')]);
    expect(policyOf(none.release)).not.toHaveProperty('changeSets');
    expect(described(none.release)).toEqual([]);
  });

  test('can be named for a pipeline that exists already', () => {
    const stack = new Stack(new App(), 'Shop');
    new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' }).addGate({
      pipelineName: 'legacy',
      stageName: 'Prod',
      actionName: 'Approve',
      approvers: three,
      changeSets: [ChangeSetRef.named('legacy-prod', 'release')],
    });

    expect(policyOf(stack).changeSets).toEqual([{ stack: 'legacy-prod', name: 'release' }]);
    expect(described(stack)).toEqual([arnOf('legacy-prod')]);
  });

  test('are found in a stage of CDK Pipelines, between preparing and deploying a stack', () => {
    const env = { account: '111111111111', region: 'eu-west-1' };
    const stack = new Stack(new App(), 'Release', { env });
    const pipeline = new CodePipeline(stack, 'Pipeline', {
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.connection('example/shop', 'main', {
          connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/x',
        }),
        commands: ['npx cdk synth'],
      }),
    });
    const prod = new Stage(stack, 'Prod', { env });
    const service = new Stack(prod, 'Service');
    new sns.Topic(service, 'Orders');
    const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' });
    pipeline.addStage(prod, {
      pre: [new ApprovalGateStep('Before', { workflow, approvers: Approvers.emails('ana@example.com') })],
      stackSteps: [
        {
          stack: service,
          changeSet: [new ApprovalGateStep('Approve', { workflow, approvers: Approvers.emails('ana@example.com') })],
        },
      ],
    });

    const template = Template.fromStack(stack);
    expect(documentOf(template, 'Approve').changeSets).toEqual([{ stack: 'Prod-Service', name: 'PipelineChange' }]);
    expect(documentOf(template, 'Before')).not.toHaveProperty('changeSets');
    expect(described(stack)).toEqual([
      'arn:<AWS::Partition>:cloudformation:eu-west-1:111111111111:stack/Prod-Service/*',
    ]);
  });
});

describe('change sets are refused', () => {
  test.each(['', '*', 'shop*', 'shop/prod', '9shop', 'x'.repeat(129), '#{Source.Name}'])(
    'that are called “%s”',
    (name) => {
      expect(() => ChangeSetRef.named(name, 'release')).toThrow(
        /`ChangeSetRef.named stackName` is '.*', but has to be/s,
      );
      expect(() => ChangeSetRef.named('shop', name)).toThrow(
        /`ChangeSetRef.named changeSetName` is '.*', but has to be/s,
      );
    },
  );

  test('where nobody is asked, where there is no workflow, and where they are none', () => {
    const changeSets = [ChangeSetRef.named('x'.repeat(128), 'release')];
    const w = fixture();

    expect(() => add(w, { approvers: undefined, checks: [health()], changeSets })).toThrow(
      /`changeSets` are shown to people/,
    );
    expect(
      () => new ApprovalGateAction({ actionName: 'Approve', approvers: Approvers.emails('a@example.com'), changeSets }),
    ).toThrow(/`changeSets` needs a `workflow`/);
    expect(() => add(w, { changeSets: ['shop'] as never })).toThrow(/`changeSets` has to be a list of change sets/);
    expect(() => add(w, { changeSets: 'shop' as never })).toThrow(/`changeSets` has to be a list of change sets/);
  });

  test('where there are more than twenty', () => {
    const of = (count: number) => {
      const w = fixture();
      add(w, { changeSets: Array.from({ length: count }, (_, n) => ChangeSetRef.named(`s${n}`, 'release')) });
      return () => Template.fromStack(w.release);
    };

    expect(of(20)).not.toThrow();
    expect(of(21)).toThrow(/gate 'Approve' of stage 'Prod' would show 21 change sets/);
  });

  test('where their stacks do not fit into the policy of the role', () => {
    const w = fixture();
    for (let n = 0; n < 6; n += 1) {
      const changeSets = Array.from({ length: 15 }, (_, m) =>
        ChangeSetRef.named(`${'s'.repeat(110)}-${n}-${m}`, 'release'),
      );
      add(w, { actionName: `Approve${n}`, changeSets });
    }

    expect(() => Template.fromStack(w.release)).toThrow(
      /do not fit into the policy of one role: give some gates `changeSets: \[\]`/,
    );
  });
});
