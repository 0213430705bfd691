/**
 * `npx jest test/exploration/promotion` walks a little; `WIDE=1` walks for an hour, by other ways each time, and says how far it got.
 * What breaks is printed with its seed and the moves that lead there; with `STORY=1` also with all that happened in each walk that broke.
 */
import fc from 'fast-check';
import { assemblyOf, remove } from './apps';
import type { Which } from './plan';
import { PLANTED, type PlantedBug } from './planted';
import { Violation, type Invariant } from './violation';
import { walks, type Numbers } from './walks';

const WIDE = process.env.WIDE !== undefined;
const HOURS = 3 * 3_600_000;
const MOST_MOVES = 30;
/** Walks of which one has to find a bug that is planted. */
const MOST_WALKS = WIDE ? 600 : 60;

test.each<[Which, number]>([
  ['waves', WIDE ? 500 : 3],
  ['conditions', WIDE ? 10_000 : 200],
])(
  '%s: no walk breaks an invariant',
  async (which, numRuns) => {
    const directory = assemblyOf(which);
    const numbers: Numbers = { walks: 0, moves: 0, runs: 0, rollbacks: 0, states: new Set() };
    try {
      await fc.assert(walks({ which, directory, most: MOST_MOVES, numbers }), { numRuns });
    } finally {
      remove(directory);
    }
    const { states, ...counts } = numbers;
    if (WIDE) process.stderr.write(`${which}: ${JSON.stringify({ ...counts, states: states.size })}\n`);
    expect(counts.walks).toBe(numRuns);
    expect(states.size).toBeGreaterThan(5);
  },
  HOURS,
);

describe('a bug that is planted is found', () => {
  test.each(PLANTED.map((bug) => [bug.name, bug.breaks, bug] as const))(
    '%s: %s',
    async (_, invariant, bug) => {
      expect(await broken(bug)).toContain(invariant);
    },
    HOURS,
  );
});

/** The invariants that walks have broken until the one that is meant to find the bug was among them. */
async function broken({ in: which, template, world, breaks, seed: first = 1 }: PlantedBug): Promise<Invariant[]> {
  const directory = assemblyOf(which, template);
  const found: Invariant[] = [];
  const from = WIDE ? Math.floor(Math.random() * 1e9) : first;
  try {
    for (let seed = from; seed < from + MOST_WALKS && !found.includes(breaks); seed += 1) {
      const property = walks({ which, directory, most: MOST_MOVES, sabotage: world });
      const { errorInstance } = await fc.check(property, { seed, numRuns: 1, endOnFailure: true });
      if (errorInstance instanceof Violation) found.push(errorInstance.invariant);
      else if (errorInstance !== null) throw errorInstance;
    }
    return found;
  } finally {
    remove(directory);
  }
}
