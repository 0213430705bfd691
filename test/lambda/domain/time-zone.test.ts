import fc from 'fast-check';
import { knownTimeZone, momentsOf, shownAt } from '../../../lambda/domain/time-zone';

const BERLIN = 'Europe/Berlin';
const shown = (text: string) => Date.parse(`${text}:00.000Z`);

test('a time on a clock is one moment, in winter and in summer', () => {
  expect(momentsOf(shown('2026-11-27T22:00'), BERLIN)).toEqual(['2026-11-27T21:00:00.000Z']);
  expect(momentsOf(shown('2026-07-27T22:00'), BERLIN)).toEqual(['2026-07-27T20:00:00.000Z']);
  expect(momentsOf(shown('2026-11-27T22:00'), 'UTC')).toEqual(['2026-11-27T22:00:00.000Z']);
  expect(momentsOf(shown('2026-11-27T22:00'), 'Asia/Kathmandu')).toEqual(['2026-11-27T16:15:00.000Z']);
});

test('there is no such time while clocks are put forward over it', () => {
  expect(momentsOf(shown('2026-03-29T01:59'), BERLIN)).toEqual(['2026-03-29T00:59:00.000Z']);
  expect(momentsOf(shown('2026-03-29T02:00'), BERLIN)).toEqual([]);
  expect(momentsOf(shown('2026-03-29T02:59'), BERLIN)).toEqual([]);
  expect(momentsOf(shown('2026-03-29T03:00'), BERLIN)).toEqual(['2026-03-29T01:00:00.000Z']);
});

test('there are two of them while clocks are put back', () => {
  expect(momentsOf(shown('2026-10-25T01:59'), BERLIN)).toEqual(['2026-10-24T23:59:00.000Z']);
  expect(momentsOf(shown('2026-10-25T02:00'), BERLIN)).toEqual([
    '2026-10-25T00:00:00.000Z',
    '2026-10-25T01:00:00.000Z',
  ]);
  expect(momentsOf(shown('2026-10-25T03:00'), BERLIN)).toEqual(['2026-10-25T02:00:00.000Z']);
});

test('a whole day may be missing: Samoa went to the other side of the date line', () => {
  expect(momentsOf(shown('2011-12-30T12:00'), 'Pacific/Apia')).toEqual([]);
});

test('every moment is among those at which the clock shows what it shows', () => {
  const minutes = fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 });
  const zones = fc.constantFrom(
    BERLIN,
    'UTC',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Chatham',
  );
  fc.assert(
    fc.property(minutes, zones, (minute, timeZone) => {
      const { date, time } = shownAt(minute * 60_000, timeZone);
      const moments = momentsOf(shown(`${date}T${time}`), timeZone);

      expect(moments).toContain(new Date(minute * 60_000).toISOString());
      moments.forEach((moment) => expect(shownAt(Date.parse(moment), timeZone)).toEqual({ date, time }));
    }),
  );
});

test('a time zone that nobody chose, or that this machine does not know, is UTC', () => {
  expect(knownTimeZone(BERLIN)).toBe(BERLIN);
  expect(knownTimeZone(undefined)).toBe('UTC');
  expect(knownTimeZone('Europe/Atlantis')).toBe('UTC');
});
