import { localTime, plainDuration, plainTime } from '../../../lambda/domain/plain-time';

test.each([
  [0, 'under a minute'],
  [Number.NaN, 'under a minute'],
  [-5, 'under a minute'],
  [59_999, 'under a minute'],
  [60_000, '1 minute'],
  [3_900_000, '1 hour 5 minutes'],
  [86_400_000 * 2 + 60_000, '2 days'],
  [86_400_000 + 7_200_000, '1 day 2 hours'],
  [86_400_000 + 7_200_000 + 60_000, '1 day 2 hours'],
])('%d ms is %s', (milliseconds, words) => {
  expect(plainDuration(milliseconds)).toBe(words);
});

describe('a time', () => {
  test.each([
    ['2026-11-24T09:05:59.000Z', 'Tuesday 24 November 2026, 09:05 UTC'],
    ['2027-01-03T00:00:00.000Z', 'Sunday 3 January 2027, 00:00 UTC'],
    ['2026-06-30T23:59:00+02:00', 'Tuesday 30 June 2026, 21:59 UTC'],
  ])('%s is %s', (iso, words) => {
    expect(plainTime(iso)).toBe(words);
  });

  test('that is none does not throw', () => {
    expect(plainTime('soon')).toBe('an unknown time');
    expect(localTime('soon', 'Europe/Berlin')).toBe('an unknown time');
  });

  test.each([
    ['2026-11-24T09:05:00Z', 'Europe/Berlin', 'Tuesday 24 November 2026, 10:05 in Europe/Berlin (09:05 UTC)'],
    ['2026-07-24T09:05:00Z', 'Europe/Berlin', 'Friday 24 July 2026, 11:05 in Europe/Berlin (09:05 UTC)'],
    [
      '2026-12-31T20:00:00Z',
      'Asia/Kolkata',
      'Friday 1 January 2027, 01:30 in Asia/Kolkata (Thursday 31 December, 20:00 UTC)',
    ],
    [
      '2026-11-24T15:00:00Z',
      'Asia/Tokyo',
      'Wednesday 25 November 2026, 00:00 in Asia/Tokyo (Tuesday 24 November, 15:00 UTC)',
    ],
  ])('%s in %s is %s', (iso, zone, words) => {
    expect(localTime(iso, zone)).toBe(words);
  });

  test.each([undefined, 'Etc/UTC', 'Africa/Abidjan', 'Mars/Olympus_Mons', ''])('in %s is said in UTC alone', (zone) => {
    expect(localTime('2026-11-24T09:05:00Z', zone)).toBe('Tuesday 24 November 2026, 09:05 UTC');
  });
});
