/** A function of the user's own: what it answers is checked as strictly as anything from outside. */
import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckCommand, LambdaCheckEvent } from '../../../contract/messages';
import type { LambdaCheckPlan } from '../../../contract/checks';
import { isThrottle } from '../failure';
import { functionNameOf, regionOf } from './arn';
import { Attempts, type MeasureClients } from './clients';
import { functionLink, linked } from './console-link';
import type { Finding } from './measure';
import { functionNamed, serviceLinks } from './observed-service';

/** For all tries together. */
const TIMEOUT_MS = 60_000;
/** Milliseconds before each further try of an invocation that Lambda throttled. */
const PAUSES = [500, 1000, 2000, 4000, 8000];
const MAX_REPLY = 64 * 1024;
const MAX_DELAY_SECONDS = 24 * 60 * 60;

const VERDICTS = { SUCCEEDED: 'PASS', FAILED: 'FAIL', IN_PROGRESS: 'IN_PROGRESS' } as const;

export async function measureLambda(
  plan: LambdaCheckPlan,
  command: Pick<CheckCommand, 'requestId' | 'since' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
  pause: Pause = sleep,
): Promise<Finding> {
  const region = regionOf(plan.functionArn);
  const client = clients.of(LambdaClient, region, Attempts.ONCE);
  const name = functionNameOf(plan.functionArn);
  const links = {
    ...linked({ link: functionLink(region, name) }),
    ...serviceLinks(functionNamed(name), region, command),
  };
  const event: LambdaCheckEvent = {
    kind: 'approval-gate-check',
    requestId: command.requestId,
    checkId: plan.id,
    since: command.since,
    now: command.now,
    ...(plan.details === undefined ? {} : { details: plan.details }),
  };
  const answer = await invoked(
    new InvokeCommand({
      FunctionName: plan.functionArn,
      InvocationType: 'RequestResponse',
      Payload: Buffer.from(JSON.stringify(event), 'utf8'),
    }),
    client,
    pause,
  );
  if (answer.FunctionError !== undefined || answer.StatusCode !== 200) {
    return { verdict: 'ERROR', ...links, reason: 'The function of the check failed; its log says why.' };
  }
  return { ...findingOf(answer.Payload ?? new Uint8Array()), ...links };
}

/** Waits, and throws as soon as the signal is aborted. */
type Pause = (milliseconds: number, value: undefined, options: { readonly signal: AbortSignal }) => Promise<unknown>;

/** A throttled function did not run, so it may be invoked again. One that is late or fails did run, and is not invoked again. */
async function invoked(command: InvokeCommand, client: LambdaClient, pause: Pause): Promise<InvokeCommandOutput> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (let attempt = 0; ; attempt++) {
    try {
      return await client.send(command, { abortSignal: signal });
    } catch (error) {
      const longest = PAUSES[attempt];
      if (longest === undefined || !isThrottle(error)) {
        throw error;
      }
      // Not all at the same moment: several gates may have been throttled together.
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}

/** Exactly the contract, or an error. */
export function findingOf(payload: Uint8Array): Finding {
  if (payload.length > MAX_REPLY) {
    return malformed(`is larger than ${MAX_REPLY} bytes`);
  }
  const reply = parsed(payload);
  if (reply === undefined) {
    return malformed('is no JSON object');
  }
  const { hookStatus, callBackDelay, reason } = reply;
  if (hookStatus !== 'SUCCEEDED' && hookStatus !== 'FAILED' && hookStatus !== 'IN_PROGRESS') {
    return malformed('has no `hookStatus` SUCCEEDED, FAILED or IN_PROGRESS');
  }
  if (reason !== undefined && reason !== null && typeof reason !== 'string') {
    return malformed('has a `reason` that is no text');
  }
  if (callBackDelay !== undefined && callBackDelay !== null && !isDelay(callBackDelay)) {
    return malformed(`has a \`callBackDelay\` that is not 1 to ${MAX_DELAY_SECONDS} seconds`);
  }
  const verdict = VERDICTS[hookStatus];
  return {
    verdict,
    reason: typeof reason === 'string' && reason.trim() !== '' ? reason : `The function answered ${hookStatus}.`,
    ...(verdict === 'IN_PROGRESS' && isDelay(callBackDelay) ? { callBackDelay: Math.ceil(callBackDelay) } : {}),
  };
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= MAX_DELAY_SECONDS;
}

function parsed(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function malformed(what: string): Finding {
  return { verdict: 'ERROR', reason: `The answer of the check's function ${what}.` };
}
