/**
 * The lifecycle hooks of an ECS deployment: functions that ECS invokes in a stage of it, again and again while they answer IN_PROGRESS
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html).
 */
import { randomUUID } from 'node:crypto';
import { functionNameOf } from '../template/identity';
import type { Resource } from '../template/model';
import type { DeployHost } from './host';

export interface HookEvent {
  readonly lifecycleStage: string;
  /** ARN of the deployment. */
  readonly resourceArn: string;
  readonly executionDetails: {
    readonly serviceArn: string;
    readonly targetServiceRevisionArn: string;
    readonly testTrafficWeights: Readonly<Record<string, number>>;
    readonly productionTrafficWeights: Readonly<Record<string, number>>;
  };
}

/** Lets time go by until then; answers why the deployment was stopped meanwhile, if it was. */
export type Sleep = (until: number, what: string) => Promise<string | undefined>;

interface Running {
  readonly hook: any;
  readonly executionId: string;
  /** When ECS waits for it no more. */
  readonly until: number;
  next: number;
  details: unknown;
}

interface Reply {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  /** In seconds. */
  readonly callBackDelay?: number;
  readonly hookDetails?: unknown;
}

const MINUTE = 60_000;
const DELAY_SECONDS = 30;
const LONGEST_MINUTES = 1_440;

/** Runs the hooks of a stage until all have succeeded; a text says why the deployment must not go on. */
export async function runHooks(
  host: Pick<DeployHost, 'clock' | 'caller' | 'invoke'>,
  service: Resource,
  event: HookEvent,
  sleep: Sleep,
): Promise<string | undefined> {
  const { lifecycleStage: stage } = event;
  const began = host.clock.now();
  let running: readonly Running[] = hooksOf(service, stage).map((hook) => ({
    hook,
    executionId: randomUUID(),
    until: began + (hook.TimeoutConfiguration?.TimeoutInMinutes ?? LONGEST_MINUTES) * MINUTE,
    // Nobody continues a deployment that a hook has paused: it waits until its time is over.
    next: hook.TargetType === 'PAUSE' ? Infinity : began,
    details: hook.HookDetails,
  }));
  while (running.length > 0) {
    const soonest = running.reduce((first, one) => (dueAt(one) < dueAt(first) ? one : first));
    const stopped = await sleep(dueAt(soonest), `${stage} hook of ${service.attributes.Name}`);
    if (stopped !== undefined) return stopped;
    if (soonest.until <= host.clock.now()) {
      if (soonest.hook.TimeoutConfiguration?.Action !== 'CONTINUE') return failed(stage, 'it did not end in time');
      running = running.filter((one) => one !== soonest);
      continue;
    }
    const reply = await ask(host, soonest, event);
    if (typeof reply === 'string') return failed(stage, reply);
    if (reply.hookStatus === 'FAILED') return failed(stage);
    if (reply.hookStatus === 'SUCCEEDED') running = running.filter((one) => one !== soonest);
    soonest.details = reply.hookDetails ?? soonest.details;
    soonest.next = host.clock.now() + (reply.callBackDelay ?? DELAY_SECONDS) * 1_000;
  }
  return undefined;
}

function hooksOf({ properties }: Resource, stage: string): readonly any[] {
  const hooks = (properties.DeploymentConfiguration?.LifecycleHooks ?? []) as any[];
  return hooks.filter(({ LifecycleStages }) => LifecycleStages.includes(stage));
}

function dueAt({ next, until }: Running): number {
  return Math.min(next, until);
}

/** What the hook answers, or why ECS gets no answer that it understands. */
async function ask(
  host: Pick<DeployHost, 'caller' | 'invoke'>,
  { hook, executionId, details }: Running,
  event: HookEvent,
): Promise<Reply | string> {
  const payload = { executionId, ...event, ...(details === undefined ? {} : { hookDetails: details }) };
  try {
    const invoked = await host.invoke(hook.HookTargetArn, payload, host.caller(hook.RoleArn, 'ecs'));
    return isReply(invoked.payload)
      ? invoked.payload
      : `ECS was unable to parse the response from ${functionNameOf(hook.HookTargetArn)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isReply(payload: any): payload is Reply {
  const { hookStatus, callBackDelay = DELAY_SECONDS } = payload ?? {};
  return (
    ['SUCCEEDED', 'FAILED', 'IN_PROGRESS'].includes(hookStatus) && Number.isInteger(callBackDelay) && callBackDelay > 0
  );
}

function failed(stage: string, why?: string): string {
  return `${stage} lifecycle hook(s) failed${why === undefined ? '' : `: ${why}`}`;
}
