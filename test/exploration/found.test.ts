/**
 * BUGS that the exploration found and that are OPEN. Each test says which invariant breaks, in which circumstances; it fails once
 * the bug is repaired, and then its circumstances belong into `configurations.ts`. docs/exploration.md tells what they mean.
 */
import { budgetOf, EXPLORATIONS } from './configurations';
import { explore } from './explore';
import type { Invariant } from './invariants';
import type { Configuration } from './scheduler';
import { MINUTE, type Budget } from './world';

/** What the function's time-out allows: a look of two minutes. */
const slow = { atMost: 2 * MINUTE, step: 2 * MINUTE };

interface OpenBug {
  readonly name: string;
  readonly configuration: string;
  readonly circumstances: Partial<Configuration>;
  readonly budget: Partial<Budget>;
  readonly breaks: Invariant;
}

const OPEN: readonly OpenBug[] = [
  {
    name: 'a veto that is kept after a look has read the votes, and before it decides, changes nothing',
    configuration: 'yes and no of one person, one after the other',
    circumstances: { latestVetoes: true },
    budget: {},
    breaks: 'an approval has its quorum or its health',
  },
];

interface Repaired {
  readonly name: string;
  readonly configuration: string;
  readonly passes: number;
}

/** What slow looks did until a look took two minutes at most, a claim outlasted it, and a failed turn was entered anew. */
const REPAIRED: readonly Repaired[] = [
  {
    name: 'a slow look sends no mail that another one has sent',
    configuration: 'two looks tell the outcome',
    passes: 2,
  },
  {
    name: 'a slow look that changes the evidence loses no yes that was given meanwhile',
    configuration: 'guarded, and the check turns red',
    passes: 1,
  },
];

describe('repaired', () => {
  it.each(REPAIRED.map((bug) => [bug.name, bug] as const))('%s', async (_, { configuration: name, passes }) => {
    const { found } = await explore(
      { ...configurationOf(name), passes, looks: slow, faults: [] },
      budgetOf({ waits: 1 }),
      { most: 30_000 },
    );

    expect(found).toBeUndefined();
  });
});

function configurationOf(name: string): Configuration {
  const configuration = EXPLORATIONS.find((one) => one.configuration.name === name)?.configuration;
  if (configuration === undefined) {
    throw new Error(`no configuration is called ${name}`);
  }
  return configuration;
}

describe('BUG, open', () => {
  it.each(OPEN.map((bug) => [bug.name, bug] as const))(
    '%s',
    async (_, { configuration: name, circumstances, budget, breaks }) => {
      const narrowed = { ...configurationOf(name), passes: 1, ...circumstances };
      const { found } = await explore({ ...narrowed, faults: [] }, budgetOf(budget), { most: 30_000 });
      expect(found?.invariant).toBe(breaks);
      if (process.env['SHOW_SCHEDULES'] !== undefined) {
        process.stderr.write(`${[found?.detail, ...(found?.schedule ?? [])].join('\n')}\n`);
      }
    },
  );
});
