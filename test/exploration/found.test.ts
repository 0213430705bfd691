/**
 * BUGS that the exploration found and that are OPEN. Each test says which invariant breaks, in which circumstances; it fails once
 * the bug is repaired, and then its circumstances belong into `configurations.ts`. docs/exploration.md tells what they mean.
 */
import { budgetOf, EXPLORATIONS } from './configurations';
import { explore } from './explore';
import type { Invariant } from './invariants';
import type { Configuration } from './scheduler';
import { MINUTE, type Budget } from './world';

/** What the function's time-out allows: a look of five minutes. */
const slow = { atMost: 5 * MINUTE, step: 2.5 * MINUTE };
/** Between the tries of a turn up to four minutes pass. */
const betweenTries = { atMost: 0, step: 1.5 * MINUTE };

interface OpenBug {
  readonly name: string;
  readonly configuration: string;
  readonly circumstances: Partial<Configuration>;
  readonly budget: Partial<Budget>;
  readonly breaks: Invariant;
}

const OPEN: readonly OpenBug[] = [
  {
    name: 'a look that takes longer than the claim of a mail sends it although another one has sent it',
    configuration: 'two looks tell the outcome',
    circumstances: { looks: slow },
    budget: { waits: 1 },
    breaks: 'one outcome mail for a person, of what really happened',
  },
  {
    name: 'a turn that is tried again keeps its first time, so that a health of minutes ago is fresh to it',
    configuration: 'guarded, and the check turns red',
    circumstances: { looks: betweenTries },
    budget: { refusals: 1, waits: 1 },
    breaks: 'nothing is approved while its health is red',
  },
  {
    name: 'a slow look dates the evidence back, and a yes that was given meanwhile counts for nothing',
    configuration: 'guarded, and the check turns red',
    circumstances: { looks: slow },
    budget: { waits: 1 },
    breaks: 'everything ends well once all is well',
  },
  {
    name: 'a veto that is kept after a look has read the votes, and before it decides, changes nothing',
    configuration: 'yes and no of one person, one after the other',
    circumstances: { latestVetoes: true },
    budget: {},
    breaks: 'an approval has its quorum or its health',
  },
];

describe('BUG, open', () => {
  it.each(OPEN.map((bug) => [bug.name, bug] as const))(
    '%s',
    async (_, { configuration: name, circumstances, budget, breaks }) => {
      const configuration = EXPLORATIONS.find((one) => one.configuration.name === name)?.configuration;
      if (configuration === undefined) {
        throw new Error(`no configuration is called ${name}`);
      }
      const narrowed = { ...configuration, passes: breaks.startsWith('one outcome mail') ? 2 : 1, ...circumstances };
      const { found } = await explore({ ...narrowed, faults: [] }, budgetOf(budget), { most: 30_000 });
      expect(found?.invariant).toBe(breaks);
      if (process.env['SHOW_SCHEDULES'] !== undefined) {
        process.stderr.write(`${[found?.detail, ...(found?.schedule ?? [])].join('\n')}\n`);
      }
    },
  );
});
