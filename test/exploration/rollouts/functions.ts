/** The real handlers, with everything that they ask of AWS, of the clock and of time itself handed to whoever explores them. */
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { AsyncLocalStorage } from 'node:async_hooks';
import timers from 'node:timers/promises';
import type { Delivery } from './world';
import { MINUTE, SECOND, START } from './world';

/** A command of the SDK, or a sleep. */
export interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, any>>;
}

/** What a call gets: when, and a value or an error. */
export interface Told {
  readonly at: number;
  readonly value?: unknown;
  readonly error?: Error;
}

export interface Outside {
  ask(call: Call): Promise<unknown>;
  now: number;
}

export type FunctionName = keyof typeof HANDLERS;

/** Secrets that no line of a log may hold. */
export const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 's3cret', sessionToken: 't0ken' };

const TIME_OF_FUNCTION = 15 * MINUTE;
const CLIENTS = [APIGatewayClient, CloudWatchClient, CodeDeployClient, CodePipelineClient];

const HANDLERS = {
  'stage-rollout': () => import('../../../lambda/stage-rollout/handler'),
  'health-action': () => import('../../../lambda/health-action/handler'),
  hook: () => import('../../../lambda/hook/handler'),
};

const asking = new AsyncLocalStorage<Outside>();

export function outsideOf(ask: (call: Call) => Promise<unknown>): Outside {
  const outside: Outside = {
    now: START,
    ask: async (call) => {
      const { at, value, error } = (await ask(call)) as Told;
      outside.now = at;
      if (error !== undefined) {
        throw error;
      }
      return value;
    },
  };
  return outside;
}

/** One invocation of a function. */
export async function invoked(
  name: FunctionName,
  delivery: Delivery,
  began: number,
  outside: Outside,
): Promise<unknown> {
  outside.now = began;
  return asking.run(outside, async () => {
    switch (name) {
      case 'stage-rollout':
        return (await HANDLERS['stage-rollout']()).handler(eventOf(delivery) as never);
      case 'health-action':
        return (await HANDLERS['health-action']()).handler(eventOf(delivery) as never);
      case 'hook': {
        const event = { DeploymentId: delivery.run, LifecycleEventHookExecutionId: delivery.id };
        const context = { getRemainingTimeInMillis: () => TIME_OF_FUNCTION - (outside.now - began) };
        return (await HANDLERS.hook()).handler(event, context);
      }
    }
  });
}

function eventOf({ kind, id, run, token, state, told }: Delivery): object {
  if (kind === 'event') {
    return { time: `${new Date(told).toISOString().slice(0, 19)}Z`, detail: { state, 'execution-id': run } };
  }
  const data = {
    actionConfiguration: { configuration: { FunctionName: 'stage', UserParameters: run } },
    inputArtifacts: [],
    outputArtifacts: [],
    artifactCredentials: CREDENTIALS,
    ...(token === undefined ? {} : { continuationToken: token }),
  };
  return { 'CodePipeline.job': { id, accountId: '111111111111', data } };
}

/** While this works, the clients of the SDK, the clock and `sleep` are those of the process that asks. */
export async function withFunctions<T>(
  environment: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  // Code that is loaded only when a process needs it would make that process wait for a disk.
  await Promise.all([...Object.values(HANDLERS).map((load) => load()), import('../../../lambda/aws/measure/alarm')]);
  const undo = [
    ...CLIENTS.map((client) => replaced(client.prototype, 'send', sent)),
    replaced(timers, 'setTimeout', slept),
    ...Object.entries({ AWS_REGION: 'eu-west-1', ...environment }).map(([name, value]) => withVariable(name, value)),
  ];
  const real = globalThis.Date;
  globalThis.Date = clockOf(real);
  try {
    return await work();
  } finally {
    globalThis.Date = real;
    undo.forEach((back) => back());
  }
}

function sent(command: { readonly input: Call['input'] }): Promise<unknown> {
  return outside().ask({ name: command.constructor.name.replace(/Command$/, ''), input: command.input });
}

/** A timer with a signal is one for the case that nothing else comes: here something always does. */
function slept(milliseconds: number, _value?: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown> {
  const { signal } = options ?? {};
  if (signal === undefined) {
    return outside().ask({ name: 'Sleep', input: { seconds: milliseconds / SECOND } });
  }
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}

function outside(): Outside {
  const found = asking.getStore();
  if (found === undefined) {
    throw new Error('somebody asks who is no process');
  }
  return found;
}

function clockOf(real: DateConstructor): DateConstructor {
  const now = (): number => asking.getStore()?.now ?? real.now();
  return class extends real {
    constructor(...of: unknown[]) {
      super(...((of.length === 0 ? [now()] : of) as [number]));
    }

    static override now(): number {
      return now();
    }
  } as DateConstructor;
}

function replaced(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) {
      Reflect.deleteProperty(owner, name);
    } else {
      Object.defineProperty(owner, name, before);
    }
  };
}

function withVariable(name: string, value: string): () => void {
  const before = process.env[name];
  process.env[name] = value;
  return () => {
    if (before === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = before;
    }
  };
}
