/** What the lines that a log query chose mean, and in which part of the log it looks for them. */
import type { Measurement } from '../../contract/messages';
import { iso, millis, MINUTE, SECOND } from './time';

/** Lines arrive a while after they were written: measurements overlap by so much. */
const LATE_LINES = 2 * MINUTE;
/** The first measurement waits until there is a part of the log to look at. */
const SHORTEST_WINDOW = MINUTE;

export interface LogWindow {
  readonly from: string;
  readonly to: string;
}

/** From the last finding on, and a little more for lines that came too late for it; never from before the gate. */
export function logWindow(since: string, lastFinding: string | undefined, now: string): LogWindow {
  const began = millis(since);
  const from = lastFinding === undefined ? began : Math.max(began, millis(lastFinding) - LATE_LINES);
  return { from: iso(from), to: now };
}

/** Seconds until the window is long enough, or undefined when it is. */
export function tooShortBy({ from, to }: LogWindow): number | undefined {
  const missing = SHORTEST_WINDOW - (millis(to) - millis(from));
  return missing > 0 ? Math.ceil(missing / SECOND) : undefined;
}

export interface LogStatistics {
  readonly matched?: number;
  readonly scanned?: number;
}

/** Too many chosen lines fail. None is healthy only where lines were written at all, or silence was said to be good. */
export function judgeMatches(
  { matched, scanned }: LogStatistics,
  limits: { readonly maxMatches: number; readonly missingData: 'INCONCLUSIVE' | 'HEALTHY' },
  { from, to }: LogWindow,
): Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold' | 'healthySince' | 'from' | 'to'> {
  const { maxMatches, missingData } = limits;
  if (matched === undefined || scanned === undefined || !(matched >= 0) || !(scanned >= 0) || !(maxMatches >= 0)) {
    return { verdict: 'ERROR', reason: 'CloudWatch Logs does not say how many lines match.' };
  }
  const judged = { from, to, value: String(matched), threshold: `at most ${maxMatches}` };
  const found = `${matched} log ${matched === 1 ? 'line matches' : 'lines match'}`;
  if (matched > maxMatches) {
    return { ...judged, verdict: 'FAIL', reason: `${found}, at most ${maxMatches} may.` };
  }
  if (scanned === 0 && missingData !== 'HEALTHY') {
    return { ...judged, verdict: 'INCONCLUSIVE', reason: 'Nothing was written to the log.' };
  }
  return { ...judged, verdict: 'PASS', reason: `${found} of ${scanned} that were written.`, healthySince: from };
}
