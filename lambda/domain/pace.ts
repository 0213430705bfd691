import { Pace } from './limits';
import { elapsed } from './time';

/**
 * Milliseconds until the next look at something that only somebody's action can change. What took hours already will not change
 * within minutes.
 */
export function slowingDown(since: string, now: string): number {
  return Math.min(Math.max(Pace.SOMEBODY_ACTS, elapsed(since, now) / 2), Pace.LONGEST_SLEEP);
}
