/**
 * Whether too many requests are errors, by counts. Few requests say little, so two questions are kept apart: a FAIL needs more errors
 * than chance explains, in all requests so far or in a single period, and a PASS needs enough requests with few enough errors among
 * them. What is neither waits for more requests.
 */
import type { ErrorRatioCheckPlan } from '../../contract/checks';
import { brokenIn, clock, missingFrom, span, strayIn, unfinished, type MetricFinding } from './metric-gaps';
import type { MetricPoint, MetricWindow } from './metric-window';
import { iso } from './time';

type Plan = Pick<ErrorRatioCheckPlan, 'maxPercent' | 'minimumRequests' | 'missingData' | 'interval'>;

/** All that was read, since the gate began. */
export interface Counts {
  readonly errors: readonly MetricPoint[];
  readonly requests: readonly MetricPoint[];
}

interface Period {
  readonly at: number;
  readonly errors: number;
  readonly requests: number;
}

/**
 * A service whose ratio is exactly the highest one allowed is above it by so many standard deviations once in a thousand times. The
 * square root of a count that chance makes has the same deviation, a half, whatever the count.
 */
const DEVIATIONS = 3.1;

/** @param recent the periods of which something new may be known; they end with the periods of `all` */
export function judgeErrorRatio(
  plan: Plan,
  all: MetricWindow,
  recent: MetricWindow,
  { errors, requests }: Counts,
  now: string,
): MetricFinding {
  const { maxPercent } = plan;
  const read = { threshold: `at most ${maxPercent} %`, from: iso(all.from), to: iso(all.to) };
  if (recent.from === recent.to) {
    return { ...read, ...unfinished(recent, now) };
  }
  const periods = periodsWithBoth(errors, requests, plan.missingData === 'HEALTHY');
  const known = (points: readonly MetricPoint[]) => points.filter(({ at }) => at >= recent.from);
  const finding =
    strayIn(all, errors) ??
    strayIn(all, requests) ??
    tooMany(plan, all, recent, periods) ??
    brokenIn([...errors, ...requests].map(({ at, value }) => ({ at, value: value < 0 ? NaN : value }))) ??
    (plan.missingData === 'INCONCLUSIVE'
      ? (missingFrom(recent, known(requests), now) ?? missingFrom(recent, known(errors), now))
      : undefined) ??
    judgeSum(plan, all, recent, sumOf(periods));
  return { ...read, ...finding };
}

function periodsWithBoth(
  errors: readonly MetricPoint[],
  requests: readonly MetricPoint[],
  isSilenceZero: boolean,
): readonly Period[] {
  const byTime = new Map(errors.map(({ at, value }) => [at, value]));
  return requests.flatMap(({ at, value }) => {
    const found = byTime.get(at) ?? (isSilenceZero ? 0 : undefined);
    const isCounted = found !== undefined && found >= 0 && value >= 0 && Number.isFinite(found + value);
    return isCounted ? [{ at, errors: found, requests: value }] : [];
  });
}

function tooMany(
  plan: Plan,
  all: MetricWindow,
  recent: MetricWindow,
  periods: readonly Period[],
): MetricFinding | undefined {
  const total = sumOf(periods);
  if (isBeyondChance(plan, total)) {
    return { verdict: 'FAIL', ...saidOf(plan, total), reason: sentence(plan, total, span(all)) };
  }
  const burst = periods.find((period) => period.at >= recent.from && isBeyondChance(plan, period));
  return burst && { verdict: 'FAIL', ...saidOf(plan, burst), reason: sentence(plan, burst, `at ${clock(burst.at)}`) };
}

/** A single error is one too many where none is allowed. */
function isBeyondChance({ maxPercent }: Plan, { errors, requests }: Omit<Period, 'at'>): boolean {
  const allowed = (requests * maxPercent) / 100;
  return maxPercent === 0 ? errors > 0 : 2 * (Math.sqrt(errors) - Math.sqrt(allowed)) > DEVIATIONS;
}

function judgeSum(plan: Plan, all: MetricWindow, recent: MetricWindow, total: Omit<Period, 'at'>): MetricFinding {
  const { maxPercent, minimumRequests, interval } = plan;
  if (!(total.requests >= minimumRequests)) {
    const reason = `It has ${total.requests} of ${minimumRequests} requests that are needed to tell, ${span(all)}.`;
    return { verdict: 'IN_PROGRESS', callBackDelay: interval, reason };
  }
  const said = saidOf(plan, total);
  const reason = sentence(plan, total, span(all));
  // Written so that a limit that is no number passes nothing.
  return percentOf(total) <= maxPercent
    ? { verdict: 'PASS', healthySince: iso(recent.from), ...said, reason }
    : { verdict: 'IN_PROGRESS', callBackDelay: interval, ...said, reason: `${reason} That may be chance yet.` };
}

function sumOf(periods: readonly Period[]): Omit<Period, 'at'> {
  return periods.reduce(
    (sum, { errors, requests }) => ({ errors: sum.errors + errors, requests: sum.requests + requests }),
    {
      errors: 0,
      requests: 0,
    },
  );
}

function saidOf({ maxPercent }: Plan, counts: Omit<Period, 'at'>): Pick<MetricFinding, 'value' | 'drawn'> {
  const percent = percentOf(counts);
  return Number.isFinite(percent)
    ? { value: inWords(maxPercent, percent), drawn: { value: percent, limit: maxPercent } }
    : {};
}

function sentence({ maxPercent }: Plan, counts: Omit<Period, 'at'>, when: string): string {
  const { errors, requests } = counts;
  const percent = percentOf(counts);
  const ratio = Number.isFinite(percent) ? ` (${inWords(maxPercent, percent)})` : '';
  return `${errors} of ${requests} requests were errors${ratio} ${when}, at most ${maxPercent} % may be.`;
}

function percentOf({ errors, requests }: Omit<Period, 'at'>): number {
  return (100 * errors) / requests;
}

/** Short, but never so that a ratio seems to be on the other side of its limit. */
function inWords(maxPercent: number, percent: number): string {
  const short = Number(percent.toPrecision(3));
  return `${short <= maxPercent === percent <= maxPercent ? short : percent} %`;
}
