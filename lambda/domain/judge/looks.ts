/**
 * When a bake is judged. Each look at data that grow is a further chance to find a difference that is none, so there are few, and
 * they share the error budget of the bake. docs/judge.md has the simulations that chose this.
 */
import { Judging } from '../limits';
import { normalQuantile } from './normal';

/** After how many data points of each side there is a look; the last is at the end of the bake. Empty = the bake is too short. */
export function lookSchedule(minPoints: number, bakePoints: number): readonly number[] {
  if (bakePoints < minPoints) {
    return [];
  }
  const looks: number[] = [];
  for (let points = minPoints; points * Judging.LEAST_GROWTH <= bakePoints; points *= Judging.GROWTH) {
    looks.push(Math.round(points));
  }
  return [...looks, bakePoints];
}

/** How many sigma are significant, in either direction, where so many comparisons share the budget. */
export function criticalValue(budget: number, comparisons: number): number {
  return normalQuantile(1 - budget / 2 / comparisons);
}
