import fc from 'fast-check';
import type { WindowRule } from '../../../contract/deployment-window';
import { firstOpen, windowInWords } from '../../../lambda/domain/window';

const OFFICE: WindowRule = {
  timeZone: 'Europe/Berlin',
  ranges: [{ days: [1, 2, 3, 4, 5], from: 9 * 60, to: 16 * 60 }],
};
const LATER = '2100-01-01T00:00:00.000Z';

/** Reads the clock of the place for this very minute, and nothing else. */
function isOpenByTheClock({ timeZone, ranges }: WindowRule): (at: number) => boolean {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '') + 1;
    const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
    const yesterday = day === 1 ? 7 : day - 1;
    return ranges.some(({ days, from, to }) =>
      from < to
        ? days.includes(day) && minute >= from && minute < to
        : (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to),
    );
  };
}

function firstOpenByTheClock(window: WindowRule, from: string, limit: string): string | undefined {
  const isOpen = isOpenByTheClock(window);
  const end = Date.parse(limit);
  let at = Date.parse(from);
  while (at < end) {
    if (isOpen(at)) {
      return new Date(at).toISOString();
    }
    at = (Math.floor(at / 60_000) + 1) * 60_000;
  }
  return undefined;
}

/** Minutes around the changes of clocks in 2026, and others. */
const CHANGES = [
  '2026-03-29T01:00:00.000Z',
  '2026-10-25T01:00:00.000Z',
  '2026-03-08T07:00:00.000Z',
  '2026-11-01T06:00:00.000Z',
  '2026-04-04T15:00:00.000Z',
  '2026-10-03T16:00:00.000Z',
];
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Pacific/Chatham',
];

const range = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }).map((days) => days.sort((a, b) => a - b)),
  from: fc.integer({ min: 0, max: 1439 }),
  to: fc.integer({ min: 1, max: 1440 }),
});
const window = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  ranges: fc.array(range, { minLength: 1, maxLength: 3 }),
});
const moment = fc.oneof(
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -2 * 86_400_000, max: 86_400_000 }))
    .map(([change, offset]) => new Date(Date.parse(change) + offset).toISOString()),
  fc
    .integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2034-01-01T00:00:00Z') })
    .map((at) => new Date(at).toISOString()),
);

describe('firstOpen', () => {
  it('is now while the window is open, to the last second', () => {
    expect(firstOpen(OFFICE, '2026-11-27T14:59:59.999Z', LATER)).toBe('2026-11-27T14:59:59.999Z');
  });

  it('is Monday morning on Friday evening, from the very minute at which the window closes', () => {
    expect(firstOpen(OFFICE, '2026-11-27T15:00:00.000Z', LATER)).toBe('2026-11-30T08:00:00.000Z');
  });

  it('follows the clock of the place through the year', () => {
    expect(firstOpen(OFFICE, '2026-07-03T18:00:00.000Z', LATER)).toBe('2026-07-06T07:00:00.000Z');
  });

  it('is nothing where the window opens at the limit or later', () => {
    expect(firstOpen(OFFICE, '2026-11-27T17:00:00.000Z', '2026-11-30T08:00:00.000Z')).toBeUndefined();
    expect(firstOpen(OFFICE, '2026-11-27T17:00:00.000Z', '2026-11-30T08:00:00.001Z')).toBe('2026-11-30T08:00:00.000Z');
  });

  it('skips an hour that a day does not have, and has one twice that a day has twice', () => {
    const night: WindowRule = { timeZone: 'Europe/Berlin', ranges: [{ days: [7], from: 120, to: 180 }] };
    expect(firstOpen(night, '2026-03-28T12:00:00.000Z', LATER)).toBe('2026-04-05T00:00:00.000Z');
    expect(firstOpen(night, '2026-10-24T12:00:00.000Z', LATER)).toBe('2026-10-25T00:00:00.000Z');
    expect(firstOpen(night, '2026-10-25T01:30:00.000Z', LATER)).toBe('2026-10-25T01:30:00.000Z');
    expect(firstOpen(night, '2026-10-25T02:00:00.000Z', LATER)).toBe('2026-11-01T01:00:00.000Z');
  });

  it('goes on over midnight, and over the end of the week', () => {
    const nights: WindowRule = { timeZone: 'UTC', ranges: [{ days: [7], from: 22 * 60, to: 4 * 60 }] };
    expect(firstOpen(nights, '2026-11-30T03:59:00.000Z', LATER)).toBe('2026-11-30T03:59:00.000Z');
    expect(firstOpen(nights, '2026-11-30T04:00:00.000Z', LATER)).toBe('2026-12-06T22:00:00.000Z');
  });

  it('is what a look at the clock of the place, minute by minute, finds', () => {
    fc.assert(
      fc.property(window, moment, fc.integer({ min: 1, max: 4 * 1440 }), (rule, from, minutes) => {
        const limit = new Date(Date.parse(from) + minutes * 60_000).toISOString();
        expect(firstOpen(rule, from, limit)).toBe(firstOpenByTheClock(rule, from, limit));
      }),
      { numRuns: 400 },
    );
  });
});

describe('windowInWords', () => {
  it('says days in a row, single days, and every day', () => {
    const words = (...ranges: WindowRule['ranges']) => windowInWords({ timeZone: 'Europe/Berlin', ranges });
    expect(words({ days: [1, 2, 3, 4], from: 540, to: 960 }, { days: [5], from: 540, to: 720 })).toBe(
      'Monday to Thursday 09:00-16:00, Friday 09:00-12:00 (Europe/Berlin)',
    );
    expect(words({ days: [1, 2, 4], from: 0, to: 1440 })).toBe(
      'Monday and Tuesday and Thursday 00:00-24:00 (Europe/Berlin)',
    );
    expect(words({ days: [1, 2, 3, 4, 5, 6, 7], from: 1320, to: 240 })).toBe('every day 22:00-04:00 (Europe/Berlin)');
  });
});
