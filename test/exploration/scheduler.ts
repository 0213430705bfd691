/** Every way in which the world may go on: which process makes its next call, what fails, what arrives, who acts, how time passes. */
import type { ActionTarget } from '../../contract/messages';
import type { GatePolicy } from '../../contract/policy';
import type { Turn } from '../../lambda/decide/action-event';
import { takeDecisions } from '../../lambda/decide/decisions';
import { takeTurn } from '../../lambda/decide/turn';
import type { Call, Outside } from './calls';
import { checkCall, checkTaken, type Maker, type Secrets } from './invariants';
import { Programs, type Answer, type Ending, type Point, type Program } from './programs';
import { Interrupted, isPoint, isWrite, perform, shortName, sorted, wordsOf, type Circumstances } from './services';
import {
  DEADLINE,
  decisionFields,
  GATE,
  iso,
  keyOf,
  MINUTE,
  REQUEST,
  START,
  type Health,
  type StreamItem,
  type Timer,
  type World,
} from './world';

/** A step that somebody outside may take, whenever `may` holds. */
export interface Step {
  readonly words: string;
  may?(world: World): boolean;
  act(world: World): World;
}

export type Fault = 'crash' | 'refused' | 'answer lost' | 'sent twice';

/** A small request, and what may happen to it. */
export interface Configuration extends Omit<Circumstances, 'policy'> {
  readonly name: string;
  readonly policy: GatePolicy;
  readonly actors: Readonly<Record<string, readonly Step[]>>;
  readonly faults: readonly Fault[];
  /** Timer runs and stream batches that are under way at once. */
  readonly passes: number;
  readonly batches: number;
  /** The world from which everything is tried. */
  readonly begin: (quiet: World) => World;
  readonly looks?: { readonly atMost: number; readonly step: number };
  /** Begins before the request exists: notification and event may both open it. */
  readonly fromTheDoor?: boolean;
  /** How it is with what the checks look at, before the request exists. Absent = well. */
  readonly health?: Health;
  /** People have no links. */
  readonly inConsole?: boolean;
  /** Emails to one person are gathered for so many milliseconds. */
  readonly digestEvery?: number;
}

/** A process that is under way. */
export interface Process {
  readonly label: string;
  readonly kind: 'turn' | 'batch' | 'notice';
  /** Timer of a turn, records of a batch. */
  readonly of: string;
  readonly items: readonly StreamItem[];
  readonly startedAt: number;
  readonly removedBefore: readonly string[];
  readonly changeSetBefore: number;
  readonly point: Point;
}

export interface State {
  readonly world: World;
  readonly processes: readonly Process[];
}

export interface Move {
  readonly kind: 'call' | 'start' | 'arrival' | 'act' | 'time';
  words(): string;
  make(): State | Promise<State>;
}

/** How long a look may take, and how much time passes at once while one is under way, unless a configuration says otherwise. */
const PROMPT = { atMost: MINUTE, step: 45_000 };
const PAUSE = 15 * MINUTE;
/** Of the nine tries of a turn, so many are modelled before its pause. */
const TRIES = 3;

export function keyOfState({ world, processes }: State): string {
  const parts = processes.map(
    ({ label, point, startedAt, removedBefore, changeSetBefore, items }) =>
      `${label}:${point.id}:${startedAt - START}:${removedBefore.length}:${changeSetBefore}:${items.map(({ id }) => id).join('.')}`,
  );
  return `${keyOf(world)}|${parts.join('|')}`;
}

export class Scheduler {
  constructor(
    readonly configuration: Configuration,
    readonly programs: Programs,
    private readonly secrets: Secrets,
  ) {}

  moves(state: State): readonly Move[] {
    const { world, processes } = state;
    const moves: Move[] = [];
    const { faults, passes, batches } = this.configuration;
    for (const process of processes) {
      const { call } = process.point;
      const add = (fault?: Fault) =>
        moves.push({
          kind: 'call',
          words: () =>
            `${process.label}: ${call === undefined ? '' : wordsOf(call)}${fault === undefined ? '' : ` — ${FAULT_WORDS[fault]}`}`,
          make: () => this.step(state, process, fault),
        });
      add();
      if (world.budget.faults > 0 && call !== undefined) {
        faults.filter((fault) => applies(fault, call)).forEach(add);
      }
    }
    const turns = processes.filter(({ kind }) => kind !== 'batch').length;
    if (turns < passes) {
      for (const name of dueTimers(world)) {
        moves.push({
          kind: 'start',
          words: () => `timer ${shortName(name)} wakes`,
          make: () => this.startTurn(state, name),
        });
      }
      if (world.notices.length > 0 && !processes.some(({ kind }) => kind === 'notice')) {
        moves.push({
          kind: 'arrival',
          words: () => 'intake takes the notification',
          make: () => this.startNotice(state),
        });
      }
    }
    moves.push(...this.arrivals(state, processes.filter(({ kind }) => kind === 'batch').length < batches));
    moves.push(...this.actions(state));
    moves.push(...this.time(state));
    return moves;
  }

  private arrivals(state: State, free: boolean): readonly Move[] {
    const { world } = state;
    const { stream, taken, budget } = world;
    const first = stream[0];
    if (!free) {
      return [];
    }
    const inFlight = state.processes.flatMap(({ items }) => items.map(({ id }) => id));
    const waiting = stream.filter(({ id }) => !inFlight.includes(id));
    const moves: Move[] = [];
    const add = (items: readonly StreamItem[], how: string, cost: Partial<World['budget']> = {}) =>
      moves.push({
        kind: 'arrival',
        words: () => `the stream brings ${items.map(({ id }) => `decision ${id}`).join(' and ')}${how}`,
        make: () => this.startBatch({ ...state, world: { ...world, budget: { ...budget, ...cost } } }, items),
      });
    if (first !== undefined && waiting[0] === first) {
      add([first], '');
      if (waiting.length > 1) {
        add(waiting, ' in one batch');
      }
    }
    if (budget.reorders > 0) {
      waiting
        .filter((item) => item !== first)
        .forEach((item) => add([item], ' out of order', { reorders: budget.reorders - 1 }));
    }
    if (budget.duplicates > 0) {
      const again = [...taken, ...stream.filter(({ id }) => inFlight.includes(id))];
      again.forEach((item) => add([item], ' again', { duplicates: budget.duplicates - 1 }));
    }
    return moves;
  }

  private actions(state: State): readonly Move[] {
    const { world } = state;
    return Object.entries(this.configuration.actors).flatMap(([name, steps]) => {
      const position = world.actors[name] ?? 0;
      const step = steps[position];
      if (step === undefined || step.may?.(world) === false) {
        return [];
      }
      const make = () => ({
        ...state,
        world: { ...step.act(world), actors: sorted({ ...world.actors, [name]: position + 1 }) },
      });
      return [{ kind: 'act' as const, words: () => `${name} ${step.words}`, make }];
    });
  }

  private time(state: State): readonly Move[] {
    const { world, processes } = state;
    const moves: Move[] = [];
    if (world.gate.status === 'WAITING' && world.clock >= DEADLINE) {
      moves.push({
        kind: 'time',
        words: () => 'the approval expires',
        make: () => ({ ...state, world: expired(world) }),
      });
    }
    // CodePipeline lags behind for moments, not for hours.
    const busy = processes.length > 0 || dueTimers(world).length > 0 || world.stream.length > 0 || !world.gate.shown;
    const next = nextTime(world);
    if (!busy && world.notices.length === 0 && next !== undefined) {
      moves.push({
        kind: 'time',
        words: () => `time passes until ${iso(next).slice(11, 19)}`,
        make: () => ({ ...state, world: at(world, next) }),
      });
    }
    const { atMost, step } = this.configuration.looks ?? PROMPT;
    const later = world.clock + step;
    const alive = processes.every(({ startedAt }) => later - startedAt <= atMost);
    if (world.budget.waits > 0 && alive && later < DEADLINE && (processes.length > 0 || dueTimers(world).length > 0)) {
      const budget = { ...world.budget, waits: world.budget.waits - 1 };
      moves.push({
        kind: 'time',
        words: () => `time passes until ${iso(later).slice(11, 19)}, while something is under way`,
        make: () => ({ ...state, world: { ...at(world, later), budget } }),
      });
    }
    return moves;
  }

  /** One call of a process, and all that follows it of which nobody else can tell when it happens. */
  async step(state: State, process: Process, fault?: Fault): Promise<State> {
    const { call: first } = process.point;
    let { world } = state;
    if (fault !== undefined) {
      world = { ...world, budget: { ...world.budget, faults: world.budget.faults - 1 } };
    }
    let { point } = process;
    let call = first;
    let failing = fault;
    const turnOf = (one: Process) => state.world.timers[one.of]?.entered ?? one.startedAt;
    const others = without(state, process).map(turnOf);
    const turnAt = turnOf(process);
    const { startedAt, removedBefore, changeSetBefore } = process;
    const maker = { startedAt, removedBefore, changeSetBefore, others, turnAt };
    while (call !== undefined) {
      let answer: Answer;
      const { loaded, measured } = point;
      [world, answer] = await this.call(world, call, { ...maker, loaded, measured }, failing);
      if (failing === 'crash') {
        return { world: this.ended(world, process, CRASHED), processes: without(state, process) };
      }
      point = await this.programs.goOn(point, answer);
      failing = undefined;
      call = point.call !== undefined && !isPoint(point.call, this.configuration) ? point.call : undefined;
    }
    if (point.ending !== undefined) {
      return { world: this.ended(world, process, point.ending), processes: without(state, process) };
    }
    return { world, processes: state.processes.map((one) => (one === process ? { ...process, point } : one)) };
  }

  private async call(world: World, call: Call, maker: Maker, fault: Fault | undefined): Promise<[World, Answer]> {
    if (fault === 'refused') {
      return [world, { key: 'throttled', error: new Interrupted('ThrottlingException') }];
    }
    const done = await this.checked(world, call, maker);
    if (fault === 'answer lost') {
      return [
        call.port === 'mail' ? unsure(done[0]) : done[0],
        { key: 'timeout', error: new Interrupted('TimeoutError') },
      ];
    }
    return fault === 'sent twice' ? this.checked(done[0], call, maker) : done;
  }

  private async checked(world: World, call: Call, maker: Maker): Promise<[World, Answer]> {
    const performed = await perform(world, call, this.configuration);
    const { answer } = performed;
    const after = call.port === 'mail' ? noted(performed.world, maker.turnAt) : performed.world;
    if (after !== world) {
      if (after.rows !== world.rows) {
        after.rows.forEach((row) => this.secrets.checkRow(row));
      }
      if (call.port === 'timer' || call.port === 'event') {
        this.secrets.checkText(JSON.stringify(call));
      }
    }
    checkCall(world, after, call, maker, this.configuration.policy);
    return [after, answer];
  }

  /** What becomes of the timer, the stream or the queue once a process has ended. */
  private ended(world: World, { kind, of, items }: Process, ending: Ending): World {
    switch (kind) {
      case 'turn':
        return withTimer(world, of, (timer) =>
          ending.ok ? answered(timer, ending.value) : failed(timer, world.clock),
        );
      case 'notice':
        return ending.ok ? { ...world, notices: world.notices.slice(1) } : world;
      case 'batch': {
        const bad = ending.ok ? (ending.value as readonly string[]) : items.map(({ id }) => `${id}`);
        const from = items.findIndex(({ id }) => bad.includes(`${id}`));
        const done = from < 0 ? items : items.slice(0, from);
        checkTaken(
          world,
          done.map(({ id }) => id),
        );
        const isDone = ({ id }: StreamItem) => done.some((item) => item.id === id);
        const taken = world.taken.filter((item) => !isDone(item));
        return {
          ...world,
          stream: world.stream.filter((item) => !isDone(item)),
          taken: world.budget.duplicates > 0 ? [...taken, ...done].sort((a, b) => a.id - b.id) : [],
        };
      }
    }
  }

  async startTurn(state: State, name: string): Promise<State> {
    const { world } = state;
    const timer = world.timers[name] as Timer;
    const entered = timer.entered ?? world.clock;
    const running = withTimer(world, name, (one) => ({ ...one, entered, running: true }));
    const now = iso(entered);
    return this.start({ ...state, world: running }, 'turn', name, [], {
      name: `turn ${name} ${JSON.stringify(timer.target)} ${now} ${timer.failures}`,
      run: ({ ports }) => takeTurn(ports, timer.target, now),
    });
  }

  private async startBatch(state: State, items: readonly StreamItem[]): Promise<State> {
    const records = items.map(({ id, at: time, row }) => ({
      sequenceNumber: `${id}`,
      kind: 'INSERT' as const,
      at: iso(time),
      byTtl: false,
      row: decisionFields(row),
    }));
    const numbers = items.map(({ id, row }) => `${id}=${row}`).join(' ');
    return this.start(state, 'batch', '', items, {
      name: `batch ${numbers} ${items.map(({ at: time }) => time).join(' ')}`,
      run: ({ ports }) => takeDecisions(ports, records),
    });
  }

  private async startNotice(state: State): Promise<State> {
    const now = iso(state.world.clock);
    return this.start(state, 'notice', 'notice', [], { name: `notice ${now}`, run: (outside) => notice(outside, now) });
  }

  private async start(
    { world, processes }: State,
    kind: Process['kind'],
    of: string,
    items: readonly StreamItem[],
    program: Program,
  ): Promise<State> {
    const point = await this.programs.start(program);
    const label =
      kind === 'batch' ? `stream ${items.map(({ id }) => id).join('+')}` : kind === 'turn' ? shortName(of) : of;
    const process = {
      label,
      kind,
      of,
      items,
      startedAt: world.clock,
      removedBefore: world.policy.removed,
      changeSetBefore: world.changeSet,
      point,
    };
    const state = { world, processes: [...processes, process].sort((a, b) => (a.label < b.label ? -1 : 1)) };
    // What comes first may be something of which nobody else can tell.
    return point.call !== undefined && !isPoint(point.call, this.configuration) ? this.step(state, process) : state;
  }
}

function noted(world: World, look: number): World {
  const { told } = world.mail;
  const last = told.at(-1);
  return last === undefined || last.look === look || last.at !== world.clock || last.look !== world.clock
    ? world
    : { ...world, mail: { ...world.mail, told: [...told.slice(0, -1), { ...last, look }] } };
}

/** Mail may have gone out, and its sender does not know. */
function unsure(world: World): World {
  const { told } = world.mail;
  const last = told.at(-1);
  return last === undefined
    ? world
    : { ...world, mail: { ...world.mail, told: [...told.slice(0, -1), { ...last, unsure: true }] } };
}

const CRASHED: Ending = { ok: false, error: undefined };

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  crash: 'done, and the process dies',
  refused: 'fails, and nothing was done',
  'answer lost': 'done, but the process hears of a failure',
  'sent twice': 'done twice by the SDK, the second answer counts',
};

function applies(fault: Fault, call: Call): boolean {
  switch (fault) {
    case 'crash':
      return true;
    case 'sent twice':
      return isWrite(call);
    case 'refused':
      return !['check', 'policy', 'people', 'directory'].includes(call.port);
    case 'answer lost':
      return isWrite(call) || call.port === 'mail' || call.port === 'timer' || call.port === 'event';
  }
}

/** As `intake` does it. */
async function notice({ ports, intake }: Outside, now: string): Promise<void> {
  await intake.ask(REQUEST, { ...GATE, requestedAt: iso(START), expires: iso(DEADLINE) });
  await ports.startTimer(REQUEST, { requestId: REQUEST }, now);
}

function without({ processes }: State, process: Process): readonly Process[] {
  return processes.filter((one) => one !== process);
}

function withTimer(world: World, name: string, change: (timer: Timer) => Timer): World {
  const timer = world.timers[name];
  return timer === undefined ? world : { ...world, timers: { ...world.timers, [name]: change(timer) } };
}

function answered({ target: before }: Timer, value: unknown): Timer {
  const next = value as Turn | undefined;
  const target = next?.target ?? before;
  return next === undefined
    ? { target, failures: 0, running: false }
    : { target, at: Date.parse(next.at), failures: 0, running: false };
}

/** Retries have the time of the first try; after the last one there is a pause, and then a new time. */
function failed({ target, at: due, entered, failures }: Timer, clock: number): Timer {
  return failures + 1 >= TRIES
    ? { target, at: clock + PAUSE, failures: 0, running: false }
    : {
        target,
        ...(due === undefined ? {} : { at: due }),
        ...(entered === undefined ? {} : { entered }),
        failures: failures + 1,
        running: false,
      };
}

export function dueTimers({ timers, clock }: World): readonly string[] {
  return Object.entries(timers).flatMap(([name, { at: due, running }]) =>
    due !== undefined && due <= clock && !running ? [name] : [],
  );
}

/** When something is due next; nothing passes over the deadline of an approval that waits. */
export function nextTime({ timers, clock, gate }: World): number | undefined {
  const times = Object.values(timers).flatMap(({ at: due }) => (due !== undefined && due > clock ? [due] : []));
  if (gate.status === 'WAITING') {
    return clock >= DEADLINE ? undefined : times.length === 0 ? undefined : Math.min(DEADLINE, ...times);
  }
  return times.length === 0 ? undefined : Math.min(...times);
}

export function at(world: World, clock: number): World {
  return { ...world, clock };
}

export function expired(world: World): World {
  const { clock, gate } = world;
  return { ...world, gate: { status: 'FAILED', at: clock, shown: true, ours: gate.ours } };
}

export const eventTarget = (since: string): ActionTarget => ({ gate: GATE, executionId: 'run-1', since });
