/** The hours of `WINDOW`, by the clock of its place. */
import { MINUTE, WINDOW } from './plan';

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: WINDOW.zone,
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** Whether it was open at some moment between two. */
export function isOpen(from: number, to: number): boolean {
  for (let at = from; at < to; at += MINUTE) {
    if (isOpenAt(at)) return true;
  }
  return isOpenAt(to);
}

function isOpenAt(at: number): boolean {
  const parts = new Map(CLOCK.formatToParts(at).map(({ type, value }) => [type, value]));
  const time = `${parts.get('hour')}:${parts.get('minute')}`;
  return !/Sat|Sun/.test(parts.get('weekday') ?? '') && time >= WINDOW.from && time < WINDOW.to;
}
