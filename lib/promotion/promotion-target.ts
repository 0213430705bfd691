import type { Stage } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { Check } from '../check';
import type { Construct } from 'constructs';
import { mustBeLiteral, mustBePipelineName } from '../private/text';
import { stageActions } from './stage-actions';
import { mustNotBeEmpty } from './no-checks';

/** When the targets of a wave are deployed to. */
export enum TargetOrder {
  /** All at the same time. */
  PARALLEL = 'PARALLEL',

  /** One after the other, as they stand in the wave. When one fails, the ones behind it are not begun. */
  ONE_BY_ONE = 'ONE_BY_ONE',
}

/** What belongs to one target of a wave. */
export interface PromotionTargetOptions {
  /**
   * What has to be healthy there. The wave has one gate `Healthy`, which asks the checks of all of its targets.
   *
   * @default - nothing is watched there alone
   */
  readonly checks?: Check[];
}

/** Where a stage of the CDK comes from, and what belongs to its target. */
export interface CdkStageTargetOptions extends PromotionTargetOptions {
  /**
   * What holds the cloud assembly of this app (`cdk.out`) as the pipeline builds it, at its top: an output of `buildAction`, or of `source`
   * where what arrives is synthesized already.
   */
  readonly assembly: codepipeline.Artifact;

  /**
   * Files and images of the stage are published by an action that runs before, such as `buildAction` with
   * `npx cdk-assets publish --path <stack>.assets.json`, as a role that may assume the publishing roles of bootstrapping.
   *
   * @default false - a stage with assets is an error: CDK Pipelines publishes them, with `CdkPromotion`
   */
  readonly assetsPublished?: boolean;
}

/** One account and Region that a wave deploys to. */
export class PromotionTarget {
  /**
   * A target with deploy actions of any kind, which name their account, Region or role themselves.
   *
   * @param targetName such as `eu-west-1`; unique in its wave
   * @param deploy what deploys there. Run orders count from 1, as if nothing came before: the wave moves them. Names of actions are unique
   * in the whole wave
   */
  public static actions(
    targetName: string,
    deploy: codepipeline.IAction[],
    options: PromotionTargetOptions = {},
  ): PromotionTarget {
    return new PromotionTarget(targetName, options.checks, () => deploy);
  }

  /**
   * A stage of the CDK: its stacks are deployed in the order of their dependencies, by CloudFormation change sets, in the account and
   * Region of each, with the roles that bootstrapping made there. Of other accounts, bootstrapping has to trust that of the pipeline
   * (`cdk bootstrap --trust`).
   *
   * As with CDK Pipelines, the stage has to be complete by then.
   *
   * @throws where a stack has assets that nobody publishes, or no bootstrapping roles, or where a stage inside this one has stacks
   */
  public static cdkStage(stage: Stage, options: CdkStageTargetOptions): PromotionTarget {
    const source = { assembly: options.assembly, assetsPublished: options.assetsPublished ?? false };
    return new PromotionTarget(stage.stageName, options.checks, (scope) => stageActions(scope, stage, source));
  }

  private constructor(
    /** Name of the target, unique in its wave. */
    public readonly targetName: string,
    checks: Check[] | undefined,
    /** @internal What deploys there, made in the scope of the pipeline. */
    public readonly _deploy: (scope: Construct) => codepipeline.IAction[],
  ) {
    mustBePipelineName('targetName', targetName);
    mustBeLiteral('targetName', targetName, 'the name of a target has to be known at synth');
    mustNotBeEmpty(checks, `target '${targetName}'`);
    this.checks = checks ?? [];
  }

  /** What has to be healthy there. */
  public readonly checks: Check[];
}
