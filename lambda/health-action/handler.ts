/**
 * A Lambda action of a pipeline: each job is one look at its checks, and hands what it knows to the next one by its continuation token,
 * until their bake time is over. Whatever goes wrong, the action fails. It never logs its event, which holds credentials, nor the id of its
 * job, by which anybody might answer it.
 */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { hookBakeMinutes } from '../aws/hook-bake';
import { errorName, log } from '../aws/log';
import { tellChecks } from '../aws/log-checks';
import { ownClients } from '../aws/measure/clients';
import { measure } from '../aws/measure/measure';
import { parseToken, tokenOf } from '../aws/job-token';
import { answeringJob, answerJob, failed, isRun, LONGEST, percentOf, type JobAnswer } from '../aws/pipeline-job';
import { lookAnew } from '../domain/hook-look';
import { parseChecks } from '../domain/parse-policy';
import { summaryOf } from '../domain/summary';
import { elapsed, iso, MINUTE } from '../domain/time';

const codepipeline = new CodePipelineClient({});
const clients = ownClients();

export async function handler(event: CodePipelineEvent): Promise<void> {
  const { id, data } = event['CodePipeline.job'];
  const run = data.actionConfiguration.configuration.UserParameters;
  const answer = await answerTo(run, data.continuationToken).catch((error: unknown) => {
    log('ERROR', 'the action could not run its checks', { error: errorName(error) });
    return failed('The checks could not be run. The log of the function says why');
  });
  await answeringJob(() => answerJob(codepipeline, id, answer));
}

async function answerTo(run: unknown, token: unknown): Promise<JobAnswer> {
  // A job holds no time: the action lives in the present.
  const now = iso(Date.now());
  if (!isRun(run)) {
    log('ERROR', 'an action that nobody understands');
    return failed('This action was not made by HealthCheckAction: its user parameters are not the id of a run');
  }
  const document = parseChecks(env(Env.HOOK_CHECKS));
  const state = parseToken(token, run, now);
  if (!document.ok || !state.ok) {
    const unread = document.ok ? state : document;
    log('ERROR', 'the action cannot be read', { executionId: run, reason: unread.ok ? '' : unread.problem });
    return failed('The checks, or what is known of them so far, cannot be read');
  }
  const { checks } = document.value;
  const { since, tallies } = state.value ?? { since: now, tallies: [] };
  const bakeMinutes = hookBakeMinutes();
  const plan = { checks, bakeMinutes, since };
  const looked = await lookAnew(plan, tallies, run, now, (command) => measure(command, clients));
  const { verdict, reasons, checks: states } = looked.evaluation;
  const watched = elapsed(since, now);
  if (verdict !== 'RUNNING' || watched >= LONGEST) {
    tellChecks(states, checks, run);
    const late = verdict === 'RUNNING' ? 'The time of the action was up' : undefined;
    return { kind: verdict === 'PASS' ? 'PASSED' : 'FAILED', summary: summaryOf(late, ...reasons) };
  }
  const next = tokenOf({ step: run, since, tallies: looked.tallies });
  if (next === undefined) {
    log('ERROR', 'what is known of the checks does not fit into a token', { executionId: run });
    return failed('What is known of the checks does not fit into a continuation token: give fewer checks');
  }
  const minutes = Math.floor(watched / MINUTE);
  return {
    kind: 'WATCHING',
    summary: summaryOf(`Watched for ${minutes} of ${bakeMinutes} minutes`, ...reasons),
    percent: percentOf(minutes, bakeMinutes),
    token: next,
  };
}
