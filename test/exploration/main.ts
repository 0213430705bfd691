/**
 * `npx tsx test/exploration/main.ts [--wide] [--only <words>] [--most <states>] [--budget <json>]`: explores, prints what it
 * saw, and fails with a schedule that breaks an invariant: a shortest one, where every order is tried.
 */
import { EXPLORATIONS } from './configurations';
import { explore } from './explore';
import { EXPLORATIONS as ROLLOUTS, budgetOf as budgetOfRollout } from './rollouts/configurations';
import { explore as exploreRollout } from './rollouts/explore';
import { budgetOf } from './usual';
import type { Bounds, Numbers } from './visit';
import type { Budget } from './world';

type Way = readonly [how: string, budget: Partial<Budget>, options: Bounds, passes?: number];

/** Every order in which things may happen when nothing fails, the nearest states first. */
const EVERY_ORDER: Bounds = { most: 250_000 };
/** Faults at every call. */
const FAULTS: Bounds = { most: 150_000 };
/** There are more of these than anybody waits for: to the ends of ways first. */
const FAULTS_AT_ONCE: Bounds = { most: 50_000, deep: true };
const SHORT: Bounds = { most: 3_000, deep: true };

const wide = process.argv.includes('--wide');
const only = valueOf('--only') ?? '';
const given = valueOf('--budget');
const most = valueOf('--most');
const atMost: Bounds = most === undefined ? {} : { most: Number(most) };
const all: Numbers[] = [];

async function main(): Promise<void> {
  await requests();
  await rollouts();
  const sum = (of: (numbers: Numbers) => number) => all.reduce((total, numbers) => total + of(numbers), 0);
  process.stdout.write(
    `\n${all.length} explorations: ${sum(({ states }) => states)} distinct states, ` +
      `${sum(({ transitions }) => transitions)} transitions, ${sum(({ ends }) => ends)} ends, ` +
      `${sum(({ recoveries }) => recoveries)} recoveries, ${sum(({ seconds }) => seconds).toFixed(1)} s\n`,
  );
}

async function requests(): Promise<void> {
  const ways = (short: Partial<Budget>, wider: Partial<Budget>): readonly Way[] => {
    if (given !== undefined) {
      return [['given', JSON.parse(given) as Partial<Budget>, {}]];
    }
    return wide
      ? [
          ['every order', {}, EVERY_ORDER],
          ['faults, one look at a time', wider, FAULTS, 1],
          ['faults, looks at once', wider, FAULTS_AT_ONCE],
        ]
      : [['short', short, SHORT]];
  };
  for (const { configuration, short, wide: wider } of EXPLORATIONS.filter(isWanted)) {
    for (const [how, allowed, bounds, passes = configuration.passes] of ways(short, wider)) {
      tell(how, await explore({ ...configuration, passes }, budgetOf(allowed), { ...bounds, ...atMost }));
    }
  }
}

async function rollouts(): Promise<void> {
  for (const { configuration, short, wide: wider } of ROLLOUTS.filter(isWanted)) {
    const nearest = [short, ...(wide ? wider : [])];
    const budgets = given === undefined ? nearest : [JSON.parse(given) as typeof short];
    for (const budget of budgets) {
      const bounds = wide ? FAULTS : SHORT;
      const how = Object.entries(budget).map(([what, often]) => `${what} ${often}`);
      tell(how.join(', '), await exploreRollout(configuration, budgetOfRollout(budget), { ...bounds, ...atMost }));
    }
  }
}

function isWanted({ configuration: { name } }: { readonly configuration: { readonly name: string } }): boolean {
  return name.includes(only);
}

function valueOf(name: string): string | undefined {
  const place = process.argv.indexOf(name);
  return place < 0 ? undefined : process.argv[place + 1];
}

function tell(how: string, numbers: Numbers): void {
  all.push(numbers);
  process.stdout.write(`${lineOf(numbers, how)}\n`);
  if (numbers.found !== undefined) {
    const { invariant, detail, schedule } = numbers.found;
    process.stdout.write(`\nBROKEN: ${invariant}\n  ${detail}\nby the schedule\n`);
    schedule.forEach((words, index) => process.stdout.write(`  ${String(index).padStart(3)} ${words}\n`));
    process.exitCode = 1;
  }
}

function lineOf(numbers: Numbers, how: string): string {
  const { name, states, transitions, ends, recoveries, branches, seconds, complete } = numbers;
  return (
    `${name} (${how}): ${states} states${complete ? '' : ' (not all)'}, ${transitions} transitions, ${ends} ends, ` +
    `${recoveries} recoveries, ${branches} branches of code, ${seconds.toFixed(1)} s`
  );
}

void main();
