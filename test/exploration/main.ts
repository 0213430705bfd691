/**
 * `npx tsx test/exploration/main.ts [--wide] [--only <words>] [--most <states>] [--budget <json>]`: explores, prints what it
 * saw, and fails with a schedule that breaks an invariant: a shortest one, where every order is tried.
 */
import type { Budget } from './world';
import { EXPLORATIONS } from './configurations';
import { explore, type Numbers, type Options } from './explore';
import { budgetOf } from './usual';

type Way = readonly [how: string, budget: Partial<Budget>, options: Options, passes?: number];

/** Every order in which things may happen when nothing fails, the nearest states first. */
const EVERY_ORDER: Options = { most: 250_000 };
/** Faults at every call. */
const FAULTS: Options = { most: 150_000 };
/** There are more of these than anybody waits for: to the ends of ways first. */
const FAULTS_AT_ONCE: Options = { most: 50_000, deep: true };
const SHORT: Options = { most: 3_000, deep: true };

async function main(): Promise<void> {
  const wide = process.argv.includes('--wide');
  const valueOf = (name: string) => process.argv[process.argv.indexOf(name) + 1] ?? '';
  const only = process.argv.includes('--only') ? valueOf('--only') : '';
  const budget = process.argv.includes('--budget') ? (JSON.parse(valueOf('--budget')) as Partial<Budget>) : undefined;
  const most = process.argv.includes('--most') ? Number(valueOf('--most')) : undefined;
  const ways = (short: Partial<Budget>, wider: Partial<Budget>): readonly Way[] => {
    if (budget !== undefined) {
      return [['given', budget, {}]];
    }
    return wide
      ? [
          ['every order', {}, EVERY_ORDER],
          ['faults, one look at a time', wider, FAULTS, 1],
          ['faults, looks at once', wider, FAULTS_AT_ONCE],
        ]
      : [['short', short, SHORT]];
  };
  const all: Numbers[] = [];
  for (const { configuration, short, wide: wider } of EXPLORATIONS) {
    if (!configuration.name.includes(only)) {
      continue;
    }
    for (const [how, allowed, bound, passes = configuration.passes] of ways(short, wider)) {
      const numbers = await explore({ ...configuration, passes }, budgetOf(allowed), {
        ...bound,
        ...(most === undefined ? {} : { most }),
      });
      all.push(numbers);
      process.stdout.write(`${lineOf(numbers, how)}\n`);
      if (numbers.found !== undefined) {
        const { invariant, detail, schedule } = numbers.found;
        process.stdout.write(`\nBROKEN: ${invariant}\n  ${detail}\nby the schedule\n`);
        schedule.forEach((words, index) => process.stdout.write(`  ${String(index).padStart(3)} ${words}\n`));
        process.exitCode = 1;
      }
    }
  }
  const sum = (of: (numbers: Numbers) => number) => all.reduce((total, numbers) => total + of(numbers), 0);
  process.stdout.write(
    `\n${all.length} explorations: ${sum(({ states }) => states)} distinct states, ` +
      `${sum(({ transitions }) => transitions)} transitions, ${sum(({ ends }) => ends)} ends, ` +
      `${sum(({ recoveries }) => recoveries)} recoveries, ${sum(({ seconds }) => seconds).toFixed(1)} s\n`,
  );
}

function lineOf(numbers: Numbers, how: string): string {
  const { name, states, transitions, ends, recoveries, branches, seconds, complete } = numbers;
  return (
    `${name} (${how}): ${states} states${complete ? '' : ' (not all)'}, ${transitions} transitions, ${ends} ends, ` +
    `${recoveries} recoveries, ${branches} branches of code, ${seconds.toFixed(1)} s`
  );
}

void main();
