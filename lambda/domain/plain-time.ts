/** Times as people say them, always with their UTC. */

/** `Tuesday 24 November 2026, 09:05 UTC`; an unreadable time says so instead of throwing. */
export function plainTime(iso: string): string {
  const there = clockIn('UTC', iso);
  return there === undefined ? 'an unknown time' : `${there.day} ${there.year}, ${there.time} UTC`;
}

/**
 * `Tuesday 24 November 2026, 10:05 in Europe/Berlin (09:05 UTC)`. In UTC alone where nobody chose a time zone, or where this
 * machine does not know it.
 */
export function localTime(iso: string, timeZone: string | undefined): string {
  const [utc, local] = [clockIn('UTC', iso), clockIn(timeZone ?? 'UTC', iso)];
  if (utc === undefined || local === undefined || (utc.day === local.day && utc.time === local.time)) {
    return plainTime(iso);
  }
  const beside = utc.day === local.day ? utc.time : `${utc.day}, ${utc.time}`;
  return `${local.day} ${local.year}, ${local.time} in ${timeZone} (${beside} UTC)`;
}

interface Clock {
  /** `Tuesday 24 November` */
  readonly day: string;
  readonly year: string;
  /** `09:05` */
  readonly time: string;
}

function clockIn(timeZone: string, iso: string): Clock | undefined {
  const at = new Date(iso);
  const format = Number.isNaN(at.getTime()) ? undefined : formatIn(timeZone);
  if (format === undefined) {
    return undefined;
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: `${parts['weekday']} ${parts['day']} ${parts['month']}`,
    year: `${parts['year']}`,
    time: `${parts['hour']}:${parts['minute']}`,
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch {
    return undefined;
  }
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
