import { Aspects } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { Construct } from 'constructs';
import { ApprovalGateAction, ApprovalWorkflow, IApprovalWorkflow } from '../approval';
import { GateError } from '../errors';
import { isDeploy } from '../private/may-deploy';
import { cfnPipelineOf, stagesSoFar, type RenderedStage } from '../private/pipeline-stages';
import { artifactsOf } from './artifact-bucket';
import { warnOfGaps, type LastPlace } from './gaps';
import { approveOptions, healthyOptions, needsWorkflow } from './gate-options';
import { mustReachTargets, type Artifacts } from './other-accounts';
import { unlockedInParallel } from './in-parallel';
import { warnOfMissingReaders } from './missing-readers';
import { outsideGates } from './outside-gates';
import { placedActions } from './placed-actions';
import { PromotedStage } from './promoted-stage';
import type { PromotionPlacement } from './promotion-placement';
import type { PromotionPipelineProps } from './promotion-props';
import type { PromotionStage } from './promotion-stage';
import type { PromotionWave } from './promotion-wave';
import { stepOfStage, stepOfWave, type Step } from './step';
import { BUILD_STAGE, HEALTH_GATE, MANUAL_GATE, SOURCE_STAGE, validateStep } from './validate';
import type { WavesAround } from './wave-bake';

interface Promoted {
  readonly step: Step;
  readonly promoted: PromotedStage;
}

/**
 * A pipeline that promotes a change from stage to stage and from wave to wave, over accounts and Regions.
 *
 * Every stage is `[Approve] → deploy actions → [Healthy]`, in *one* CodePipeline stage: while a gate waits, the stage is
 * locked, so no newer change can slip in between what people saw, what is deployed and what the checks measure. `Approve` is
 * opened by people, `Healthy` by checks. A wave is the same with several targets in between.
 *
 * In the account appear a V2 pipeline with its role, and an artifact bucket; the gates add what `ApprovalGateAction` adds. For actions in
 * another Region CodePipeline needs a bucket there: the CDK makes one, in a stack of its own per Region.
 *
 * To deploy stages of the CDK (`Stage`) with all their assets, take CDK Pipelines and `CdkPromotion`; without assets, `PromotionTarget.cdkStage`.
 */
export class PromotionPipeline extends Construct {
  /** The pipeline. */
  public readonly pipeline: codepipeline.Pipeline;

  private readonly props: PromotionPipelineProps;
  private readonly artifacts: Artifacts;
  private readonly promoted = new Map<string, Promoted>();
  private workflowOfGates?: IApprovalWorkflow;

  constructor(scope: Construct, id: string, props: PromotionPipelineProps) {
    super(scope, id);
    this.props = props;
    this.artifacts = artifactsOf(this, props);
    mustReachTargets(this, `stage '${SOURCE_STAGE}'`, [props.source], this.artifacts);
    mustReachTargets(
      this,
      `stage '${BUILD_STAGE}'`,
      props.buildAction === undefined ? [] : [props.buildAction],
      this.artifacts,
    );
    this.workflowOfGates = props.workflow;

    this.pipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: props.pipelineName,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: props.executionMode ?? codepipeline.ExecutionMode.SUPERSEDED,
      artifactBucket: this.artifacts.bucket,
      crossAccountKeys: props.crossAccountKeys ?? false,
    });
    this.pipeline.addStage({ stageName: SOURCE_STAGE, actions: [props.source] });
    if (props.buildAction !== undefined) {
      this.pipeline.addStage({ stageName: BUILD_STAGE, actions: [props.buildAction] });
    }

    const steps = [
      ...(props.stages ?? []).map(stepOfStage),
      ...(props.waves ?? []).map((wave, index) => stepOfWave(wave, { inFront: index > 0 }, this, props.timeout)),
    ];
    // All of them first: where one gate needs a workflow, the gates before it have it, too.
    this.makeWorkflowFor(steps);
    steps.forEach((step) => this.add(step, {}));
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
  public get gates(): ApprovalGateAction[] {
    return this.stages.flatMap(({ gates }) => gates);
  }

  /** The stages and waves behind source and build, in the order in which a change meets them. */
  public get stages(): PromotedStage[] {
    return this.inOrder().map(({ promoted }) => promoted);
  }

  /**
   * The stage or wave of this name.
   *
   * @throws where there is none: the message lists those that there are
   */
  public stage(name: string): PromotedStage {
    const found = this.promoted.get(name);
    if (found === undefined) {
      throw new GateError(
        'UnknownStage',
        `there is no stage or wave '${name}': name one of ${[...this.promoted.keys()].join(', ') || 'none so far'}`,
      );
    }
    return found.promoted;
  }

  /**
   * Adds a stage, behind all that there are so far or behind the one that is named.
   *
   * Gates that were made before a workflow was needed stay native: give `workflow` to the pipeline where all of them should have it.
   */
  public addStage(stage: PromotionStage, placement: PromotionPlacement = {}): PromotedStage {
    const step = stepOfStage(stage);
    this.makeWorkflowFor([step]);
    return this.add(step, placement);
  }

  /**
   * The same for a wave. Where it says no bake time, it has that of a first wave if there is no wave yet, and that of a later one behind another wave. In front of
   * all other waves it has to say its bake time, because the first one of these has that of a first wave already.
   */
  public addWave(wave: PromotionWave, placement: PromotionPlacement = {}): PromotedStage {
    const step = stepOfWave(wave, this.wavesAround(placement), this, this.props.timeout);
    this.makeWorkflowFor([step]);
    return this.add(step, placement);
  }

  private add(step: Step, { after }: PromotionPlacement): PromotedStage {
    const taken = this.pipeline.stages.map(({ stageName }) => stageName);
    validateStep(step, taken, this.props);
    const actions = step.targets.flatMap((target) => target.deploy);
    mustReachTargets(this, `${step.what} '${step.name}'`, actions, this.artifacts);
    const { deploy, healthyOrder } = placedActions(step);
    const approve = step.gates.manualApproval === true ? this.manualGate(step) : undefined;
    const healthy = step.checks.length > 0 ? this.healthGate(step, healthyOrder) : undefined;
    if (approve !== undefined || healthy !== undefined) {
      mustLock(step, this.props);
    }
    const stage = this.pipeline.addStage({
      stageName: step.name,
      actions: [approve, ...deploy, healthy].filter((action) => action !== undefined),
      ...(after === undefined ? {} : { placement: { justAfter: this.placeOf(after) } }),
    });
    const promoted = new PromotedStage(stage, approve, healthy);
    this.promoted.set(step.name, { step, promoted });
    return promoted;
  }

  private wavesAround({ after }: PromotionPlacement): WavesAround {
    const names = this.pipeline.stages.map(({ stageName }) => stageName);
    const at = after === undefined ? names.length : names.indexOf(this.placeOf(after).stageName) + 1;
    const isWave = (name: string) => this.promoted.get(name)?.step.what === 'wave';
    return { inFront: names.slice(0, at).some(isWave), behind: names.slice(at).find(isWave) };
  }

  private manualGate({ gates }: Step): ApprovalGateAction {
    const options = approveOptions(gates, this.props, this.workflow);
    return new ApprovalGateAction({ actionName: MANUAL_GATE, runOrder: 1, ...options });
  }

  private healthGate({ gates, checks }: Step, runOrder: number): ApprovalGateAction {
    const options = healthyOptions(gates, checks, this.props, this.workflow);
    return new ApprovalGateAction({ actionName: HEALTH_GATE, runOrder, ...options });
  }

  private makeWorkflowFor(steps: readonly Step[]): void {
    if (this.workflowOfGates === undefined && steps.some((one) => needsWorkflow(one.gates, one.checks, this.props))) {
      this.workflowOfGates = new ApprovalWorkflow(this, 'Approvals');
    }
  }

  private placeOf(after: string): codepipeline.IStage {
    const first = this.props.buildAction === undefined ? SOURCE_STAGE : BUILD_STAGE;
    const known = [first, ...this.promoted.keys()];
    if (!known.includes(after)) {
      throw new GateError(
        'UnknownStage',
        `\`after\` is '${after}', but there is no such stage or wave yet: name one of ${known.join(', ')}, or add '${after}' first`,
      );
    }
    return this.pipeline.stage(after);
  }

  private steps(): readonly Step[] {
    return this.inOrder().map(({ step }) => step);
  }

  /** Also one that was added to `pipeline` itself. */
  private last(): LastPlace | undefined {
    const resource = cfnPipelineOf(this.pipeline);
    const stages = (resource && stagesSoFar(resource)) ?? [];
    const last = [...stages].reverse().find((stage) => this.promoted.has(stage.name) || stage.actions.some(isDeploy));
    if (last === undefined) {
      return undefined;
    }
    const { name } = last;
    const known = this.promoted.get(name);
    const isGated =
      known === undefined
        ? has(last, 'Approval', 'Invoke') || (last.beforeEntry ?? last.onSuccess) !== undefined
        : known.promoted.gates.length > 0;
    return { name, what: known?.step.what ?? 'stage', isGated };
  }

  private inOrder(): readonly Promoted[] {
    return this.pipeline.stages.flatMap(({ stageName }) => this.promoted.get(stageName) ?? []);
  }

  private warn(): void {
    warnOfGaps(this, 'PromotionPipeline', this.steps(), this.last());
    warnOfMissingReaders(this, 'PromotionPipeline', this.pipeline);
  }

  private problems(): string[] {
    if (this.promoted.size === 0) {
      return ['there is nothing to deploy to: give `stages` or `waves`, or call `addStage` or `addWave`'];
    }
    const gated = this.inOrder().filter(({ promoted }) => promoted.gates.length > 0);
    return outsideGates(
      this.pipeline,
      gated.map(({ step }) => step),
      'give it in `deploy`, or a run order between the gates',
    );
  }
}

function mustLock(step: Step, { executionMode }: PromotionPipelineProps): void {
  if (executionMode === codepipeline.ExecutionMode.PARALLEL) {
    throw new GateError('GatesInParallel', `\`executionMode\` is PARALLEL, but ${unlockedInParallel(step)}`);
  }
}

function has({ actions }: RenderedStage, ...categories: readonly string[]): boolean {
  return actions.some(({ actionTypeId }) => categories.includes(actionTypeId.category));
}
