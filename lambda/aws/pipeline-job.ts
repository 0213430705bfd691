/** Jobs that CodePipeline hands to the function of a Lambda action. */
import {
  FailureType,
  InvalidJobStateException,
  JobNotFoundException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  type CodePipelineClient,
} from '@aws-sdk/client-codepipeline';
import { HOUR } from '../domain/time';
import { Failed } from './failure';
import { errorName, log } from './log';

/** An action goes on for 24 hours at most (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html): it ends by itself before. */
export const LONGEST = 23.5 * HOUR;

/** How an action ends, or that it goes on. */
export type JobAnswer =
  | { readonly kind: 'PASSED'; readonly summary: string }
  | { readonly kind: 'FAILED'; readonly summary: string }
  | { readonly kind: 'WATCHING'; readonly summary: string; readonly percent: number; readonly token: string };

export function failed(summary: string): JobAnswer {
  return { kind: 'FAILED', summary };
}

/** How far a bake is, in percent. 100 is said by its end alone. */
export function percentOf(minutes: number, bakeMinutes: number): number {
  return Math.min(Math.floor((100 * minutes) / Math.max(bakeMinutes, 1)), 99);
}

/** A run of a pipeline, as the parameters of an action of ours name it. */
export function isRun(run: unknown): run is string {
  return typeof run === 'string' && /^[\w-]{1,64}$/.test(run);
}

export async function answerJob(codepipeline: CodePipelineClient, jobId: string, answer: JobAnswer): Promise<void> {
  switch (answer.kind) {
    case 'PASSED': {
      const executionDetails = { summary: answer.summary };
      await codepipeline.send(new PutJobSuccessResultCommand({ jobId, executionDetails }));
      return;
    }
    case 'FAILED': {
      const failureDetails = { type: FailureType.JobFailed, message: answer.summary };
      await codepipeline.send(new PutJobFailureResultCommand({ jobId, failureDetails }));
      return;
    }
    case 'WATCHING': {
      const executionDetails = { summary: answer.summary, percentComplete: answer.percent };
      const goesOn = { jobId, continuationToken: answer.token, executionDetails };
      await codepipeline.send(new PutJobSuccessResultCommand(goesOn));
    }
  }
}

/**
 * Throws where the job cannot be answered, so that Lambda brings it again.
 *
 * @returns false where CodePipeline takes no answer any more: the job was answered, or its action has ended
 */
export async function answeringJob(answer: () => Promise<void>): Promise<boolean> {
  try {
    await answer();
    return true;
  } catch (error) {
    if (error instanceof InvalidJobStateException || error instanceof JobNotFoundException) {
      log('INFO', 'the action was answered already, or has ended');
      return false;
    }
    log('ERROR', 'the action could not be answered, Lambda brings it again', { error: errorName(error) });
    throw new Failed('the action could not be answered', error);
  }
}
