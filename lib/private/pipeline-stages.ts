import { Lazy, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { IConstruct } from 'constructs';
import { overridden, overridesOf } from './overrides';

/** An action as the template will hold it. Its texts may hold tokens. */
export interface RenderedAction {
  readonly name: string;
  readonly actionTypeId: { readonly category: string; readonly provider: string };
  readonly configuration?: { readonly [name: string]: unknown };
  readonly runOrder?: number;
  readonly region?: string;
  /** The role that it runs as, in the account that it runs in. */
  readonly roleArn?: string;
  readonly timeoutInMinutes?: number;
}

/** A stage as the template will hold it. */
export interface RenderedStage {
  readonly name: string;
  readonly actions: readonly RenderedAction[];
  readonly beforeEntry?: RenderedConditions;
  readonly onSuccess?: RenderedConditions;
  readonly onFailure?: RenderedConditions;
}

export interface RenderedConditions {
  readonly result?: string;
  readonly conditions?: readonly RenderedCondition[];
}

export interface RenderedCondition {
  readonly result?: string;
  readonly rules?: readonly RenderedRule[];
}

export interface RenderedRule {
  readonly name?: string;
  readonly ruleTypeId?: { readonly provider?: string };
  readonly configuration?: { readonly [name: string]: unknown };
}

type Change = (stages: readonly RenderedStage[]) => readonly RenderedStage[];

interface Changes {
  readonly original: codepipeline.CfnPipeline['stages'];
  readonly all: Change[];
}

const changed = new WeakMap<codepipeline.CfnPipeline, Changes>();

/**
 * Changes the finished list of stages when the template is written: the CDK lets nobody change a stage or an action after it was
 * made.
 */
export function changeStages(pipeline: codepipeline.CfnPipeline, change: Change): void {
  const known = changed.get(pipeline);
  if (known !== undefined) {
    known.all.push(change);
    return;
  }
  const changes: Changes = { original: pipeline.stages, all: [change] };
  changed.set(pipeline, changes);
  pipeline.stages = Lazy.uncachedAny({
    produce: (context) => {
      const stages = context.resolve(changes.original) as readonly RenderedStage[];
      return changes.all.reduce((list, next) => next(list), stages);
    },
  });
}

/** The resource behind a pipeline that this app makes. */
export function cfnPipelineOf(pipeline: IConstruct): codepipeline.CfnPipeline | undefined {
  const child = pipeline.node.defaultChild;
  return child instanceof codepipeline.CfnPipeline ? child : undefined;
}

/** A stage of the CDK can say how it will be rendered; its interface does not tell. */
interface RenderingStage {
  readonly stageName: string;
  render(): RenderedStage;
}

/**
 * The stages as they stand in the app so far, with what overrides have set, without what `changeStages` will change; undefined where only the deployment knows
 * them. Asks the stages of the CDK one by one: their pipeline would remember the whole list, and forget whatever is added later.
 */
export function stagesSoFar(pipeline: codepipeline.CfnPipeline): readonly RenderedStage[] | undefined {
  const stages = renderingStages(pipeline)?.map((stage) => stage.render()) ?? listedStages(pipeline);
  return stages?.map((stage, index) => withOverrides(pipeline, stage, index));
}

/** One of `stagesSoFar`: rendering all of them for each of many gates would take long. */
export function stageSoFar(pipeline: codepipeline.CfnPipeline, stageName: string): RenderedStage | undefined {
  const stages = renderingStages(pipeline);
  const listed = stages === undefined ? listedStages(pipeline) : undefined;
  const index = (stages?.map((stage) => stage.stageName) ?? listed?.map(({ name }) => name) ?? []).indexOf(stageName);
  const stage = stages?.[index]?.render() ?? listed?.[index];
  return stage && withOverrides(pipeline, stage, index);
}

/** With overrides: who builds a pipeline by CDK Pipelines sets it in no other way. */
export function executionModeOf(pipeline: codepipeline.CfnPipeline | undefined): unknown {
  return pipeline && (overridesOf(pipeline).ExecutionMode ?? pipeline.executionMode);
}

/** Stages keep their names, by which they are found. */
function withOverrides(pipeline: codepipeline.CfnPipeline, stage: RenderedStage, index: number): RenderedStage {
  const stages = overridesOf(pipeline).Stages as Readonly<Record<number, unknown>> | undefined;
  const change = stages?.[index];
  if (change === undefined) {
    return stage;
  }
  const changedStage = overridden(stage, change) as Partial<RenderedStage>;
  const isKnown = Array.isArray(changedStage.actions) && changedStage.actions.every(isAction);
  return { ...changedStage, name: stage.name, actions: isKnown ? (changedStage.actions ?? []) : stage.actions };
}

/** What only the deployment knows is not looked at. */
function isAction(value: unknown): boolean {
  return typeof (value as Partial<RenderedAction> | undefined)?.actionTypeId?.category === 'string';
}

/** Undefined for a pipeline that was made as a resource. */
function renderingStages(pipeline: codepipeline.CfnPipeline): readonly RenderingStage[] | undefined {
  const made = pipeline.node.scope;
  return made instanceof codepipeline.Pipeline ? (made.stages as unknown as RenderingStage[]) : undefined;
}

function listedStages(pipeline: codepipeline.CfnPipeline): readonly RenderedStage[] | undefined {
  const stages = changed.get(pipeline)?.original ?? pipeline.stages;
  const known = (value: unknown): value is readonly unknown[] => Array.isArray(value) && !value.some(isToken);
  return known(stages) && stages.every((stage) => known((stage as RenderedStage).actions))
    ? (stages as unknown as RenderedStage[])
    : undefined;
}

function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}
