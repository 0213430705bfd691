import {
  App,
  Annotations as AnnotationsOf,
  Aspects,
  Duration,
  Fn,
  Stack,
  Stage,
  TimeZone,
  type Environment,
  type IResolvable,
  type StackProps,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import {
  ApprovalFieldsAction,
  ApprovalGateAction,
  ApprovalGateStep,
  ApprovalWorkflow,
  Approvers,
  DecisionField,
  DeploymentWindow,
} from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { StageConditions, StageRules } from '../../../lib/conditions';
import { ReleaseLint } from '../../../lib/lint';
import { HealthCheckAction } from '../../../lib/rollout';
import { deployAction, newApp, newPipeline, newStack } from '../approval/stacks';

const gate = () => new ApprovalGateAction({ actionName: 'Approve', approvers: Approvers.emails('ana@example.com') });
const back = { onFailure: { result: codepipeline.Result.ROLLBACK } };
const window = StageRules.deploymentWindow(DeploymentWindow.weekly(TimeZone.ETC_UTC, { from: '09:00', to: '16:00' }));
const alarm = (name: string) => AlarmRef.named(name);

/** Ids that are found in a pipeline. */
function found(
  make: (stack: Stack, pipeline: codepipeline.Pipeline) => void,
  props?: codepipeline.PipelineProps,
  stackProps?: StackProps,
) {
  const stack = newStack(stackProps);
  const pipeline = newPipeline(stack, 'Pipeline', props);
  make(stack, pipeline);
  Aspects.of(App.of(stack)!).add(new ReleaseLint());
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('ReleaseLint'))
    .map(({ entry }) => /ReleaseLint\.(\w+)/.exec(String(entry.data))?.[1])
    .sort();
}

/** A stage with a gate in front of its deployment, and these conditions. */
function prod(stack: Stack, more: object = {}): codepipeline.StageOptions {
  return { stageName: 'Prod', actions: [gate(), deployAction(stack, 'Deploy', 2)], ...more };
}

test('a gate in front of the deployment that it guards is nothing to warn of', () => {
  expect(found((stack, pipeline) => pipeline.addStage(prod(stack, back)))).toEqual([]);
});

test('a production without a gate', () => {
  const deploy = (stack: Stack) => ({ stageName: 'Prod', actions: [deployAction(stack)] });
  expect(found((stack, pipeline) => pipeline.addStage(deploy(stack)))).toEqual(['productionWithoutGate']);
});

test('checks behind the deployment stand for a gate, and a function in front of it does not', () => {
  const health = (runOrder: number) =>
    new HealthCheckAction({ actionName: 'Healthy', runOrder, checks: [Check.alarm(alarm('shop-5xx'))] });
  const invoked = (runOrder: number) =>
    found((stack, pipeline) =>
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack, 'Deploy', 2), health(runOrder)] }),
    );
  expect(invoked(3)).toEqual([]);
  expect(invoked(2)).toEqual(['productionWithoutGate']);
  expect(invoked(1)).toEqual(['productionWithoutGate']);
});

test('a smoke test behind all deployments stands for a gate, and one beside or between them does not', () => {
  const tested = (runOrder: number, ...deployments: number[]) =>
    found((stack, pipeline) => {
      const smoke = new actions.CodeBuildAction({
        actionName: 'Smoke',
        project: new codebuild.PipelineProject(stack, 'Project'),
        input: new codepipeline.Artifact('App'),
        runOrder,
      });
      const deploys = deployments.map((order) => deployAction(stack, `Deploy${order}`, order));
      pipeline.addStage({ stageName: 'Prod', actions: [...deploys, smoke] });
    });
  expect(tested(2, 1)).toEqual([]);
  expect(tested(3, 1, 2)).toEqual([]);
  expect(tested(1, 1)).toEqual(['productionWithoutGate']);
  expect(tested(2, 1, 2)).toEqual(['productionWithoutGate']);
  expect(tested(2, 1, 3)).toEqual(['productionWithoutGate']);
});

test('checks behind the deployment of an earlier stage do not stand for a gate of the last one', () => {
  const health = new HealthCheckAction({ actionName: 'Healthy', runOrder: 3, checks: [Check.alarm(alarm('a'))] });
  expect(
    found((stack, pipeline) => {
      pipeline.addStage({ stageName: 'Test', actions: [deployAction(stack, 'DeployTest', 2), health] });
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack, 'Deploy', 2)] });
    }),
  ).toEqual(['productionWithoutGate']);
});

test('a gate in a stage of its own', () => {
  expect(
    found((stack, pipeline) => {
      pipeline.addStage({ stageName: 'Approval', actions: [gate()] });
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] });
    }),
  ).toEqual(['gateInOtherStage']);
});

test('functions beside a gate in a stage of its own do not make it hold the next one', () => {
  expect(
    found((stack, pipeline) => {
      const field = DecisionField.text('ticket', { label: 'Ticket' });
      const workflow = new ApprovalWorkflow(stack, 'Workflow');
      const asking = new ApprovalGateAction({
        actionName: 'Approve',
        workflow,
        approvers: Approvers.emails('ana@example.com'),
        fields: [field],
      });
      pipeline.addStage({
        stageName: 'Approval',
        actions: [asking, new ApprovalFieldsAction({ actionName: 'Fields', runOrder: 2, gate: asking })],
      });
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] });
    }),
  ).toEqual(['gateInOtherStage']);
});

test('an approval in the stage before stands for a gate behind its deployments, and lets nothing but these go ahead in front of them', () => {
  const approvedAt = (runOrder: number) =>
    found((stack, pipeline) => {
      const approve = new actions.ManualApprovalAction({ actionName: 'Approve', runOrder });
      pipeline.addStage({ stageName: 'Staging', actions: [approve, deployAction(stack, 'DeployStaging', 2)] });
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] });
    });

  expect(approvedAt(3)).toEqual([]);
  expect(approvedAt(1)).toEqual(['productionWithoutGate']);
});

test('what makes a change set or deletes a stack deploys nothing', () => {
  const template = new codepipeline.Artifact('App').atPath('template.json');
  const stackName = 'shop';
  const removed = (runOrder = 1) =>
    new actions.CloudFormationDeleteStackAction({ actionName: 'Remove', runOrder, stackName, adminPermissions: false });
  const prepared = () =>
    new actions.CloudFormationCreateReplaceChangeSetAction({
      actionName: 'Prepare',
      stackName,
      changeSetName: 'change',
      templatePath: template,
      adminPermissions: false,
    });
  const health = new HealthCheckAction({ actionName: 'Healthy', runOrder: 2, checks: [Check.alarm(alarm('a'))] });

  expect(
    found((stack, pipeline) =>
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack), health, removed(3)] }),
    ),
  ).toEqual([]);
  expect(
    found((stack, pipeline) => {
      pipeline.addStage(prod(stack));
      pipeline.addStage({ stageName: 'CleanUp', actions: [removed()] });
    }),
  ).toEqual([]);
  expect(
    found((stack, pipeline) => {
      pipeline.addStage({ stageName: 'Approval', actions: [gate()] });
      pipeline.addStage({ stageName: 'Prepare', actions: [prepared()] });
      pipeline.addStage(prod(stack));
    }),
  ).toEqual([]);
});

test.each<[string, (unknown: IResolvable) => object]>([
  ['as a whole', (unknown) => unknown],
  ['in its list', (unknown) => ({ conditions: unknown })],
  ['in an element of that', (unknown) => ({ conditions: [unknown] })],
  ['in its rules', (unknown) => ({ conditions: [{ result: 'ROLLBACK', rules: unknown }] })],
])('a condition that only the deployment knows is believed, %s', (_where, conditionOf) => {
  const id = (name: string) => ({
    name,
    actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
  });
  const made = (onSuccess?: object) => {
    const stack = newStack();
    const deploy = id('Deploy');
    new codepipeline.CfnPipeline(stack, 'Raw', {
      roleArn: 'arn:aws:iam::111111111111:role/pipeline',
      stages: [
        { name: 'Source', actions: [id('Fetch')] },
        {
          name: 'Prod',
          actions: [{ ...deploy, actionTypeId: { ...deploy.actionTypeId, category: 'Deploy' } }],
          onSuccess: onSuccess as codepipeline.CfnPipeline.SuccessConditionsProperty,
        },
      ],
    });
    Aspects.of(stack).add(new ReleaseLint());
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('productionWithoutGate'));
  };

  expect(made()).toHaveLength(1);
  expect(made(conditionOf(Fn.conditionIf('IsWatched', [], [])))).toEqual([]);
});

test('a rollback in a pipeline that runs in parallel', () => {
  const executionMode = codepipeline.ExecutionMode.PARALLEL;
  expect(found((stack, pipeline) => pipeline.addStage(prod(stack, back)), { executionMode })).toContain(
    'rollbackInParallel',
  );
  expect(found((stack, pipeline) => pipeline.addStage(prod(stack)), { executionMode })).not.toContain(
    'rollbackInParallel',
  );
});

test('what overrides have set is seen, before the aspect was added and after it', () => {
  const overridden = (isLate: boolean) => {
    const stack = newStack();
    const pipeline = newPipeline(stack);
    const override = () => {
      const resource = pipeline.node.defaultChild as codepipeline.CfnPipeline;
      resource.addPropertyOverride('ExecutionMode', 'PARALLEL');
      resource.addPropertyOverride('Stages.1.OnFailure', { Result: 'ROLLBACK' });
    };
    pipeline.addStage(prod(stack));
    if (!isLate) {
      override();
    }
    Aspects.of(stack).add(new ReleaseLint());
    if (isLate) {
      override();
    }
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('ReleaseLint'));
    return warnings.map(({ entry }) => /ReleaseLint\.(\w+)/.exec(String(entry.data))?.[1]).sort();
  };

  expect(overridden(false)).toEqual(['notLockedInParallel', 'rollbackInParallel']);
  expect(overridden(true)).toEqual(['notLockedInParallel', 'rollbackInParallel']);
});

test('a gate or a watch in a pipeline that runs in parallel', () => {
  const executionMode = codepipeline.ExecutionMode.PARALLEL;
  const health = new HealthCheckAction({
    actionName: 'Healthy',
    runOrder: 3,
    checks: [Check.alarm(AlarmRef.named('a'))],
  });

  expect(found((stack, pipeline) => pipeline.addStage(prod(stack)), { executionMode })).toEqual([
    'notLockedInParallel',
  ]);
  expect(
    found(
      (stack, pipeline) =>
        pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack, 'Deploy', 2), health] }),
      { executionMode },
    ),
  ).toEqual(['notLockedInParallel']);
  expect(
    found((stack, pipeline) => pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] }), {
      executionMode,
    }),
  ).toEqual(['productionWithoutGate']);
});

test('a rollback in a pipeline that changes itself', () => {
  const pipelineThatUpdates = (
    nameOf: (stack: Stack) => string,
    more: Pick<actions.CloudFormationCreateUpdateStackActionProps, 'account' | 'region'> = {},
    env?: Environment,
  ) =>
    found(
      (stack, pipeline) => {
        const update = new actions.CloudFormationCreateUpdateStackAction({
          actionName: 'Update',
          stackName: nameOf(stack),
          templatePath: new codepipeline.Artifact('App').atPath('template.json'),
          adminPermissions: false,
          ...more,
        });
        pipeline.addStage({ stageName: 'Pipeline', actions: [update] });
        pipeline.addStage(prod(stack, back));
      },
      { crossAccountKeys: true },
      env && { env },
    );
  const own = (stack: Stack) => stack.stackName;
  const env = { account: '111111111111', region: 'eu-west-1' };
  const isFound = ['rollbackAfterSelfMutation'];

  expect(pipelineThatUpdates(own)).toEqual(isFound);
  expect(pipelineThatUpdates(own, {}, env)).toEqual(isFound);
  expect(pipelineThatUpdates(own, env, env)).toEqual(isFound);
  expect(pipelineThatUpdates(() => 'shop-prod')).toEqual([]);
  expect(pipelineThatUpdates(own, { region: 'us-east-2' }, env)).toEqual([]);
  expect(pipelineThatUpdates(own, { account: '999999999999' }, env)).toEqual([]);
});

describe('of CDK Pipelines', () => {
  const shop = (pipelineOf: (pipeline: CodePipeline, stage: Stage) => void) => {
    const app = newApp();
    const stack = newStack({}, 'Release', app);
    const pipeline = new CodePipeline(stack, 'Pipeline', {
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Source', 'source'), 'app.zip'),
        commands: ['npx cdk synth'],
      }),
    });
    const stage = new Stage(app, 'Prod');
    new sns.Topic(new Stack(stage, 'Shop'), 'Topic');
    pipelineOf(pipeline, stage);
    Aspects.of(app).add(new ReleaseLint());
    app.synth();
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('ReleaseLint'))
      .map(({ entry }) => /ReleaseLint\.(\w+)/.exec(String(entry.data))?.[1]);
  };

  test('a production without a gate', () => {
    expect(shop((pipeline, stage) => pipeline.addStage(stage))).toEqual(['productionWithoutGate']);
  });

  test('a gate that rolls back in a pipeline that changes itself', () => {
    const approvers = Approvers.emails('ana@example.com');
    const post = () => [new ApprovalGateStep('Healthy', { approvers, rollbackOnReject: true })];
    expect(shop((pipeline, stage) => pipeline.addStage(stage, { post: post() }))).toEqual([
      'rollbackAfterSelfMutation',
    ]);
  });
});

describe('conditions', () => {
  const entry = (rules: Parameters<StageConditions['failEntryUnless']>, more: (c: StageConditions) => object) =>
    found((stack, pipeline) => {
      const conditions = StageConditions.of(pipeline);
      pipeline.addStage(prod(stack, { beforeEntry: conditions.failEntryUnless(...rules), ...more(conditions) }));
    });
  const bake = (name: string) => (conditions: StageConditions) => ({
    onSuccess: conditions.rollbackUnless(StageRules.alarmBake(alarm(name), Duration.minutes(5))),
  });
  const nothing = () => ({});

  test('with an alarm beside a window', () => {
    expect(entry([window, StageRules.alarmIsOk(alarm('a'))], nothing)).toEqual(['alarmBeforeWindow']);
    expect(entry([window], nothing)).toEqual([]);
    expect(entry([StageRules.alarmIsOk(alarm('a'))], nothing)).toEqual([]);
  });

  test('that may keep a rollback out', () => {
    expect(entry([window], bake('a'))).toEqual(['entryHoldsRollback']);
    expect(entry([StageRules.alarmIsOk(alarm('a'))], bake('a'))).toEqual(['entryHoldsRollback']);
    expect(entry([StageRules.alarmIsOk(alarm('other'))], bake('a'))).toEqual([]);
  });

  test('give their pipeline the warnings, once, without the aspect on the app', () => {
    const stack = newStack();
    const pipeline = newPipeline(stack);
    StageConditions.of(pipeline);
    pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('productionWithoutGate'))).toHaveLength(
      1,
    );
  });
});

type Release = (stack: Stack, pipeline: codepipeline.Pipeline) => void;

/** `canaryWithoutAlarm` is acknowledged in a test of its own. */
describe('a finding is acknowledged by its id', () => {
  const entered =
    (...rules: Parameters<StageConditions['failEntryUnless']>): Release =>
    (stack, pipeline) => {
      const beforeEntry = StageConditions.of(pipeline).failEntryUnless(...rules);
      pipeline.addStage(prod(stack, { ...back, beforeEntry }));
    };
  const parallel = { executionMode: codepipeline.ExecutionMode.PARALLEL };

  test.each<[id: string, make: Release, props: codepipeline.PipelineProps]>([
    [
      'productionWithoutGate',
      (stack, pipeline) => pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] }),
      {},
    ],
    [
      'gateInOtherStage',
      (stack, pipeline) => {
        pipeline.addStage({ stageName: 'Approval', actions: [gate()] });
        pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack)] });
      },
      {},
    ],
    ['rollbackInParallel', (stack, pipeline) => pipeline.addStage(prod(stack, back)), parallel],
    ['notLockedInParallel', (stack, pipeline) => pipeline.addStage(prod(stack)), parallel],
    [
      'rollbackAfterSelfMutation',
      (stack, pipeline) => {
        const update = new actions.CloudFormationCreateUpdateStackAction({
          actionName: 'Update',
          stackName: stack.stackName,
          templatePath: new codepipeline.Artifact('App').atPath('template.json'),
          adminPermissions: false,
        });
        pipeline.addStage({ stageName: 'Pipeline', actions: [update] });
        pipeline.addStage(prod(stack, back));
      },
      {},
    ],
    ['alarmBeforeWindow', entered(window, StageRules.alarmIsOk(alarm('a'))), {}],
    ['entryHoldsRollback', entered(window), {}],
  ])('%s', (id, make, props) => {
    const acknowledged: Release = (stack, pipeline) => {
      make(stack, pipeline);
      AnnotationsOf.of(pipeline).acknowledgeWarning(`cdk-approval-gates:ReleaseLint.${id}`);
    };

    expect(found(make, props)).toContain(id);
    expect(found(acknowledged, props)).not.toContain(id);
  });
});

test('stages that only the deployment knows are left alone', () => {
  const stack = newStack();
  new codepipeline.CfnPipeline(stack, 'Raw', {
    roleArn: 'arn:aws:iam::111111111111:role/pipeline',
    stages: { resolve: () => [], creationStack: [], toString: () => '' } as never,
  });
  Aspects.of(stack).add(new ReleaseLint());
  expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
});
