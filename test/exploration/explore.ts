/** Visits every state that a configuration can reach, the nearest first, so that a schedule that is found is a shortest one. */
import { createHash } from 'node:crypto';
import { looksBack, plansOf } from './check-invariants';
import { checkEnding, expectedEnding, Secrets } from './invariants';
import { Violation, type Invariant } from './violation';
import { Programs } from './programs';
import type { Outside } from './calls';
import {
  at,
  dueTimers,
  expired,
  keyOfState,
  nextTime,
  Scheduler,
  type Configuration,
  type Process,
  type State,
} from './scheduler';
import { DEADLINE, emptyWorld, iso, MINUTE, type Budget, type World } from './world';

export interface Found {
  readonly invariant: Invariant;
  readonly detail: string;
  readonly schedule: readonly string[];
}

export interface Numbers {
  readonly name: string;
  readonly states: number;
  readonly transitions: number;
  /** Ends of ways: states in which nothing is left to happen. */
  readonly ends: number;
  /** States from which it was tried whether all ends well, if all is well from there. */
  readonly recoveries: number;
  /** Branches of the real code that were run. */
  readonly branches: number;
  readonly seconds: number;
  /** Every reachable state was visited. */
  readonly complete: boolean;
  readonly found?: Found;
}

export interface Options {
  readonly most?: number;
  /** Goes to the ends of ways first, so that a bounded visit sees them; the schedule that it finds may be a long one. */
  readonly deep?: boolean;
  readonly wrap?: (outside: Outside) => Outside;
  readonly progress?: (states: number, waiting: number) => void;
}

const NO_FAULTS: Budget = { faults: 0, duplicates: 0, reorders: 0, refusals: 0, waits: 0 };
const MOST_TURNS = 60;

function withoutLinks({ ports, ...others }: Outside): Outside {
  return { ...others, ports: { ...ports, answers: { way: 'IN_CONSOLE' } } };
}

function gathering(digestEvery: number | undefined, { ports, ...others }: Outside): Outside {
  return { ...others, ports: { ...ports, ...(digestEvery === undefined ? {} : { digestEvery }) } };
}

export async function explore(configuration: Configuration, budget: Budget, options: Options = {}): Promise<Numbers> {
  const began = process.hrtime.bigint();
  const secrets = new Secrets();
  const { wrap = (outside) => outside } = options;
  const programs = new Programs(secrets, (outside) =>
    wrap(gathering(configuration.digestEvery, configuration.inConsole === true ? withoutLinks(outside) : outside)),
  );
  const scheduler = new Scheduler(configuration, programs, secrets);
  const recovery = new Recovery(scheduler);
  const way = new Way();
  const most = options.most ?? Number.POSITIVE_INFINITY;
  let transitions = 0;
  let ends = 0;
  let found: Found | undefined;
  const queue: { readonly state: State; readonly index: number }[] = [];
  let head = 0;
  try {
    const world = await beginning(scheduler, recovery, budget);
    const first: State = { world, processes: [] };
    way.add(-1, () => 'begin', keyOfState(first));
    queue.push({ state: first, index: 0 });
    while (head < queue.length) {
      const { state, index } = (options.deep === true ? queue.pop() : queue[head]) as (typeof queue)[number];
      if (options.deep !== true) {
        // What was visited is needed no more.
        delete queue[head];
        head += 1;
      }
      if (index % 5_000 === 0) {
        options.progress?.(way.size, queue.length - head);
      }
      const last = way.mark(index);
      if (state.processes.length === 0) {
        last(() => 'and from here on all is well');
        await recovery.check(state.world);
      }
      const moves = scheduler.moves(state);
      ends += moves.length === 0 ? 1 : 0;
      for (const move of moves) {
        transitions += 1;
        last(move.words);
        const next = await move.make();
        if (way.size < most && way.add(index, move.words, keyOfState(next))) {
          queue.push({ state: next, index: way.size - 1 });
        }
      }
    }
  } catch (error) {
    if (!(error instanceof Violation)) {
      throw new Error(`${configuration.name}: ${way.words().slice(-12).join(' / ')}`, { cause: error });
    }
    found = { invariant: error.invariant, detail: error.detail, schedule: [...way.words(), ...recovery.words()] };
  }
  return {
    name: configuration.name,
    states: way.size,
    transitions,
    ends,
    recoveries: recovery.count,
    branches: programs.size,
    seconds: Number(process.hrtime.bigint() - began) / 1e9,
    complete: found === undefined && way.size < most,
    ...(found === undefined ? {} : { found }),
  };
}

/** How each state was reached first; states are known by the MD5 of what they say. */
class Way {
  private readonly seen = new Set<string>();
  private readonly parents: number[] = [];
  private readonly moves: number[] = [];
  private readonly said = new Map<string, number>();
  private at = 0;
  private last = (): string => '';

  get size(): number {
    return this.seen.size;
  }

  add(parent: number, words: () => string, key: string): boolean {
    const before = this.seen.size;
    this.seen.add(createHash('md5').update(key).digest('base64url'));
    if (this.seen.size === before) {
      return false;
    }
    const text = words();
    const number = this.said.get(text) ?? this.said.size;
    this.said.set(text, number);
    this.parents.push(parent);
    this.moves.push(number);
    return true;
  }

  mark(index: number): (words: () => string) => void {
    this.at = index;
    return (words) => {
      this.last = words;
    };
  }

  words(): readonly string[] {
    const words = [this.last()];
    const texts = [...this.said.keys()];
    for (let one = this.at; one >= 0; one = this.parents[one] ?? -1) {
      words.unshift(texts[this.moves[one] ?? 0] ?? '');
    }
    return words;
  }
}

/** From here on all is well: one process at a time, nothing fails, everything arrives, checks are green, nobody acts. */
class Recovery {
  private readonly good = new Set<string>();
  private readonly said: string[] = [];
  count = 0;

  constructor(private readonly scheduler: Scheduler) {}

  /** What happened in the recovery that did not end well. */
  words(): readonly string[] {
    return this.said;
  }

  async check(from: World): Promise<void> {
    if (this.scheduler.configuration.fromTheDoor !== true && from.rows.length === 0) {
      return;
    }
    this.count += 1;
    const gate = { ...from.gate, shown: true };
    const policy = { ...from.policy, readable: true };
    const before = plansOf(this.scheduler.configuration.policy).some(looksBack) ? { before: from.health } : {};
    const health =
      from.health.verdict === 'PASS' ? from.health : { verdict: 'PASS' as const, since: from.clock, ...before };
    const world = { ...from, gate, policy, health, budget: NO_FAULTS, actors: {}, taken: [] };
    await this.recover(world);
  }

  private async recover(begin: World): Promise<void> {
    const visited: string[] = [];
    const expected = expectedEnding(begin, this.scheduler.configuration.policy);
    this.said.length = 0;
    let world = begin;
    for (let turns = 0; ; turns += 1) {
      const key = `${expected ?? ''} ${keyOfState({ world, processes: [] })}`;
      if (this.good.has(key)) {
        break;
      }
      visited.push(key);
      const next = turns < MOST_TURNS ? await this.next(world) : undefined;
      if (next === undefined) {
        checkEnding(world, expected, this.scheduler.configuration.digestEvery !== undefined);
        break;
      }
      world = next;
    }
    this.said.length = 0;
    visited.forEach((key) => this.good.add(key));
  }

  /** The next thing that happens; undefined when nothing is left. */
  async next(world: World, passTime = true): Promise<World | undefined> {
    const { scheduler } = this;
    const state = { world, processes: [] };
    const arrival = scheduler.moves(state).find(({ kind }) => kind === 'arrival');
    if (arrival !== undefined) {
      return this.alone(await arrival.make(), arrival.words());
    }
    const [due] = dueTimers(world);
    if (due !== undefined) {
      return this.alone(await scheduler.startTurn(state, due), `timer ${due.slice(0, 12)} wakes`);
    }
    if (!passTime) {
      return undefined;
    }
    if (world.gate.status === 'WAITING' && world.clock >= DEADLINE) {
      this.said.push('the approval expires');
      return expired(world);
    }
    const time = nextTime(world);
    if (time === undefined) {
      return undefined;
    }
    this.said.push(`time passes until ${iso(time).slice(11, 19)}`);
    return at(world, time);
  }

  private async alone(begun: State, words: string): Promise<World> {
    this.said.push(words);
    let state = begun;
    while (state.processes.length > 0) {
      state = await this.scheduler.step(state, state.processes[0] as Process);
    }
    return state.world;
  }
}

/** The request is opened, its run is found and everybody has mail; or it is not even there. */
async function beginning(scheduler: Scheduler, recovery: Recovery, budget: Budget): Promise<World> {
  const { configuration } = scheduler;
  const empty = emptyWorld(NO_FAULTS);
  let world: World = { ...empty, health: configuration.health ?? empty.health, notices: ['notification'] };
  if (configuration.fromTheDoor !== true) {
    for (let next: World | undefined = world; next !== undefined; next = await recovery.next(next, false)) {
      world = next;
    }
    world = at(world, world.clock + MINUTE);
  }
  const begun = configuration.begin(world);
  return { ...begun, budget };
}
