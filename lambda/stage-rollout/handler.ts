/**
 * A Lambda action of a pipeline that rolls out a REST API: it gives the canary of a stage a share of the requests, watches its checks from job
 * to job, and promotes it or drops it. No request goes to the new version unless CodePipeline says that this action is in progress in this run, and
 * not before it has taken the answer to the job: whoever forges a job, or brings one of another pipeline, begins nothing. Whatever goes wrong, the canary gets no more requests, and the action fails. When the action ends without it, because it
 * was abandoned or never answered, an event says so, and the canary goes, too. It never logs its event, which holds credentials, nor the id of
 * its job, by which anybody might answer it.
 */
import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import type { CheckPlan } from '../../contract/checks';
import type { Shift } from '../../contract/stage-shift';
import { isUnderWay } from '../aws/action-under-way';
import { ApiStage } from '../aws/api-stage';
import { env } from '../aws/env';
import { hookBakeMinutes } from '../aws/hook-bake';
import { parseToken, tokenOf } from '../aws/job-token';
import { errorName, log } from '../aws/log';
import { tellChecks } from '../aws/log-checks';
import { ownClients } from '../aws/measure/clients';
import { measure } from '../aws/measure/measure';
import { answeringJob, answerJob, failed, isRun, LONGEST, percentOf, type JobAnswer } from '../aws/pipeline-job';
import { evaluate, type EvaluationPlan } from '../domain/evaluate';
import { lookAnew } from '../domain/hook-look';
import type { HookState } from '../domain/hook-state';
import { parseChecks } from '../domain/parse-policy';
import { moveOf, parseShift, percentAt, type ApiDeployment, type ServedStage } from '../domain/stage-shift';
import { summaryOf } from '../domain/summary';
import { elapsed, isBefore, iso, MINUTE } from '../domain/time';

const ENDS = new Set(['FAILED', 'ABANDONED', 'CANCELED']);

/** Statuses of a run of which nothing goes on (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecution.html). */
const OVER = new Set(['Cancelled', 'Stopped', 'Succeeded', 'Superseded', 'Failed']);

/** `CodePipeline Action Execution State Change`, as the rule beside the action lets it through. */
export interface ActionEnded {
  readonly time?: unknown;
  readonly detail: { readonly state?: unknown; readonly 'execution-id'?: unknown };
}

const codepipeline = new CodePipelineClient({});
const clients = ownClients();

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
      ]),
    };
  });
  const isTaken = await answeringJob(() => answerJob(codepipeline, id, answer));
  if (!isTaken) {
    await leaveNothing(stage, run, (status) => status !== 'InProgress');
  } else if (move !== undefined) {
    await make(move, stage, run);
  }
}

/** CodePipeline does not say that this action is in progress: nothing is touched, and Lambda brings the job again. */
class NotUnderWay extends Error {
  override readonly name = 'NotUnderWay';
}

/** What is said to CodePipeline, and what is done as soon as CodePipeline has taken that. */
interface Turn {
  readonly answer: JobAnswer;
  readonly move?: () => Promise<void>;
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
  await leaveNothing(stage, run, (status) => {
    if (status === UNREAD) {
      throw new Error('whether the action goes on cannot be read: Lambda brings the job again');
    }
    return OVER.has(status);
  });
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

/** Removes the canary of an action that has ended, of which no event tells any more. */
async function leaveNothing(stage: ApiStage, run: string, hasEnded: (status: string) => boolean): Promise<void> {
  if (hasEnded((await runOf(run)).status) && (await dropCanaryOf(stage, run))) {
    log('WARN', 'the action had ended before its canary began: it was removed', { executionId: run });
  }
}

async function dropCanaryOf(stage: ApiStage, run: string): Promise<boolean> {
  const { canary } = await stage.read();
  const isOurs = canary?.run === run;
  if (isOurs) {
    await stage.dropCanary();
  }
  return isOurs;
}

/** Fails, without a canary; unless all requests had gone to this run's deployment before, as another invocation or a lost answer may have it. */
async function withdrawn(
  stage: ApiStage,
  run: string,
  why: (dropped: boolean) => readonly (string | undefined)[],
): Promise<JobAnswer> {
  const dropped = await dropCanaryOf(stage, run);
  const { production } = await stage.read();
  return production.run === run ? passed() : failed(summaryOf(...why(dropped)));
}

async function turnOf(stage: ApiStage, run: string, token: unknown): Promise<Turn> {
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
  const mayGoBack = isRollback && (state.value === undefined || state.value.since === NOT_YET);
  const move = moveOf(served, { id: run, hasBegun: hasBegun && !mayGoBack, isRollback });
  if ((move.kind === 'BEGIN' || move.kind === 'GO_BACK') && (await underWay(run)) !== true) {
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

function tooLate(stage: ApiStage, run: string): Promise<JobAnswer> {
  log('WARN', 'a job came after the end of its run', { executionId: run });
  return withdrawn(stage, run, () => ['The run of this action is over']);
}

function passed(...reasons: readonly string[]): JobAnswer {
  return { kind: 'PASSED', summary: summaryOf('All requests go to the new version', ...reasons) };
}

function wentBack(): JobAnswer {
  return { kind: 'PASSED', summary: 'A rollback: all requests went to the version before, at once' };
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

/** Why a bake that is over has passed, as its last look found it. */
function reasonsOf(state: HookState | undefined, now: string): readonly string[] {
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok || state === undefined) {
    return [];
  }
  const plan = planOf(document.value.checks, state.since, state.seenSince);
  const { verdict, reasons } = evaluate(plan, state.tallies, now);
  return verdict === 'PASS' ? reasons : [];
}

interface Watching {
  readonly run: string;
  readonly now: string;
  /** None at the first look. */
  readonly state?: HookState;
}

async function watch(
  stage: ApiStage,
  { production, canary }: ServedStage,
  shift: Shift,
  { run, now, state }: Watching,
): Promise<Turn> {
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok || canary === undefined) {
    throw new Error('the checks cannot be read');
  }
  const { checks } = document.value;
  // A red minute between the share and the first look counts. The bake begins with the first look all the same.
  const madeAt = madeBefore(now, canary);
  const first = { since: now, ...(madeAt === undefined ? {} : { seenSince: madeAt }), tallies: [] };
  // Where the action was tried again, what is known may be about the canary of the attempt before.
  const isKnown = state !== undefined && (madeAt === undefined || !isBefore(state.since, madeAt));
  const { since, seenSince = since, tallies }: Omit<HookState, 'step'> = isKnown ? state : first;
  const plan = planOf(checks, since, seenSince);
  const looked = await lookAnew(plan, tallies, run, now, (command) => measure(command, clients));
  const { verdict, reasons, checks: states } = looked.evaluation;
  const watched = elapsed(since, now);
  const next = { step: run, since, seenSince, tallies: looked.tallies };
  if (verdict === 'PASS') {
    tellChecks(states, checks, run);
    const goesOnStill = await underWay(run);
    if (goesOnStill === undefined) {
      return {
        answer: goesOn(next, watched, 'The checks have passed, and whether this action goes on cannot be read'),
      };
    }
    if (!goesOnStill) {
      return { answer: await tooLate(stage, run) };
    }
    return {
      answer: goesOn(next, watched, 'The checks have passed: all requests go to the new version', ...reasons),
      move: () => stage.promote(canary.id, production.id),
    };
  }
  if (verdict !== 'RUNNING' || watched >= LONGEST) {
    tellChecks(states, checks, run);
    const late = verdict === 'RUNNING' ? 'The time of the action was up' : undefined;
    return {
      answer: await withdrawn(stage, run, () => [
        'The canary was removed, all requests go to the version before',
        late,
        ...reasons,
      ]),
    };
  }
  // The attempt before may have left it with a larger share.
  const percent = !isKnown ? canary.percent : percentAt(shift, watched);
  return {
    answer: goesOn(next, watched, shareOf(percent, watched), ...reasons),
    ...(percent === canary.percent ? {} : { move: () => stage.share(canary.id, percent) }),
  };
}

function shareOf(percent: number, watched: number): string {
  const minutes = Math.floor(watched / MINUTE);
  return `${percent} % of the requests go to the new version, watched for ${minutes} of ${hookBakeMinutes()} minutes`;
}

/** The bake begins at `since`. What is seen from `seenSince` on counts. */
function planOf(checks: readonly CheckPlan[], since: string, seenSince = since): EvaluationPlan {
  return { checks, bakeMinutes: hookBakeMinutes() + Math.ceil(elapsed(seenSince, since) / MINUTE), since: seenSince };
}

/** Shortly before the canary got its share; undefined where the clock of API Gateway goes ahead. */
function madeBefore(now: string, { madeAt }: ApiDeployment): string | undefined {
  return madeAt === undefined || isBefore(now, madeAt) ? undefined : madeAt;
}

function goesOn(state: HookState, watched: number, ...summary: readonly string[]): JobAnswer {
  const token = tokenOf(state);
  if (token === undefined) {
    throw new Error('what is known of the checks does not fit into a token');
  }
  const percent = percentOf(Math.floor(watched / MINUTE), hookBakeMinutes());
  return { kind: 'WATCHING', summary: summaryOf(...summary), percent, token };
}

async function leaveNoCanary(stage: ApiStage, { canary }: ServedStage): Promise<void> {
  if (canary !== undefined) {
    await stage.dropCanary();
  }
}

const UNREAD = 'UNREAD';

interface PipelineRun {
  readonly status: string;
  readonly isRollback: boolean;
}

/** A job with a token of ours goes on with what it has begun. */
const GOES_ON: PipelineRun = { status: 'InProgress', isRollback: false };

/** Where nobody can tell, the way is the careful one: by a canary. */
async function runOf(pipelineExecutionId: string): Promise<PipelineRun> {
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
async function underWay(run: string): Promise<boolean | undefined> {
  const place = { pipeline: env(Env.PIPELINE), stage: env(Env.PIPELINE_STAGE), action: env(Env.PIPELINE_ACTION) };
  try {
    const is = await isUnderWay(codepipeline, place, run);
    if (!is) {
      log('WARN', 'a job came while its action was not in progress', { executionId: run });
    }
    return is;
  } catch (error) {
    log('WARN', 'whether the action is in progress cannot be read', { executionId: run, error: errorName(error) });
    return undefined;
  }
}

function stageOf(): ApiStage {
  return new ApiStage(env(Env.REST_API), env(Env.API_STAGE));
}
