/** The deployment window and the change calendars in a policy. */
import { DAY_MINUTES, MOST_RANGES, type WeeklyRange, type WindowRule } from '../../contract/deployment-window';
import { MOST_FREEZES } from '../../contract/policy';
import { list, Malformed, mustKnowAll, object, text, whole, type Fields } from './parsed';

/** @throws Malformed, also where this machine does not know the time zone: it could not tell when the window is open */
export function parseWindow(fields: Fields): WindowRule {
  mustKnowAll<WindowRule>(fields, 'window', { timeZone: true, ranges: true });
  const timeZone = text(fields, 'timeZone', /^[A-Za-z0-9_+/-]{1,64}$/);
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new Malformed('`timeZone` is none that is known here');
  }
  const ranges = list(fields['ranges'], 'ranges').map((range) => rangeOf(object(range, 'range')));
  if (ranges.length === 0 || ranges.length > MOST_RANGES) {
    throw new Malformed('`ranges` is empty or too long');
  }
  return { timeZone, ranges };
}

function rangeOf(fields: Fields): WeeklyRange {
  mustKnowAll<WeeklyRange>(fields, 'range', { days: true, from: true, to: true });
  const days = list(fields['days'], 'days').map((day) => whole({ day }, 'day', 1, 7));
  if (days.length === 0 || days.some((day, index) => day <= (days[index - 1] ?? 0))) {
    throw new Malformed('`days` is empty or not ascending');
  }
  return { days, from: whole(fields, 'from', 0, DAY_MINUTES - 1), to: whole(fields, 'to', 1, DAY_MINUTES) };
}

const CALENDAR = /^(arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/;

/** @throws Malformed */
export function parseFreezes(value: unknown): readonly string[] {
  const names = list(value, 'freezes').map((name) => text({ name }, 'name', CALENDAR));
  if (names.length === 0 || names.length > MOST_FREEZES || new Set(names).size < names.length) {
    throw new Malformed('`freezes` is empty, too long, or names a calendar twice');
  }
  return names;
}
