/** Explores a configuration: all that may happen to a request, and whether all ends well from there. */
import { looksBack, plansOf } from './check-invariants';
import { checkEnding, expectedEnding, Secrets } from './invariants';
import { Programs } from './programs';
import { outsideOf, type Outside } from './calls';
import { visit, type Bounds, type Numbers } from './visit';
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

export interface Options extends Bounds {
  readonly wrap?: (outside: Outside) => Outside;
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
  const secrets = new Secrets();
  const { wrap = (outside) => outside } = options;
  const programs = new Programs(secrets, (ask) => {
    const outside = outsideOf(ask);
    return wrap(
      gathering(configuration.digestEvery, configuration.inConsole === true ? withoutLinks(outside) : outside),
    );
  });
  const scheduler = new Scheduler(configuration, programs, secrets);
  const recovery = new Recovery(scheduler);
  const visited = await visit<State>(
    {
      name: configuration.name,
      first: async () => ({ world: await beginning(scheduler, recovery, budget), processes: [] }),
      keyOf: keyOfState,
      moves: (state) => scheduler.moves(state),
      isQuiet: ({ processes }) => processes.length === 0,
      recover: ({ world }) => recovery.check(world),
      recovered: () => recovery.words(),
    },
    options,
  );
  return { ...visited, name: configuration.name, recoveries: recovery.count, branches: programs.size };
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
