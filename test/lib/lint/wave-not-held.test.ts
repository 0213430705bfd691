import { App, Aspects, Duration, Stack, Stage, type Environment } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  CodePipeline,
  CodePipelineSource,
  ManualApprovalStep,
  ShellStep,
  type AddStageOpts,
} from 'aws-cdk-lib/pipelines';
import { ApprovalGateAction, Approvers } from '../../../lib/approval';
import { AlarmRef } from '../../../lib/check';
import { StageConditions, StageRules } from '../../../lib/conditions';
import { ReleaseLint } from '../../../lib/lint';
import { newApp, newPipeline, newStack } from '../approval/stacks';

const env = { account: '111111111111', region: 'eu-west-1' };
const approvers = Approvers.emails('ana@example.com');

type Actions = (stack: Stack) => readonly codepipeline.IAction[];

/** Ids that are found in a pipeline of these stages. */
function found(
  stages: Readonly<Record<string, Actions>>,
  more: (pipeline: codepipeline.Pipeline) => object = () => ({}),
) {
  const stack = newStack({ env });
  const pipeline = newPipeline(stack, 'Pipeline', { crossAccountKeys: true });
  for (const [stageName, make] of Object.entries(stages)) {
    pipeline.addStage({ stageName, actions: [...make(stack)], ...(stageName === 'Wave' ? more(pipeline) : {}) });
  }
  return idsOf(stack);
}

function idsOf(stack: Stack): readonly (string | undefined)[] {
  Aspects.of(App.of(stack)!).add(new ReleaseLint());
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('ReleaseLint'))
    .map(({ entry }) => /ReleaseLint\.(\w+)/.exec(String(entry.data))?.[1])
    .sort();
}

function deploy(actionName: string, where: Partial<Environment> = {}, runOrder = 1): codepipeline.IAction {
  return new actions.CloudFormationCreateUpdateStackAction({
    actionName,
    stackName: 'shop',
    templatePath: new codepipeline.Artifact('App').atPath('shop.json'),
    adminPermissions: false,
    runOrder,
    ...where,
  });
}

const gate = (runOrder = 1) => new ApprovalGateAction({ actionName: 'Healthy', approvers, runOrder });

const wave: Actions = () => [deploy('Ireland'), deploy('Frankfurt', { region: 'eu-central-1' })];
const approval: Actions = () => [gate()];

test('a wave that is looked at from the stage behind it', () => {
  expect(found({ Wave: wave, Look: approval })).toEqual(['waveNotHeld']);
});

test('so is one over several accounts', () => {
  const accounts: Actions = () => [deploy('One'), deploy('Other', { account: '222222222222' })];
  expect(found({ Wave: accounts, Look: approval })).toEqual(['waveNotHeld']);
});

test('so is one with an approval between two of its deployments, which does not see the second one', () => {
  const between: Actions = () => [
    deploy('Ireland'),
    new ApprovalGateAction({ actionName: 'Look', approvers, runOrder: 2 }),
    deploy('Frankfurt', { region: 'eu-central-1' }, 3),
  ];
  expect(found({ Wave: between, Look: approval })).toContain('waveNotHeld');
});

test('functions beside the approval do not change that', () => {
  const look: Actions = (stack) => [gate(), invoke(stack)];
  expect(found({ Wave: wave, Look: look })).toEqual(['waveNotHeld']);
});

test('the same approval is another trap for the stage behind it, which has an id of its own', () => {
  const second: Actions = () => [deploy('Tokyo', { region: 'ap-northeast-1' })];
  expect(found({ Wave: wave, Look: approval, Rest: second })).toEqual(['gateInOtherStage', 'waveNotHeld']);
});

describe('is nothing to warn of,', () => {
  test('where something behind the deployments holds the wave', () => {
    const held = (last: (stack: Stack) => codepipeline.IAction): Actions => {
      return (stack) => [...wave(stack), last(stack)];
    };
    const pass = (stages: Readonly<Record<string, Actions>>) => expect(found(stages)).toEqual([]);

    pass({ Wave: held(() => gate(2)), Look: approval });
    pass({ Wave: held((stack) => invoke(stack, 2)), Look: approval });
    expect(found({ Wave: held((stack) => invoke(stack, 1)), Look: approval })).toEqual(['waveNotHeld']);
  });

  test('where a condition on success does', () => {
    const bake = (pipeline: codepipeline.Pipeline) => ({
      onSuccess: StageConditions.of(pipeline).failUnless(
        StageRules.alarmBake(AlarmRef.named('shop-5xx'), Duration.minutes(5)),
      ),
    });
    expect(found({ Wave: wave, Look: approval }, bake)).toEqual([]);
  });

  test('as a wave where a stage deploys several times to one place, as two stacks', () => {
    const stacks: Actions = () => [deploy('One'), deploy('Other', { region: 'eu-west-1', account: '111111111111' })];
    expect(found({ Wave: stacks, Look: approval })).toEqual(['productionWithoutGate']);
  });

  test('where the approval stands in front of the next deployment, in its stage', () => {
    const next: Actions = () => [gate(1), deploy('Tokyo', { region: 'ap-northeast-1' }, 2)];
    expect(found({ Wave: wave, Rest: next })).toEqual([]);
  });

  test('where what comes behind is no approval, or nothing', () => {
    expect(
      found({
        Wave: (stack) => [gate(), deploy('A', {}, 2), deploy('B', { region: 'eu-central-1' }, 2), invoke(stack, 2)],
      }),
    ).toEqual([]);
    expect(
      found({
        Wave: () => [gate(), deploy('A', {}, 2), deploy('B', { region: 'eu-central-1' }, 2)],
        Tell: (stack) => [invoke(stack)],
      }),
    ).toEqual([]);
  });
});

describe('of CDK Pipelines', () => {
  const regions = (opts: AddStageOpts, after: boolean) => {
    const app = newApp();
    const stack = newStack({ env }, 'Release', app);
    const pipeline = new CodePipeline(stack, 'Pipeline', {
      crossAccountKeys: true,
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Source', 'source'), 'app.zip'),
        commands: ['npx cdk synth'],
      }),
    });
    const both = pipeline.addWave('Both', opts);
    for (const region of ['eu-west-1', 'eu-central-1']) {
      const stage = new Stage(app, region, { env: { account: env.account, region } });
      new sns.Topic(new Stack(stage, 'Shop'), 'Topic');
      both.addStage(stage);
    }
    if (after) {
      pipeline.addWave('Look', { post: [new ManualApprovalStep('Look')] });
    }
    pipeline.buildPipeline();
    return idsOf(stack);
  };

  test('an approval in a wave of its own does not hold the wave before', () => {
    expect(regions({}, true)).toEqual(['waveNotHeld']);
  });

  test('one in `post` of the wave does', () => {
    expect(regions({ post: [new ManualApprovalStep('Look')] }, false)).toEqual([]);
  });
});

function invoke(stack: Stack, runOrder = 1): codepipeline.IAction {
  const known = stack.node.tryFindChild('Told') as lambda.IFunction | undefined;
  return new actions.LambdaInvokeAction({
    actionName: 'Tell',
    runOrder,
    lambda:
      known ??
      new lambda.Function(stack, 'Told', {
        code: lambda.Code.fromInline('exports.handler = async () => 1'),
        handler: 'index.handler',
        runtime: lambda.Runtime.NODEJS_24_X,
      }),
  });
}
