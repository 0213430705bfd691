import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { ApprovalGateAction, Approvers } from '../../../lib/approval';
import { AlarmRef, Check } from '../../../lib/check';
import { HealthCheckAction } from '../../../lib/rollout';
import { deployAction, newPipeline, newStack } from './stacks';

function gate(runOrder = 2, actionName = 'Healthy'): ApprovalGateAction {
  return new ApprovalGateAction({
    actionName,
    runOrder,
    approvers: Approvers.emails('ana@example.com'),
    timeout: Duration.hours(1),
    rollbackOnReject: true,
  });
}

function stagesOf(pipeline: codepipeline.Pipeline): any[] {
  const template = Template.fromStack(pipeline.stack);
  return Object.values(template.findResources('AWS::CodePipeline::Pipeline'))[0]!.Properties.Stages;
}

test('the stage of the gate goes back when it rejects, wherever it ends up in the pipeline', () => {
  // GIVEN
  const stack = newStack();
  const pipeline = newPipeline(stack);
  const prod = pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack), gate()] });

  // WHEN
  pipeline.addStage({
    stageName: 'Test',
    actions: [deployAction(stack, 'DeployTest')],
    placement: { rightBefore: prod },
  });
  pipeline.addStage({ stageName: 'Last', actions: [deployAction(stack, 'DeployLast')] });

  // THEN
  expect(stagesOf(pipeline).map((stage) => [stage.Name, stage.OnFailure])).toEqual([
    ['Source', undefined],
    ['Test', undefined],
    ['Prod', { Result: 'ROLLBACK' }],
    ['Last', undefined],
  ]);
});

test('two gates of one stage and gates of two stages share the work', () => {
  const stack = newStack();
  const pipeline = newPipeline(stack);
  pipeline.addStage({ stageName: 'One', actions: [deployAction(stack), gate(), gate(3, 'Again')] });
  pipeline.addStage({ stageName: 'Two', actions: [deployAction(stack, 'DeployTwo'), gate()] });
  expect(stagesOf(pipeline).map((stage) => stage.OnFailure?.Result)).toEqual([undefined, 'ROLLBACK', 'ROLLBACK']);
});

test('the gate may be added before the action that it follows', () => {
  const stack = newStack();
  const pipeline = newPipeline(stack);
  const stage = pipeline.addStage({ stageName: 'Prod', actions: [gate()] });
  stage.addAction(deployAction(stack));
  expect(stagesOf(pipeline)[1].OnFailure).toEqual({ Result: 'ROLLBACK' });
});

describe('fails where AWS cannot do it', () => {
  test('a stage in which only people and checks come before it', () => {
    const stack = newStack();
    const pipeline = newPipeline(stack);
    pipeline.addStage({ stageName: 'Deploy', actions: [deployAction(stack)] });
    pipeline.addStage({
      stageName: 'Watch',
      actions: [
        new actions.ManualApprovalAction({ actionName: 'Approve' }),
        new HealthCheckAction({ actionName: 'Early', checks: [Check.alarm(AlarmRef.named('shop-5xx'))] }),
        gate(),
      ],
    });

    expect(() => Template.fromStack(stack)).toThrow(
      /gate 'Healthy' in stage 'Watch' cannot work: nothing is deployed before it in its stage, so there is nothing to roll back/,
    );
  });

  test('pipelines of type V1, given or implied', () => {
    const v1 = newPipeline(newStack(), 'Pipeline', { pipelineType: codepipeline.PipelineType.V1 });
    expect(() => v1.addStage({ stageName: 'Prod', actions: [gate()] })).toThrow(/only pipelines of type V2 roll back/);
  });

  test('pipelines that run in parallel', () => {
    const parallel = newPipeline(newStack(), 'Pipeline', { executionMode: codepipeline.ExecutionMode.PARALLEL });
    expect(() => parallel.addStage({ stageName: 'Prod', actions: [gate()] })).toThrow(/PARALLEL do not roll back/);
  });

  test('pipelines that an override lets run in parallel afterwards', () => {
    const stack = newStack();
    const pipeline = newPipeline(stack);
    pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack), gate()] });
    const resource = pipeline.node.defaultChild as codepipeline.CfnPipeline;
    resource.addPropertyOverride('ExecutionMode', 'PARALLEL');

    expect(() => stagesOf(pipeline)).toThrow(/`rollbackOnReject` of gate .*PARALLEL do not roll back/);
  });

  test.each([codepipeline.ExecutionMode.QUEUED, codepipeline.ExecutionMode.SUPERSEDED])(
    'but not in mode %s',
    (mode) => {
      const stack = newStack();
      const pipeline = newPipeline(stack, 'Pipeline', { executionMode: mode });
      pipeline.addStage({ stageName: 'Prod', actions: [deployAction(stack), gate()] });
      expect(stagesOf(pipeline)[1].OnFailure).toEqual({ Result: 'ROLLBACK' });
    },
  );

  test.each([codepipeline.Result.RETRY, codepipeline.Result.ROLLBACK, codepipeline.Result.FAIL])(
    'a stage that has an answer to failures already: %s',
    (result) => {
      const stack = newStack();
      expect(() =>
        newPipeline(stack).addStage({
          stageName: 'Prod',
          actions: [deployAction(stack), gate()],
          onFailure: { result },
        }),
      ).toThrow(/has an `onFailure` already.*Remove it/);
    },
  );

  test('the first stage', () => {
    const stack = newStack();
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', { crossAccountKeys: false });
    pipeline.addStage({ stageName: 'Source', actions: [gate()] });
    expect(() => Template.fromStack(stack)).toThrow(/the first stage of a pipeline does not roll back/);
  });

  test.each([1, 2])('a gate with nothing before it in its stage (run order of the deployment: %d)', (order) => {
    const stack = newStack();
    newPipeline(stack).addStage({ stageName: 'Prod', actions: [deployAction(stack, 'Deploy', order), gate(1)] });
    expect(() => Template.fromStack(stack)).toThrow(/nothing is deployed before it in its stage/);
  });

  test('a gate between a change set that is made and its execution', () => {
    const common = { stackName: 'shop', changeSetName: 'change' };
    const prepare = new actions.CloudFormationCreateReplaceChangeSetAction({
      ...common,
      actionName: 'Prepare',
      templatePath: new codepipeline.Artifact('App').atPath('template.json'),
      adminPermissions: false,
    });
    const execute = (runOrder: number) =>
      new actions.CloudFormationExecuteChangeSetAction({ ...common, actionName: 'Execute', runOrder });
    const placed = (runOrder: number) => () => {
      const stageOf = newPipeline(newStack({}, `Release${runOrder}`));
      stageOf.addStage({ stageName: 'Prod', actions: [prepare, gate(2), execute(runOrder)] });
      return Template.fromStack(stageOf.stack);
    };
    expect(placed(3)).toThrow(/nothing is deployed before it in its stage/);
    expect(placed(1)).not.toThrow();
  });
});
