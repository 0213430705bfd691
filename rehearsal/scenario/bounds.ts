/** What a scenario bounds: calls, request units, transitions, dollars, processor time. */
import { costOf, totalOf } from '../cost';
import { each, type Comparisons } from './comparison';
import { known } from './names';

/** Counting adds up every call since the beginning, so each is counted only where a scenario bounds it. */
export const BOUNDS = {
  callsAtMost: each(({ world }, operation, most) => {
    known('operation', operation, world.operations);
    const found = world.counts().calls[operation] ?? 0;
    return found > most ? [`${operation} was called ${found} times, more than ${most}`] : [];
  }),
  readUnitsAtMost: ({ world }, most) => above('the read units', world.counts().readUnits, most),
  writeUnitsAtMost: ({ world }, most) => above('the write units', world.counts().writeUnits, most),
  transitionsAtMost: ({ world }, most) => above('the state transitions', world.counts().transitions, most),
  secondsAtMost: ({ seconds }, most) => above('the processor seconds', seconds, most),
  readGrowthAtMost: each(({ world, marks }, name, most) => {
    known('mark', name, [...marks.keys()]);
    const factor = world.counts().readUnits / (marks.get(name)?.readUnits ?? 0);
    return factor > most ? [`the read units are ${rounded(factor)} times those at ${name}, more than ${most}`] : [];
  }),
  costAtMost: ({ world }, most) => {
    const cost = totalOf(costOf(world.counts()));
    return cost > most ? [`it cost $${cost.toFixed(4)}, more than $${most}`] : [];
  },
} satisfies Partial<Comparisons>;

function above(what: string, found: number, most: number): readonly string[] {
  return found > most ? [`${what} are ${rounded(found)}, more than ${most}`] : [];
}

function rounded(found: number): number {
  return Math.round(found * 100) / 100;
}
