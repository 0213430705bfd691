/** Executions, stages and actions in the shapes of the CodePipeline API. */
import type { PipelineEngine } from './engine';
import type { ActionRun, Execution, StageStatus } from './execution';
import { executionType } from './execution';
import type { ActionModel, PipelineModel } from './model';

const revisions = (execution: Execution): object[] =>
  execution.revisions.map((revision) => ({
    name: revision.artifact,
    revisionId: revision.id,
    revisionSummary: revision.message.slice(0, 2048),
    revisionUrl: revision.url,
    created: new Date(revision.created),
  }));

export function executionView(model: PipelineModel, execution: Execution): object {
  return {
    pipelineName: model.name,
    pipelineVersion: execution.pipelineVersion,
    pipelineExecutionId: execution.id,
    status: execution.status,
    statusSummary: execution.statusSummary,
    artifactRevisions: revisions(execution),
    variables: Object.entries(execution.variables.get('variables') ?? {}).map(([name, resolvedValue]) => ({
      name,
      resolvedValue,
    })),
    trigger: { triggerType: execution.trigger.type, triggerDetail: execution.trigger.detail.slice(0, 1024) },
    executionMode: model.mode,
    executionType: executionType(execution),
    ...rollback(execution),
  };
}

export function executionSummary(model: PipelineModel, execution: Execution): object {
  return {
    pipelineExecutionId: execution.id,
    status: execution.status,
    statusSummary: execution.statusSummary,
    startTime: new Date(execution.startedAt),
    lastUpdateTime: new Date(execution.updatedAt),
    sourceRevisions: execution.revisions.map((revision) => ({
      actionName: revision.action,
      revisionId: revision.id,
      revisionSummary: revision.message.slice(0, 2048),
      revisionUrl: revision.url,
    })),
    trigger: { triggerType: execution.trigger.type, triggerDetail: execution.trigger.detail.slice(0, 1024) },
    executionMode: model.mode,
    executionType: executionType(execution),
    ...rollback(execution),
  };
}

const rollback = (execution: Execution): object =>
  execution.rollbackTarget === undefined
    ? {}
    : { rollbackMetadata: { rollbackTargetPipelineExecutionId: execution.rollbackTarget } };

export function stageView(engine: PipelineEngine, stage: StageStatus): object {
  const model = engine.stage(stage.name);
  const inbound = stage.inbound.map((id) => {
    const execution = engine.execution(id);
    return {
      pipelineExecutionId: id,
      status: 'InProgress',
      type: execution === undefined ? 'STANDARD' : executionType(execution),
    };
  });
  return {
    stageName: stage.name,
    inboundExecution: inbound[0],
    inboundExecutions: inbound,
    inboundTransitionState: { enabled: true },
    actionStates: (model?.actions ?? []).map((action) => actionState(engine, stage, action)),
    latestExecution:
      stage.latest === undefined
        ? undefined
        : {
            pipelineExecutionId: stage.latest.executionId,
            status: stage.latest.status,
            type: stage.latest.type,
          },
  };
}

function actionState(engine: PipelineEngine, stage: StageStatus, action: ActionModel): object {
  const run = stage.actions.get(action.name);
  if (run === undefined) return { actionName: action.name };
  const revision = engine.execution(run.executionId)?.revisions.find((candidate) => candidate.action === action.name);
  // In PARALLEL mode a stage has no single run, and the service shows no token.
  const token = engine.model.mode !== 'PARALLEL' && run.status === 'InProgress' ? run.token : undefined;
  return {
    actionName: action.name,
    currentRevision:
      revision === undefined ? undefined : { revisionId: revision.id, created: new Date(revision.created) },
    revisionUrl: revision?.url,
    entityUrl: run.externalUrl,
    latestExecution: {
      actionExecutionId: run.id,
      status: run.status,
      summary: run.summary,
      lastStatusChange: new Date(run.updatedAt),
      token,
      lastUpdatedBy: run.updatedBy,
      externalExecutionId: run.token === undefined ? run.externalId : undefined,
      percentComplete: run.percent,
      errorDetails: run.error,
    },
  };
}

export function actionDetail(engine: PipelineEngine, run: ActionRun): object {
  const action = run.model;
  const artifacts = (names: readonly string[]): object[] => names.map((name) => ({ name }));
  return {
    pipelineExecutionId: run.executionId,
    actionExecutionId: run.id,
    pipelineVersion: engine.execution(run.executionId)?.pipelineVersion,
    stageName: run.stage,
    actionName: run.action,
    startTime: new Date(run.startedAt),
    lastUpdateTime: new Date(run.updatedAt),
    updatedBy: run.updatedBy,
    status: run.status,
    input: {
      actionTypeId: {
        category: action.category,
        owner: action.owner,
        provider: action.provider,
        version: action.version,
      },
      configuration: action.configuration,
      resolvedConfiguration: run.resolvedConfiguration,
      roleArn: action.roleArn,
      region: action.region,
      inputArtifacts: artifacts(action.inputs),
      namespace: action.namespace,
    },
    output: {
      outputArtifacts: artifacts(action.outputs),
      executionResult: {
        externalExecutionId: run.externalId,
        externalExecutionSummary: run.status === 'InProgress' ? undefined : run.summary,
        externalExecutionUrl: run.externalUrl,
        errorDetails: run.error,
      },
      outputVariables: run.outputVariables,
    },
  };
}
