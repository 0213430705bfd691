/** Changes of a pipeline's structure while it runs: stages and actions get other names, or go. */
import type { PipelineModel, StageModel } from './model';

export interface StructureChange {
  /** `Stage` or `Stage/Action` to its new name. */
  readonly rename?: Readonly<Record<string, string>>;
  /** `Stage` or `Stage/Action`. */
  readonly remove?: readonly string[];
}

/** Every name that a change may use. */
export function pathsOf({ stages }: PipelineModel): readonly string[] {
  return stages.flatMap((stage) => [stage.name, ...stage.actions.map((action) => `${stage.name}/${action.name}`)]);
}

/** Every action, as `Stage/Action`. */
export function actionPathsOf({ stages }: PipelineModel): readonly string[] {
  return stages.flatMap((stage) => stage.actions.map((action) => `${stage.name}/${action.name}`));
}

export function restructured(model: PipelineModel, { rename = {}, remove = [] }: StructureChange): PipelineModel {
  const stages = model.stages
    .filter(({ name }) => !remove.includes(name))
    .map((stage): StageModel => ({
      ...stage,
      name: rename[stage.name] ?? stage.name,
      actions: stage.actions
        .filter(({ name }) => !remove.includes(`${stage.name}/${name}`))
        .map((action) => ({ ...action, name: rename[`${stage.name}/${action.name}`] ?? action.name })),
    }));
  return { ...model, stages: stages.filter(({ actions }) => actions.length > 0) };
}

export function hasAction(model: PipelineModel, stage: string, action: string): boolean {
  return actionPathsOf(model).includes(`${stage}/${action}`);
}
