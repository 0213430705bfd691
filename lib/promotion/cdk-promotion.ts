import { Aspects, Stage, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { ApprovalGateStep, ApprovalWorkflow, type IApprovalWorkflow } from '../approval';
import { GateError } from '../errors';
import { mustBeList, shown } from '../private/types';
import { cfnPipelineOf, executionModeOf } from '../private/pipeline-stages';
import type { CdkPromotionOptions, CdkPromotionProps, CdkStageOptions } from './cdk-promotion-props';
import { warnOfGaps, type LastPlace } from './gaps';
import { approveOptions, healthyOptions, needsWorkflow } from './gate-options';
import { unlockedInParallel } from './in-parallel';
import { warnOfMissingReaders } from './missing-readers';
import { mustHoldNoStage } from './nested-stages';
import { neededSteps, stepsOfWave } from './needed-steps';
import { outsideGates } from './outside-gates';
import { PromotedCdkStage } from './promoted-cdk-stage';
import type { PromotionGates } from './promotion-gates';
import type { Step } from './step';
import { HEALTH_GATE, MANUAL_GATE, validateGates } from './validate';
import { bakeTimeOf } from './wave-bake';
import { nameOfWave } from './wave-name';

type Promoted = Pick<Step, 'name' | 'what' | 'gates' | 'checks'>;

/** As it was added. CDK Pipelines calls a wave otherwise as soon as a second stage is added to it. */
interface Added extends Omit<Promoted, 'name'> {
  readonly promoted: PromotedCdkStage;
}

/** What stands in a stage or wave beside the deployment. */
interface Around {
  readonly pre: pipelines.Step[];
  readonly post: pipelines.Step[];
  readonly approve: ApprovalGateStep | undefined;
  readonly healthy: ApprovalGateStep | undefined;
}

/** Stages that CDK Pipelines makes itself. */
const OF_CDK_PIPELINES = ['Source', 'Build', 'UpdatePipeline', 'Assets'];

/**
 * Promotes stages of the CDK from account to account and from Region to Region, through a pipeline of CDK Pipelines, which publishes
 * their assets and deploys their stacks with the roles that bootstrapping made there.
 *
 * Every stage is `[Approve] → pre → deployment → post → [Healthy]`, in *one* CodePipeline stage: while a gate waits, the stage is locked,
 * so no newer change can slip in between what people saw, what is deployed and what the checks measure. A wave is the same with several
 * stages of the CDK in between, which are deployed at the same time. What `pre` and `post` need, such as a step that makes their input, waits for
 * `Approve`, too, unless it runs before that stage anyway. Steps that are added afterwards, by `addPre` or `addPost` of what is returned, would
 * run beside the gates: synthesis fails, unless they depend on `stage(name).approve`, or `stage(name).healthy` on them.
 *
 * In the account appears what `ApprovalGateStep` adds for each gate.
 */
export class CdkPromotion extends Construct {
  /** The pipeline that stages and waves are added to. */
  public readonly pipeline: pipelines.CodePipeline;

  private readonly props: CdkPromotionProps;
  private readonly added: Added[] = [];
  private workflowOfGates?: IApprovalWorkflow;

  constructor(scope: Construct, id: string, props: CdkPromotionProps) {
    super(scope, id);
    mustBeCdkPipeline(props.pipeline);
    this.props = props;
    this.pipeline = props.pipeline;
    this.workflowOfGates = props.workflow;
    this.node.addValidation({ validate: () => this.problems() });
    Aspects.of(this).add({
      visit: (node) => (node === this ? this.warn() : undefined),
    });
  }

  /** The workflow behind the gates, if any gate needs one. */
  public get workflow(): IApprovalWorkflow | undefined {
    return this.workflowOfGates;
  }

  /** The gates, in the order in which a change meets them. */
  public get gates(): ApprovalGateStep[] {
    return this.stages.flatMap(({ gates }) => gates);
  }

  /** The stages and waves that were added here, in the order in which a change meets them. */
  public get stages(): PromotedCdkStage[] {
    return this.added.map(({ promoted }) => promoted);
  }

  /**
   * The stage or wave of this name, as it was added or as its stage of CodePipeline is called: a wave of one stage has the name of that stage there.
   *
   * @throws where there is none: the message lists those that there are
   */
  public stage(name: string): PromotedCdkStage {
    const asAdded = this.stages.filter(({ wave }) => wave.id === name);
    const found =
      this.stages.find(({ stageName }) => stageName === name) ?? (asAdded.length === 1 ? asAdded[0] : undefined);
    if (found === undefined) {
      const known = this.stages.map(({ stageName }) => stageName).join(', ');
      throw new GateError('UnknownStage', `there is no stage or wave '${name}': name one of ${known || 'none so far'}`);
    }
    return found;
  }

  /**
   * Adds a stage behind all that there are so far. As with CDK Pipelines itself, the stage has to be complete by then.
   *
   * @returns what `addStage` of CDK Pipelines returns. Where there are gates, give `pre` and `post` here, not to it
   * @throws where a stage inside this one has stacks: the CDK would not deploy them
   */
  public addStage(stage: Stage, options: CdkStageOptions = {}): pipelines.StageDeployment {
    mustBeStage(stage);
    mustHoldNoStage(stage);
    const { pre, post, approve, healthy } = this.stepsOf(
      { name: stage.stageName, what: 'stage', gates: options },
      options,
    );
    const wave = this.pipeline.addWave(stage.stageName);
    const deployment = wave.addStage(stage, { pre, post, stackSteps: options.stackSteps });
    const promoted = new PromotedCdkStage(wave, approve, healthy);
    this.added.push({ promoted, what: 'stage', gates: options, checks: options.checks ?? [] });
    return deployment;
  }

  /**
   * Adds a wave behind all that there are so far: stages, often of several Regions, that are deployed at the same time. Where it says no
   * bake time, its checks bake for `BakePreset.FIRST_WAVE` if no wave was added before, else for `BakePreset.LATER_WAVE`.
   *
   * Where a wave has only one stage, CDK Pipelines calls it by the name of that stage.
   *
   * @returns what `addWave` of CDK Pipelines returns. Where there are gates, give `pre` and `post` here, not to it
   */
  public addWave(waveName: string, stages: Stage[], options: CdkPromotionOptions = {}): pipelines.Wave {
    mustDeploy(waveName, stages);
    stages.forEach(mustBeStage);
    stages.forEach(mustHoldNoStage);
    const name = nameOfWave(waveName, stages);
    const around = { inFront: this.added.some(({ what }) => what === 'wave') };
    const bakeTime = bakeTimeOf(name, options, options.checks ?? [], around, this.props.timeout);
    const gates = { ...options, bakeTime };
    const { pre, post, approve, healthy } = this.stepsOf({ name, what: 'wave', gates }, options);
    const wave = this.pipeline.addWave(waveName, { pre, post });
    stages.forEach((stage) => wave.addStage(stage));
    const promoted = new PromotedCdkStage(wave, approve, healthy);
    this.added.push({ promoted, what: 'wave', gates, checks: gates.checks ?? [] });
    return wave;
  }

  /** All steps of a stage or wave: what is given stands between the gates. */
  private stepsOf(
    { name, what, gates }: { readonly name: string; readonly what: Step['what']; readonly gates: PromotionGates },
    { pre = [], post = [] }: CdkPromotionOptions,
  ): Around {
    this.mustBeFree(name, what);
    const checks = gates.checks ?? [];
    validateGates(gates, checks, `of ${what} '${name}'`, this.props);
    if (this.workflowOfGates === undefined && needsWorkflow(gates, checks, this.props)) {
      this.workflowOfGates = new ApprovalWorkflow(this, 'Approvals');
    }

    const approve =
      gates.manualApproval === true
        ? new ApprovalGateStep(MANUAL_GATE, approveOptions(gates, this.props, this.workflow))
        : undefined;
    const healthy =
      checks.length > 0
        ? new ApprovalGateStep(HEALTH_GATE, healthyOptions(gates, checks, this.props, this.workflow))
        : undefined;
    if (approve !== undefined) {
      neededSteps(this.pipeline, [...pre, ...post]).forEach((step) => step.addStepDependency(approve));
    }
    post.forEach((step) => healthy?.addStepDependency(step));
    return {
      pre: approve === undefined ? pre : [approve, ...pre],
      post: healthy === undefined ? post : [...post, healthy],
      approve,
      healthy,
    };
  }

  /** Also one that was added to `pipeline` itself, with or without a gate. */
  private last(): LastPlace | undefined {
    const wave = this.pipeline.waves[this.pipeline.waves.length - 1];
    if (wave === undefined || this.promoted.length === 0) {
      return undefined;
    }
    const name = nameOfWave(wave.id, wave.stages);
    const what = this.promoted.find((one) => one.name === name)?.what ?? (wave.stages.length === 1 ? 'stage' : 'wave');
    const isGated = stepsOfWave(wave).some(
      (step) => step instanceof ApprovalGateStep || step instanceof pipelines.ManualApprovalStep,
    );
    return { name, what, isGated };
  }

  private mustBeFree(name: string, what: Step['what']): void {
    if (Token.isUnresolved(name)) {
      throw new GateError('InvalidStageName', `the name of a ${what} must be a literal text, got a token`);
    }
    const taken = [...OF_CDK_PIPELINES, ...this.pipeline.waves.map(({ id, stages }) => nameOfWave(id, stages))];
    if (taken.includes(name)) {
      throw new GateError(
        'DuplicateStage',
        `${what} '${name}' has a name that is taken; every stage and wave needs a name of its own, other than ${taken.join(', ')}`,
      );
    }
  }

  /** By the names that CDK Pipelines gives now. */
  private get promoted(): readonly Promoted[] {
    return this.added.map(({ promoted, ...rest }) => ({ ...rest, name: promoted.stageName }));
  }

  private warn(): void {
    warnOfGaps(this, 'CdkPromotion', this.promoted, this.last());
    // Not built yet where this construct stands in front of its pipeline, and no feature flag lets aspects go by their priority.
    const pipeline = this.gates.find(({ _stage }) => _stage !== undefined)?._stage?.pipeline;
    if (pipeline !== undefined) {
      warnOfMissingReaders(this, 'CdkPromotion', pipeline);
    }
  }

  private problems(): string[] {
    const gated = this.promoted.filter(({ gates, checks }) => gates.manualApproval === true || checks.length > 0);
    const names = this.pipeline.pipeline.stages.map(({ stageName }) => stageName);
    const isSplit = ({ name }: Promoted) => names.includes(`${name}.1`);
    const isParallel = executionModeOf(cfnPipelineOf(this.pipeline.pipeline)) === codepipeline.ExecutionMode.PARALLEL;
    return [
      ...(isParallel ? gated.map(unlockedInParallel) : []),
      ...gated.filter(isSplit).map(splitStage),
      ...this.ungatedSteps(gated.filter((one) => !isSplit(one))),
    ];
  }

  /** Whoever adds a step to a stage that is there already, or lets a step need another one then, does not know of the gates. */
  private ungatedSteps(gated: readonly Promoted[]): string[] {
    return outsideGates(
      this.pipeline.pipeline,
      gated,
      'give it to `addStage` or `addWave` as `pre` or `post`, or let a step there depend on it before that',
    );
  }
}

/** CDK Pipelines splits what does not fit into one stage of CodePipeline; then a gate would not hold what it guards. */
function splitStage({ name, what }: Promoted): string {
  return (
    `${what} '${name}' has more than 50 actions, so CDK Pipelines splits it among stages, and its gates do not hold all of them: ` +
    'split it into several waves, or have fewer stacks'
  );
}

/** A wave deploys something, and nothing twice. */
function mustDeploy(waveName: string, stages: readonly Stage[]): void {
  mustBeList('stages', stages, '[stage]');
  if (stages.length === 0) {
    throw new GateError('EmptyWave', `wave '${waveName}' must hold at least one stage, got none`);
  }
  const twin = stages.find((stage, index) =>
    stages.some((other, at) => at < index && other.stageName === stage.stageName),
  );
  if (twin !== undefined) {
    throw new GateError(
      'DuplicateStage',
      `stage '${twin.stageName}' stands twice in wave '${waveName}'; give each stage of the wave once, with a name of its own`,
    );
  }
}

/** Callers without a type checker may pass the other kind of pipeline, which `PromotionPipeline` makes itself. */
function mustBeCdkPipeline(pipeline: unknown): void {
  if (typeof (pipeline as Partial<pipelines.CodePipeline> | undefined)?.addWave !== 'function') {
    throw new GateError(
      'WrongType',
      `\`pipeline\` is ${shown(pipeline)}, but has to be a pipeline of CDK Pipelines: give a \`CodePipeline\` of aws-cdk-lib/pipelines, or take \`PromotionPipeline\``,
    );
  }
}

function mustBeStage(stage: unknown): void {
  if (!Stage.isStage(stage)) {
    throw new GateError(
      'WrongType',
      `a stage is ${shown(stage)}, but has to be a \`Stage\` of the CDK, which holds the stacks: put them into one`,
    );
  }
}
