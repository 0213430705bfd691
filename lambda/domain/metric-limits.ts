/** Whether a metric kept its limits in every period of a window. Only a window of which everything is known can pass. */
import type { Measurement } from '../../contract/messages';
import type { MetricCheckPlan, MetricLimits } from '../../contract/checks';
import { LATE, nextSettled, periodsOf, type MetricPoint, type MetricWindow } from './metric-window';
import { iso, millis, SECOND } from './time';

type Finding = Omit<Measurement, 'checkId' | 'at'>;
type Plan = Pick<MetricCheckPlan, 'atLeast' | 'atMost' | 'missingData'>;

/** When it is worth asking again for data that is late, in seconds. */
const RETRY = 30;

/** The points may come in any order. What fails fails, whatever else is missing. */
export function judgeLimits(plan: Plan, window: MetricWindow, points: readonly MetricPoint[], now: string): Finding {
  const limits = limitsInWords(plan);
  if (limits === undefined) {
    return { verdict: 'ERROR', reason: 'The check has no limit to judge the metric by.' };
  }
  const read = { threshold: limits, from: iso(window.from), to: iso(window.to) };
  const periods = periodsOf(window);
  if (periods.length === 0) {
    return { ...read, ...notYet(window, now) };
  }
  const starts = new Set(periods);
  const known = new Set(points.map(({ at }) => at));
  if (known.size < points.length || points.some(({ at }) => !starts.has(at))) {
    return { ...read, verdict: 'ERROR', reason: 'CloudWatch answered for times that it was not asked for.' };
  }
  const bad = points.find(({ value }) => Number.isFinite(value) && !isWithin(plan, value));
  if (bad !== undefined) {
    const value = inWords(bad.value, plan);
    return { ...read, verdict: 'FAIL', value, reason: `It was ${value} at ${clock(bad.at)}, but has to be ${limits}.` };
  }
  const broken = points.find(({ value }) => !Number.isFinite(value));
  if (broken !== undefined) {
    return { ...read, verdict: 'INCONCLUSIVE', reason: `It had no number at ${clock(broken.at)}.` };
  }
  const missing = periods.filter((start) => !known.has(start));
  return {
    ...read,
    ...(missing.length === 0 ? healthy(plan, window, points) : lacking(plan, window, points, missing, now)),
  };
}

function notYet(window: MetricWindow, now: string): Finding {
  const wait = Math.ceil((nextSettled(window) - millis(now)) / SECOND);
  const what = `The period of the metric that begins at ${clock(window.from)} is not over yet, or its data may still come.`;
  return { verdict: 'IN_PROGRESS', callBackDelay: Math.max(wait, 1), reason: what };
}

function healthy(plan: Plan, window: MetricWindow, points: readonly MetricPoint[]): Finding {
  const nearest = points.reduce((one, other) => (margin(plan, other.value) < margin(plan, one.value) ? other : one));
  const value = inWords(nearest.value, plan);
  return {
    verdict: 'PASS',
    value,
    healthySince: iso(window.from),
    reason: `It was at worst ${value} ${span(window)}, and has to be ${limitsInWords(plan)}.`,
  };
}

function lacking(
  plan: Plan,
  window: MetricWindow,
  points: readonly MetricPoint[],
  missing: readonly number[],
  now: string,
): Finding {
  const [first = window.from] = missing;
  if (plan.missingData === 'HEALTHY') {
    return points.length > 0
      ? healthy(plan, window, points)
      : {
          verdict: 'PASS',
          healthySince: iso(window.from),
          reason: `It has no data ${span(window)}, which counts as healthy.`,
        };
  }
  const reason = `It has no data for ${missing.length} of ${(window.to - window.from) / window.period} periods, the first at ${clock(first)}.`;
  return millis(now) < first + window.period + LATE
    ? { verdict: 'IN_PROGRESS', callBackDelay: RETRY, reason }
    : { verdict: 'INCONCLUSIVE', reason };
}

/** Written so that a limit that is no number keeps nothing. */
function isWithin({ atLeast = -Infinity, atMost = Infinity }: MetricLimits, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

function margin({ atLeast = -Infinity, atMost = Infinity }: MetricLimits, value: number): number {
  return Math.min(value - atLeast, atMost - value);
}

function limitsInWords({ atLeast, atMost }: MetricLimits): string | undefined {
  if (atLeast === undefined) {
    return atMost === undefined ? undefined : `at most ${atMost}`;
  }
  return atMost === undefined ? `at least ${atLeast}` : `${atLeast} to ${atMost}`;
}

/** Short, but never so that a value seems to be on the other side of its limit. */
function inWords(value: number, plan: Plan): string {
  const short = Number(value.toPrecision(6));
  return String(isWithin(plan, short) === isWithin(plan, value) ? short : value);
}

function span({ from, to }: MetricWindow): string {
  const [start, end] = [clock(from), clock(to)];
  const day = end.slice(0, 'YYYY-MM-DD '.length);
  return `from ${start.replace(/ UTC$/, '')} to ${start.startsWith(day) ? end.slice(day.length) : end}`;
}

function clock(at: number): string {
  return `${iso(at).slice(0, 19).replace('T', ' ').replace(/:00$/, '')} UTC`;
}
