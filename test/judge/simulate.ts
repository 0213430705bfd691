/** Many bakes, and how many of them are rejected. */
import type { Paired } from '../../lambda/domain/judge/paired';
import { chance, type Chance } from './random';
import type { Judge } from './judges';

export interface Outcome {
  /** Of all bakes. */
  readonly rejected: number;
  /** Of those, after how many minutes on average; undefined where none was. */
  readonly minutes?: number;
}

/** The same bakes for each judge. */
export function simulate<Name extends string>(
  judges: Readonly<Record<Name, Judge>>,
  draw: (chance: Chance) => Paired,
  bakes: number,
  seed = 1,
): Readonly<Record<Name, Outcome>> {
  const dice = chance(seed);
  const names = Object.keys(judges) as Name[];
  const found = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let bake = 0; bake < bakes; bake += 1) {
    const series = draw(dice);
    for (const name of names) {
      const minute = judges[name](series);
      if (minute !== undefined) found.get(name)?.push(minute);
    }
  }
  const outcome = (minutes: readonly number[]): Outcome => ({
    rejected: minutes.length / bakes,
    ...(minutes.length === 0 ? {} : { minutes: minutes.reduce((sum, minute) => sum + minute, 0) / minutes.length }),
  });
  return Object.fromEntries(names.map((name) => [name, outcome(found.get(name) ?? [])])) as Record<Name, Outcome>;
}
