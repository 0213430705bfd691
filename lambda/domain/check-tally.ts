/**
 * The running state of one check: all that its measurements so far mean for the verdict, in one small record. Measurements
 * themselves are kept for the record only and never read to decide.
 */
import type { Measurement } from '../../contract/messages';
import type { CheckTiming } from '../../contract/policy';
import { CHECK_SLACK } from './limits';
import { millis, SECOND } from './time';

export interface CheckTally {
  readonly checkId: string;
  /** Good measurements. */
  readonly passes: number;
  readonly failures: number;
  readonly failuresInARow: number;
  readonly errorsInARow: number;
  readonly inconclusives: number;
  readonly inconclusivesInARow: number;
  /** What the latest failure was, and why the check could not tell last. */
  readonly failure?: string;
  readonly doubt?: string;
  /** The check was seen healthy without a hole from its start until then. */
  readonly coveredUntil?: string;
  /** The first time for which nobody can say whether the check was healthy. */
  readonly hole?: { readonly from: string; readonly to: string };
  /** When the check last found something out (PASS or FAIL). */
  readonly lastFinding?: string;
  /** The newest measurement, and the newest that is not "in progress". */
  readonly last: Measurement;
  readonly lastFinished?: Measurement;
  /** Since when measurements have the verdict of the newest. */
  readonly unchangedSince: string;
}

/** The longest time between two good measurements that still counts as watching without interruption. */
export function longestGap({ interval }: Pick<CheckTiming, 'interval'>): number {
  return 2 * interval * SECOND + CHECK_SLACK;
}

/**
 * The tally with one measurement more. A measurement that is not newer than the last one is known already.
 *
 * @param start when the check was to be measured first
 */
export function withMeasurement(
  tally: CheckTally | undefined,
  measurement: Measurement,
  timing: Pick<CheckTiming, 'interval'>,
  start: string,
): CheckTally {
  if (tally !== undefined && millis(measurement.at) <= millis(tally.last.at)) {
    return tally;
  }
  const { verdict, at } = measurement;
  const unchanged = tally !== undefined && tally.last.verdict === verdict;
  const before: Omit<CheckTally, 'checkId' | 'last' | 'unchangedSince'> = tally ?? NONE;
  const next: CheckTally = {
    ...before,
    checkId: measurement.checkId,
    last: measurement,
    unchangedSince: unchanged ? tally.unchangedSince : at,
  };
  if (verdict === 'IN_PROGRESS') {
    return next;
  }
  const finished = {
    ...next,
    lastFinished: measurement,
    errorsInARow: verdict === 'ERROR' ? before.errorsInARow + 1 : 0,
    inconclusivesInARow: verdict === 'INCONCLUSIVE' ? before.inconclusivesInARow + 1 : 0,
  };
  switch (verdict) {
    case 'PASS':
      return {
        ...finished,
        passes: before.passes + 1,
        failuresInARow: 0,
        lastFinding: at,
        ...coverage(before, measurement, timing, start),
      };
    case 'FAIL':
      return {
        ...finished,
        failures: before.failures + 1,
        failuresInARow: before.failuresInARow + 1,
        failure: measurement.reason,
        lastFinding: at,
      };
    case 'INCONCLUSIVE':
      return { ...finished, inconclusives: before.inconclusives + 1, doubt: measurement.reason };
    case 'ERROR':
      return finished;
  }
}

const NONE = {
  passes: 0,
  failures: 0,
  failuresInARow: 0,
  errorsInARow: 0,
  inconclusives: 0,
  inconclusivesInARow: 0,
} satisfies Partial<CheckTally>;

function coverage(
  before: Pick<CheckTally, 'coveredUntil' | 'hole'>,
  { at, healthySince }: Measurement,
  timing: Pick<CheckTiming, 'interval'>,
  start: string,
): Pick<CheckTally, 'coveredUntil' | 'hole'> {
  const from = before.coveredUntil ?? start;
  const to = healthySince ?? at;
  const isHole = before.hole === undefined && millis(to) - millis(from) > longestGap(timing);
  return { coveredUntil: at, ...(isHole ? { hole: { from, to } } : {}) };
}
