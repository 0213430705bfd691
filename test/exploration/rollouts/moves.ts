/** Every way in which the world may go on: whose call comes next, what fails, what Lambda brings, what people and alarms do, how time passes. */
import { Programs, type Answer, type Ending, type Point } from '../programs';
import type { Configuration } from './configurations';
import { acted, nextTime, spent, timedOut, turned } from './course';
import { invoked, type Call, type Outside, type Told } from './functions';
import { checkCall, checkDone, type Known, type Lines } from './invariants';
import { Interrupted, isPoint, isWrite, perform, wordsOf } from './services';
import {
  alarmAt,
  at,
  begun,
  currentOf,
  ended,
  iso,
  lastOf,
  MINUTE,
  SECOND,
  START,
  TRIES_AFTER,
  type Delivery,
  type World,
} from './world';

export type Fault = 'dies' | 'refused' | 'answer lost' | 'sent twice';

const FAULTS: readonly Fault[] = ['dies', 'refused', 'answer lost', 'sent twice'];

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  dies: 'done, and then the function dies',
  refused: 'refused',
  'answer lost': 'done, and the answer is lost',
  'sent twice': 'sent twice, and the second answer counts',
};

export interface Process extends Known {
  readonly label: string;
  readonly point: Point<Call, Outside>;
}

export interface State {
  readonly world: World;
  readonly processes: readonly Process[];
}

export interface Move {
  readonly words: () => string;
  readonly make: () => State | Promise<State>;
}

/** How long an invocation takes at most, and how much of that passes at once. */
const LONGEST_LOOK = MINUTE;
const PAUSE = 30 * SECOND;
export function keyOfState({ world, processes }: State): string {
  const parts = processes.map(({ label, point, began, seen, isOpen, measured }) => [
    label,
    point.id,
    began,
    seen,
    isOpen,
    measured,
  ]);
  return JSON.stringify([world, parts]);
}

export class Scheduler {
  constructor(
    readonly configuration: Configuration,
    private readonly programs: Programs<Call, Outside>,
    private readonly lines: Lines,
  ) {}

  moves(state: State): readonly Move[] {
    return [...this.calls(state), ...this.arrivals(state), ...this.acts(state), ...this.times(state)];
  }

  private calls(state: State): readonly Move[] {
    return state.processes.flatMap((process) => {
      const { call } = process.point;
      if (call === undefined) {
        return [];
      }
      const words = `${process.label}: ${wordsOf(call)}`;
      const faults = state.world.budget.faults > 0 ? FAULTS.filter((fault) => applies(fault, call)) : [];
      return [
        { words: () => words, make: () => this.step(state, process) },
        ...faults.map((fault) => ({
          words: () => `${words} — ${FAULT_WORDS[fault]}`,
          make: () => this.step({ ...state, world: spent(state.world, 'faults') }, process, fault),
        })),
      ];
    });
  }

  private arrivals(state: State): readonly Move[] {
    const { world, processes } = state;
    const due = world.deliveries.filter((one) => one.at <= world.clock);
    const isFree = processes.length < this.configuration.atOnce;
    return due.flatMap((delivery) => {
      const label = labelOf(delivery);
      const moves: Move[] = [];
      if (isFree) {
        moves.push({ words: () => `Lambda brings ${label}`, make: () => this.start(state, delivery) });
      }
      if (isFree && world.budget.repeats > 0 && !delivery.late) {
        const again = { ...delivery, late: true };
        const kept = spent(
          { ...without(world, delivery), deliveries: [...without(world, delivery).deliveries, again] },
          'repeats',
        );
        moves.push({
          words: () => `Lambda brings ${label}, and will bring it once more`,
          make: () => this.start({ ...state, world: kept }, delivery),
        });
      }
      if (world.budget.delays > 0 && !delivery.late) {
        const others = without(world, delivery);
        const slow = spent({ ...others, deliveries: [...others.deliveries, { ...delivery, late: true }] }, 'delays');
        moves.push({ words: () => `Lambda is slow with ${label}`, make: () => ({ ...state, world: slow }) });
      }
      return moves;
    });
  }

  private acts(state: State): readonly Move[] {
    const { world } = state;
    const { acts, nextRuns, of } = this.configuration;
    const current = currentOf(world);
    const to = (words: string, next: World): Move => ({ words: () => words, make: () => ({ ...state, world: next }) });
    const moves: Move[] = [];
    if (world.budget.turns > 0 && world.turned.at(-1)?.at !== world.clock) {
      (['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const)
        .filter((one) => one !== alarmAt(world, world.clock))
        .forEach((one) => moves.push(to(`the alarm is ${one}`, spent(turned(world, one, world.clock), 'turns'))));
      const isBetween =
        state.processes.length === 0 &&
        world.turned.length === 0 &&
        world.clock >= START + MINUTE &&
        world.budget.turns > 1;
      if (isBetween) {
        const blinked = turned(turned(world, 'ALARM', world.clock - 40 * SECOND), 'OK', world.clock - 20 * SECOND);
        moves.push(to('the alarm was red for a moment', spent(spent(blinked, 'turns'), 'turns')));
      }
    }
    if (current === undefined) {
      return moves;
    }
    if (current.status === 'IN_PROGRESS') {
      if (world.budget.stops > 0) {
        moves.push(
          to(
            'somebody stops and abandons the run',
            spent(ended(world, current, 'ABANDONED', of === 'stage-rollout'), 'stops'),
          ),
        );
      }
    } else {
      if (world.budget.retries > 0 && current.status !== 'SUCCEEDED') {
        moves.push(
          to(
            `${current.run} is tried again`,
            spent(begun(at(world, world.clock + SECOND), current.run, current.kind), 'retries'),
          ),
        );
      }
      if (world.budget.runs > 0) {
        const run = `run-${world.attempts.length + 1}`;
        nextRuns.forEach((kind) => moves.push(to(`${kind} ${run} begins`, spent(begun(world, run, kind), 'runs'))));
      }
    }
    if (world.budget.people > 0) {
      acts.forEach((act) => {
        const next = acted(world, act);
        if (next !== undefined) {
          moves.push(to(`somebody ${act}`, spent(next, 'people')));
        }
      });
    }
    return moves;
  }

  private times(state: State): readonly Move[] {
    const { world, processes } = state;
    const moves: Move[] = [];
    const over = timedOut(world);
    if (over !== undefined) {
      moves.push({ words: () => 'nobody has answered: it fails', make: () => ({ ...state, world: over }) });
    }
    const isBusy = processes.length > 0 || over !== undefined || isWaiting(world);
    const next = nextTime(world);
    if (!isBusy && next !== undefined) {
      moves.push({
        words: () => `time passes until ${clock(next)}`,
        make: () => ({ ...state, world: at(world, next) }),
      });
    }
    const later = world.clock + PAUSE;
    const isAlive = processes.every(({ began }) => later - began <= LONGEST_LOOK);
    if (world.budget.waits > 0 && processes.length > 0 && isAlive) {
      moves.push({
        words: () => `time passes until ${clock(later)}, while something is in progress`,
        make: () => ({ ...state, world: spent(at(world, later), 'waits') }),
      });
    }
    return moves;
  }

  /** One call of a process, and those after it that no other process can see or change. */
  async step(state: State, process: Process, fault?: Fault): Promise<State> {
    let { world } = state;
    let one = process;
    let failing = fault;
    for (;;) {
      const { call } = one.point;
      if (call === undefined) {
        break;
      }
      const [next, told] = this.told(world, call, one, failing);
      world = next;
      one = learned(one, call, state.world, world, told);
      if (failing === 'dies') {
        return { world: this.failed(world, process), processes: others(state, process) };
      }
      one = { ...one, point: await this.programs.goOn(one.point, answerOf(told)) };
      this.lines.check();
      failing = undefined;
      if (one.point.call !== undefined && isPoint(one.point.call)) {
        break;
      }
    }
    const { ending } = one.point;
    return ending === undefined
      ? { world, processes: state.processes.map((other) => (other === process ? one : other)) }
      : { world: this.done(world, one, ending), processes: others(state, process) };
  }

  private told(world: World, call: Call, by: Known, fault: Fault | undefined): readonly [World, Told] {
    if (fault === 'refused') {
      return [world, { at: world.clock, error: new Interrupted('TooManyRequestsException') }];
    }
    const token = call.input['continuationToken'] as unknown;
    if (typeof token === 'string') {
      this.lines.token(token);
    }
    let done = this.performed(world, call, by);
    if (fault === 'sent twice') {
      done = this.performed(done.world, call, by);
    }
    const { value, error } =
      fault === 'answer lost' ? { value: undefined, error: new Interrupted('TimeoutError') } : done;
    const told = { at: done.world.clock, value, ...(error === undefined ? {} : { error }) };
    return [done.world, told];
  }

  private performed(world: World, call: Call, by: Known) {
    const done = perform(world, call, this.configuration.manners);
    checkCall(world, done.world, by, this.configuration);
    return done;
  }

  private done(world: World, process: Process, ending: Ending): World {
    if (!ending.ok) {
      return this.failed(world, process);
    }
    checkDone(world, process);
    return world;
  }

  /** Lambda tries it again, twice. */
  private failed(world: World, { delivery }: Process): World {
    const after = TRIES_AFTER[delivery.failures];
    const again = { ...delivery, failures: delivery.failures + 1, at: world.clock + (after ?? 0) };
    return after === undefined ? world : { ...world, deliveries: [...world.deliveries, again] };
  }

  async start({ world, processes }: State, delivery: Delivery): Promise<State> {
    const { of } = this.configuration;
    const began = world.clock;
    const { at: _at, late: _late, failures: _failures, ...what } = delivery;
    const point = await this.programs.start({
      name: JSON.stringify([what, began]),
      run: (outside) => invoked(of, delivery, began, outside),
    });
    const process: Process = {
      label: labelOf(delivery),
      delivery,
      began,
      measured: [],

      point,
    };
    const isOverlapped = world.isOverlapped || processes.some((one) => one.delivery.run === delivery.run);
    return { world: { ...without(world, delivery), isOverlapped }, processes: [...processes, process] };
  }
}

function learned(process: Process, call: Call, before: World, after: World, told: Told): Process {
  if (told.error !== undefined) {
    return call.name === 'GetPipelineExecution' ? { ...process, isOpen: true } : process;
  }
  const isOpen = lastOf(before, process.delivery.run)?.status === 'IN_PROGRESS';
  switch (call.name) {
    case 'GetStage':
      return { ...process, seen: after.stage };
    case 'GetPipelineExecution':
    case 'GetPipelineState':
      return { ...process, isOpen };
    case 'DescribeAlarms': {
      const now = { at: after.clock, state: alarmAt(after, after.clock) };
      return { ...process, measured: [...process.measured, now] };
    }
    default:
      return process;
  }
}

function answerOf(told: Told): Answer {
  const { at: time, value, error } = told;
  return { key: JSON.stringify([time, error?.name, value]), value: told };
}

function applies(fault: Fault, call: Call): boolean {
  switch (fault) {
    case 'answer lost':
    case 'sent twice':
      return isWrite(call);
    case 'refused':
      return call.name !== 'Sleep';
    case 'dies':
      return true;
  }
}

function without(world: World, delivery: Delivery): World {
  return { ...world, deliveries: world.deliveries.filter((one) => one !== delivery) };
}

function others({ processes }: State, process: Process): readonly Process[] {
  return processes.filter((one) => one !== process);
}

/** Something is to be brought now. */
function isWaiting({ deliveries, clock: now }: World): boolean {
  return deliveries.some(({ at: time, late }) => !late && time <= now);
}

function labelOf({ kind, id, run }: Delivery): string {
  return `${kind} ${id} of ${run}`;
}

export function clock(time: number): string {
  return iso(time).slice(11, 19);
}
