/** Times as people say them, always in UTC and always saying so. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `Tuesday 24 November 2026, 09:05 UTC`; an unreadable time says so instead of throwing. */
export function plainTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) {
    return 'an unknown time';
  }
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
  const day = DAYS[time.getUTCDay()] ?? '';
  const month = MONTHS[time.getUTCMonth()] ?? '';
  return `${day} ${time.getUTCDate()} ${month} ${time.getUTCFullYear()}, ${clock} UTC`;
}

/** `2 days 3 hours`, `1 hour 5 minutes`, `under a minute`: the two largest units. */
export function plainDuration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (!(minutes >= 1)) {
    return 'under a minute';
  }
  const units = [
    { name: 'day', count: Math.floor(minutes / 1440) },
    { name: 'hour', count: Math.floor((minutes % 1440) / 60) },
    { name: 'minute', count: minutes % 60 },
  ];
  const first = units.findIndex((unit) => unit.count > 0);
  return units
    .slice(first, first + 2)
    .filter((unit) => unit.count > 0)
    .map((unit) => `${unit.count} ${unit.name}${unit.count === 1 ? '' : 's'}`)
    .join(' ');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
