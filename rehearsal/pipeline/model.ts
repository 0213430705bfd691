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

/** A rule of a condition. */
export interface RuleModel {
  readonly name: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly roleArn?: string;
}

/** What is asked before a stage is entered, after its success, or after its failure. */
export interface ConditionModel {
  readonly rules: readonly RuleModel[];
  readonly result?: string;
}

export interface StageModel {
  readonly name: string;
  readonly actions: readonly ActionModel[];
  /** What a failure of the stage leads to, if its condition on failure is met. */
  readonly onFailure: 'STOP' | 'ROLLBACK' | 'RETRY';
  readonly retryMode: 'FAILED_ACTIONS' | 'ALL_ACTIONS';
  readonly conditions: Readonly<Record<'beforeEntry' | 'onSuccess' | 'onFailure', ConditionModel | undefined>>;
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
    retryMode: stage.OnFailure?.RetryConfiguration?.RetryMode ?? 'FAILED_ACTIONS',
    conditions: {
      beforeEntry: conditionModel(stage.BeforeEntry),
      onSuccess: conditionModel(stage.OnSuccess),
      onFailure: conditionModel(stage.OnFailure),
    },
  };
}

/** A stage has one condition of each kind. */
function conditionModel(declared: any): ConditionModel | undefined {
  const condition = declared?.Conditions?.[0];
  if (condition === undefined) return undefined;
  return {
    result: condition.Result,
    rules: (condition.Rules ?? []).map((rule: any) => ({
      name: rule.Name,
      provider: rule.RuleTypeId?.Provider,
      configuration: textsOf(rule.Configuration),
      roleArn: rule.RoleArn,
    })),
  };
}

function textsOf(configuration: object = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
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
    configuration: textsOf(action.Configuration),
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
