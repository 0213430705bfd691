/** The hours of the week in which an approval may go to CodePipeline. Synth asks how long it may have to wait, `decide` for how long. */

export interface WindowRule {
  /** IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
  /** Open in any of them. At least one. */
  readonly ranges: readonly WeeklyRange[];
}

/** The same hours on some days of the week. */
export interface WeeklyRange {
  /** 1 = Monday … 7 = Sunday, ascending, at least one: the days on which it begins. */
  readonly days: readonly number[];
  /** Minutes since midnight on the clock of the time zone, 0 … 1,439. */
  readonly from: number;
  /** 1 … 1,440, exclusive. Not after `from` = on the next day. */
  readonly to: number;
}

export const DAY_MINUTES = 1440;
export const WEEK_MINUTES = 7 * DAY_MINUTES;
export const MOST_RANGES = 20;

/** Minutes from a minute of the week (0 = Monday 00:00) until the first one that is open, 0 if it is itself. */
export function minutesUntilOpen({ ranges }: WindowRule, minute: number): number {
  return Math.min(
    ...stretches(ranges).map(({ begin, length }) => {
      const into = (minute - begin + WEEK_MINUTES) % WEEK_MINUTES;
      return into < length ? 0 : WEEK_MINUTES - into;
    }),
  );
}

/** The longest time in a row that is not open. Where clocks change meanwhile, it is an hour more or less. */
export function longestClosedMinutes(window: WindowRule): number {
  const ends = stretches(window.ranges).map(({ begin, length }) => (begin + length) % WEEK_MINUTES);
  return Math.max(...ends.map((end) => minutesUntilOpen(window, end)));
}

function stretches(ranges: readonly WeeklyRange[]): readonly { readonly begin: number; readonly length: number }[] {
  return ranges.flatMap(({ days, from, to }) =>
    days.map((day) => ({
      begin: (day - 1) * DAY_MINUTES + from,
      length: to > from ? to - from : to + DAY_MINUTES - from,
    })),
  );
}
