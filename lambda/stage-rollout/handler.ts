/**
 * A Lambda action of a pipeline that rolls out a REST API: it gives the canary of a stage a share of the requests, watches its checks from job
 * to job, and promotes it or drops it. No request goes to the new version unless CodePipeline says that this action is in progress in this run, and
 * not before it has taken the answer to the job: whoever forges a job, or brings one of another pipeline, begins nothing. Whatever goes wrong, the
 * canary gets no more requests, and the action fails. When the action ends without it, because it was abandoned or never answered, an event says
 * so, and the canary goes, too. It never logs its event, which holds credentials, nor the id of its job, by which anybody might answer it.
 */
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import { ApiStage } from '../aws/api-stage';
import { env } from '../aws/env';
import { errorName, log } from '../aws/log';
import { answeringJob, answerJob, failed, isRun } from '../aws/pipeline-job';
import { isBefore } from '../domain/time';
import type { Turn } from './answers';
import { dropCanaryOf, leaveNothing, saidGone, withdrawn } from './canary';
import { codepipeline, underWay } from './pipeline-run';
import { NotUnderWay, turnOf } from './turn';

const ENDS = new Set(['FAILED', 'ABANDONED', 'CANCELED']);

/** `CodePipeline Action Execution State Change`, as the rule beside the action lets it through. */
export interface ActionEnded {
  readonly time?: unknown;
  readonly detail: { readonly state?: unknown; readonly 'execution-id'?: unknown };
}

export async function handler(event: CodePipelineEvent | ActionEnded): Promise<void> {
  if ('detail' in event) {
    return afterwards(event);
  }
  const { id, data } = event['CodePipeline.job'];
  const run = data.actionConfiguration.configuration.UserParameters as unknown;
  if (!isRun(run)) {
    log('ERROR', 'an action that nobody understands');
    const why = 'This action was not made by StageRollout: its user parameters are not the id of a run';
    await answeringJob(() => answerJob(codepipeline, id, failed(why)));
    return;
  }
  const stage = stageOf();
  const { continuationToken: token } = data;
  const { answer, move } = await turnOf(stage, run, token).catch(async (error: unknown): Promise<Turn> => {
    if (error instanceof NotUnderWay) {
      throw error;
    }
    log('ERROR', 'the rollout could not go on', { executionId: run, error: errorName(error) });
    // Where this fails, too, the job stays unanswered: Lambda brings it again, and its end comes as an event.
    return {
      answer: await withdrawn(stage, run, (dropped) => [
        `The rollout could not go on; the log of its function says why. ${dropped ? 'The canary was removed' : 'It has no canary'}`,
      ]).catch(saidGone),
    };
  });
  const isTaken = await answeringJob(() => answerJob(codepipeline, id, answer));
  if (!isTaken) {
    await leaveNothing(stage, run, await underWay(run));
  } else if (move !== undefined) {
    await make(move, stage, run);
  }
}

/** The job is answered already: where this fails, the next one finds no canary, and fails. */
async function make(move: () => Promise<void>, stage: ApiStage, run: string): Promise<void> {
  try {
    await move();
  } catch (error) {
    log('ERROR', 'the rollout could not go on', { executionId: run, error: errorName(error) });
    await dropCanaryOf(stage, run);
    return;
  }
  // The action may have ended since its answer was taken, and its event may have come before the canary.
  const goesOn = await underWay(run);
  if (goesOn === undefined) {
    throw new Error('whether the action goes on cannot be read: Lambda brings the job again');
  }
  await leaveNothing(stage, run, goesOn);
}

/** The action has ended without a word of ours, or with one: nothing of it may serve on. */
async function afterwards({ time, detail }: ActionEnded): Promise<void> {
  const run = detail['execution-id'];
  if (!isRun(run) || !ENDS.has(String(detail.state))) {
    log('ERROR', 'an event that nobody understands');
    return;
  }
  const stage = stageOf();
  const { canary } = await stage.read();
  // The same run may have been tried again since.
  const isLater = canary?.madeAt !== undefined && isBefore(String(time), canary.madeAt);
  if (canary?.run === run && !isLater) {
    await stage.dropCanary();
    log('WARN', 'the action ended and its canary was left: it was removed', { executionId: run });
  }
}

function stageOf(): ApiStage {
  return new ApiStage(env(Env.REST_API), env(Env.API_STAGE));
}
