import { EXPLORATIONS } from './configurations';
import { explore } from './explore';
import { PLANTED } from './planted';
import type { Configuration } from './scheduler';
import { budgetOf } from './usual';

/** So many states of each configuration; `main.ts` visits the rest. */
const MOST = 1_000;

function named(name: string): Configuration {
  const found = EXPLORATIONS.find(({ configuration }) => configuration.name === name);
  if (found === undefined) {
    throw new Error(`no configuration is called ${name}`);
  }
  return found.configuration;
}

describe('every order of what may happen, in small', () => {
  it.each(EXPLORATIONS.map((one) => [one.configuration.name, one] as const))(
    '%s: no state breaks an invariant',
    async (_, { configuration, short }) => {
      const { found, states } = await explore(configuration, budgetOf(short), { most: MOST, deep: true });
      expect(found).toBeUndefined();
      expect(states).toBeGreaterThan(300);
    },
  );
});

describe('what was found once does not come back', () => {
  it.each([
    ['nobody wakes when the window opens', 'approved before the window opens, and taken back meanwhile', {}, 2, 2_000],
    ['a failure that one of two looks measured is forgotten', 'automated, and the bake fails', {}, 2, 3_000],
    [
      'a held approval is looked at for ever in one instant',
      'guarded, and the check turns red',
      { refusals: 3 },
      1,
      9_000,
    ],
  ])('%s', async (_, name, budget, passes, most) => {
    const { found } = await explore({ ...named(name), passes }, budgetOf(budget), { most });
    expect(found).toBeUndefined();
  });
});

describe('a bug that is planted is found', () => {
  it.each(PLANTED.map((bug) => [bug.name, bug.breaks, bug] as const))(
    '%s: %s',
    async (_, invariant, { plant, configuration: name, budget, alone, deep }) => {
      const configuration = named(name);
      const narrowed = alone === true ? { ...configuration, passes: 1 } : configuration;
      const { found } = await explore(narrowed, budgetOf(budget), { wrap: plant, most: 40_000, deep: deep === true });
      expect(found?.invariant).toBe(invariant);
    },
  );
});
