/**
 * A hook of an ECS deployment: each invocation is one look at its checks, until their bake time is over. Whatever goes wrong, ECS is
 * told FAILED and rolls back.
 */
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { hookBakeMinutes } from '../aws/hook-bake';
import { errorName, log } from '../aws/log';
import { measure } from '../aws/measure/measure';
import { ownClients } from '../aws/measure/clients';
import { ecsStepOf, type EcsHookEvent, type EcsStep } from '../domain/ecs-step';
import { carried, parseHookState, type HookState } from '../domain/hook-state';
import { parseChecks } from '../domain/parse-policy';
import { elapsed, iso, SECOND } from '../domain/time';
import { tellChecks } from '../aws/log-checks';
import { look } from '../domain/hook-look';

export interface EcsHookReply {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  /** Seconds until ECS invokes the hook again. */
  readonly callBackDelay?: number;
  readonly hookDetails?: HookState;
}

/** In seconds. A late look leaves a hole in what was watched, so they are never far apart. */
const DELAY = { shortest: 5, longest: 300 } as const;

const clients = ownClients();

export async function handler(event: EcsHookEvent): Promise<EcsHookReply> {
  const step = ecsStepOf(event);
  try {
    return step.isWayBack ? { hookStatus: 'SUCCEEDED' } : await replyTo(event, step);
  } catch (error) {
    const requestId = step.revision;
    log('ERROR', 'the hook could not run its checks', { requestId, error: errorName(error) });
    return { hookStatus: 'FAILED' };
  }
}

async function replyTo({ hookDetails }: EcsHookEvent, step: EcsStep): Promise<EcsHookReply> {
  const requestId = step.revision;
  // The event holds no time: the hook lives in the present.
  const now = iso(Date.now());
  const document = parseChecks(env(Env.HOOK_CHECKS));
  const state = parseHookState(hookDetails, step.name);
  if (!document.ok || !state.ok) {
    const unread = document.ok ? state : document;
    log('ERROR', 'the hook cannot be read', { requestId, reason: unread.ok ? '' : unread.problem });
    return { hookStatus: 'FAILED' };
  }
  const { checks } = document.value;
  const { since, tallies } = state.value ?? { since: now, tallies: [] };
  const plan = { checks, bakeMinutes: hookBakeMinutes(), since };
  const looked = await look(plan, tallies, requestId, now, (command) => measure(command, clients));
  const { verdict, next, checks: states } = looked.evaluation;
  if (verdict === 'RUNNING' && next !== undefined) {
    const wait = Math.ceil(elapsed(now, next) / SECOND);
    return {
      hookStatus: 'IN_PROGRESS',
      callBackDelay: Math.min(Math.max(wait, DELAY.shortest), DELAY.longest),
      hookDetails: carried({ step: step.name, since, tallies: looked.tallies }),
    };
  }
  tellChecks(states, checks, requestId);
  return { hookStatus: verdict === 'PASS' ? 'SUCCEEDED' : 'FAILED' };
}
