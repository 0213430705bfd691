import { budgetOf, EXPLORATIONS, type Configuration } from './configurations';
import { explore } from './explore';
import { PLANTED } from './planted';

/** So many states of each configuration, the ends of ways first and the nearest ones; `main.ts` visits the rest. */
const MOST = 1_500;

function named(name: string): Configuration {
  const found = EXPLORATIONS.find(({ configuration }) => configuration.name === name);
  if (found === undefined) {
    throw new Error(`no configuration is called ${name}`);
  }
  return found.configuration;
}

describe('every order of what may happen to a rollout, in small', () => {
  it.each(EXPLORATIONS.map((one) => [one.configuration.name, one] as const))(
    '%s: no state breaks an invariant',
    async (_, { configuration, short }) => {
      for (const deep of [true, false]) {
        const { found, states } = await explore(configuration, budgetOf(short), { most: MOST, deep });
        expect(found).toBeUndefined();
        expect(states).toBeGreaterThan(300);
      }
    },
  );
});

describe('a bug that is planted is found', () => {
  it.each(PLANTED.map((bug) => [bug.name, bug.breaks, bug] as const))(
    '%s: %s',
    async (_, invariant, { plant, configuration, budget }) => {
      const { found } = await explore(named(configuration), budgetOf(budget), { plant, most: 20_000 });
      expect(found?.invariant).toBe(invariant);
    },
  );
});
