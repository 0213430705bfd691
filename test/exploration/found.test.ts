/**
 * Bugs that the exploration found where looks are slower than in `configurations.ts`, and that are repaired.
 * docs/exploration.md tells of them.
 */
import { EXPLORATIONS } from './configurations';
import { explore } from './explore';
import { MINUTE } from './world';
import { budgetOf } from './usual';

/** What the function's time-out allows: a look of two minutes. */
const slow = { atMost: 2 * MINUTE, step: 2 * MINUTE };

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

function configurationOf(name: string): (typeof EXPLORATIONS)[number]['configuration'] {
  const configuration = EXPLORATIONS.find((one) => one.configuration.name === name)?.configuration;
  if (configuration === undefined) {
    throw new Error(`no configuration is called ${name}`);
  }
  return configuration;
}
