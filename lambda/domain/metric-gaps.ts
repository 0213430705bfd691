/** What is said of the data of metrics that is not there, or that nobody asked for. */
import type { Measurement } from '../../contract/messages';
import { LATE, nextSettled, periodsOf, type MetricPoint, type MetricWindow } from './metric-window';
import { iso, millis, SECOND } from './time';

export type MetricFinding = Omit<Measurement, 'checkId' | 'at'>;

/** When it is worth asking again for data that is late, in seconds. */
export const RETRY = 30;

/** No period of the window is over yet. */
export function unfinished(window: MetricWindow, now: string): MetricFinding {
  const wait = Math.ceil((nextSettled(window) - millis(now)) / SECOND);
  return {
    verdict: 'IN_PROGRESS',
    callBackDelay: Math.max(wait, 1),
    waitsUntil: iso(nextSettled(window)),
    reason: `The period of the metric that begins at ${clock(window.from)} is not over yet, or its data may still come.`,
  };
}

/** Values of other times than the periods of the window, or two of one period. */
export function strayIn(window: MetricWindow, points: readonly MetricPoint[]): MetricFinding | undefined {
  const starts = new Set(periodsOf(window));
  const known = new Set(points.map(({ at }) => at));
  return known.size === points.length && points.every(({ at }) => starts.has(at))
    ? undefined
    : { verdict: 'ERROR', reason: 'CloudWatch answered for times that it was not asked for.' };
}

/** A value that is no number, such as CloudWatch gives for 0 / 0. */
export function brokenIn(points: readonly MetricPoint[]): MetricFinding | undefined {
  const broken = points.find(({ value }) => !Number.isFinite(value));
  return broken && { verdict: 'INCONCLUSIVE', reason: `It had no number at ${clock(broken.at)}.` };
}

/** Periods without data: it is waited for until it can hardly come any more, and then nobody can tell. */
export function missingFrom(
  window: MetricWindow,
  points: readonly MetricPoint[],
  now: string,
): MetricFinding | undefined {
  const known = new Set(points.map(({ at }) => at));
  const periods = periodsOf(window);
  const missing = periods.filter((start) => !known.has(start));
  const [first] = missing;
  if (first === undefined) {
    return undefined;
  }
  const reason = `It has no data for ${missing.length} of ${periods.length} periods, the first at ${clock(first)}.`;
  return millis(now) < first + window.period + LATE
    ? { verdict: 'IN_PROGRESS', callBackDelay: RETRY, reason }
    : { verdict: 'INCONCLUSIVE', reason };
}

/** `from 2026-11-23 10:00 to 10:03 UTC` */
export function span({ from, to }: Pick<MetricWindow, 'from' | 'to'>): string {
  const [start, end] = [clock(from), clock(to)];
  const day = end.slice(0, 'YYYY-MM-DD '.length);
  return `from ${start.replace(/ UTC$/, '')} to ${start.startsWith(day) ? end.slice(day.length) : end}`;
}

export function clock(at: number): string {
  return `${iso(at).slice(0, 19).replace('T', ' ').replace(/:00$/, '')} UTC`;
}
