/** What one job of the action does: by where the run, the stage and what is known of it stand. */
import { Env } from '../../contract/names';
import type { ApiStage } from '../aws/api-stage';
import { env } from '../aws/env';
import { parseToken } from '../aws/job-token';
import { log } from '../aws/log';
import { failed } from '../aws/pipeline-job';
import type { HookState } from '../domain/hook-state';
import { moveOf, parseShift, percentAt, type ServedStage } from '../domain/stage-shift';
import { iso } from '../domain/time';
import { goesOn, passed, shareOf, wentBack, type Turn } from './answers';
import { dropCanaryOf, leaveNoCanary, tooLate } from './canary';
import { GOES_ON, OVER, runOf, underWay, UNREAD } from './pipeline-run';
import { reasonsOf, watch } from './watch';

/** CodePipeline does not say that this action is in progress: nothing is touched, and Lambda brings the job again. */
export class NotUnderWay extends Error {
  override readonly name = 'NotUnderWay';
}

export async function turnOf(stage: ApiStage, run: string, token: unknown): Promise<Turn> {
  // A job holds no time: the action lives in the present.
  const now = iso(Date.now());
  const state = parseToken(token, run, now);
  const shift = parseShift(env(Env.SHIFT));
  if (!state.ok || !shift.ok) {
    log('ERROR', 'the action cannot be read', { executionId: run });
    throw new Error('what the action knows so far cannot be read');
  }
  const served = await stage.read();
  const hasBegun = token !== undefined && token !== null;
  // A run with a canary of its own goes on, as far as is known: CodePipeline says so when it takes the next answer.
  const { status, isRollback } = hasBegun && served.canary?.run === run ? GOES_ON : await runOf(run);
  if (OVER.has(status)) {
    return { answer: await tooLate(stage, run) };
  }
  // CodePipeline may have taken an answer of which the function never heard, and nothing was moved. A rollback is tried once more.
  const wasSeen = state.value !== undefined && state.value.since !== NOT_YET;
  const mayGoBack = isRollback && !wasSeen;
  const move = moveOf(served, { id: run, hasBegun: hasBegun && !mayGoBack, wasSeen, isRollback });
  if ((move.kind === 'BEGIN' || move.kind === 'GO_BACK') && (await underWay(run)) !== true) {
    log('WARN', 'a job came while its action was not in progress', { executionId: run });
    throw new NotUnderWay('CodePipeline does not say that this action is in progress: Lambda brings the job again');
  }
  switch (move.kind) {
    case 'REFUSE':
      log('ERROR', 'the stage is not as this rollout has left it', { executionId: run, reason: move.why });
      return { answer: failed(move.why) };
    case 'DONE':
      await dropCanaryOf(stage, run);
      return { answer: isRollback ? wentBack() : passed(...reasonsOf(state.value, now)) };
    case 'GO_BACK':
      return {
        answer: goesOn(
          hasBegun ? { ...begun(run), since: now } : begun(run),
          0,
          'A rollback: all requests go to the version before, at once',
        ),
        move: async () => {
          await leaveNoCanary(stage, served);
          await stage.moveAll(await stage.snapshot(run));
        },
      };
    case 'BEGIN':
      if (served.canary !== undefined && status === UNREAD) {
        throw new Error('whether this run goes on cannot be read, and the canary of another one may be in use');
      }
      return begin(stage, served, run, percentAt(shift.value, 0));
    case 'WATCH':
      return watch(stage, served, shift.value, {
        run,
        now,
        ...(state.value === undefined || state.value.since === NOT_YET ? {} : { state: state.value }),
      });
  }
}

/** In the place of a time: nothing was watched yet. The bake begins with the first look at a canary that has its share. */
const NOT_YET = iso(0);

function begun(run: string): HookState {
  return { step: run, since: NOT_YET, tallies: [] };
}

function begin(stage: ApiStage, served: ServedStage, run: string, percent: number): Turn {
  return {
    answer: goesOn(begun(run), 0, shareOf(percent, 0)),
    move: async () => {
      await leaveNoCanary(stage, served);
      await stage.giveCanary(await stage.snapshot(run), percent);
    },
  };
}
