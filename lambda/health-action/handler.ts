/**
 * A Lambda action of a pipeline: each job is one look at its checks, and hands what it knows to the next one by its continuation token,
 * until their bake time is over. Whatever goes wrong, the action fails. It never logs its event, which holds credentials, nor the id of its
 * job, by which anybody might answer it.
 */
import {
  CodePipelineClient,
  FailureType,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { hookBakeMinutes } from '../aws/hook-bake';
import { errorName, log } from '../aws/log';
import { tellChecks } from '../aws/log-checks';
import { ownClients } from '../aws/measure/clients';
import { measure } from '../aws/measure/measure';
import { answeringJob } from '../aws/pipeline-job';
import { lookAnew } from '../domain/hook-look';
import { parseChecks } from '../domain/parse-policy';
import { summaryOf } from '../domain/summary';
import { elapsed, HOUR, iso, MINUTE } from '../domain/time';
import { parseToken, tokenOf } from './token';

/** An action goes on for 24 hours at most (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html): it ends by itself before. */
const LONGEST = 23.5 * HOUR;

type Answer =
  | { readonly kind: 'PASSED'; readonly summary: string }
  | { readonly kind: 'FAILED'; readonly summary: string }
  | { readonly kind: 'WATCHING'; readonly summary: string; readonly percent: number; readonly token: string };

const codepipeline = new CodePipelineClient({});
const clients = ownClients();

export async function handler(event: CodePipelineEvent): Promise<void> {
  const { id, data } = event['CodePipeline.job'];
  const run = data.actionConfiguration.configuration.UserParameters;
  const answer = await answerTo(run, data.continuationToken).catch((error: unknown) => {
    log('ERROR', 'the action could not run its checks', { error: errorName(error) });
    return failed('The checks could not be run. The log of the function says why');
  });
  await answeringJob(() => report(id, answer));
}

async function answerTo(run: unknown, token: unknown): Promise<Answer> {
  // A job holds no time: the action lives in the present.
  const now = iso(Date.now());
  if (typeof run !== 'string' || !/^[\w-]{1,64}$/.test(run)) {
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
    percent: Math.min(Math.floor((100 * minutes) / Math.max(bakeMinutes, 1)), 99),
    token: next,
  };
}

function failed(summary: string): Answer {
  return { kind: 'FAILED', summary };
}

async function report(jobId: string, answer: Answer): Promise<void> {
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
