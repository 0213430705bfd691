/** What CodePipeline tells of the executions of actions. */
import type { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import type { RunAction } from '../domain/run-actions';
import type { ActionRecord } from '../domain/stage-history';

/** As far as checks need it. */
export function runActionOf(detail: ActionExecutionDetail): readonly RunAction[] {
  const { stageName: stage, actionName: action, startTime, status, input, output } = detail;
  const provider = input?.actionTypeId?.provider;
  const externalId = output?.executionResult?.externalExecutionId;
  if (stage === undefined || action === undefined || provider === undefined || startTime === undefined) {
    return [];
  }
  return [
    {
      stage,
      action,
      provider,
      startedAt: startTime.toISOString(),
      isRunning: status === 'InProgress',
      ...(externalId === undefined ? {} : { externalId }),
      ...(output?.outputVariables === undefined ? {} : { variables: output.outputVariables }),
    },
  ];
}

/** As far as what serves in a stage, and who passed a gate, need it. */
export function recordOf(detail: ActionExecutionDetail): readonly ActionRecord[] {
  const { pipelineExecutionId, stageName, actionName, status, input, pipelineVersion } = detail;
  if (pipelineExecutionId === undefined || stageName === undefined || actionName === undefined) {
    return [];
  }
  const mode = input?.configuration?.['ActionMode'];
  return [
    {
      executionId: pipelineExecutionId,
      stage: stageName,
      action: actionName,
      category: input?.actionTypeId?.category ?? '',
      status: status ?? '',
      at: timeOf(detail),
      ...(mode === undefined ? {} : { mode }),
      ...(pipelineVersion === undefined ? {} : { pipelineVersion }),
    },
  ];
}

/** Milliseconds of its last change. */
export function timeOf({ lastUpdateTime, startTime }: ActionExecutionDetail): number {
  return (lastUpdateTime ?? startTime)?.getTime() ?? 0;
}
