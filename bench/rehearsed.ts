/** What gates cost while they wait: rehearsed with the bundled functions, counted and priced. */
import { join } from 'node:path';
import type { Scenario, Step } from '../rehearsal/scenario/schema';
import { ROOT } from './built';
import { runNode } from './processes';
import type { Looked } from './programs/looks';
import type { Rehearsed } from './programs/rehearse';
import { atMost, number, type Bench, type Row } from './row';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GATE = 'Prod/Gate';

type Context = Readonly<Record<string, string>>;

/** The same rehearsal is counted for several rows: it goes the same way every time. */
const done = new Map<string, Promise<Rehearsed>>();

function rehearse(title: string, context: Context, steps: readonly Step[], start?: string): Promise<Rehearsed> {
  const known = done.get(title);
  if (known !== undefined) {
    return known;
  }
  const scenario: Scenario = { title, app: join(ROOT, 'bench/apps/gate.ts'), context, steps, start };
  const program = [require.resolve('tsx/cli'), join(ROOT, 'bench/programs/rehearse.ts'), JSON.stringify(scenario)];
  const result = runNode<Rehearsed>(program, ROOT);
  done.set(title, result);
  return result;
}

const GREEN: Step = { alarm: { name: 'shop-5xx', state: 'OK' } };
const PUSH: Step = { push: { message: 'Sell tea', author: 'dora' } };
const ASKS: Step = { wait: { until: { gate: { [GATE]: 'asks' } }, within: HOUR } };

function bake(hours: number): Promise<Rehearsed> {
  return rehearse(`a bake of ${hours} hours`, { kind: 'bake', hours: String(hours) }, [
    GREEN,
    PUSH,
    { wait: { until: { gate: { [GATE]: 'approved' } }, within: (hours + 1) * HOUR } },
  ]);
}

function manual(days: number): Promise<Rehearsed> {
  return rehearse(`people take ${days} days`, { kind: 'manual' }, [
    PUSH,
    ASKS,
    { wait: { for: days * DAY } },
    { approve: { gate: GATE, as: 'ana@example.com' } },
    { wait: { until: { gate: { [GATE]: 'approved' } }, within: HOUR } },
  ]);
}

/** From Friday evening to Monday morning. */
function weekend(hours: number): Promise<Rehearsed> {
  const steps: readonly Step[] = [
    GREEN,
    PUSH,
    ASKS,
    { wait: { for: hours * HOUR } },
    { approve: { gate: GATE, as: 'ana@example.com' } },
    { wait: { until: { gate: { [GATE]: 'approved' } }, within: HOUR } },
  ];
  return rehearse(`a guarded gate for ${hours} hours`, { kind: 'guarded' }, steps, '2030-01-04T18:00:00Z');
}

function callsOf({ counts }: Rehearsed): number {
  return Object.values(counts.calls).reduce((sum, count) => sum + count, 0);
}

function price(dollars: number): string {
  return `$${dollars.toFixed(dollars < 0.01 ? 4 : 3)}`;
}

/** What makes up most of a price. */
function most({ lines }: Rehearsed): string {
  return [...lines]
    .sort((a, b) => b.dollars - a.dollars)
    .slice(0, 3)
    .map(({ what, count, dollars }) => `${number(count)} ${what} ${price(dollars)}`)
    .join(', ');
}

export const baking: Bench = {
  name: 'bake',
  title: 'a bake with one alarm, measured every minute (rehearsed, counted, priced)',
  async run({ smoke }) {
    const hours = smoke ? 1 : 24;
    const one = await bake(hours);
    const two = await bake(2 * hours);
    const goals = !smoke;
    const { counts, dollars, seconds, passes } = one;
    const growth = two.counts.readUnits / counts.readUnits;
    // What a further pass takes: opening and ending of the request left out. One call reads the policy in force, so that no change weakens its own gate.
    const perPass = (callsOf(two) - callsOf(one)) / (two.passes - one.passes);
    const perPassOf = (what: (result: Rehearsed) => number): string =>
      number((what(two) - what(one)) / (two.passes - one.passes), 1);
    const named = `${hours} h bake`;
    const rows: Row[] = [
      {
        what: `${named}, price`,
        ours: price(dollars),
        beside: most(one),
        goal: goals ? atMost(0.11, dollars, '$0.110') : undefined,
      },
      {
        what: `${named}, state transitions`,
        ours: number(counts.transitions),
        beside: `${number(passes)} passes, ${perPassOf((result) => result.counts.transitions)} transitions each`,
        goal: goals ? atMost(2.1, counts.transitions / passes, '2 a pass') : undefined,
      },
      { what: `${named}, AWS calls`, ours: number(callsOf(one)), beside: '' },
      {
        what: 'AWS calls of a pass that measures',
        ours: number(perPass, 1),
        beside: `${number(two.passes - passes)} further passes`,
        goal: goals ? atMost(8, Number(perPass.toFixed(2)), '8') : undefined,
      },
      {
        what: `${named}, read units`,
        ours: number(counts.readUnits),
        beside: `${number(counts.writeUnits)} write units`,
        goal: goals ? atMost(3000, counts.readUnits, '3,000') : undefined,
      },
      {
        what: `${2 * hours} h bake, read units`,
        ours: `${number(growth, 2)}×`,
        beside: `${number(two.counts.readUnits)} beside ${number(counts.readUnits)} in ${hours} h`,
        goal: goals ? atMost(2.1, growth, '2.10×') : undefined,
      },
      {
        what: `${named}, rehearsed`,
        ours: `${number(seconds, 1)} s of CPU`,
        beside: 'after the stacks were deployed',
        goal: goals ? atMost(15, seconds, '15 s') : undefined,
      },
    ];
    return rows;
  },
};

export const engine: Bench = {
  name: 'engine',
  title: 'the rehearsal itself: a timer that looks every minute, each look with the AWS calls of a gate that bakes',
  async run({ smoke }) {
    const looks = smoke ? 60 : 1_440;
    const program = [require.resolve('tsx/cli'), join(ROOT, 'bench/programs/looks.ts'), String(looks)];
    const { calls, seconds } = await runNode<Looked>(program, ROOT);
    return [
      {
        what: `${number(looks)} looks, rehearsed`,
        ours: `${number(seconds, 1)} s of CPU`,
        beside: `${number(calls)} AWS calls, after the stack was deployed`,
        goal: smoke ? undefined : atMost(15, seconds, '15 s'),
      },
    ];
  },
};

export const waiting: Bench = {
  name: 'wait',
  title: 'gates that wait for people (rehearsed, counted, priced)',
  async run({ smoke }) {
    const days = smoke ? 1 : 7;
    const hours = smoke ? 2 : 63;
    const people = await manual(days);
    const guarded = await weekend(hours);
    const rows: Row[] = [
      {
        what: `people take ${days} days, rehearsed`,
        ours: `${number(people.seconds, 1)} s of CPU`,
        beside: 'after the stacks were deployed',
        goal: smoke ? undefined : atMost(2, people.seconds, '2 s'),
      },
      { what: `people take ${days} days, price`, ours: price(people.dollars), beside: most(people) },
      {
        what: smoke ? `guarded for ${hours} hours, price` : 'guarded weekend, price',
        ours: price(guarded.dollars),
        beside: most(guarded),
        goal: smoke ? undefined : atMost(0.02, guarded.dollars, '$0.020'),
      },
    ];
    return rows;
  },
};
