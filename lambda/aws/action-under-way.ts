/** Whether an action of a pipeline is in progress in a run. A job is what somebody says; this is what CodePipeline says. */
import { GetPipelineStateCommand, type CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { GateName } from '../../contract/policy';

/** Where a pipeline has one run in a stage at a time, as it has in every mode but PARALLEL. */
export async function isUnderWay(
  codepipeline: CodePipelineClient,
  { pipeline, stage, action }: GateName,
  run: string,
): Promise<boolean> {
  const { stageStates = [] } = await codepipeline.send(new GetPipelineStateCommand({ name: pipeline }));
  const found = stageStates.find(({ stageName }) => stageName === stage);
  const status = found?.actionStates?.find(({ actionName }) => actionName === action)?.latestExecution?.status;
  return found?.latestExecution?.pipelineExecutionId === run && status === 'InProgress';
}
