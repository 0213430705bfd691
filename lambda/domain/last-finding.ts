import type { Measurement } from '../../contract/messages';
import { latestOf } from './time';

/**
 * When these measurements of one check found something out last. One that could not tell may have missed a failure, so the
 * next has to look at its time again.
 */
export function lastFinding(measurements: readonly Measurement[]): string | undefined {
  const [first, ...more] = measurements
    .filter(({ verdict }) => verdict === 'PASS' || verdict === 'FAIL')
    .map(({ at }) => at);
  return first === undefined ? undefined : latestOf(first, ...more);
}
