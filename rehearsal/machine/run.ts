import { createHash } from 'node:crypto';
import type { VirtualClock } from '../virtual-clock';
import { holds } from './choice';
import { effectiveInput, effectiveOutput, maybeAt, outputOf, place, StateError, valueAt } from './data-flow';

/** What a machine's run needs. */
export interface Ground {
  readonly clock: VirtualClock;
  /** `$$.Execution` and `$$.StateMachine`. */
  readonly context: Readonly<Record<string, unknown>>;
  perform(resource: string, input: unknown): Promise<unknown>;
  /** Whether somebody stopped the run. */
  stopped(): boolean;
  enter(state: string, input: unknown): void;
  /** What the run has used so far; counted as AWS counts. */
  readonly usage: Usage;
}

/** What AWS limits (25,000 events of history) and bills (transitions: each state entered, each retry). */
export interface Usage {
  events: number;
  transitions: number;
}

/** Ends a run that was stopped; nobody catches it. */
export class Stopped extends Error {}

/** Ends a run whose history is full. As on AWS, no Retry and no Catch handles it. */
class HistoryFull extends StateError {
  constructor() {
    super('States.Runtime', `the execution reached the maximum number of history events (${MOST_EVENTS})`);
  }
}

const MOST_EVENTS = 25_000;

/** The events that a state's work adds to the history: of a task, that it was scheduled, started, and how it ended. */
const EVENTS_OF_WORK: Readonly<Record<string, number>> = { Task: 3, Parallel: 2, Map: 2 };
/** Each iteration of a Map has begun, and has ended. */
const EVENTS_OF_ITERATION = 2;
/** A state is entered, and left again. */
const ENTERED = 1;
const EXITED = 1;

interface Step {
  readonly output: unknown;
  readonly next?: string;
}

/** Runs the states of `machine` from its start, and answers the output of its end. */
export async function runStates(machine: any, input: unknown, ground: Ground, item?: unknown): Promise<unknown> {
  let name: string = machine.StartAt;
  let data = input;
  for (;;) {
    const state = machine.States[name];
    if (state === undefined) {
      throw new StateError('States.Runtime', `there is no state ${name}`);
    }
    ground.enter(name, data);
    happened(ground, ENTERED);
    const step = await runState(name, state, data, ground, item);
    if (state.Type !== 'Fail') {
      happened(ground, EXITED);
    }
    data = step.output;
    if (step.next === undefined) {
      return data;
    }
    name = step.next;
  }
}

/** Notes so many events of the history; a full one ends the run. */
function happened({ usage }: Ground, events: number): void {
  usage.events += events;
  if (usage.events >= MOST_EVENTS) {
    throw new HistoryFull();
  }
}

async function runState(name: string, state: any, input: unknown, ground: Ground, item: unknown): Promise<Step> {
  const entered = ground.clock.iso();
  const tries = new Map<object, number>();
  for (let retries = 0; ; retries += 1) {
    if (ground.stopped()) {
      throw new Stopped();
    }
    const context = {
      ...ground.context,
      State: { Name: name, EnteredTime: entered, RetryCount: retries },
      ...(item === undefined ? {} : { Map: { Item: item } }),
    };
    ground.usage.transitions += 1;
    try {
      happened(ground, EVENTS_OF_WORK[state.Type] ?? 0);
      return await perform(state, input, context, ground);
    } catch (error) {
      if (error instanceof Stopped || error instanceof HistoryFull) {
        throw error;
      }
      const failure = error instanceof StateError ? error : new StateError('States.Runtime', String(error));
      const pause = pauseOf(state, failure, tries, `${name} ${ground.clock.now()}`);
      if (pause === undefined) {
        return caught(state, failure, input);
      }
      await ground.clock.sleepUntil(ground.clock.now() + pause * 1000, `retry ${name}`);
    }
  }
}

async function perform(state: any, raw: unknown, context: any, ground: Ground): Promise<Step> {
  const next: string | undefined = state.End === true ? undefined : state.Next;
  switch (state.Type) {
    case 'Task': {
      const result = await ground.perform(state.Resource, effectiveInput(state, raw, context));
      return { output: effectiveOutput(state, raw, result, context), next };
    }
    case 'Pass': {
      const result = state.Result ?? effectiveInput(state, raw, context);
      return { output: outputOf(state, place(state.ResultPath, raw, result), context), next };
    }
    case 'Wait':
      await ground.clock.sleepUntil(wakeTime(state, raw, context, ground), 'wait');
      if (ground.stopped()) {
        throw new Stopped();
      }
      return { output: through(state, raw, context), next };
    case 'Choice': {
      const input = effectiveInput(state, raw, context);
      const rule = state.Choices.find((one: any) => holds(one, (path) => maybeAt(path, { input, context })));
      const chosen: string | undefined = rule?.Next ?? state.Default;
      if (chosen === undefined) {
        throw new StateError('States.NoChoiceMatched', 'no choice matched');
      }
      return { output: outputOf(state, input, context), next: chosen };
    }
    case 'Succeed':
      return { output: through(state, raw, context) };
    case 'Fail':
      throw new StateError(textOf(state, 'Error', raw, context), textOf(state, 'Cause', raw, context));
    case 'Parallel': {
      const input = effectiveInput(state, raw, context);
      const results = await Promise.all(state.Branches.map((branch: any) => runStates(branch, input, ground)));
      return { output: effectiveOutput(state, raw, results, context), next };
    }
    case 'Map':
      return { output: await runMap(state, raw, context, ground), next };
    default:
      throw new StateError('States.Runtime', `the rehearsal cannot run a state of type ${String(state.Type)}`);
  }
}

async function runMap(state: any, raw: unknown, context: any, ground: Ground): Promise<unknown> {
  const { InputPath, ItemsPath = '$', Parameters, ItemSelector = Parameters } = state;
  const input = effectiveInput({ InputPath }, raw, context);
  const items = valueAt(ItemsPath, { input, context }) as unknown[];
  const results: unknown[] = [];
  for (const [Index, Value] of items.entries()) {
    const item = { Index, Value };
    const own = { ...context, Map: { Item: item } };
    const value = ItemSelector === undefined ? Value : effectiveInput({ Parameters: ItemSelector }, input, own);
    happened(ground, EVENTS_OF_ITERATION);
    results.push(await runStates(state.ItemProcessor ?? state.Iterator, value, ground, item));
  }
  return effectiveOutput(state, raw, results, context);
}

function through(state: any, raw: unknown, context: unknown): unknown {
  return outputOf(state, effectiveInput({ InputPath: state.InputPath }, raw, context), context);
}

function wakeTime(state: any, raw: unknown, context: unknown, ground: Ground): number {
  const input = effectiveInput({ InputPath: state.InputPath }, raw, context);
  const at = (path: string): unknown => valueAt(path, { input, context });
  const timestamp = state.Timestamp ?? (state.TimestampPath === undefined ? undefined : at(state.TimestampPath));
  const seconds = state.Seconds ?? (state.SecondsPath === undefined ? 0 : at(state.SecondsPath));
  const time = timestamp === undefined ? ground.clock.now() + Number(seconds) * 1000 : Date.parse(String(timestamp));
  if (Number.isNaN(time)) {
    throw new StateError('States.Runtime', `not a time to wait for: ${String(timestamp ?? seconds)}`);
  }
  return time;
}

function textOf(state: any, name: 'Error' | 'Cause', input: unknown, context: unknown): string {
  const path = state[`${name}Path`];
  return String(path === undefined ? (state[name] ?? '') : valueAt(path, { input, context }));
}

/** Seconds until the next try, when a retrier says so. The first one that names the error decides, and counts for itself. */
function pauseOf(state: any, failure: StateError, tries: Map<object, number>, moment: string): number | undefined {
  const retrier = (state.Retry as any[] | undefined)?.find(({ ErrorEquals }) => names(ErrorEquals, failure.code));
  if (retrier === undefined) {
    return undefined;
  }
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds = Infinity } = retrier;
  const tried = tries.get(retrier) ?? 0;
  tries.set(retrier, tried + 1);
  const longest = Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds);
  const pause = retrier.JitterStrategy === 'FULL' ? longest * fractionOf(moment) : longest;
  return tried < MaxAttempts ? pause : undefined;
}

/** Stands for chance: a number from 0 up to 1 that is the same in every rehearsal. */
function fractionOf(moment: string): number {
  return createHash('sha256').update(moment).digest().readUInt32BE() / 2 ** 32;
}

function caught(state: any, failure: StateError, input: unknown): Step {
  const catcher = (state.Catch as any[] | undefined)?.find(({ ErrorEquals }) => names(ErrorEquals, failure.code));
  if (catcher === undefined) {
    throw failure;
  }
  const result = { Error: failure.code, Cause: failure.reason };
  return { output: place(catcher.ResultPath, input, result), next: catcher.Next };
}

/** `States.ALL` catches everything but a broken machine. */
function names(wanted: readonly string[], code: string): boolean {
  if (wanted.includes(code)) {
    return true;
  }
  if (code === 'States.Runtime' || code === 'States.DataLimitExceeded') {
    return false;
  }
  return wanted.includes('States.ALL') || (wanted.includes('States.TaskFailed') && code !== 'States.Timeout');
}
