/** Cron expressions of deployment windows: `* 0-59 9-15 ? * MON-FRI *`, seconds first, on the clock of a time zone. */

const MINUTE = 60_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Whether the expression names the minute of a time. */
export function matches(cron: string, zone: string, at: number): boolean {
  const [, minutes, hours, day, month, weekday, year = '*'] = cron.trim().split(/\s+/);
  const now = clockOf(zone, at);
  return (
    holds(minutes, now.minute, 0, 59) &&
    holds(hours, now.hour, 0, 23) &&
    holds(day, now.day, 1, 31) &&
    holds(month, now.month, 1, 12, MONTHS) &&
    holds(weekday, now.weekday, 1, 7, DAYS) &&
    holds(year, now.year, 1970, 2199)
  );
}

/** The beginning of the first minute after a time that the expression names, if there is one within so many milliseconds. */
export function nextMatch(cron: string, zone: string, after: number, within: number): number | undefined {
  for (let at = Math.floor(after / MINUTE) * MINUTE + MINUTE; at <= after + within; at += MINUTE) {
    if (matches(cron, zone, at)) return at;
  }
  return undefined;
}

function holds(
  field: string | undefined,
  value: number,
  least: number,
  most: number,
  names: readonly string[] = [],
): boolean {
  if (field === undefined) throw new Error('a cron expression has six or seven fields');
  const number = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    const found = named >= 0 ? named + 1 : Number(text);
    if (!Number.isInteger(found) || text === '')
      throw new Error(`the rehearsal does not know ${text} in a cron expression`);
    return found;
  };
  return field.split(',').some((part) => {
    const [range = '', step] = part.split('/');
    const all = range === '*' || range === '?';
    const [from = '', to = step === undefined ? from : String(most)] = all
      ? [String(least), String(most)]
      : range.split('-');
    const first = number(from);
    return value >= first && value <= number(to) && (value - first) % (step === undefined ? 1 : number(step)) === 0;
  });
}

/** `UTC+05:30`, which not every runtime knows as a time zone. */
const OFFSET = /^UTC([+-])(\d\d):(\d\d)$/;

const formats = new Map<string, Intl.DateTimeFormat>();

function clockOf(
  zone: string,
  at: number,
): Readonly<Record<'minute' | 'hour' | 'day' | 'month' | 'weekday' | 'year', number>> {
  const [, sign, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (sign !== undefined)
    return clockOf('UTC', at + (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE);
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', weekday: 'short' },
    });
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type as string, value]));
  const of = (part: string): number => Number(parts.get(part));
  const weekday = DAYS.indexOf((parts.get('weekday') ?? '').toUpperCase()) + 1;
  return { minute: of('minute'), hour: of('hour'), day: of('day'), month: of('month'), year: of('year'), weekday };
}
