import fc from 'fast-check';
import type { Measurement } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/checks';
import { withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';
import { evaluate, startOf, type EvaluationPlan } from '../../../lambda/domain/evaluate';
import { driveGate } from '../check-driver';
import { TIMING } from '../check-timing';

const SINCE = '2026-11-23T08:00:00.000Z';
const HOUR = 3600;

type Verdict = Measurement['verdict'];

function at(seconds: number): string {
  return new Date(Date.parse(SINCE) + seconds * 1000).toISOString();
}

function check(more: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'http',
    id: 'a',
    title: 'health',
    url: 'https://example.com',
    minStatus: 200,
    maxStatus: 299,
    timeoutSeconds: 5,
    ...TIMING,
    ...more,
  } as CheckPlan;
}

function measured(verdict: Verdict, seconds: number, more: Partial<Measurement> = {}): Measurement {
  return { checkId: 'a', at: at(seconds), verdict, reason: verdict.toLowerCase(), ...more };
}

/** One measurement a minute, the first when the gate began. */
function minutes(...verdicts: readonly Verdict[]): Measurement[] {
  return verdicts.map((verdict, index) => measured(verdict, index * 60));
}

function repeated(verdict: Verdict, times: number): Verdict[] {
  return Array.from({ length: times }, () => verdict);
}

function tallies(checks: readonly CheckPlan[], measurements: readonly Measurement[]): CheckTally[] {
  return checks.flatMap((plan) => {
    const tally = measurements
      .filter(({ checkId }) => checkId === plan.id)
      .reduce<CheckTally | undefined>(
        (before, one) => withMeasurement(before, one, plan, startOf(plan, SINCE)),
        undefined,
      );
    return tally === undefined ? [] : [tally];
  });
}

function judge(
  measurements: readonly Measurement[],
  seconds: number,
  more: Partial<CheckPlan> = {},
  plan: Partial<EvaluationPlan> = {},
) {
  const checks = [check(more)];
  return evaluate({ checks, bakeMinutes: 3, since: SINCE, ...plan }, tallies(checks, measurements), at(seconds));
}

const PRESENT = { bakeMinutes: 0 };

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

describe('healthy at this moment', () => {
  test.each<[string, readonly Verdict[], Partial<CheckPlan>, string, string]>([
    ['no measurement', [], {}, 'INCONCLUSIVE', 'health cannot tell: no measurement was made'],
    ['a failure', ['FAIL'], {}, 'FAIL', 'health failed: fail'],
    ['a failure that is over', ['FAIL', 'PASS'], {}, 'PASS', 'health passed: pass'],
    ['a failure after a good one', ['PASS', 'FAIL'], {}, 'FAIL', 'health failed: fail'],
    ['a forgiven failure', ['FAIL'], { failureLimit: 1 }, 'RUNNING', 'health is still watching: fail'],
    ['two failures in a row', ['FAIL', 'FAIL'], { failureLimit: 1 }, 'FAIL', 'health failed: fail'],
    [
      'two failures, not in a row',
      ['FAIL', 'PASS', 'FAIL'],
      { failureLimit: 1 },
      'RUNNING',
      'health is still watching: fail',
    ],
    ['a doubt', ['INCONCLUSIVE'], {}, 'INCONCLUSIVE', 'health cannot tell: inconclusive'],
    ['a doubt that is over', ['INCONCLUSIVE', 'PASS'], {}, 'PASS', 'health passed: pass'],
    [
      'a forgiven doubt',
      ['INCONCLUSIVE'],
      { inconclusiveLimit: 1 },
      'RUNNING',
      'health is still watching: inconclusive',
    ],
    [
      'doubts and errors in turn',
      ['INCONCLUSIVE', 'ERROR', 'INCONCLUSIVE'],
      { inconclusiveLimit: 1 },
      'INCONCLUSIVE',
      'health cannot tell: 2 measurements say nothing, most recently: inconclusive',
    ],
    ['an error', ['ERROR'], {}, 'RUNNING', 'health is still watching: error'],
    [
      'errors beyond their limit',
      repeated('ERROR', 5),
      {},
      'INCONCLUSIVE',
      'health cannot tell: 5 errors in a row, most recently: error',
    ],
    ['errors that are over', [...repeated('ERROR', 5), 'PASS'], {}, 'PASS', 'health passed: pass'],
    ['work in progress', ['IN_PROGRESS'], {}, 'RUNNING', 'health is still watching: in_progress'],
    ['too few samples', ['PASS'], { minSamples: 3 }, 'RUNNING', 'health is still watching: pass'],
    ['enough samples', ['PASS', 'PASS', 'PASS'], { minSamples: 3 }, 'PASS', 'health passed: pass'],
  ])('with %s', (_, verdicts, more, verdict, reason) => {
    const seconds = Math.max(verdicts.length - 1, 0) * 60;

    expect(judge(minutes(...verdicts), seconds, more, PRESENT)).toMatchObject({ verdict, reasons: [reason] });
  });

  test('needs no coverage of what was before', () => {
    expect(judge([measured('PASS', 0), measured('PASS', HOUR)], HOUR, {}, PRESENT).verdict).toBe('PASS');
  });

  test('is not known from a stale measurement', () => {
    expect(judge([measured('PASS', 0)], 240, {}, PRESENT).verdict).toBe('PASS');
    expect(judge([measured('PASS', 0)], 241, {}, PRESENT)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reasons: [`health cannot tell: the last measurement is stale: it was made at ${at(0)}`],
    });
  });

  test('is not known from work that takes longer than an hour', () => {
    expect(judge([measured('IN_PROGRESS', 0)], HOUR - 1, {}, PRESENT).verdict).toBe('RUNNING');
    expect(judge([measured('IN_PROGRESS', 0)], HOUR, {}, PRESENT).verdict).toBe('INCONCLUSIVE');
  });

  test('does not come from one good measurement among failures that are too many together', () => {
    expect(judge(minutes('FAIL', 'ERROR', 'FAIL'), 120, { failureLimit: 1 }, PRESENT).verdict).toBe('FAIL');
  });
});

describe('several checks', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const titled = (more: Record<string, Partial<CheckPlan>>) =>
    Object.entries(more).map(([id, one]) => check({ id, title: id, ...one }));

  test('the worst of all decides, and the others are named, the worst first', () => {
    const checks = titled({
      a: {},
      b: { minSamples: 2, interval: 30 },
      c: {},
      d: { consecutiveErrorLimit: 0 },
      e: { kind: 'crystalBall' as never },
      f: {},
    });
    const found: Verdict[] = ['PASS', 'PASS', 'INCONCLUSIVE', 'ERROR', 'PASS', 'FAIL'];
    const all = found.map((verdict, index) => measured(verdict, 60, { checkId: ids[index]! }));

    const { verdict, reasons } = evaluate({ checks, bakeMinutes: 1, since: SINCE }, tallies(checks, all), at(60));

    expect(verdict).toBe('FAIL');
    expect(reasons).toEqual([
      'f failed: fail',
      'e cannot be understood: this version of the workflow does not know this kind of check: update the workflow',
      'd cannot tell: error',
      'c cannot tell: inconclusive',
      'b is still watching: 1 good measurements of 2 needed',
      'a passed: pass',
    ]);
  });

  test.each<[readonly Verdict[], string]>([
    [['PASS', 'PASS'], 'PASS'],
    [['PASS', 'IN_PROGRESS'], 'RUNNING'],
    [['IN_PROGRESS', 'INCONCLUSIVE'], 'INCONCLUSIVE'],
    [['INCONCLUSIVE', 'FAIL'], 'FAIL'],
  ])('%j is %s', (found, expected) => {
    const checks = titled({ a: {}, b: {} });
    for (const verdicts of [found, [...found].reverse()]) {
      const all = verdicts.map((verdict, index) => measured(verdict, 60, { checkId: ids[index]! }));
      expect(evaluate({ checks, bakeMinutes: 1, since: SINCE }, tallies(checks, all), at(60)).verdict).toBe(expected);
    }
  });

  test('one that is only observed is shown and decides nothing', () => {
    const checks = titled({ a: {}, b: { observeOnly: true } });
    const all = [measured('PASS', 60), measured('FAIL', 60, { checkId: 'b' })];

    const evaluation = evaluate({ checks, bakeMinutes: 1, since: SINCE }, tallies(checks, all), at(60));

    expect(evaluation).toMatchObject({ verdict: 'PASS', reasons: ['a passed: pass'] });
    expect(evaluation.checks[1]).toEqual({ id: 'b', title: 'b', verdict: 'FAIL', reason: 'fail', observeOnly: true });
  });

  test('where none decides, nobody can tell', () => {
    const none = { verdict: 'INCONCLUSIVE', reasons: ['no check decides'] };

    expect(judge(minutes('PASS'), 180, { observeOnly: true })).toMatchObject(none);
    expect(evaluate({ checks: [], bakeMinutes: 0, since: SINCE }, [], SINCE)).toEqual({ ...none, checks: [], due: [] });
  });
});

describe('a kind that this version does not know', () => {
  const newer = check({ kind: 'crystalBall' as never });

  test('is never measured and never decides by itself', () => {
    expect(evaluate({ checks: [newer], bakeMinutes: 0, since: SINCE }, [], at(HOUR))).toEqual({
      verdict: 'UNREADABLE',
      reasons: [
        'health cannot be understood: this version of the workflow does not know this kind of check: update the workflow',
      ],
      checks: [expect.objectContaining({ verdict: 'UNREADABLE' })],
      due: [],
    });
  });

  test('decides nothing where it is only observed', () => {
    const checks = [check(), { ...newer, id: 'b', observeOnly: true }];

    const evaluation = evaluate({ checks, bakeMinutes: 0, since: SINCE }, tallies(checks, minutes('PASS')), at(0));

    expect(evaluation).toMatchObject({ verdict: 'PASS', next: at(60) });
  });
});

describe('when a check is due', () => {
  test.each<[string, Measurement[], number, Partial<CheckPlan>, number, boolean]>([
    ['at once', [], 0, {}, 0, true],
    ['not before its initial delay', [], 29, { initialDelay: 30 }, 30, false],
    ['at its initial delay', [], 30, { initialDelay: 30 }, 30, true],
    ['after its interval', [measured('PASS', 10)], 69, {}, 70, false],
    ['at its interval', [measured('PASS', 10)], 70, {}, 70, true],
    ['at the very end of the bake', [measured('PASS', 150)], 170, {}, 180, false],
    ['regularly after the end', [measured('ERROR', 180)], 190, {}, 240, false],
    ['when it asked to be called back', [measured('IN_PROGRESS', 10, { callBackDelay: 5 })], 12, {}, 15, false],
    ['after the end, when it asked so', [measured('IN_PROGRESS', 170, { callBackDelay: 90 })], 200, {}, 260, false],
    ['after its interval, when it is in progress', [measured('IN_PROGRESS', 10)], 12, {}, 70, false],
    ['never at once again', [measured('IN_PROGRESS', 10, { callBackDelay: 0 })], 10, {}, 11, false],
  ])('%s', (_, measurements, seconds, more, next, due) => {
    const evaluation = judge(measurements, seconds, more);

    expect(evaluation.next).toBe(at(next));
    expect(evaluation.due.map(({ id }) => id)).toEqual(due ? ['a'] : []);
  });

  test('the soonest of several says when', () => {
    const checks = [
      check({ initialDelay: 90 }),
      check({ id: 'b', initialDelay: 30 }),
      check({ id: 'c', initialDelay: 60 }),
    ];

    const evaluation = evaluate({ checks, bakeMinutes: 5, since: SINCE }, [], at(60));

    expect(evaluation.next).toBe(at(30));
    expect(evaluation.due.map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('a check that rests', () => {
  const resting = { bakeMinutes: 0, resting: true };

  test('is measured less and less often while it stays the same, and at last once an hour', () => {
    const measurements = [measured('PASS', 0)];
    const times = [0];
    while (times.length < 12) {
      const { next } = judge(measurements, times[times.length - 1]!, {}, resting);
      const seconds = (Date.parse(next!) - Date.parse(SINCE)) / 1000;
      times.push(seconds);
      measurements.push(measured('PASS', seconds));
    }

    const pauses = times.slice(1).map((time, index) => (time - times[index]!) / 60);
    expect(pauses).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  test('is measured at its interval again when it changes', () => {
    const long = [measured('PASS', 0), measured('PASS', 4 * HOUR)];

    expect(judge(long, 4 * HOUR, {}, resting).next).toBe(at(5 * HOUR));
    expect(judge([...long, measured('FAIL', 5 * HOUR)], 5 * HOUR, {}, resting).next).toBe(at(5 * HOUR + 60));
    expect(judge([...long, measured('FAIL', 5 * HOUR)], 5 * HOUR, {}, PRESENT).next).toBe(at(5 * HOUR + 60));
  });

  test('is never measured more often than its interval, even if that is longer than an hour', () => {
    expect(judge([measured('PASS', 0)], 0, { interval: 2 * HOUR }, resting).next).toBe(at(2 * HOUR));
  });

  test('is called back when it asked so', () => {
    const all = [measured('PASS', 0), measured('IN_PROGRESS', 4 * HOUR, { callBackDelay: 20 })];

    expect(judge(all, 4 * HOUR, {}, resting).next).toBe(at(4 * HOUR + 20));
  });

  test('is called back less and less often while it stays in progress', () => {
    const all = [measured('PASS', 0), measured('IN_PROGRESS', 60, { callBackDelay: 20 })];
    const later = (seconds: number) =>
      judge([...all, measured('IN_PROGRESS', seconds, { callBackDelay: 20 })], seconds, {}, resting);

    expect(later(80).next).toBe(at(100));
    expect(later(180).next).toBe(at(300));
    expect(later(5 * HOUR).next).toBe(at(6 * HOUR));
  });

  test('that was in progress for the whole bake is called back as it asked, soon after the end', () => {
    const bake = { bakeMinutes: 240, resting: true };
    const all = [measured('IN_PROGRESS', 0), measured('IN_PROGRESS', 4 * HOUR + 10, { callBackDelay: 30 })];

    expect(judge(all, 4 * HOUR + 10, {}, bake).next).toBe(at(4 * HOUR + 40));
    const later = [...all, measured('IN_PROGRESS', 4 * HOUR + 600, { callBackDelay: 30 })];
    expect(judge(later, 4 * HOUR + 600, {}, bake).next).toBe(at(4 * HOUR + 1200));
  });

  test('does not rest before its bake is over', () => {
    const all = [measured('PASS', 0), measured('PASS', 120)];

    expect(judge(all, 120, {}, { resting: true }).next).toBe(at(180));
    expect(judge([...all, measured('PASS', 180)], 180, {}, { resting: true }).next).toBe(at(360));
  });

  test('is fresh for an hour and its longest gap', () => {
    const all = [measured('PASS', 0)];

    expect(judge(all, HOUR + 240, {}, resting).verdict).toBe('PASS');
    expect(judge(all, HOUR + 241, {}, resting)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reasons: [`health cannot tell: the last measurement is stale: it was made at ${at(0)}`],
    });
  });

  test('has passed its bake only with a fresh measurement at its end', () => {
    const bake = { bakeMinutes: 10, resting: true };
    const good = (to: number) => minutes(...repeated('PASS', to / 60 + 1));

    expect(judge(good(360), 600, {}, bake).verdict).toBe('PASS');
    expect(judge(good(300), 600, {}, bake).verdict).toBe('INCONCLUSIVE');
  });

  test('keeps the bake that it has passed', () => {
    const bake = { bakeMinutes: 3, resting: true };
    const rested = [...minutes(...repeated('PASS', 4)), measured('PASS', HOUR), measured('PASS', 2 * HOUR)];

    expect(judge(rested, 2 * HOUR, {}, bake)).toMatchObject({ verdict: 'PASS', next: at(3 * HOUR) });
  });
});

describe('as a gate drives it', () => {
  const plan = (bakeMinutes: number, more: Partial<CheckPlan> = {}): EvaluationPlan => ({
    checks: [check(more)],
    bakeMinutes,
    since: SINCE,
  });
  const finds =
    (...verdicts: readonly Verdict[]) =>
    ({ now }: { readonly now: string }, time: number): Measurement => ({
      checkId: 'a',
      at: now,
      verdict: verdicts[Math.min(time, verdicts.length - 1)]!,
      reason: 'found',
    });

  test('a healthy bake ends with a measurement at its very end', () => {
    const driven = driveGate(plan(10, { interval: 90 }), finds('PASS'), at(HOUR));

    expect(driven.evaluation.verdict).toBe('PASS');
    expect(driven.at).toBe(at(600));
    expect(driven.measurements.map((one) => one.at)).toEqual([0, 90, 180, 270, 360, 450, 540, 600].map(at));
  });

  test('a bake of 200,000 samples is judged as quickly as a short one', () => {
    const checks = [check({ interval: 10 })];
    let tally: CheckTally | undefined;
    for (let count = 0; count <= 200_000; count++) {
      tally = withMeasurement(tally, measured('PASS', count * 10), checks[0]!, SINCE);
    }

    const evaluation = evaluate({ checks, bakeMinutes: 2_000_000 / 60, since: SINCE }, [tally!], at(2_000_000));

    expect(evaluation).toMatchObject({ verdict: 'PASS', next: at(2_000_010) });
  });

  test.each<Verdict>(['FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS'])('it ends when everything is %s', (verdict) => {
    for (const bakeMinutes of [0, 5]) {
      const { evaluation } = driveGate(
        plan(bakeMinutes, { failureLimit: 3, inconclusiveLimit: 3 }),
        finds(verdict),
        at(5 * HOUR),
      );

      expect(evaluation.verdict).toBe(verdict === 'FAIL' ? 'FAIL' : 'INCONCLUSIVE');
    }
  });

  test('whatever is found, a verdict comes in the end', () => {
    const found = fc.constantFrom<Verdict>('PASS', 'FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS');
    const limits = fc.record({
      failureLimit: fc.nat(3),
      consecutiveErrorLimit: fc.nat(3),
      inconclusiveLimit: fc.nat(3),
      minSamples: fc.integer({ min: 1, max: 3 }),
      initialDelay: fc.nat(200),
    });
    fc.assert(
      fc.property(limits, fc.constantFrom(0, 1, 10), fc.array(found, { minLength: 1 }), (more, bakeMinutes, cycle) => {
        const { evaluation } = driveGate(
          plan(bakeMinutes, more),
          ({ now }, time) => ({ checkId: 'a', at: now, verdict: cycle[time % cycle.length]!, reason: '' }),
          at(6 * HOUR),
        );

        expect(evaluation.verdict).not.toBe('RUNNING');
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever was measured, a bake opens only', () => {
  const verdict = fc.constantFrom<Verdict>('PASS', 'FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS');
  const mostlyGood = fc.oneof({ weight: 12, arbitrary: fc.constant<Verdict>('PASS') }, verdict);
  const timing = fc.record({
    initialDelay: fc.nat(120),
    interval: fc.integer({ min: 10, max: 300 }),
    failureLimit: fc.nat(2),
    consecutiveErrorLimit: fc.nat(4),
    inconclusiveLimit: fc.nat(2),
    minSamples: fc.integer({ min: 1, max: 4 }),
  });
  /** Pauses between samples, often about as long as the longest gap. */
  const samples = fc.array(
    fc.record({
      verdict: mostlyGood,
      pause: fc.oneof({ weight: 8, arbitrary: fc.nat(130) }, fc.integer({ min: 130, max: 900 })),
      reach: fc.option(fc.nat(900), { freq: 10, nil: undefined }),
    }),
    { maxLength: 30 },
  );

  test('with enough good, fresh, gapless measurements and no more failures and doubts than forgiven', () => {
    let opened = 0;
    fc.assert(
      fc.property(
        timing,
        fc.integer({ min: 1, max: 15 }),
        samples,
        fc.nat(300),
        fc.boolean(),
        (more, bakeMinutes, taken, wait, resting) => {
          let seconds = more.initialDelay - 60;
          const all = taken.map(({ verdict: found, pause, reach }) => {
            seconds += pause;
            return { found, seconds, from: found === 'PASS' && reach !== undefined ? seconds - reach : undefined };
          });
          const now = Math.max(seconds + wait, 0);
          const measurements = all.map(({ found, seconds: when, from }) =>
            measured(found, when, from === undefined ? {} : { healthySince: at(from) }),
          );

          const result = judge(measurements, now, more, { bakeMinutes, resting });

          // Counted anew, from the whole list.
          const gap = 2 * more.interval + 120;
          const end = Math.max(bakeMinutes * 60, more.initialDelay + (more.minSamples - 1) * more.interval);
          const counted = all
            .filter((one, index) => index === 0 || one.seconds > all[index - 1]!.seconds)
            .filter((one) => one.seconds >= more.initialDelay);
          const count = (wanted: Verdict) => counted.filter(({ found }) => found === wanted).length;
          if (count('FAIL') > more.failureLimit) {
            expect(result.verdict).toBe('FAIL');
          }
          if (result.verdict !== 'PASS') {
            return;
          }
          opened += 1;
          const last = counted[counted.length - 1]!;
          expect(now).toBeGreaterThanOrEqual(end);
          expect(count('PASS')).toBeGreaterThanOrEqual(more.minSamples);
          expect(last.found).toBe('PASS');
          expect(now - last.seconds).toBeLessThanOrEqual(gap + (resting ? 3600 : 0));
          expect(end - last.seconds).toBeLessThanOrEqual(gap);
          let covered = more.initialDelay;
          let working: number | undefined;
          for (const { found, seconds: when, from } of counted) {
            if (found === 'PASS') {
              const reaches = from ?? working ?? when;
              expect(Math.min(reaches, end) - covered).toBeLessThanOrEqual(gap);
              covered = when;
            }
            working = found === 'IN_PROGRESS' ? (working ?? when) : undefined;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(opened).toBeGreaterThan(100);
  });

  test('and never for a check that was never good', () => {
    const bad = fc.constantFrom<Verdict>('FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS');
    fc.assert(
      fc.property(
        timing,
        fc.nat(15),
        fc.array(bad, { maxLength: 30 }),
        fc.nat(3000),
        (more, bakeMinutes, taken, now) => {
          expect(judge(minutes(...taken), now, more, { bakeMinutes }).verdict).not.toBe('PASS');
        },
      ),
    );
  });
});
