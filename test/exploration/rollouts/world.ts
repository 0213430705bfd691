/** All there is outside of the functions behind rollouts, as a value: a stage of an API, runs of a pipeline, Lambda's queue, an alarm. */

export const START = Date.parse('2026-11-23T10:00:00.000Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** When CodePipeline brings an action that goes on again; no document of AWS says. */
export const AGAIN = MINUTE;
/** A function answers within that time (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
export const PATIENCE = 20 * MINUTE;
/** Lambda tries an invocation again after these (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). */
export const TRIES_AFTER: readonly number[] = [MINUTE, 2 * MINUTE];

export interface Stage {
  readonly production: string;
  readonly canary?: { readonly id: string; readonly percent: number };
}

/** A snapshot of the API. */
export interface Deployment {
  readonly id: string;
  /** The run that made it; undefined where no rollout did. */
  readonly run?: string;
  readonly at: number;
}

export type RunKind = 'STANDARD' | 'ROLLBACK';

/** One execution of the action, in a run. */
export interface Attempt {
  readonly run: string;
  readonly kind: RunKind;
  /** TIMED_OUT: nobody answered, CodePipeline lets it fail. */
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'ABANDONED' | 'TIMED_OUT';
  readonly began: number;
  readonly jobs: number;
  /** The job that nobody has answered yet. */
  readonly open?: { readonly id: string; readonly at: number };
  /** Jobs that are answered. */
  readonly answered: readonly string[];
}

/** What Lambda has in its queue. */
export interface Delivery {
  readonly kind: 'job' | 'event' | 'hook';
  readonly id: string;
  readonly run: string;
  readonly token?: string;
  /** State of the action that an event tells. */
  readonly state?: string;
  /** When what it tells happened. */
  readonly told: number;
  /** Not before. */
  readonly at: number;
  readonly failures: number;
  /** Time may pass before it is brought: Lambda is slow, or brings it once more. */
  readonly late: boolean;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** How often each of these may happen. */
export interface Budget {
  readonly faults: number;
  /** Something is brought twice. */
  readonly repeats: number;
  /** Something is brought much later. */
  readonly delays: number;
  /** Time passes while something is in progress. */
  readonly waits: number;
  /** The alarm changes its state. */
  readonly turns: number;
  /** Somebody changes the stage. */
  readonly people: number;
  /** Somebody stops and abandons the run. */
  readonly stops: number;
  readonly runs: number;
  readonly retries: number;
}

/** The lifecycle event of a CodeDeploy deployment for which a hook reports. */
export interface Lifecycle {
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly began: number;
}

export interface World {
  readonly clock: number;
  readonly stage: Stage;
  readonly deployments: readonly Deployment[];
  readonly attempts: readonly Attempt[];
  readonly deliveries: readonly Delivery[];
  readonly turned: readonly { readonly at: number; readonly to: AlarmState }[];
  readonly lifecycle?: Lifecycle;
  readonly budget: Budget;
  /** Since when a canary of this run has had requests, without a break. */
  readonly serves?: { readonly run: string; readonly since: number };
  /** Runs to whose deployment a person gave all requests, and deployments of nobody's. */
  readonly promotedByPerson: readonly string[];
  /** Two invocations for a run were in progress at once. */
  readonly isOverlapped: boolean;
  /** A call has failed. */
  readonly hasFailed: boolean;
  /** Anything happened that is not the usual course. */
  readonly isSpoilt: boolean;
}

export const iso = (time: number): string => new Date(time).toISOString();
export const at = (world: World, clock: number): World => ({ ...world, clock });

export function currentOf({ attempts }: World): Attempt | undefined {
  return attempts.at(-1);
}

export function lastOf({ attempts }: World, run: string): Attempt | undefined {
  return attempts.findLast((attempt) => attempt.run === run);
}

export function runOf({ deployments }: World, id: string | undefined): string | undefined {
  return deployments.find((one) => one.id === id)?.run;
}

export function alarmAt({ turned }: World, time: number): AlarmState {
  return turned.findLast((one) => one.at <= time)?.to ?? 'OK';
}

/** Whether the alarm was in this state at any moment from one time to another. */
export function wasIn(world: World, state: AlarmState, from: number, to: number): boolean {
  return (
    alarmAt(world, from) === state || world.turned.some((one) => one.at > from && one.at <= to && one.to === state)
  );
}

export function withAttempt(world: World, changed: Attempt): World {
  const index = world.attempts.findLastIndex(({ run }) => run === changed.run);
  return { ...world, attempts: world.attempts.map((one, place) => (place === index ? changed : one)) };
}

/** The stage, and since when whose canary serves. */
export function withStage(world: World, stage: Stage): World {
  const run = runOf(world, stage.canary?.id);
  const { serves: before, ...others } = world;
  const isSame = run !== undefined && before?.run === run;
  const serves = isSame ? before : { run: run ?? '', since: world.clock };
  return { ...others, stage, ...(run === undefined ? {} : { serves }) };
}

/** A job of the action for the function to answer. */
export function withJob(world: World, attempt: Attempt, token: string | undefined, from: number): World {
  const number = world.attempts.length;
  const id = `job-${number}-${attempt.jobs + 1}`;
  const delivery: Delivery = {
    kind: 'job',
    id,
    run: attempt.run,
    ...(token === undefined ? {} : { token }),
    told: from,
    at: from,
    failures: 0,
    late: false,
  };
  const next = withAttempt(world, { ...attempt, jobs: attempt.jobs + 1, open: { id, at: from } });
  return { ...next, deliveries: [...world.deliveries, delivery] };
}

/** The action ends; an event says so where it did not succeed. */
export function ended(world: World, attempt: Attempt, status: Attempt['status'], tells: boolean): World {
  const { open: _, ...others } = attempt;
  const next = withAttempt(world, { ...others, status });
  const state = status === 'TIMED_OUT' ? 'FAILED' : status;
  const event: Delivery = {
    kind: 'event',
    id: `event-${world.attempts.length}`,
    run: attempt.run,
    state,
    told: world.clock,
    at: world.clock,
    failures: 0,
    late: false,
  };
  return status === 'SUCCEEDED' || !tells ? next : { ...next, deliveries: [...next.deliveries, event] };
}

export function begun(world: World, run: string, kind: RunKind): World {
  const attempt: Attempt = { run, kind, status: 'IN_PROGRESS', began: world.clock, jobs: 0, answered: [] };
  return withJob({ ...world, attempts: [...world.attempts, attempt] }, attempt, undefined, world.clock);
}
