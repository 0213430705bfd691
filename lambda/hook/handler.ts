/** A hook of a CodeDeploy deployment: runs its checks and always reports. Whatever goes wrong is reported as Failed. */
import {
  CodeDeployClient,
  LifecycleEventAlreadyCompletedException,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { setTimeout as sleep } from 'node:timers/promises';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { errorName, log } from '../aws/log';
import { measure } from '../aws/measure/measure';
import { ownClients } from '../aws/measure/clients';
import { parseChecks } from '../domain/parse-policy';
import { runChecks } from './run';
import { tellChecks } from '../aws/log-checks';

/** What CodeDeploy sends. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** The part of Lambda's context that the hook uses. */
export interface HookContext {
  getRemainingTimeInMillis(): number;
}

/** Kept for the report itself, and for a measurement under way. */
const RESERVE_SECONDS = 30;

const codedeploy = new CodeDeployClient({ maxAttempts: 8 });
const clients = ownClients();

export async function handler(event: HookEvent, context: HookContext): Promise<void> {
  const passed = await decided(event, context);
  await report(event, passed ? 'Succeeded' : 'Failed');
}

/** Never throws and never takes longer than the function has, so that the report follows in any case. */
async function decided(event: HookEvent, context: HookContext): Promise<boolean> {
  const timer = new AbortController();
  const timeUp = sleep(Math.max(context.getRemainingTimeInMillis() - (RESERVE_SECONDS / 2) * 1000, 0), undefined, {
    signal: timer.signal,
  }).then(
    () => log('ERROR', 'the hook ran out of time', { requestId: event.DeploymentId }),
    () => undefined,
  );
  const verdict = checked(event, context).catch((error: unknown) => {
    log('ERROR', 'the hook could not run its checks', { requestId: event.DeploymentId, error: errorName(error) });
    return false;
  });
  const passed = await Promise.race([verdict, timeUp.then(() => false)]);
  timer.abort();
  return passed;
}

async function checked(event: HookEvent, context: HookContext): Promise<boolean> {
  const requestId = event.DeploymentId;
  const document = parseChecks(env(Env.HOOK_CHECKS));
  if (!document.ok) {
    log('ERROR', 'the checks of the hook cannot be read', { requestId, reason: document.problem });
    return false;
  }
  const { checks } = document.value;
  const result = await runChecks(checks, requestId, {
    measure: (command) => measure(command, clients),
    // CodeDeploy's event holds no time: the hook lives in the present.
    now: () => new Date(),
    pause: (seconds) => sleep(seconds * 1000),
    secondsLeft: () => context.getRemainingTimeInMillis() / 1000 - RESERVE_SECONDS,
  });
  if (result.timeIsUp) {
    log('ERROR', 'the time was up before the checks had passed or failed', { requestId });
  }
  tellChecks(result.checks, checks, requestId);
  return result.passed;
}

async function report(event: HookEvent, status: 'Succeeded' | 'Failed'): Promise<void> {
  try {
    await codedeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: event.DeploymentId,
        lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
        status,
      }),
    );
    log('INFO', `the hook reported ${status}`, { requestId: event.DeploymentId });
  } catch (error) {
    if (error instanceof LifecycleEventAlreadyCompletedException) {
      // A repeated delivery: the first one has answered.
      log('INFO', 'the hook was answered already', { requestId: event.DeploymentId });
      return;
    }
    throw error;
  }
}
