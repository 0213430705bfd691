/** Arithmetic on ISO 8601 times. Nothing here knows what time it is. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function millis(time: string): number {
  return Date.parse(time);
}

export function iso(epochMillis: number): string {
  return new Date(epochMillis).toISOString();
}

export function plus(time: string, milliseconds: number): string {
  return iso(millis(time) + milliseconds);
}

/** The one rule for what comes in time: before the limit, and never at it. A time that cannot be read is not before anything. */
export function isBefore(time: string, limit: string): boolean {
  return millis(time) < millis(limit);
}

/** Milliseconds from `since` until `now`. */
export function elapsed(since: string, now: string): number {
  return millis(now) - millis(since);
}

/** The soonest of the times that are there. */
export function soonest(first: string, ...others: readonly (string | undefined)[]): string {
  return others.reduce<string>((best, time) => (time !== undefined && isBefore(time, best) ? time : best), first);
}

/** The latest of a time and those that are there. */
export function latestOf(first: string, ...others: readonly (string | undefined)[]): string {
  return others.reduce<string>((best, time) => (time !== undefined && isBefore(best, time) ? time : best), first);
}

/** When the while began that this time is in. */
export function slotOf(at: string, milliseconds: number): string {
  return iso(Math.floor(millis(at) / milliseconds) * milliseconds);
}
