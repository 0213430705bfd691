/** `npm run bench`: how fast and how cheap it is, beside what one would have without this library. */
import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { ROOT } from './built';
import { judging } from './judge';
import { baking, engine, waiting } from './rehearsed';
import { promotion } from './promotion';
import { missed, page, table, type Section } from './report';
import type { Bench } from './row';
import { bundleSizes, coldStart, requiring } from './startup';
import { resources, synthesis } from './synth';

const BENCHES: readonly Bench[] = [
  synthesis,
  resources,
  promotion,
  requiring,
  coldStart,
  bundleSizes,
  engine,
  baking,
  waiting,
  judging,
];

interface Options {
  readonly only?: readonly string[];
  readonly pairs: number;
  readonly smoke: boolean;
  readonly strict: boolean;
  readonly write: boolean;
}

const tell = (text: string): void => void process.stderr.write(text);

function options(): Options {
  const names = BENCHES.map(({ name }) => name).join(', ');
  return new Command('npm run bench --')
    .description('Measures the library beside its anchors. Exit code 0 unless a bench cannot run.')
    .option('--only <name...>', `only these: ${names}`)
    .option('--pairs <number>', 'pairs of fresh processes for each time', positive, 7)
    .option('--smoke', 'each bench once and small, without goals: does it still run?', false)
    .option('--strict', 'exit code 1 when a goal is missed', false)
    .option('--write', 'write docs/performance.md', false)
    .showHelpAfterError()
    .parse()
    .opts<Options>();
}

function positive(value: string): number {
  const found = Number(value);
  if (!Number.isInteger(found) || found < 1) {
    throw new InvalidArgumentError('must be a whole number from 1');
  }
  return found;
}

function chosen(only: readonly string[] | undefined): readonly Bench[] {
  const unknown = only?.filter((name) => !BENCHES.some((bench) => bench.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `no bench is called ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}`,
    );
  }
  return BENCHES.filter(({ name }) => only?.includes(name) ?? true);
}

async function main(): Promise<number> {
  const { only, pairs, smoke, strict, write } = options();
  if (write && (smoke || only !== undefined)) {
    throw new Error('--write needs a whole run: leave out --only and --smoke');
  }
  const sections: Section[] = [];
  for (const bench of chosen(only)) {
    const began = performance.now();
    tell(`${bench.name} … `);
    const rows = await bench.run({ pairs: smoke ? 1 : pairs, smoke });
    tell(`${Math.round((performance.now() - began) / 1000)} s\n`);
    sections.push({ bench, rows });
  }
  process.stdout.write(`${table(sections, pc.createColors(process.stdout.isTTY === true))}\n`);
  if (write) {
    const file = join(ROOT, 'docs/performance.md');
    writeFileSync(file, page(sections, new Date().toISOString().slice(0, 10), pairs));
    tell(`wrote ${file}\n`);
  }
  return strict && missed(sections) > 0 ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    tell(`\n${(error as Error).message}\n`);
    process.exitCode = 2;
  },
);
