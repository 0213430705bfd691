import { App, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ExecutionMode, PipelineType, type CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import {
  ApprovalWorkflow,
  Approver,
  Approvers,
  BakePreset,
  CdkPromotion,
  type CdkPromotionProps,
  GateRule,
} from '../../../lib';
import { alarm, HERE, orderIn, policyOf, stageNames } from './fixture';

const ANA = Approver.person('ana@example.com');
const approvers = Approvers.anyOf(ANA);

function fixture(props: Partial<CdkPromotionProps> = {}, more: Partial<pipelines.CodePipelineProps> = {}) {
  const app = new App();
  const stack = new Stack(app, 'Release', { env: HERE });
  const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
    pipelineType: PipelineType.V2,
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Source', 'source'), 'a.zip'),
      commands: ['npx cdk synth'],
    }),
    ...more,
  });
  const promotion = new CdkPromotion(stack, 'Promotion', { pipeline, approvers, ...props });
  const shop = (id: string, stacks = 1, env = HERE): Stage => {
    const stage = new Stage(stack, id, { env });
    for (let number = 0; number < stacks; number += 1) {
      new sns.Topic(new Stack(stage, `S${number}`), 'Topic');
    }
    return stage;
  };
  return { app, stack, pipeline, promotion, shop };
}

const both = { manualApproval: true, checks: [alarm()] };

describe('a stage', () => {
  test('stands between its gates, in one stage of CodePipeline', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addStage(shop('Prod'), both);

    expect(orderIn(stack, 'Prod')).toEqual(['Approve 1', 'S0.Prepare 2', 'S0.Deploy 3', 'Healthy 4']);
  });

  test('has its further steps behind the one gate and in front of the other', () => {
    const { stack, promotion, shop } = fixture();
    const step = (id: string) => new pipelines.ShellStep(id, { commands: ['true'] });
    promotion.addStage(shop('Prod'), { ...both, pre: [step('Migrate')], post: [step('Smoke')] });

    expect(orderIn(stack, 'Prod')).toEqual([
      'Approve 1',
      'Migrate 2',
      'S0.Prepare 3',
      'S0.Deploy 4',
      'Smoke 5',
      'Healthy 6',
    ]);
  });

  test('keeps steps around a stack', () => {
    const { stack, promotion, shop } = fixture();
    const stage = shop('Prod');
    const between = new pipelines.ManualApprovalStep('Look');
    promotion.addStage(stage, {
      ...both,
      stackSteps: [{ stack: stage.node.findChild('S0') as Stack, changeSet: [between] }],
    });

    expect(orderIn(stack, 'Prod')).toEqual(['Approve 1', 'S0.Prepare 2', 'S0.Look 3', 'S0.Deploy 4', 'Healthy 5']);
  });

  test('without gates is what CDK Pipelines makes of it, and needs no workflow', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addStage(shop('Dev'));
    promotion.addStage(shop('Prod'), { manualApproval: true });

    expect(orderIn(stack, 'Dev')).toEqual(['Prepare 1', 'Deploy 2']);
    expect(promotion.workflow).toBeUndefined();
  });

  test('rolls back where its checks reject', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addStage(shop('Prod'), { ...both, rollbackOnReject: true });

    Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({ Name: 'Prod', OnFailure: { Result: 'ROLLBACK' } })]),
    });
  });

  test('asks the approvers of the promotion, or its own', () => {
    const bo = Approver.person('bo@example.com');
    const { stack, promotion, shop } = fixture();
    promotion.addStage(shop('Test'), { ...both, rule: GateRule.automatedElsePeople() });
    promotion.addStage(shop('Prod'), { ...both, approvers: Approvers.anyOf(bo) });

    expect(policyOf(stack, 'Test', 'Approve')).toContain(ANA.approverId);
    expect(policyOf(stack, 'Test', 'Healthy')).toContain(ANA.approverId);
    expect(policyOf(stack, 'Prod', 'Approve')).toContain(bo.approverId);
    expect(policyOf(stack, 'Prod', 'Approve')).not.toContain(ANA.approverId);
    expect(policyOf(stack, 'Prod', 'Healthy')).toContain('"kind":"AUTOMATED"');
  });

  test('carries review URL, text and time-out to its gates', () => {
    const { stack, promotion, shop } = fixture({
      reviewUrl: 'https://example.com/1',
      additionalInformation: 'Read it',
    });
    promotion.addStage(shop('Prod'), both);

    const pipeline = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'))[0];
    const text = JSON.stringify(pipeline);
    expect(text.match(/"ExternalEntityLink":"https:\/\/example.com\/1"/g)).toHaveLength(2);
    expect(text.match(/Read it/g)).toHaveLength(2);
  });
});

describe('a wave', () => {
  test('deploys its stages at the same time between one gate before and one after', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addWave('World', [shop('A'), shop('B')], both);

    expect(orderIn(stack, 'World')).toEqual([
      'Approve 1',
      'A.S0.Prepare 2',
      'B.S0.Prepare 2',
      'A.S0.Deploy 3',
      'B.S0.Deploy 3',
      'Healthy 4',
    ]);
  });

  test('bakes by itself: the first one longest; a stage does not', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addStage(shop('Dev'), { checks: [alarm()] });
    promotion.addWave('First', [shop('A'), shop('B')], { checks: [alarm()] });
    promotion.addWave('Second', [shop('C'), shop('D')], { checks: [alarm()] });
    promotion.addWave('Third', [shop('E'), shop('F')], { checks: [alarm()], bakeTime: BakePreset.ONE_BOX });

    const bakes = ['Dev', 'First', 'Second', 'Third'].map(
      (name) => /"bakeMinutes":(\d+)/.exec(policyOf(stack, name, 'Healthy') ?? '')?.[1],
    );
    expect(bakes).toEqual(['0', '720', '120', '60']);
  });

  test('stands behind what was added before it, also by CDK Pipelines itself', () => {
    const { stack, promotion, pipeline, shop } = fixture();
    pipeline.addStage(shop('Dev'));
    promotion.addWave('World', [shop('A'), shop('B')], both);

    expect(stageNames(stack)).toEqual(['Source', 'Build', 'UpdatePipeline', 'Dev', 'World']);
  });

  test('of one stage is called as that stage is, by CDK Pipelines', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addWave('First', [shop('A')], both);

    const twin = new Stage(stack, 'Twin', { env: HERE, stageName: 'A' });

    expect(() => promotion.addWave('Second', [twin])).toThrow(/wave 'A' has a name that is taken/);
    expect(stageNames(stack).at(-1)).toBe('A');
    expect(orderIn(stack, 'A')).toEqual(['Approve 1', 'S0.Prepare 2', 'S0.Deploy 3', 'Healthy 4']);
  });

  test('without checks is a finding where others come after it', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addWave('First', [shop('A'), shop('B')]);
    promotion.addWave('Second', [shop('C'), shop('D')], { checks: [alarm()] });

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp("wave 'First' has no checks.*CdkPromotion.uncheckedWave"),
    );
  });
});

describe('what a step needs, though nobody listed it,', () => {
  const step = (id: string, more: Partial<pipelines.ShellStepProps> = {}) =>
    new pipelines.ShellStep(id, { commands: ['true'], ...more });

  test('waits for the approval, too, also what that needs', () => {
    const { stack, promotion, shop } = fixture();
    const [backup, migrate, pre] = pipelines.Step.sequence([step('Backup'), step('Migrate'), step('Pre')]);
    promotion.addStage(shop('Prod'), { ...both, pre: [pre!] });

    expect([backup!.dependencies.length, migrate!.dependencies.length]).toEqual([1, 2]);
    expect(orderIn(stack, 'Prod')).toEqual([
      'Approve 1',
      'Backup 2',
      'Migrate 3',
      'Pre 4',
      'S0.Prepare 5',
      'S0.Deploy 6',
      'Healthy 7',
    ]);
  });

  test('waits for it where it makes an input, and where a step after the deployment needs it', () => {
    const { stack, pipeline, promotion, shop } = fixture();
    const compile = step('Compile', { input: pipeline.cloudAssemblyFileSet, primaryOutputDirectory: 'out' });
    const seed = step('Seed');
    const smoke = step('Smoke');
    smoke.addStepDependency(seed);
    promotion.addStage(shop('Prod'), { ...both, pre: [step('Pre', { input: compile })], post: [smoke] });

    expect(orderIn(stack, 'Prod')).toEqual([
      'Approve 1',
      'Compile 2',
      'Seed 2',
      'Pre 3',
      'S0.Prepare 4',
      'S0.Deploy 5',
      'Smoke 6',
      'Healthy 7',
    ]);
  });

  test('stays where it ran before: in an earlier stage, with the build, or as the source', () => {
    const { stack, pipeline, promotion, shop } = fixture();
    const tests = step('Tests', { primaryOutputDirectory: 'out' });
    promotion.addStage(shop('Test'), { ...both, post: [step('Try', { input: tests })] });
    promotion.addWave('World', [shop('A'), shop('B')], {
      ...both,
      pre: [step('Again', { input: tests, additionalInputs: { app: pipeline.cloudAssemblyFileSet } })],
    });

    expect(orderIn(stack, 'Build')).toEqual(['Synth 1']);
    expect(orderIn(stack, 'Test')).toEqual(expect.arrayContaining(['Approve 1', 'Tests 2']));
    expect(orderIn(stack, 'World').slice(0, 2)).toEqual(['Approve 1', 'Again 2']);
  });
});

describe('a step that comes later than its stage', () => {
  const step = (id: string) => new pipelines.ShellStep(id, { commands: ['true'] });

  test.each<[string, (stage: pipelines.StageDeployment) => unknown, string]>([
    [
      'beside the approval',
      (stage) => stage.addPre(step('Late')),
      "action 'Late' of stage 'Prod' does not run behind its gate 'Approve', so nobody approves it: give it to `addStage` or `addWave` as `pre` or `post`",
    ],
    [
      'beside the checks',
      (stage) => stage.addPost(step('Late')),
      "action 'Late' of stage 'Prod' does not run in front of its gate 'Healthy', so the checks do not judge it: give it to `addStage` or `addWave` as `pre` or `post`",
    ],
  ])('%s is refused at synth', (_what, add, message) => {
    const { app, promotion, shop } = fixture();
    add(promotion.addStage(shop('Prod'), both));

    expect(() => app.synth()).toThrow(message);
  });

  test('is refused as well where another step needs it', () => {
    const { app, promotion, shop } = fixture();
    const pre = step('Pre');
    promotion.addStage(shop('Prod'), { ...both, pre: [pre] });
    pre.addStepDependency(step('Migrate'));

    expect(() => app.synth()).toThrow("action 'Migrate' of stage 'Prod' does not run behind its gate 'Approve'");
  });

  test('is refused in a wave, but not around one of its stages, which stand between the gates', () => {
    const late = fixture();
    late.promotion.addWave('World', [late.shop('A'), late.shop('B')], both).addPre(step('Late'));
    expect(() => late.app.synth()).toThrow("action 'Late' of wave 'World' does not run behind its gate 'Approve'");

    const within = fixture();
    const wave = within.promotion.addWave('World', [within.shop('A'), within.shop('B')], both);
    wave.stages[0]!.addPre(step('Early'));
    wave.stages[1]!.addPost(step('Late'));
    const order = orderIn(within.stack, 'World');
    expect([order[0], order.at(-1)]).toEqual(['Approve 1', 'Healthy 5']);
  });

  test('is refused in a wave that has another name since a stage was added to it', () => {
    const { app, promotion, shop } = fixture();
    const wave = promotion.addWave('World', [shop('A')], both);
    wave.addStage(shop('B'));
    wave.addPre(step('Late'));

    expect(() => app.synth()).toThrow("action 'Late' of wave 'World' does not run behind its gate 'Approve'");
  });

  test('is fine where there is no gate', () => {
    const { app, promotion, shop } = fixture();
    promotion.addStage(shop('Dev')).addPre(step('Late'));

    expect(() => app.synth()).not.toThrow();
  });
});

describe('a stage that is added to a wave afterwards', () => {
  test('stands between its gates, under the name of the wave', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addWave('World', [shop('A')], both).addStage(shop('B'));

    expect(orderIn(stack, 'World')).toEqual([
      'Approve 1',
      'A.S0.Prepare 2',
      'B.S0.Prepare 2',
      'A.S0.Deploy 3',
      'B.S0.Deploy 3',
      'Healthy 4',
    ]);
  });

  test('counts where CDK Pipelines splits it then', () => {
    const { app, promotion, shop } = fixture();
    promotion.addWave('World', [shop('A', 20)], both).addStage(shop('B', 5));

    expect(() => app.synth()).toThrow(/wave 'World' has more than 50 actions, so CDK Pipelines splits it/);
  });

  test('is named in findings as it is called then', () => {
    const { stack, promotion, shop } = fixture();
    promotion.addWave('World', [shop('A')]).addStage(shop('B'));

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp("wave 'World' is the last one and has no gate"),
    );
  });

  test('is refused beside a gated stage, whose gates would not hold it', () => {
    const { app, promotion, pipeline, shop } = fixture();
    promotion.addStage(shop('A'), both);
    pipeline.waves.at(-1)!.addStage(shop('B'));

    expect(() => app.synth()).toThrow(/gate 'Approve' of stage 'A' does not stand in a stage of that name/);
  });
});

describe('what was added is reachable', () => {
  test('by its name: gates as steps, none where there is none', () => {
    const { promotion, shop } = fixture();
    promotion.addStage(shop('Dev'));
    promotion.addStage(shop('Test'), { checks: [alarm()] });
    promotion.addWave('World', [shop('A'), shop('B')], both);

    const [dev, tested, world] = ['Dev', 'Test', 'World'].map((name) => promotion.stage(name));
    expect([dev!.approve, dev!.healthy, tested!.approve]).toEqual([undefined, undefined, undefined]);
    expect([tested!.healthy?.id, world!.approve?.id, world!.healthy?.id]).toEqual(['Healthy', 'Approve', 'Healthy']);
    expect(promotion.stages).toEqual([dev, tested, world]);
    expect(promotion.gates).toEqual([tested!.healthy, world!.approve, world!.healthy]);
    expect(world!.wave.stages.map(({ stageName }) => stageName)).toEqual(['A', 'B']);
  });

  test('as it was added and as CDK Pipelines calls it: a wave of one stage has that name, until a second one joins', () => {
    const { promotion, shop } = fixture();
    const wave = promotion.addWave('World', [shop('A')], both);
    const added = promotion.stages[0];

    expect([promotion.stage('A'), promotion.stage('World'), added?.stageName]).toEqual([added, added, 'A']);
    wave.addStage(shop('B'));
    expect([promotion.stage('World'), added?.stageName]).toEqual([added, 'World']);
    expect(() => promotion.stage('A')).toThrow("there is no stage or wave 'A': name one of World");
  });

  test('under the name of CodePipeline first, and never by a name that several were added by', () => {
    const { promotion, shop } = fixture();
    promotion.addWave('A', [shop('B')]);
    promotion.addStage(shop('A'));
    promotion.addWave('Twin', [shop('C')]);
    promotion.addWave('Twin', [shop('D')]);

    expect(promotion.stage('A')).toBe(promotion.stages[1]);
    expect(() => promotion.stage('Twin')).toThrow("there is no stage or wave 'Twin': name one of B, A, C, D");
  });

  test.each<[string, string[], string]>([
    ['nothing was added', [], 'none so far'],
    ['the name is another one', ['Test', 'Prod'], 'Test, Prod'],
  ])('or an error lists what there is, where %s', (_what, added, known) => {
    const { promotion, shop } = fixture();
    added.forEach((name) => promotion.addStage(shop(name)));

    expect(() => promotion.stage('Production')).toThrow(`there is no stage or wave 'Production': name one of ${known}`);
  });

  test('for steps that come later: one that waits for the approval runs behind it, one that the checks wait for before them', () => {
    const { stack, pipeline, promotion, shop } = fixture();
    const prod = shop('Prod');
    const seed = new pipelines.ShellStep('Seed', { commands: ['true'] });
    const smoke = new pipelines.ShellStep('Smoke', { commands: ['true'] });
    const deployment = promotion.addStage(prod, both);
    const { approve, healthy } = promotion.stage('Prod');
    seed.addStepDependency(approve!);
    deployment.addPre(seed);
    healthy!.addStepDependency(smoke);
    deployment.addPost(smoke);
    pipeline.buildPipeline();

    expect(orderIn(stack, 'Prod')).toEqual([
      'Approve 1',
      'Seed 2',
      'S0.Prepare 3',
      'S0.Deploy 4',
      'Smoke 5',
      'Healthy 6',
    ]);
  });

  test('its gates are actions as soon as the pipeline is built', () => {
    const { pipeline, promotion, shop } = fixture();
    promotion.addStage(shop('Prod'), both);
    const { approve, healthy } = promotion.stage('Prod');
    expect(() => approve!.action).toThrow(
      /gate 'Approve' is asked for, but no pipeline with the gate was built so far/,
    );

    pipeline.buildPipeline();
    expect([approve, healthy].map((gate) => gate!.action.actionProperties.runOrder)).toEqual([1, 4]);
  });
});

test('a last stage without any gate is a finding, and with one is none', () => {
  const open = fixture();
  open.promotion.addStage(open.shop('Prod'));
  const gated = fixture();
  gated.promotion.addStage(gated.shop('Prod'), { manualApproval: true });

  const ungated = Match.stringLikeRegexp("'Prod' is the last one and has no gate.*CdkPromotion.ungated");
  Annotations.fromStack(open.stack).hasWarning('*', ungated);
  Annotations.fromStack(gated.stack).hasNoWarning('*', ungated);
});

test('the last stage is that of the pipeline, whoever added it', () => {
  const ungated = (name: string) => Match.stringLikeRegexp(`'${name}' is the last one and has no gate`);
  const gated = fixture();
  gated.promotion.addStage(gated.shop('Test'));
  gated.pipeline.addStage(gated.shop('Live'), { pre: [new pipelines.ManualApprovalStep('Look')] });
  Annotations.fromStack(gated.stack).hasNoWarning('*', Match.stringLikeRegexp('is the last one'));

  const open = fixture();
  open.promotion.addStage(open.shop('Test'), { manualApproval: true });
  open.pipeline.addStage(open.shop('Live'));
  Annotations.fromStack(open.stack).hasWarning('*', ungated('Live'));
});

test('one workflow serves all gates, and one that is given is used', () => {
  const own = fixture();
  own.promotion.addStage(own.shop('Test'), both);
  own.promotion.addStage(own.shop('Prod'), both);
  Template.fromStack(own.stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);

  const app = new App();
  const workflow = new ApprovalWorkflow(new Stack(app, 'Platform', { env: HERE }), 'Approvals');
  expect(fixture({ workflow }).promotion.workflow).toBe(workflow);
});

describe('fails at synth, with the fix,', () => {
  type Fixture = ReturnType<typeof fixture>;
  test.each<[string, (f: Fixture) => unknown, RegExp]>([
    [
      'for an empty wave',
      ({ promotion }) => promotion.addWave('World', [], both),
      /wave 'World' must hold at least one stage, got none/,
    ],
    [
      'for a stage that stands twice in a wave',
      ({ promotion, shop }) => {
        const stage = shop('A');
        return promotion.addWave('World', [stage, shop('B'), stage], both);
      },
      /stage 'A' stands twice in wave 'World'; give each stage of the wave once/,
    ],
    ...(['addStage', 'addWave'] as const).map((how): [string, (f: Fixture) => unknown, RegExp] => [
      `for a stage inside another, which the CDK does not deploy with it, by ${how}`,
      ({ promotion, shop }) => {
        const stage = shop('Prod');
        new Stack(new Stage(stage, 'Inner'), 'S0');
        return how === 'addStage' ? promotion.addStage(stage) : promotion.addWave('World', [shop('A'), stage]);
      },
      /stage 'Prod' holds stage 'Release\/Prod\/Inner', whose stacks are not deployed with it: make that stage outside of 'Prod'/,
    ]),
    [
      'for a name that is taken',
      ({ promotion, shop }) => {
        promotion.addStage(shop('Prod'));
        return promotion.addWave('Prod', [shop('A'), shop('B')]);
      },
      /wave 'Prod' has a name that is taken; .* other than Source, Build, UpdatePipeline, Assets, Prod/,
    ],
    [
      'for a name of CDK Pipelines',
      ({ promotion, shop }) => promotion.addStage(shop('Assets')),
      /stage 'Assets' has a name that is taken/,
    ],
    [
      'for a name that nobody knows yet',
      ({ promotion, shop }) => promotion.addWave(Lazy.string({ produce: () => 'World' }), [shop('A'), shop('B')]),
      /the name of a wave must be a literal text, got a token/,
    ],
    [
      'for approval without approvers',
      () => {
        const { promotion, shop } = fixture({ approvers: undefined });
        return promotion.addStage(shop('Prod'), { manualApproval: true });
      },
      /`manualApproval` of stage 'Prod' is true, but nobody can approve; set `approvers`/,
    ],
    [
      'for a bake time without checks',
      ({ promotion, shop }) => promotion.addWave('World', [shop('A'), shop('B')], { bakeTime: BakePreset.ONE_BOX }),
      /`bakeTime` of wave 'World' needs checks/,
    ],
    [
      'for empty checks',
      ({ promotion, shop }) => promotion.addStage(shop('Prod'), { checks: [] }),
      /`checks` of stage 'Prod' is empty/,
    ],
  ])('%s', (_what, add, message) => {
    expect(() => add(fixture())).toThrow(message);
  });

  test('and changes nothing: the pipeline has no half of it', () => {
    const { promotion, pipeline, shop } = fixture();
    expect(() => promotion.addWave('World', [shop('A')], { checks: [] })).toThrow();

    expect(pipeline.waves).toEqual([]);
    expect(promotion.workflow).toBeUndefined();
  });

  test('for a stage that CDK Pipelines splits, so that its gates would not hold it', () => {
    const fits = fixture();
    fits.promotion.addStage(fits.shop('Prod', 24), both);
    expect(orderIn(fits.stack, 'Prod')).toHaveLength(50);

    const split = fixture();
    split.promotion.addStage(split.shop('Prod', 25), both);
    expect(() => split.app.synth()).toThrow(
      /stage 'Prod' has more than 50 actions, so CDK Pipelines splits it among stages, and its gates do not hold all of them/,
    );
  });

  test('for gates in execution mode PARALLEL, in which runs share a stage', () => {
    const inParallel = (
      gates: object,
      set = (resource: CfnPipeline): unknown => (resource.executionMode = ExecutionMode.PARALLEL),
    ) => {
      const { app, pipeline, promotion, shop } = fixture();
      promotion.addStage(shop('Prod'), gates);
      pipeline.buildPipeline();
      set(pipeline.pipeline.node.defaultChild as CfnPipeline);
      return () => app.synth();
    };
    const refusal = /execution mode PARALLEL lets several runs into stage 'Prod' at the same time/;

    expect(inParallel(both)).toThrow(refusal);
    expect(inParallel(both, (resource) => resource.addPropertyOverride('ExecutionMode', 'PARALLEL'))).toThrow(refusal);
    expect(inParallel({})).not.toThrow();
  });

  test('not where what is split has no gates', () => {
    const { app, promotion, shop } = fixture();
    promotion.addStage(shop('Prod', 26));

    expect(() => app.synth()).not.toThrow();
  });
});
