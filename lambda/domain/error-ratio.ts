/**
 * Whether too many requests are errors, by counts. Few requests say little, so two questions are kept apart: a FAIL needs more errors
 * than chance explains, in all requests so far, in the newest ones or in a single period, and a PASS needs enough requests with few
 * enough errors among them. What is neither waits for more requests.
 */
import type { ErrorRatioCheckPlan } from '../../contract/checks';
import { brokenIn, clock, missingFrom, RETRY, span, strayIn, unfinished, type MetricFinding } from './metric-gaps';
import { LATE, notTooOld, type MetricPoint, type MetricWindow } from './metric-window';
import { iso, millis } from './time';

type Plan = Pick<ErrorRatioCheckPlan, 'maxPercent' | 'minRequests' | 'missingData' | 'interval'>;

/** All that was read, since the gate began. */
export interface Counts {
  readonly errors: readonly MetricPoint[];
  readonly requests: readonly MetricPoint[];
}

/** They all end at the same time. */
export interface Windows {
  /** All periods that were read. */
  readonly all: MetricWindow;
  /** Those after the last failure. What a failure was found in is not held against the check again. */
  readonly uncounted: MetricWindow;
  /** Those of which something new may be known. */
  readonly recent: MetricWindow;
}

interface Period {
  readonly at: number;
  readonly errors: number;
  readonly requests: number;
}

type Sum = Omit<Period, 'at'>;
type Stretch = Sum & Pick<MetricWindow, 'from' | 'to'>;

/**
 * A service whose ratio is exactly the highest one allowed is above it by so many standard deviations once in a thousand times, in
 * each of the sums that are looked at. The square root of a count that chance makes has the same deviation, a half, whatever the count.
 */
const DEVIATIONS = 3.1;

export function judgeErrorRatio(
  plan: Plan,
  { all, uncounted, recent: unseen }: Windows,
  { errors, requests }: Counts,
  now: string,
): MetricFinding {
  const { maxPercent } = plan;
  const read = { threshold: `at most ${maxPercent} %`, from: iso(all.from), to: iso(all.to) };
  if (unseen.from === unseen.to) {
    return { ...read, ...unfinished(unseen, now) };
  }
  const isSilenceZero = plan.missingData === 'HEALTHY';
  const requestsAwaited = isSilenceZero ? errorsAlone(all, errors, requests, now) : [];
  const periods = periodsOfBoth(errors, requests, isSilenceZero).filter(({ at }) => !requestsAwaited.includes(at));
  const isWhole = isSilenceZero || [errors, requests].every((points) => missingFrom(unseen, points, now) === undefined);
  const recent = isWhole ? unseen : notTooOld(unseen, plan);
  const known = (points: readonly MetricPoint[]) => points.filter(({ at }) => at >= recent.from);
  const finding =
    strayIn(all, errors) ??
    strayIn(all, requests) ??
    tooMany(plan, uncounted, recent, periods) ??
    brokenIn([...errors, ...requests].map(({ at, value }) => ({ at, value: value < 0 ? NaN : value }))) ??
    (isSilenceZero
      ? late(requestsAwaited)
      : (missingFrom(recent, known(requests), now) ?? missingFrom(recent, known(errors), now))) ??
    judgeSums(plan, { all, uncounted, recent }, periods);
  return { ...read, ...finding };
}

/** The periods for which both counts are known, in order. */
function periodsOfBoth(
  errors: readonly MetricPoint[],
  requests: readonly MetricPoint[],
  isSilenceZero: boolean,
): readonly Period[] {
  const countsOf = (points: readonly MetricPoint[]) => new Map(points.map(({ at, value }) => [at, value]));
  const [errorsAt, requestsAt] = [countsOf(errors), countsOf(requests)];
  const silence = isSilenceZero ? 0 : NaN;
  return [...new Set([...errorsAt.keys(), ...requestsAt.keys()])]
    .sort((one, other) => one - other)
    .map((at) => ({ at, errors: errorsAt.get(at) ?? silence, requests: requestsAt.get(at) ?? silence }))
    .filter((period) => period.errors >= 0 && period.requests >= 0 && Number.isFinite(period.errors + period.requests));
}

function late([first]: readonly number[]): MetricFinding | undefined {
  return first === undefined
    ? undefined
    : {
        verdict: 'IN_PROGRESS',
        callBackDelay: RETRY,
        reason: `It has errors, but no requests yet, at ${clock(first)}.`,
      };
}

/** Periods that have errors, but no requests yet, which may still come. */
function errorsAlone(
  { period }: MetricWindow,
  errors: readonly MetricPoint[],
  requests: readonly MetricPoint[],
  now: string,
): readonly number[] {
  const known = new Set(requests.map(({ at }) => at));
  return errors
    .filter(({ at, value }) => value > 0 && !known.has(at) && millis(now) < at + period + LATE)
    .map(({ at }) => at);
}

function tooMany(
  plan: Plan,
  uncounted: MetricWindow,
  recent: MetricWindow,
  periods: readonly Period[],
): MetricFinding | undefined {
  const total = sumSince(uncounted.from, uncounted, periods);
  if (isBeyondChance(plan, total)) {
    return { verdict: 'FAIL', ...saidOf(plan, total), reason: sentence(plan, total, span(total)) };
  }
  const burst = periods.find((period) => period.at >= recent.from && isBeyondChance(plan, period));
  if (burst !== undefined) {
    return { verdict: 'FAIL', ...saidOf(plan, burst), reason: sentence(plan, burst, `at ${clock(burst.at)}`) };
  }
  const stretch = newest(uncounted, periods).find((counts) => isBeyondChance(plan, counts));
  return stretch && { verdict: 'FAIL', ...saidOf(plan, stretch), reason: sentence(plan, stretch, span(stretch)) };
}

/** The newest 2, 4, 8 ... periods: what went wrong late in a long bake is a small share of all requests, and a large one of these. */
function newest(window: MetricWindow, periods: readonly Period[]): readonly Stretch[] {
  const { from, to, period } = window;
  const doublings = Math.ceil(Math.log2((to - from) / period)) - 1;
  return Array.from({ length: Math.max(doublings, 0) }, (_, index) =>
    sumSince(to - 2 ** (index + 1) * period, window, periods),
  );
}

function sumSince(from: number, { to }: MetricWindow, periods: readonly Period[]): Stretch {
  return { from, to, ...sumOf(periods.filter(({ at }) => at >= from)) };
}

/** The shortest newest stretch that has enough requests to tell, or all periods. */
function enough({ minRequests }: Plan, all: MetricWindow, periods: readonly Period[]): Stretch {
  let sum: Stretch = { from: all.from, to: all.to, errors: 0, requests: 0 };
  for (const { at, errors, requests } of [...periods].reverse()) {
    sum = { from: at, to: all.to, errors: sum.errors + errors, requests: sum.requests + requests };
    if (sum.requests >= minRequests) {
      return sum;
    }
  }
  return { ...sum, from: all.from };
}

/** A single error is one too many where none is allowed. */
function isBeyondChance({ maxPercent }: Plan, { errors, requests }: Sum): boolean {
  const allowed = (requests * maxPercent) / 100;
  return maxPercent === 0 ? errors > 0 : 2 * (Math.sqrt(errors) - Math.sqrt(allowed)) > DEVIATIONS;
}

function judgeSums(plan: Plan, { all, uncounted, recent }: Windows, periods: readonly Period[]): MetricFinding {
  const { minRequests, interval } = plan;
  const { requests } = sumOf(periods);
  if (!(requests >= minRequests)) {
    const reason = `It has ${requests} of ${minRequests} requests that are needed to tell, ${span(all)}.`;
    return { verdict: 'IN_PROGRESS', callBackDelay: interval, reason };
  }
  const [total, stretch] = [sumSince(uncounted.from, uncounted, periods), enough(plan, all, periods)];
  const above = [total, stretch].find((counts) => !keepsLimit(plan, counts));
  const said = above ?? (total.from < stretch.from ? total : stretch);
  const [value, reason] = [saidOf(plan, said), sentence(plan, said, span(said))];
  return above === undefined
    ? { verdict: 'PASS', healthySince: iso(recent.from), ...value, reason }
    : { verdict: 'IN_PROGRESS', callBackDelay: interval, ...value, reason: `${reason} That may be chance yet.` };
}

/** Written so that a limit that is no number keeps nothing. */
function keepsLimit({ maxPercent }: Plan, counts: Sum): boolean {
  return (counts.requests === 0 && counts.errors === 0) || percentOf(counts) <= maxPercent;
}

function sumOf(periods: readonly Period[]): Sum {
  return periods.reduce(
    (sum, { errors, requests }) => ({ errors: sum.errors + errors, requests: sum.requests + requests }),
    {
      errors: 0,
      requests: 0,
    },
  );
}

function saidOf({ maxPercent }: Plan, counts: Sum): Pick<MetricFinding, 'value' | 'drawn'> {
  const percent = percentOf(counts);
  return Number.isFinite(percent)
    ? { value: inWords(maxPercent, percent), drawn: { value: percent, limit: maxPercent, unit: '%' } }
    : {};
}

function sentence({ maxPercent }: Plan, counts: Sum, when: string): string {
  const { errors, requests } = counts;
  const percent = percentOf(counts);
  const ratio = Number.isFinite(percent) ? ` (${inWords(maxPercent, percent)})` : '';
  return `${errors} of ${requests} requests were errors${ratio} ${when}, at most ${maxPercent} % may be.`;
}

function percentOf({ errors, requests }: Sum): number {
  return (100 * errors) / requests;
}

/** Short, but never so that a ratio seems to be on the other side of its limit. */
function inWords(maxPercent: number, percent: number): string {
  const short = Number(percent.toPrecision(3));
  return `${short <= maxPercent === percent <= maxPercent ? short : percent} %`;
}
