/** How the canary of a run is taken away again. */
import { StageGone, type ApiStage } from '../aws/api-stage';
import { log } from '../aws/log';
import { failed, type JobAnswer } from '../aws/pipeline-job';
import type { ServedStage } from '../domain/stage-shift';
import { summaryOf } from '../domain/summary';
import { passed } from './answers';

export async function leaveNoCanary(stage: ApiStage, { canary }: ServedStage): Promise<void> {
  if (canary !== undefined) {
    await stage.dropCanary();
  }
}

export async function dropCanaryOf(stage: ApiStage, run: string): Promise<boolean> {
  const { canary } = await stage.read();
  const isOurs = canary?.run === run;
  if (isOurs) {
    await stage.dropCanary();
  }
  return isOurs;
}

/** Removes the canary of an action that has ended, of which no event tells any more; also where CodePipeline does not say whether it has. */
export async function leaveNothing(stage: ApiStage, run: string, goesOn: boolean | undefined): Promise<void> {
  if (goesOn !== true && (await dropCanaryOf(stage, run))) {
    log('WARN', 'the action had ended before its canary began: it was removed', { executionId: run });
  }
}

/** Fails, without a canary; unless all requests had gone to this run's deployment before, as another invocation or a lost answer may have it. */
export async function withdrawn(
  stage: ApiStage,
  run: string,
  why: (dropped: boolean) => readonly (string | undefined)[],
): Promise<JobAnswer> {
  const dropped = await dropCanaryOf(stage, run);
  const { production } = await stage.read();
  return production.run === run ? passed() : failed(summaryOf(...why(dropped)));
}

export function tooLate(stage: ApiStage, run: string): Promise<JobAnswer> {
  log('WARN', 'a job came after the end of its run', { executionId: run });
  return withdrawn(stage, run, () => ['The run of this action is over']);
}

/** There is no canary to remove where there is no stage. */
export function saidGone(error: unknown): JobAnswer {
  if (error instanceof StageGone) {
    return failed(
      'The stage is gone: API Gateway has no stage of this name, or its API is deleted. Nothing of this rollout serves',
    );
  }
  throw error;
}
