/**
 * The running state of one check: all that its measurements so far mean for the verdict, in one small record. Measurements
 * themselves are kept for the record only and never read to decide.
 */
import type { Course } from '../../contract/check-course';
import type { CheckCommand, Measurement } from '../../contract/messages';
import type { CheckTiming } from '../../contract/checks';
import { withStep } from './check-course';
import { CHECK_SLACK } from './limits';
import { millis, SECOND } from './time';

export interface CheckTally {
  readonly checkId: string;
  /** Good measurements. */
  readonly passes: number;
  readonly failures: number;
  /** Measurements that could not tell, without those that a history settled later. */
  readonly inconclusives: number;
  /** Failures since the check passed last. */
  readonly failuresInARow: number;
  readonly errorsInARow: number;
  /** Inconclusive measurements since the check passed or failed last; errors between them do not end the row. */
  readonly inconclusivesInARow: number;
  /** When that row began. */
  readonly doubtedSince?: string;
  /** What the latest failure was, and why the check could not tell last. */
  readonly failure?: string;
  readonly doubt?: string;
  /** Until then the check was seen healthy: without a hole since its start, or with the hole below. */
  readonly coveredUntil?: string;
  /** The first time that is too long in which the check was not seen healthy. */
  readonly hole?: { readonly from: string; readonly to: string };
  /** When the check last found something out (PASS or FAIL). */
  readonly lastFinding?: string;
  /** When it last failed. */
  readonly lastFailure?: string;
  /** The newest measurement, and the newest that is not "in progress". */
  readonly last: Measurement;
  readonly lastFinished?: Measurement;
  /** Since when finished measurements have the verdict of the newest finished one. */
  readonly unchangedSince: string;
  /** The newest measurement is "in progress", and so was every one since then. */
  readonly inProgressSince?: string;
  /** What people are shown. Absent = nothing counted yet. */
  readonly course?: Course;
}

/** What a measurement has to know of those before it. */
export function lastFindingOf(tally: CheckTally | undefined): Pick<CheckCommand, 'lastFinding' | 'lastFailure'> {
  const { lastFinding, lastFailure } = tally ?? {};
  return {
    ...(lastFinding === undefined ? {} : { lastFinding }),
    ...(lastFailure === undefined ? {} : { lastFailure }),
  };
}

/** The longest time between two good measurements that still counts as watching without interruption. */
export function longestGap({ interval }: Pick<CheckTiming, 'interval'>): number {
  return 2 * interval * SECOND + CHECK_SLACK;
}

/**
 * The tally with one measurement more. A good one that knows the history settles earlier doubts: what an alarm was while its
 * history came late is known afterwards. A measurement that is not newer than the last one is known already. One from before the
 * start is remembered, so that it is not made again, and counts for nothing.
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
  const { checkId, verdict, at } = measurement;
  const { inProgressSince, ...before }: Omit<CheckTally, 'checkId' | 'last'> = tally ?? { ...NONE, unchangedSince: at };
  const next = { ...before, checkId, last: measurement };
  if (millis(at) < millis(start)) {
    return next;
  }
  const told = { ...next, course: withStep(before.course, measurement) };
  if (verdict === 'IN_PROGRESS') {
    return { ...told, inProgressSince: inProgressSince ?? at };
  }
  const finished = {
    ...told,
    lastFinished: measurement,
    unchangedSince: before.lastFinished?.verdict === verdict ? before.unchangedSince : at,
  };
  const { doubtedSince, ...certain } = finished;
  switch (verdict) {
    case 'PASS': {
      const from = healthyFrom(measurement, inProgressSince);
      const isSettled = doubtedSince !== undefined && millis(from) <= millis(doubtedSince);
      return {
        ...certain,
        ...NOTHING_IN_A_ROW,
        passes: before.passes + 1,
        inconclusives: before.inconclusives - (isSettled ? before.inconclusivesInARow : 0),
        lastFinding: at,
        ...coverage(before, from, at, timing, start),
      };
    }
    case 'FAIL':
      return {
        ...certain,
        ...NOTHING_IN_A_ROW,
        failures: before.failures + 1,
        failuresInARow: before.failuresInARow + 1,
        failure: measurement.reason,
        lastFinding: at,
        lastFailure: at,
      };
    case 'INCONCLUSIVE':
      return {
        ...certain,
        errorsInARow: 0,
        inconclusives: before.inconclusives + 1,
        inconclusivesInARow: before.inconclusivesInARow + 1,
        doubtedSince: doubtedSince ?? at,
        doubt: measurement.reason,
      };
    case 'ERROR':
      return { ...finished, errorsInARow: before.errorsInARow + 1 };
  }
}

const NOTHING_IN_A_ROW = { failuresInARow: 0, errorsInARow: 0, inconclusivesInARow: 0 } as const;

const NONE = {
  passes: 0,
  failures: 0,
  inconclusives: 0,
  ...NOTHING_IN_A_ROW,
} as const;

/**
 * From when on a good measurement says that the check was healthy: as it says itself, else from the moment when the work on it
 * began, since a check that was in progress for an hour and then passes watched for an hour.
 */
function healthyFrom({ at, healthySince }: Measurement, inProgressSince: string | undefined): string {
  return healthySince ?? inProgressSince ?? at;
}

function coverage(
  before: Pick<CheckTally, 'coveredUntil' | 'hole'>,
  to: string,
  at: string,
  timing: Pick<CheckTiming, 'interval'>,
  start: string,
): Pick<CheckTally, 'coveredUntil' | 'hole'> {
  const from = before.coveredUntil ?? start;
  // Written so that a time that cannot be read is a hole.
  const isCovered = millis(to) - millis(from) <= longestGap(timing);
  return before.hole !== undefined || isCovered ? { coveredUntil: at } : { coveredUntil: at, hole: { from, to } };
}
