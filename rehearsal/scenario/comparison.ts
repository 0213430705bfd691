import type { Expectation } from './expectation';
import type { Rehearsal } from './rehearsal';

/** Compares what can be seen with what is expected; returns what differs, in words. */
export type Compare<Wanted> = (rehearsal: Rehearsal, wanted: Wanted) => readonly string[];

/** How each thing that a scenario may expect is compared. */
export type Comparisons = { readonly [Name in keyof Expectation]-?: Compare<NonNullable<Expectation[Name]>> };

export function differs(what: string, found: unknown, wanted: unknown): readonly string[] {
  return found === wanted ? [] : [`${what} is ${String(found)}, not ${String(wanted)}`];
}

/** Compares each member of a map. */
export function each<Wanted>(
  compare: (rehearsal: Rehearsal, name: string, wanted: Wanted) => readonly string[],
): Compare<Readonly<Record<string, Wanted>>> {
  return (rehearsal, map) => Object.entries(map).flatMap(([name, wanted]) => compare(rehearsal, name, wanted));
}
