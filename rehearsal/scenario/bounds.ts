/** What a scenario bounds: calls, request units, transitions, dollars, processor time. */
import { costOf, totalOf } from '../cost';
import { known } from './names';
import type { Rehearsal } from './rehearsal';
import type { Expectation } from './expectation';

const BOUNDS: readonly (keyof Expectation)[] = [
  'callsAtMost',
  'readUnitsAtMost',
  'writeUnitsAtMost',
  'transitionsAtMost',
  'secondsAtMost',
  'readGrowthAtMost',
  'costAtMost',
];

/** What is more than expected, in words. */
export function beyond(rehearsal: Rehearsal, expected: Expectation): readonly string[] {
  // A wait asks at every step of time, and adding up takes a while.
  if (!BOUNDS.some((name) => expected[name] !== undefined)) return [];
  const { world } = rehearsal;
  const counts = world.counts();
  const problems: string[] = [];
  const atMost = (what: string, found: number, most: number | undefined): void => {
    if (most !== undefined && found > most) problems.push(`${what} are ${rounded(found)}, more than ${most}`);
  };
  for (const [operation, most] of Object.entries(expected.callsAtMost ?? {})) {
    known('operation', operation, world.operations);
    const found = counts.calls[operation] ?? 0;
    if (found > most) problems.push(`${operation} was called ${found} times, more than ${most}`);
  }
  atMost('the read units', counts.readUnits, expected.readUnitsAtMost);
  atMost('the write units', counts.writeUnits, expected.writeUnitsAtMost);
  atMost('the state transitions', counts.transitions, expected.transitionsAtMost);
  atMost('the processor seconds', rehearsal.seconds, expected.secondsAtMost);
  for (const [name, most] of Object.entries(expected.readGrowthAtMost ?? {})) {
    known('mark', name, [...rehearsal.marks.keys()]);
    const factor = counts.readUnits / (rehearsal.marks.get(name)?.readUnits ?? 0);
    if (factor > most) problems.push(`the read units are ${rounded(factor)} times those at ${name}, more than ${most}`);
  }
  if (expected.costAtMost !== undefined) {
    const cost = totalOf(costOf(counts));
    if (cost > expected.costAtMost) problems.push(`it cost $${cost.toFixed(4)}, more than $${expected.costAtMost}`);
  }
  return problems;
}

function rounded(found: number): number {
  return Math.round(found * 100) / 100;
}
