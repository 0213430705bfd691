/** Checks over a bake time. */
import type { Measurement } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/checks';
import { evaluate } from '../../../lambda/domain/evaluate';
import { at, check, HOUR, judge, measured, minutes, repeated, SINCE, tallies, type Verdict } from './evaluate-fixture';

describe('a bake', () => {
  test('passes when the whole time is over and the last sample is fresh and good', () => {
    const all = minutes('PASS', 'PASS', 'PASS', 'PASS');

    expect(judge(all, 179)).toEqual({
      verdict: 'RUNNING',
      reasons: ['health is still watching: pass'],
      checks: [{ id: 'a', title: 'health', verdict: 'RUNNING', reason: 'pass', observeOnly: false }],
      due: [],
      next: at(240),
    });
    expect(judge(all, 180)).toMatchObject({ verdict: 'PASS', reasons: ['health passed: pass'] });
  });

  const stale = (seconds: number) => `health cannot tell: the last measurement is stale: it was made at ${at(seconds)}`;
  const hole = (from: number, to: number) =>
    `health cannot tell: it was not seen healthy from ${at(from)} to ${at(to)}`;

  test.each<[string, Measurement[], number, Partial<CheckPlan>, string, string]>([
    ['no measurement before the end', [], 179, {}, 'RUNNING', 'health is still watching: not measured yet'],
    ['no measurement at the end', [], 180, {}, 'INCONCLUSIVE', 'health cannot tell: no measurement was made'],
    ['one failure', minutes('PASS', 'FAIL'), 60, {}, 'FAIL', 'health failed: fail'],
    [
      'one failure long ago',
      [measured('FAIL', 0, { reason: 'red' }), ...minutes('PASS', 'PASS', 'PASS', 'PASS').slice(1)],
      180,
      {},
      'FAIL',
      'health failed: red',
    ],
    [
      'a forgiven failure',
      minutes('PASS', 'FAIL', 'PASS', 'PASS'),
      180,
      { failureLimit: 1 },
      'PASS',
      'health passed: pass',
    ],
    [
      'one failure more than forgiven',
      minutes('FAIL', 'PASS', 'FAIL'),
      120,
      { failureLimit: 1 },
      'FAIL',
      'health failed: fail',
    ],
    [
      'a forgiven failure as the last finding',
      minutes('PASS', 'PASS', 'PASS', 'FAIL'),
      180,
      { failureLimit: 1 },
      'RUNNING',
      'health is still watching: fail',
    ],
    [
      'as many errors as are forgiven',
      minutes('ERROR', 'ERROR', 'ERROR', 'ERROR'),
      180,
      {},
      'RUNNING',
      'health is still watching: error',
    ],
    [
      'one error more than forgiven',
      minutes(...repeated('ERROR', 5)),
      240,
      {},
      'INCONCLUSIVE',
      'health cannot tell: 5 errors in a row, most recently: error',
    ],
    [
      'errors beyond their limit before the end',
      minutes('ERROR', 'ERROR'),
      60,
      { consecutiveErrorLimit: 1 },
      'INCONCLUSIVE',
      'health cannot tell: 2 errors in a row, most recently: error',
    ],
    [
      'one error where none is forgiven',
      minutes('ERROR'),
      0,
      { consecutiveErrorLimit: 0 },
      'INCONCLUSIVE',
      'health cannot tell: error',
    ],
    [
      'a failure and too many errors',
      minutes('FAIL', 'ERROR'),
      60,
      { consecutiveErrorLimit: 0 },
      'FAIL',
      'health failed: fail',
    ],
    [
      'one doubt, before the end',
      minutes('INCONCLUSIVE', 'PASS', 'PASS'),
      120,
      {},
      'RUNNING',
      'health is still watching: pass',
    ],
    [
      'one doubt where none is forgiven',
      [measured('INCONCLUSIVE', 0, { reason: 'no data' }), ...minutes('PASS', 'PASS', 'PASS', 'PASS').slice(1)],
      180,
      {},
      'INCONCLUSIVE',
      'health cannot tell: no data',
    ],
    [
      'doubts beyond their limit, with good measurements between them',
      minutes('INCONCLUSIVE', 'PASS', 'INCONCLUSIVE', 'PASS'),
      180,
      { inconclusiveLimit: 1 },
      'INCONCLUSIVE',
      'health cannot tell: 2 measurements say nothing, most recently: inconclusive',
    ],
    [
      'as many doubts as are forgiven',
      minutes('INCONCLUSIVE', 'PASS', 'INCONCLUSIVE', 'PASS'),
      180,
      { inconclusiveLimit: 2 },
      'PASS',
      'health passed: pass',
    ],
    [
      'a forgiven doubt as the last measurement',
      minutes('PASS', 'PASS', 'PASS', 'INCONCLUSIVE'),
      180,
      { inconclusiveLimit: 1 },
      'RUNNING',
      'health is still watching: inconclusive',
    ],
    ['an early stop, still fresh', minutes('PASS', 'PASS'), 300, {}, 'PASS', 'health passed: pass'],
    ['an early stop, stale by a second', minutes('PASS', 'PASS'), 301, {}, 'INCONCLUSIVE', stale(60)],
    ['a stale error', minutes('PASS', 'ERROR'), 301, {}, 'INCONCLUSIVE', stale(60)],
    [
      'too few good samples',
      minutes('PASS', 'ERROR', 'ERROR', 'PASS'),
      200,
      { minSamples: 3 },
      'RUNNING',
      'health is still watching: 2 good measurements of 3 needed',
    ],
    [
      'too few good samples, just before it is late',
      [...minutes('PASS', 'ERROR', 'ERROR', 'ERROR'), measured('PASS', 590)],
      599,
      { minSamples: 3 },
      'RUNNING',
      'health is still watching: 2 good measurements of 3 needed',
    ],
    [
      'too few good samples, late',
      [...minutes('PASS', 'ERROR', 'ERROR', 'ERROR'), measured('PASS', 590)],
      600,
      { minSamples: 3 },
      'INCONCLUSIVE',
      'health cannot tell: 2 good measurements of 3 needed',
    ],
    [
      'good samples from the last four minutes alone, which is no gap',
      [measured('PASS', 180)],
      180,
      {},
      'PASS',
      'health passed: pass',
    ],
    [
      'a check still at work at the end',
      [measured('IN_PROGRESS', 0)],
      180,
      {},
      'RUNNING',
      'health is still watching: in_progress',
    ],
    [
      'a check at work for nearly an hour after the end',
      [measured('IN_PROGRESS', 3700)],
      180 + HOUR - 1,
      {},
      'RUNNING',
      'health is still watching: in_progress',
    ],
    [
      'a check at work for an hour after the end',
      [measured('IN_PROGRESS', 3700)],
      180 + HOUR,
      {},
      'INCONCLUSIVE',
      'health cannot tell: still in progress long after the bake: in_progress',
    ],
    [
      'a check that waits for a time long after the end',
      [measured('IN_PROGRESS', 9 * HOUR, { waitsUntil: at(20 * HOUR) })],
      21 * HOUR - 1,
      {},
      'RUNNING',
      'health is still watching: in_progress',
    ],
    [
      'a check that waits for a time that came an hour ago',
      [measured('IN_PROGRESS', 9 * HOUR, { waitsUntil: at(20 * HOUR) })],
      21 * HOUR,
      {},
      'INCONCLUSIVE',
      'health cannot tell: still in progress long after the bake: in_progress',
    ],
    [
      'a check that waits for a time that cannot be read',
      [measured('IN_PROGRESS', 180, { waitsUntil: 'later' })],
      180,
      {},
      'INCONCLUSIVE',
      'health cannot tell: still in progress long after the bake: in_progress',
    ],
    [
      'a check that worked for half an hour and then passed',
      [measured('IN_PROGRESS', 0), measured('PASS', 1800)],
      1800,
      {},
      'PASS',
      'health passed: pass',
    ],
    [
      'a failure from before the initial delay',
      minutes('FAIL', 'PASS', 'PASS', 'PASS'),
      180,
      { initialDelay: 30 },
      'PASS',
      'health passed: pass',
    ],
    [
      'good measurements from before the initial delay alone',
      minutes('PASS', 'PASS'),
      180,
      { initialDelay: 90 },
      'RUNNING',
      'health is still watching: 0 good measurements of 1 needed',
    ],
    [
      'an initial delay beyond the bake time',
      minutes('PASS', 'PASS', 'PASS', 'PASS'),
      199,
      { initialDelay: 200 },
      'RUNNING',
      'health is still watching: pass',
    ],
    ['a reason that says nothing', [measured('PASS', 180, { reason: '' })], 180, {}, 'PASS', 'health passed'],
    ['a hole at the beginning', [measured('PASS', 241)], 241, {}, 'PASS', 'health passed: pass'],
  ])('with %s', (_, measurements, seconds, more, verdict, reason) => {
    expect(judge(measurements, seconds, more)).toMatchObject({ verdict, reasons: [reason] });
  });

  describe('with a hole in the watching', () => {
    const bake = { bakeMinutes: 60 };
    const end = 60 * 60;
    const good = (from: number, to: number) =>
      Array.from({ length: (to - from) / 60 + 1 }, (_, index) => measured('PASS', from + index * 60));

    test.each<[string, Measurement[], number, string, string]>([
      ['of the longest gap', [...good(0, 1200), ...good(1440, end)], end, 'PASS', 'health passed: pass'],
      ['of a minute more', [...good(0, 1200), ...good(1500, end)], end, 'INCONCLUSIVE', hole(1200, 1500)],
      ['at its beginning', good(300, end), end, 'INCONCLUSIVE', hole(0, 300)],
      ['at its beginning, just short enough', good(240, end), end, 'PASS', 'health passed: pass'],
      [
        'from just before its end on',
        [...good(0, end - 240), ...good(2 * end, 2 * end)],
        2 * end,
        'PASS',
        'health passed: pass',
      ],
      [
        'from long before its end on',
        [...good(0, end - 300), ...good(2 * end, 2 * end)],
        2 * end,
        'INCONCLUSIVE',
        hole(end - 300, 2 * end),
      ],
      ['after its end', [...good(0, end), ...good(2 * end, 2 * end)], 2 * end, 'PASS', 'health passed: pass'],
    ])('%s', (_, measurements, seconds, verdict, reason) => {
      expect(judge(measurements, seconds, {}, bake)).toMatchObject({ verdict, reasons: [reason] });
    });

    test('that a history fills', () => {
      const late = measured('PASS', end, { healthySince: at(1200) });

      expect(judge([...good(0, 1200), late], end, {}, bake).verdict).toBe('PASS');
    });

    test('that a history fills, with the doubts in it', () => {
      const doubts = [1260, 1320].map((seconds) => measured('INCONCLUSIVE', seconds));
      const late = (from: number) => [...good(0, 1200), ...doubts, measured('PASS', end, { healthySince: at(from) })];

      expect(judge(late(1200), end, {}, bake).verdict).toBe('PASS');
      expect(judge(late(1261), end, {}, bake)).toMatchObject({
        verdict: 'INCONCLUSIVE',
        reasons: ['health cannot tell: 2 measurements say nothing, most recently: inconclusive'],
      });
    });

    test('with a time that cannot be read', () => {
      const broken = measured('PASS', end, { healthySince: 'yesterday' });

      expect(judge([...good(0, end - 60), broken], end, {}, bake)).toMatchObject({
        verdict: 'INCONCLUSIVE',
        reasons: [`health cannot tell: it was not seen healthy from ${at(end - 60)} to yesterday`],
      });
    });
  });

  describe('does not open without coverage (A5)', () => {
    const bake = { bakeMinutes: 60 };
    const end = 60 * 60;

    test('after 60 inconclusive measurements and one that passes', () => {
      expect(judge(minutes(...repeated('INCONCLUSIVE', 60), 'PASS'), end, {}, bake)).toMatchObject({
        verdict: 'INCONCLUSIVE',
        reasons: ['health cannot tell: 60 measurements say nothing, most recently: inconclusive'],
      });
      expect(
        judge(minutes(...repeated('INCONCLUSIVE', 60), 'PASS'), end, { inconclusiveLimit: 60 }, bake),
      ).toMatchObject({ verdict: 'INCONCLUSIVE', reasons: [hole(0, end)] });
    });

    test('after two samples an hour apart', () => {
      expect(judge([measured('PASS', 0), measured('PASS', end)], end, {}, bake)).toMatchObject({
        verdict: 'INCONCLUSIVE',
        reasons: [hole(0, end)],
      });
    });

    test('when 48 of 61 samples are errors, never five in a row', () => {
      const mostlyErrors = Array.from({ length: 61 }, (_, index) => (index % 5 === 0 ? 'PASS' : 'ERROR') as Verdict);
      expect(mostlyErrors.filter((verdict) => verdict === 'ERROR')).toHaveLength(48);

      expect(judge(minutes(...mostlyErrors), end, {}, bake)).toMatchObject({
        verdict: 'INCONCLUSIVE',
        reasons: [hole(0, 300)],
      });
    });
  });

  test('lasts until every check that decides has had the time for its samples', () => {
    const checks = [
      check({ minSamples: 4, initialDelay: 30 }),
      check({ id: 'b', title: 'seen', minSamples: 99, observeOnly: true }),
    ];
    const good = [30, 90, 150, 210].map((seconds) => measured('PASS', seconds));
    const judged = (seconds: number) =>
      evaluate({ checks, bakeMinutes: 1, since: SINCE }, tallies(checks, good), at(seconds)).verdict;

    expect(judged(209)).toBe('RUNNING');
    expect(judged(210)).toBe('PASS');
  });
});
