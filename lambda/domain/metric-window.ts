/** Which periods of a metric a measurement looks at. */
import type { CheckCommand } from '../../contract/messages';
import type { CheckTiming } from '../../contract/checks';
import { DAY, HOUR, millis, MINUTE, SECOND } from './time';

/** Whole periods: from the start of the first to the end of the last, in milliseconds. Empty where both are the same. */
export interface MetricWindow {
  readonly from: number;
  readonly to: number;
  readonly period: number;
}

/** A value of a series, at the start of the period that it stands for. */
export interface MetricPoint {
  readonly at: number;
  readonly value: number;
}

/** A data point that is not there so long after its period may still come, or still change. */
export const LATE = 5 * MINUTE;
/** How far a measurement looks back, unless its check's interval is longer. A longer time without a measurement is a hole in the bake. */
const LOOK_BACK = 2 * HOUR;
/** How long after its end a period is looked at first: AWS services publish a minute within the next two. */
const SETTLES_WITHIN = 2 * MINUTE;
const SETTLES_AFTER = 30 * SECOND;

type Command = Pick<CheckCommand, 'since' | 'lastFinding' | 'lastFailure' | 'now'>;

/** What is new, as far as a measurement looks back. */
export function metricWindow(
  command: Command,
  timing: Pick<CheckTiming, 'initialDelay' | 'interval'>,
  periodSeconds: number,
): MetricWindow {
  return notTooOld(newWindow(command, timing, periodSeconds), timing);
}

/**
 * The finished periods since the last finding, and those shortly before it, whose data may have come or changed late. What a
 * failure was found in was counted and is left out. Only periods that began after the check did are the gate's business.
 */
export function newWindow(
  { since, lastFinding, lastFailure, now }: Command,
  { initialDelay }: Pick<CheckTiming, 'initialDelay'>,
  periodSeconds: number,
): MetricWindow {
  const period = periodSeconds * SECOND;
  const began = beginning(since, initialDelay, period);
  const to = settledAt(millis(now), period);
  const unseen = lastFinding === undefined ? began : settledAt(millis(lastFinding), period) - upTo(LATE, period);
  const uncounted = lastFailure === undefined ? began : settledAt(millis(lastFailure), period);
  const from = Math.max(began, unseen, uncounted);
  return { from, to: Math.max(from, to), period };
}

/** The part of a window that a measurement looks back at. */
export function notTooOld(
  { from, to, period }: MetricWindow,
  { interval }: Pick<CheckTiming, 'interval'>,
): MetricWindow {
  const lookBack = upTo(Math.max(LOOK_BACK, 2 * interval * SECOND), period);
  return { from: Math.max(from, to - lookBack), to, period };
}

/** The part of a window in which no failure was counted yet. */
export function uncountedIn(window: MetricWindow, { lastFailure }: Pick<Command, 'lastFailure'>): MetricWindow {
  const { from, to, period } = window;
  const counted = lastFailure === undefined ? from : settledAt(millis(lastFailure), period);
  return { from: Math.min(Math.max(from, counted), to), to, period };
}

/** All finished periods since the check began, as far back as CloudWatch keeps them: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention */
export function wholeWindow(
  { since, now }: Pick<Command, 'since' | 'now'>,
  { initialDelay }: Pick<CheckTiming, 'initialDelay'>,
  periodSeconds: number,
): MetricWindow {
  const period = periodSeconds * SECOND;
  const to = settledAt(millis(now), period);
  const kept = Math.floor(keptFor(period) / period) * period;
  const from = Math.max(beginning(since, initialDelay, period), to - kept);
  return { from, to: Math.max(from, to), period };
}

function keptFor(period: number): number {
  if (period < MINUTE) {
    return 3 * HOUR;
  }
  return period % (5 * MINUTE) === 0 ? 63 * DAY : 15 * DAY;
}

/** The start of the first whole period of a check. */
export function beginning(since: string, initialDelay: number, period: number): number {
  return upTo(millis(since) + initialDelay * SECOND, period);
}

/** When a window that is empty now has a period in it. */
export function nextSettled({ to, period }: MetricWindow): number {
  return settledFrom(to + period, period);
}

/** When the data of all periods up to this end is there. */
export function settledFrom(end: number, period: number): number {
  return end + settles(period);
}

/** The starts of the window's periods. */
export function periodsOf({ from, to, period }: MetricWindow): readonly number[] {
  return Array.from({ length: Math.round((to - from) / period) }, (_, index) => from + index * period);
}

/** The end of the last period whose data is there at that time. */
export function settledAt(time: number, period: number): number {
  return Math.floor((time - settles(period)) / period) * period;
}

function settles(period: number): number {
  return Math.min(Math.max(2 * period, SETTLES_AFTER), SETTLES_WITHIN);
}

function upTo(time: number, period: number): number {
  return Math.ceil(time / period) * period;
}
