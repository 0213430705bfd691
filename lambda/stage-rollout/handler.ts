/**
 * A Lambda action of a pipeline that rolls out a REST API: it gives the canary of a stage a share of the requests, watches its checks from job
 * to job, and promotes it or drops it. Whatever goes wrong, the canary gets no more requests, and the action fails. When the action ends
 * without it, because it was abandoned or never answered, an event says so, and the canary goes, too. It never logs its event, which holds
 * credentials, nor the id of its job, by which anybody might answer it.
 */
import { CodePipelineClient, GetPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import type { ShiftStep } from '../../contract/stage-shift';
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
import { moveOf, parseShift, percentAt, type ServedStage } from '../domain/stage-shift';
import { summaryOf } from '../domain/summary';
import { elapsed, iso, MINUTE } from '../domain/time';

const ENDS = new Set(['FAILED', 'ABANDONED', 'CANCELED']);

/** `CodePipeline Action Execution State Change`, as the rule beside the action lets it through. */
export interface ActionEnded {
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
    return answeringJob(() => answerJob(codepipeline, id, failed(why)));
  }
  const stage = stageOf();
  const answer = await answerTo(stage, run, data.continuationToken).catch(async (error: unknown) => {
    log('ERROR', 'the rollout could not go on', { executionId: run, error: errorName(error) });
    // Where this fails, too, the job stays unanswered: Lambda brings it again, and its end comes as an event.
    const dropped = await dropCanaryOf(stage, run);
    return failed(
      `The rollout could not go on; the log of its function says why. ${dropped ? 'The canary was removed' : 'It has no canary'}`,
    );
  });
  await answeringJob(() => answerJob(codepipeline, id, answer));
}

/** The action has ended without a word of ours, or with one: nothing of it may serve on. */
async function afterwards({ detail }: ActionEnded): Promise<void> {
  const run = detail['execution-id'];
  if (!isRun(run) || !ENDS.has(String(detail.state))) {
    log('ERROR', 'an event that nobody understands');
    return;
  }
  if (await dropCanaryOf(stageOf(), run)) {
    log('WARN', 'the action ended and its canary was left: it was removed', { executionId: run });
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
  const hasBegun = state.value !== undefined;
  const isRollback = !hasBegun && (await isOfRollback(run));
  const move = moveOf(served, { id: run, hasBegun, isRollback });
  switch (move.kind) {
    case 'REFUSE':
      log('ERROR', 'the stage is not as this rollout has left it', { executionId: run, reason: move.why });
      return failed(move.why);
    case 'DONE':
      await leaveNoCanary(stage, served);
      return { kind: 'PASSED', summary: 'All requests go to the new version' };
    case 'GO_BACK':
      await leaveNoCanary(stage, served);
      await stage.moveAll(await stage.snapshot(run));
      return { kind: 'PASSED', summary: 'A rollback: all requests go to the version before, at once' };
    case 'BEGIN':
      await leaveNoCanary(stage, served);
      return begin(stage, run, shift.value, now);
    case 'WATCH':
      return watch(stage, served, shift.value, state.value ?? { step: run, since: now, tallies: [] }, now);
  }
}

async function begin(stage: ApiStage, run: string, steps: readonly ShiftStep[], now: string): Promise<JobAnswer> {
  const percent = percentAt(steps, 0);
  await stage.giveCanary(await stage.snapshot(run), percent);
  return goesOn({ step: run, since: now, tallies: [] }, 0, percent, []);
}

async function watch(
  stage: ApiStage,
  { canary }: ServedStage,
  steps: readonly ShiftStep[],
  state: HookState,
  now: string,
): Promise<JobAnswer> {
  const { step: run, since, tallies } = state;
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok || canary === undefined) {
    throw new Error('the checks cannot be read');
  }
  const { checks } = document.value;
  const plan = { checks, bakeMinutes: hookBakeMinutes(), since };
  const looked = await lookAnew(plan, tallies, run, now, (command) => measure(command, clients));
  const { verdict, reasons, checks: states } = looked.evaluation;
  const watched = elapsed(since, now);
  if (verdict === 'PASS') {
    tellChecks(states, checks, run);
    await stage.promote(canary.id);
    return { kind: 'PASSED', summary: summaryOf('All requests go to the new version', ...reasons) };
  }
  if (verdict !== 'RUNNING' || watched >= LONGEST) {
    tellChecks(states, checks, run);
    await stage.dropCanary();
    const late = verdict === 'RUNNING' ? 'The time of the action was up' : undefined;
    return failed(summaryOf('The canary was removed, all requests go to the version before', late, ...reasons));
  }
  const percent = percentAt(steps, watched);
  if (percent !== canary.percent) {
    await stage.share(percent);
  }
  return goesOn({ step: run, since, tallies: looked.tallies }, watched, percent, reasons);
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

/** Where nobody can tell, the way is the careful one: by a canary. */
async function isOfRollback(pipelineExecutionId: string): Promise<boolean> {
  const pipelineName = optionalEnv(Env.PIPELINE);
  if (pipelineName === undefined) {
    return false;
  }
  try {
    const run = await codepipeline.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }));
    return run.pipelineExecution?.executionType === 'ROLLBACK';
  } catch (error) {
    log('WARN', 'whether this is a rollback cannot be read', {
      executionId: pipelineExecutionId,
      error: errorName(error),
    });
    return false;
  }
}

function stageOf(): ApiStage {
  return new ApiStage(env(Env.REST_API), env(Env.API_STAGE));
}
