/** Jobs that CodePipeline hands to the function of a Lambda action. */
import { InvalidJobStateException } from '@aws-sdk/client-codepipeline';
import { Failed } from './failure';
import { errorName, log } from './log';

/** Throws where the job cannot be answered, so that Lambda brings it again. */
export async function answeringJob(answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    if (error instanceof InvalidJobStateException) {
      // A repeated delivery: the first one has answered.
      log('INFO', 'the action was answered already');
      return;
    }
    log('ERROR', 'the action could not be answered, Lambda brings it again', { error: errorName(error) });
    throw new Failed('the action could not be answered', error);
  }
}
