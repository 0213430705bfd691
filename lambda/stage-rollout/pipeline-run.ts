/** What CodePipeline says of the run, and of the action in it. */
import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { Env } from '../../contract/names';
import { isUnderWay } from '../aws/action-under-way';
import { env } from '../aws/env';
import { errorName, log } from '../aws/log';

export const codepipeline = new CodePipelineClient({});

/** Statuses of a run of which nothing goes on (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecution.html). */
export const OVER = new Set(['Cancelled', 'Stopped', 'Succeeded', 'Superseded', 'Failed']);

export const UNREAD = 'UNREAD';

interface PipelineRun {
  readonly status: string;
  readonly isRollback: boolean;
}

/** A job with a token of ours goes on with what it has begun. */
export const GOES_ON: PipelineRun = { status: 'InProgress', isRollback: false };

/** Where nobody can tell, the way is the careful one: by a canary. */
export async function runOf(pipelineExecutionId: string): Promise<PipelineRun> {
  const pipelineName = env(Env.PIPELINE);
  try {
    const answer = await codepipeline.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }));
    const { status = '', executionType } = answer.pipelineExecution ?? {};
    return { status, isRollback: executionType === 'ROLLBACK' };
  } catch (error) {
    log('WARN', 'the run cannot be read: whether it is a rollback, and goes on', {
      executionId: pipelineExecutionId,
      error: errorName(error),
    });
    return { status: UNREAD, isRollback: false };
  }
}

/** Undefined where CodePipeline does not say. */
export async function underWay(run: string): Promise<boolean | undefined> {
  const place = { pipeline: env(Env.PIPELINE), stage: env(Env.PIPELINE_STAGE), action: env(Env.PIPELINE_ACTION) };
  try {
    return await isUnderWay(codepipeline, place, run);
  } catch (error) {
    log('WARN', 'whether the action is in progress cannot be read', { executionId: run, error: errorName(error) });
    return undefined;
  }
}
