import { App, Fn, Stack, type IResolvable } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { executionModeOf, stageSoFar, stagesSoFar, type RenderedStage } from '../../../lib/private/pipeline-stages';

const alarmRule = (AlarmName: string) => ({
  name: 'Alarm',
  ruleTypeId: { category: 'Rule', owner: 'AWS', provider: 'CloudWatchAlarm', version: '1' },
  configuration: { AlarmName, WaitTime: '5' },
});

function pipelineOf(override: (pipeline: codepipeline.CfnPipeline) => void) {
  const stack = new Stack(new App(), 'Shop');
  const action = (name: string, runOrder: number) => ({
    name,
    runOrder,
    actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
    configuration: { StackName: 'shop', ActionMode: 'CREATE_UPDATE' },
  });
  const pipeline = new codepipeline.CfnPipeline(stack, 'Pipeline', {
    roleArn: 'arn:aws:iam::111111111111:role/x',
    stages: [
      { name: 'Source', actions: [action('Source', 1)] },
      {
        name: 'Prod',
        actions: [action('One', 1), action('Two', 2)],
        onSuccess: { conditions: [{ result: 'FAIL', rules: [alarmRule('red')] }] },
      },
    ],
  });
  override(pipeline);
  return { stack, pipeline };
}

/** By the names of the CDK. */
function named(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(named);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]: [string, unknown]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      key === 'Configuration' ? one : named(one),
    ]),
  );
}

test.each<[string, (pipeline: codepipeline.CfnPipeline) => void]>([
  ['nothing', () => undefined],
  ['a condition', (one) => one.addPropertyOverride('Stages.1.OnFailure', { Result: 'ROLLBACK' })],
  ['a member of it', (one) => one.addPropertyOverride('Stages.1.OnFailure.Result', 'ROLLBACK')],
  ['a member of a list', (one) => one.addPropertyOverride('Stages.1.Actions.1.RunOrder', 5)],
  ['what an action is told', (one) => one.addPropertyOverride('Stages.1.Actions.0.Configuration.StackName', 'other')],
  ['all that it is told', (one) => one.addPropertyOverride('Stages.1.Actions.0.Configuration', { TemplatePath: 'x' })],
  ['a list', (one) => one.addPropertyOverride('Stages.1.OnSuccess.Conditions', [{ Result: 'ROLLBACK', Rules: [] }])],
  ['a condition that was removed', (one) => one.addPropertyDeletionOverride('Stages.1.OnSuccess')],
])('overrides are seen as they will stand in the template: %s', (_what, override) => {
  const { stack, pipeline } = pipelineOf(override);

  const seen = stagesSoFar(pipeline);
  expect(stageSoFar(pipeline, 'Prod')).toEqual(seen?.[1]);
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline')) as any;
  expect(seen).toEqual(named(Properties.Stages));
});

test.each<[string, (pipeline: codepipeline.CfnPipeline, unknown: IResolvable) => void, Partial<RenderedStage>]>([
  [
    'a condition',
    (one, unknown) => one.addPropertyOverride('Stages.1.OnSuccess', unknown),
    { onSuccess: expect.objectContaining({ resolve: expect.any(Function) as unknown }) as object },
  ],
  [
    'a condition as it stands in a template',
    (one) => one.addPropertyOverride('Stages.1.OnSuccess', { 'Fn::If': ['IsWatched', {}, {}] }),
    { onSuccess: { 'Fn::If': ['IsWatched', {}, {}] } },
  ],
  ['the actions', (one, unknown) => one.addPropertyOverride('Stages.1.Actions', unknown), {}],
  ['an action', (one, unknown) => one.addPropertyOverride('Stages.1.Actions.1', unknown), {}],
])('of %s that only the deployment knows, nothing is made up', (_what, override, expected) => {
  const before = stageSoFar(pipelineOf(() => undefined).pipeline, 'Prod');
  const { pipeline } = pipelineOf((one) => override(one, Fn.conditionIf('IsWatched', [], [])));

  expect(stageSoFar(pipeline, 'Prod')).toEqual({ ...before, ...expected });
});

test('so is the execution mode', () => {
  const mode = 'ExecutionMode';

  expect(executionModeOf(pipelineOf(() => undefined).pipeline)).toBeUndefined();
  expect(executionModeOf(pipelineOf((one) => (one.executionMode = 'QUEUED')).pipeline)).toBe('QUEUED');
  expect(executionModeOf(pipelineOf((one) => one.addPropertyOverride(mode, 'PARALLEL')).pipeline)).toBe('PARALLEL');
  expect(executionModeOf(undefined)).toBeUndefined();
});
