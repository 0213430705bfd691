/** Explores a small rollout: all that may happen to it, and whether all ends well from there. */
import { Programs } from '../programs';
import { must } from '../violation';
import { visit, type Bounds, type Numbers } from '../visit';
import { budgetOf, environmentOf, type Configuration } from './configurations';
import { outsideOf, withFunctions, type Call, type Outside } from './functions';
import { checkEnd, Lines } from './invariants';
import { nextTime, timedOut } from './course';
import { clock, keyOfState, Scheduler, type State } from './moves';
import { alarmAt, at, begun, HOUR, START, type Budget, type World } from './world';

export interface Options extends Bounds {
  /** Plants a bug. */
  readonly plant?: (outside: Outside) => Outside;
}

const LONGEST_ACTION = 24 * HOUR;
const MOST_TURNS = 200;
const NO_BUDGET = budgetOf({});

export function explore(configuration: Configuration, budget: Budget, options: Options = {}): Promise<Numbers> {
  return withFunctions(environmentOf(configuration), () => explored(configuration, budget, options));
}

async function explored(configuration: Configuration, budget: Budget, options: Options): Promise<Numbers> {
  const { plant = (outside) => outside } = options;
  const lines = new Lines();
  const programs = new Programs<Call, Outside>(lines, (ask) => plant(outsideOf(ask)));
  const scheduler = new Scheduler(configuration, programs, lines);
  const recovery = new Recovery(scheduler);
  const { name } = configuration;
  const visited = await visit<State>(
    {
      name,
      first: () => Promise.resolve({ world: beginning(configuration, budget), processes: [] }),
      keyOf: keyOfState,
      moves: (state) => scheduler.moves(state),
      isQuiet: ({ processes }) => processes.length === 0,
      recover: ({ world }) => recovery.check(world),
      recovered: () => recovery.words(),
    },
    options,
  );
  return { ...visited, name, recoveries: recovery.count, branches: programs.size };
}

/** The action begins; or CodeDeploy asks its hook. */
function beginning({ of, kind }: Configuration, budget: Budget): World {
  const empty: World = {
    clock: START,
    stage: { production: 'd0' },
    deployments: [{ id: 'd0', at: START - HOUR }],
    attempts: [],
    deliveries: [],
    turned: [],
    budget,
    promotedByPerson: [],
    isOverlapped: false,
    hasFailed: false,
    isSpoilt: false,
  };
  if (of !== 'hook') {
    return begun(empty, 'run-1', kind);
  }
  const delivery = {
    kind: 'hook',
    id: 'lifecycle-1',
    run: 'd-1',
    told: START,
    at: START,
    failures: 0,
    late: false,
  } as const;
  return { ...empty, lifecycle: { status: 'IN_PROGRESS', began: START }, deliveries: [delivery] };
}

/** From here on all is well: one invocation at a time, nothing fails, everything arrives, the alarm is green, nobody acts. */
class Recovery {
  private readonly good = new Set<string>();
  private readonly said: string[] = [];
  count = 0;

  constructor(private readonly scheduler: Scheduler) {}

  words(): readonly string[] {
    return this.said;
  }

  async check(from: World): Promise<void> {
    this.count += 1;
    this.said.length = 0;
    const isGreen = alarmAt(from, from.clock) === 'OK';
    const turned = isGreen ? from.turned : [...from.turned, { at: from.clock, to: 'OK' as const }];
    let world: World = { ...from, turned, budget: NO_BUDGET };
    const visited: string[] = [];
    for (let turns = 0; ; turns += 1) {
      const key = keyOfState({ world, processes: [] });
      if (this.good.has(key)) {
        break;
      }
      visited.push(key);
      const next = turns < MOST_TURNS ? await this.next(world) : undefined;
      if (next === undefined) {
        checkEnd(world, this.scheduler.configuration);
        break;
      }
      world = next;
      must('everything ends', world.clock <= from.clock + LONGEST_ACTION, () => 'not within a day');
    }
    this.said.length = 0;
    visited.forEach((key) => this.good.add(key));
  }

  /** Undefined when nothing is left. */
  private async next(world: World): Promise<World | undefined> {
    const { scheduler } = this;
    const due = world.deliveries.find((one) => one.at <= world.clock);
    if (due !== undefined) {
      let state = await scheduler.start({ world, processes: [] }, due);
      this.said.push(`Lambda brings ${state.processes[0]?.label ?? ''}`);
      for (let [one] = state.processes; one !== undefined; [one] = state.processes) {
        state = await scheduler.step(state, one);
      }
      return state.world;
    }
    const over = timedOut(world);
    if (over !== undefined) {
      this.said.push('nobody has answered: it fails');
      return over;
    }
    const time = nextTime(world);
    if (time === undefined) {
      return undefined;
    }
    this.said.push(`time passes until ${clock(time)}`);
    return at(world, time);
  }
}
