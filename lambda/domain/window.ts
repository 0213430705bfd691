/** When a deployment window is open. The clock of its time zone decides, also on days on which that clock is changed. */
import {
  DAY_MINUTES,
  minutesUntilOpen,
  WEEK_MINUTES,
  type WeeklyRange,
  type WindowRule,
} from '../../contract/deployment-window';
import { DAY, iso, millis, MINUTE } from './time';
import { offsetsOf, type Offsets } from './time-zone';

/** The first moment of which the window is open, at `from` or later and before `limit`; undefined where there is none. */
export function firstOpen(window: WindowRule, from: string, limit: string): string | undefined {
  const offset = offsetsOf(window.timeZone);
  const end = millis(limit);
  let at = millis(from);
  while (at < end) {
    const here = offset(at);
    const changes = nextChange(offset, at, here);
    const opens = openingOf(window, at, here);
    if (opens < changes) {
      return opens < end ? iso(opens) : undefined;
    }
    at = changes;
  }
  return undefined;
}

/** As if the clock were never changed. */
function openingOf(window: WindowRule, at: number, offset: number): number {
  const minute = Math.floor((at + offset) / MINUTE);
  // 1 January 1970 was a Thursday.
  const wait = minutesUntilOpen(window, (minute + 3 * DAY_MINUTES) % WEEK_MINUTES);
  return wait === 0 ? at : (minute + wait) * MINUTE - offset;
}

/** When the clock is changed next, or a day later where it is not. Never twice in a day. */
function nextChange(offset: Offsets, at: number, here: number): number {
  let before = at;
  let after = Math.floor((at + DAY) / MINUTE) * MINUTE;
  if (offset(after) === here) {
    return after;
  }
  while (after - before > MINUTE) {
    const middle = Math.floor((before + after) / 2 / MINUTE) * MINUTE;
    if (offset(middle) === here) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `Monday to Thursday 09:00-16:00, Friday 09:00-12:00 (Europe/Berlin)`. */
export function windowInWords({ timeZone, ranges }: WindowRule): string {
  return `${ranges.map(rangeInWords).join(', ')} (${timeZone})`;
}

function rangeInWords({ days, from, to }: WeeklyRange): string {
  const first = days[0] ?? 1;
  const last = days[days.length - 1] ?? first;
  const inARow = last - first === days.length - 1;
  const names = days.map((day) => DAYS[day - 1] ?? '');
  const which =
    days.length === 7
      ? 'every day'
      : inARow && days.length > 2
        ? `${names[0]} to ${names.at(-1)}`
        : names.join(' and ');
  return `${which} ${clock(from)}-${clock(to)}`;
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Without the account in which it is. */
export function calendarName(calendar: string): string {
  return calendar.slice(calendar.indexOf('/') + 1);
}
