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

export function before(a: string, b: string): boolean {
  return millis(a) < millis(b);
}

/** The soonest of the times that are there. */
export function soonest(...times: readonly (string | undefined)[]): string | undefined {
  const known = times.filter((time): time is string => time !== undefined);
  return known.length === 0 ? undefined : iso(Math.min(...known.map(millis)));
}

/** Records are kept for the longest approval and a year, then the table's TTL cleans. */
export function expiryOf(time: string): number {
  return Math.floor((millis(time) + 430 * DAY) / SECOND);
}

/** The latest of a time and those that are there. */
export function latestOf(first: string, ...others: readonly (string | undefined)[]): string {
  const known = others.filter((time): time is string => time !== undefined);
  return iso(Math.max(millis(first), ...known.map(millis)));
}
