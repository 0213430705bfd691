/** The clocks of time zones. */
import { DAY, iso, MINUTE } from './time';

/** What has to be added to UTC at a time, both in milliseconds. */
export type Offsets = (at: number) => number;

/** @throws RangeError where this machine does not know the time zone */
export function offsetsOf(timeZone: string): Offsets {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, ...rest] = ['year', 'month', 'day', 'hour', 'minute'].map(
      (name) => parts.get(name as never) ?? 0,
    );
    const there = Date.UTC(year, month - 1, ...rest);
    return there - Math.floor(at / MINUTE) * MINUTE;
  };
}

/** UTC where nobody chose a time zone, or where this machine does not know it: whatever is typed or shown says which one it is. */
export function knownTimeZone(name: string | undefined): string {
  try {
    offsetsOf(name ?? 'UTC');
    return name ?? 'UTC';
  } catch {
    return 'UTC';
  }
}

/**
 * The moments at which the clock of a time zone shows a time: none while it is put forward over it, two while it is put back.
 *
 * @param shown what the clock shows, in milliseconds as if it showed UTC; whole minutes
 */
export function momentsOf(shown: number, timeZone: string): readonly string[] {
  const offset = offsetsOf(timeZone);
  // No clock is changed twice in two days.
  const offsets = new Set([offset(shown - DAY), offset(shown + DAY)]);
  return [...offsets]
    .map((by) => shown - by)
    .filter((at) => at + offset(at) === shown)
    .sort((one, other) => one - other)
    .map(iso);
}

/** What the clock of a time zone shows: `2026-11-27` and `22:00`. */
export function shownAt(at: number, timeZone: string): { readonly date: string; readonly time: string } {
  const shown = iso(at + offsetsOf(timeZone)(at));
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}
