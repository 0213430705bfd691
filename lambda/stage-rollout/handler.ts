/**
 * A Lambda action of a pipeline that rolls out a REST API: it gives the canary of a stage a share of the requests, watches its checks from job
 * to job, and promotes it or drops it. Whatever goes wrong, the canary gets no more requests, and the action fails. When the action ends
 * without it, because it was abandoned or never answered, an event says so, and the canary goes, too. It never logs its event, which holds
 * credentials, nor the id of its job, by which anybody might answer it.
 */
import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import type { Shift } from '../../contract/stage-shift';
import { ApiStage } from '../aws/api-stage';
import { env, optionalEnv } from '../aws/env';
import { hookBakeMinutes } from '../aws/hook-bake';
import { parseToken, tokenOf } from '../aws/job-token';
import { errorName, log } from '../aws/log';
import { tellChecks } from '../aws/log-checks';
import { ownClients } from '../aws/measure/clients';
import { measure } from '../aws/measure/measure';
import { answeringJob, answerJob, failed, isRun, LONGEST, percentOf, type JobAnswer } from '../aws/pipeline-job';
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
  const answer = await answerTo(stage, run, token).catch((error: unknown) => {
    log('ERROR', 'the rollout could not go on', { executionId: run, error: errorName(error) });
    // Where this fails, too, the job stays unanswered: Lambda brings it again, and its end comes as an event.
    return withdrawn(stage, run, (dropped) => [
      `The rollout could not go on; the log of its function says why. ${dropped ? 'The canary was removed' : 'It has no canary'}`,
    ]);
  });
  const isTaken = await answeringJob(() => answerJob(codepipeline, id, answer));
  if (!isTaken && answer.kind === 'WATCHING' && isFirst(token)) {
    await leaveNothing(stage, run);
  }
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

/**
 * A first job began, and CodePipeline takes no answer for it: it was answered before, or came after the end of its action, when nobody would
 * remove the canary. Where nobody can tell, the canary goes.
 */
async function leaveNothing(stage: ApiStage, run: string): Promise<void> {
  if ((await runOf(run)).status !== 'InProgress' && (await dropCanaryOf(stage, run))) {
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

async function answerTo(stage: ApiStage, run: string, token: unknown): Promise<JobAnswer> {
  // A job holds no time: the action lives in the present.
  const now = iso(Date.now());
  const state = parseToken(token, run, now);
  const shift = parseShift(env(Env.SHIFT));
  if (!state.ok || !shift.ok) {
    log('ERROR', 'the action cannot be read', { executionId: run });
    throw new Error('what the action knows so far cannot be read');
  }
  const served = await stage.read();
  const hasBegun = !isFirst(token);
  const { status, isRollback } = hasBegun ? GOES_ON : await runOf(run);
  if (OVER.has(status)) {
    return tooLate(stage, run);
  }
  const move = moveOf(served, { id: run, hasBegun, isRollback });
  switch (move.kind) {
    case 'REFUSE':
      log('ERROR', 'the stage is not as this rollout has left it', { executionId: run, reason: move.why });
      return failed(move.why);
    case 'DONE':
      await dropCanaryOf(stage, run);
      return passed();
    case 'GO_BACK':
      await leaveNoCanary(stage, served);
      await stage.moveAll(await stage.snapshot(run));
      return { kind: 'PASSED', summary: 'A rollback: all requests go to the version before, at once' };
    case 'BEGIN':
      if (served.canary !== undefined && status === UNREAD) {
        throw new Error('whether this run goes on cannot be read, and the canary of another one may be in use');
      }
      await leaveNoCanary(stage, served);
      return begin(stage, run, shift.value);
    case 'WATCH':
      return watch(stage, served, shift.value, {
        run,
        now,
        ...(state.value === undefined ? {} : { state: state.value }),
      });
  }
}

function tooLate(stage: ApiStage, run: string): Promise<JobAnswer> {
  log('WARN', 'a job came after the end of its run', { executionId: run });
  return withdrawn(stage, run, () => ['The run of this action is over']);
}

function isFirst(token: unknown): boolean {
  return token === undefined || token === null;
}

function passed(...reasons: readonly string[]): JobAnswer {
  return { kind: 'PASSED', summary: summaryOf('All requests go to the new version', ...reasons) };
}

async function begin(stage: ApiStage, run: string, shift: Shift): Promise<JobAnswer> {
  const percent = percentAt(shift, 0);
  await stage.giveCanary(await stage.snapshot(run), percent);
  // API Gateway may have let it wait: the bake begins with the share.
  return goesOn({ step: run, since: iso(Date.now()), tallies: [] }, 0, percent, []);
}

interface Watching {
  readonly run: string;
  readonly now: string;
  /** None where a first job finds a canary of its run. */
  readonly state?: HookState;
}

async function watch(
  stage: ApiStage,
  { production, canary }: ServedStage,
  shift: Shift,
  { run, now, state }: Watching,
): Promise<JobAnswer> {
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok || canary === undefined) {
    throw new Error('the checks cannot be read');
  }
  const { since, tallies } = watchedSince(canary, now, state);
  const { checks } = document.value;
  const plan = { checks, bakeMinutes: hookBakeMinutes(), since };
  const looked = await lookAnew(plan, tallies, run, now, (command) => measure(command, clients));
  const { verdict, reasons, checks: states } = looked.evaluation;
  const watched = elapsed(since, now);
  if (verdict === 'PASS') {
    tellChecks(states, checks, run);
    if (OVER.has((await runOf(run)).status)) {
      return tooLate(stage, run);
    }
    await stage.promote(canary.id, production.id);
    return passed(...reasons);
  }
  if (verdict !== 'RUNNING' || watched >= LONGEST) {
    tellChecks(states, checks, run);
    const late = verdict === 'RUNNING' ? 'The time of the action was up' : undefined;
    return withdrawn(stage, run, () => [
      'The canary was removed, all requests go to the version before',
      late,
      ...reasons,
    ]);
  }
  // A first job may be a repeated one, which comes late.
  const percent = state === undefined ? canary.percent : percentAt(shift, watched);
  if (percent !== canary.percent) {
    await stage.share(canary.id, percent);
  }
  return goesOn({ step: run, since, tallies: looked.tallies }, watched, percent, reasons);
}

/**
 * A first job that finds a canary of its run has begun it before, and died: it was not watched since. And a repeated one may have begun anew:
 * then what is known is of the canary before.
 */
function watchedSince(
  { madeAt }: ApiDeployment,
  now: string,
  state: HookState | undefined,
): Pick<HookState, 'since' | 'tallies'> {
  const isUsable = madeAt !== undefined && !isBefore(now, madeAt);
  if (state === undefined) {
    return { since: isUsable ? madeAt : now, tallies: [] };
  }
  return isUsable && isBefore(state.since, madeAt) ? { since: madeAt, tallies: [] } : state;
}

function goesOn(state: HookState, watched: number, percent: number, reasons: readonly string[]): JobAnswer {
  const token = tokenOf(state);
  if (token === undefined) {
    throw new Error('what is known of the checks does not fit into a token');
  }
  const minutes = Math.floor(watched / MINUTE);
  const bake = hookBakeMinutes();
  return {
    kind: 'WATCHING',
    summary: summaryOf(
      `${percent} % of the requests go to the new version, watched for ${minutes} of ${bake} minutes`,
      ...reasons,
    ),
    percent: percentOf(minutes, bake),
    token,
  };
}

async function leaveNoCanary(stage: ApiStage, { canary }: ServedStage): Promise<void> {
  if (canary !== undefined) {
    await stage.dropCanary();
  }
}

const UNREAD = 'UNREAD';

interface PipelineRun {
  /** Empty where nobody can be asked. */
  readonly status: string;
  readonly isRollback: boolean;
}

/** A job with a token of ours goes on with what it has begun. */
const GOES_ON: PipelineRun = { status: 'InProgress', isRollback: false };

/** Where nobody can tell, the way is the careful one: by a canary. */
async function runOf(pipelineExecutionId: string): Promise<PipelineRun> {
  const unknown = { status: '', isRollback: false };
  const pipelineName = optionalEnv(Env.PIPELINE);
  if (pipelineName === undefined) {
    return unknown;
  }
  try {
    const answer = await codepipeline.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }));
    const { status = '', executionType } = answer.pipelineExecution ?? {};
    return { status, isRollback: executionType === 'ROLLBACK' };
  } catch (error) {
    log('WARN', 'the run cannot be read: whether it is a rollback, and goes on', {
      executionId: pipelineExecutionId,
      error: errorName(error),
    });
    return { ...unknown, status: UNREAD };
  }
}

function stageOf(): ApiStage {
  return new ApiStage(env(Env.REST_API), env(Env.API_STAGE));
}
