/** A pipeline as its template defines it. */
import type { Resource } from '../template/model';

export type ExecutionMode = 'SUPERSEDED' | 'QUEUED' | 'PARALLEL';

export interface ActionModel {
  readonly name: string;
  readonly category: string;
  readonly owner: string;
  readonly provider: string;
  readonly version: string;
  readonly runOrder: number;
  readonly namespace?: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly timeoutMinutes?: number;
  readonly roleArn?: string;
  readonly region?: string;
}

export interface StageModel {
  readonly name: string;
  readonly actions: readonly ActionModel[];
  /** What a failure of the stage leads to. */
  readonly onFailure: 'STOP' | 'ROLLBACK' | 'RETRY';
}

export interface PipelineModel {
  readonly name: string;
  readonly stack: string;
  readonly roleArn?: string;
  readonly mode: ExecutionMode;
  /** Pipeline variables and their defaults. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stages: readonly StageModel[];
}

export function pipelineModel(resource: Resource): PipelineModel {
  const p = resource.properties;
  return {
    name: p.Name ?? resource.physicalId,
    stack: resource.stack,
    roleArn: p.RoleArn,
    mode: p.ExecutionMode ?? 'SUPERSEDED',
    variables: Object.fromEntries((p.Variables ?? []).map((v: any) => [v.Name, String(v.DefaultValue ?? '')])),
    stages: (p.Stages ?? []).map(stageModel),
  };
}

function stageModel(stage: any): StageModel {
  const result = stage.OnFailure?.Result ?? stage.OnFailure?.Conditions?.[0]?.Result;
  return {
    name: stage.Name,
    actions: stage.Actions.map(actionModel),
    onFailure: result === 'ROLLBACK' || result === 'RETRY' ? result : 'STOP',
  };
}

function actionModel(action: any): ActionModel {
  const type = action.ActionTypeId;
  const names = (artifacts: any): string[] => (artifacts ?? []).map((artifact: any) => artifact.Name);
  return {
    name: action.Name,
    category: type.Category,
    owner: type.Owner,
    provider: type.Provider,
    version: String(type.Version),
    runOrder: Number(action.RunOrder ?? 1),
    namespace: action.Namespace,
    configuration: Object.fromEntries(
      Object.entries(action.Configuration ?? {}).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
    inputs: names(action.InputArtifacts),
    outputs: names(action.OutputArtifacts),
    timeoutMinutes: action.TimeoutInMinutes === undefined ? undefined : Number(action.TimeoutInMinutes),
    roleArn: action.RoleArn,
    region: action.Region,
  };
}

/** Actions of a stage in the groups that run together. */
export function runGroups(stage: StageModel): readonly (readonly ActionModel[])[] {
  const orders = [...new Set(stage.actions.map((action) => action.runOrder))].sort((a, b) => a - b);
  return orders.map((order) => stage.actions.filter((action) => action.runOrder === order));
}
