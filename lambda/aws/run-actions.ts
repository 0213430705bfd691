/** What CodePipeline tells of the actions of a run, as far as checks need it. */
import type { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import type { RunAction } from '../domain/run-actions';

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
