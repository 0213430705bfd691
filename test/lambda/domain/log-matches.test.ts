import fc from 'fast-check';
import { judgeMatches, logWindow, tooShortBy } from '../../../lambda/domain/log-matches';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (minute: number, second = 0) => new Date(Date.parse(SINCE) + minute * 60_000 + second * 1000).toISOString();
const window = { from: SINCE, to: at(10) };
const limits = (maxMatches = 0, missingData: 'INCONCLUSIVE' | 'HEALTHY' = 'INCONCLUSIVE') => ({
  maxMatches,
  missingData,
});

test.each([
  ['no line', { matched: 0, scanned: 100 }, limits(), 'PASS'],
  ['one line', { matched: 1, scanned: 100 }, limits(), 'FAIL'],
  ['as many lines as are healthy', { matched: 3, scanned: 100 }, limits(3), 'PASS'],
  ['one line more', { matched: 4, scanned: 100 }, limits(3), 'FAIL'],
  ['silence', { matched: 0, scanned: 0 }, limits(), 'INCONCLUSIVE'],
  ['silence that is good', { matched: 0, scanned: 0 }, limits(0, 'HEALTHY'), 'PASS'],
  ['no number of matches', { scanned: 100 }, limits(), 'ERROR'],
  ['no number of lines', { matched: 0 }, limits(), 'ERROR'],
])('%s: %j', (_, statistics, limit, verdict) => {
  expect(judgeMatches(statistics, limit, window).verdict).toBe(verdict);
});

test('what passed was healthy since the window began, and what failed says how many lines', () => {
  expect(judgeMatches({ matched: 0, scanned: 100 }, limits(), window)).toMatchObject({ healthySince: SINCE });
  expect(judgeMatches({ matched: 1, scanned: 100 }, limits(), window)).toEqual({
    verdict: 'FAIL',
    reason: '1 log line matches, at most 0 may.',
    value: '1',
    threshold: 'at most 0',
    ...window,
  });
});

test.each([
  [{ matched: 0, scanned: 100 }, limits(), '0 log lines match of 100 that were written.'],
  [{ matched: 1, scanned: 100 }, limits(1), '1 log line matches of 100 that were written.'],
  [{ matched: 0, scanned: 0 }, limits(), 'Nothing was written to the log.'],
  [{ scanned: 1 }, limits(), 'CloudWatch Logs does not say how many lines match.'],
])('%j is told in a sentence', (statistics, limit, reason) => {
  expect(judgeMatches(statistics, limit, window).reason).toBe(reason);
});

test.each([
  ['matches', { matched: NaN, scanned: 1 }, limits()],
  ['matches below none', { matched: -1, scanned: 1 }, limits()],
  ['lines', { matched: 0, scanned: NaN }, limits()],
  ['lines below none', { matched: 0, scanned: -1 }, limits()],
  ['the limit', { matched: 0, scanned: 1 }, limits(NaN)],
  ['a limit below none', { matched: 0, scanned: 1 }, limits(-1)],
])('%s that is no number of lines is an error', (_, statistics, limit) => {
  expect(judgeMatches(statistics, limit, window).verdict).toBe('ERROR');
});

test('whatever CloudWatch says, only few enough lines of a log that is written pass', () => {
  const number = fc.option(fc.oneof(fc.integer({ min: -2, max: 5 }), fc.constant(NaN)), { nil: undefined });
  fc.assert(
    fc.property(number, number, number, (matched, scanned, maxMatches) => {
      const { verdict } = judgeMatches({ matched, scanned }, { ...limits(), maxMatches: maxMatches as number }, window);
      if (verdict === 'PASS') {
        expect([matched! >= 0, matched! <= maxMatches!, scanned! > 0]).toEqual([true, true, true]);
      }
    }),
  );
});

test('the log is read since the last finding and two minutes before, and never before the gate', () => {
  expect(logWindow(SINCE, undefined, at(10))).toEqual({ from: SINCE, to: at(10) });
  expect(logWindow(SINCE, at(7), at(10))).toEqual({ from: at(5), to: at(10) });
  expect(logWindow(SINCE, at(1), at(10))).toEqual({ from: SINCE, to: at(10) });
});

test('a window of a minute is long enough', () => {
  expect(tooShortBy(logWindow(SINCE, undefined, SINCE))).toBe(60);
  expect(tooShortBy(logWindow(SINCE, undefined, at(0, 59)))).toBe(1);
  expect(tooShortBy(logWindow(SINCE, undefined, at(1)))).toBeUndefined();
});
