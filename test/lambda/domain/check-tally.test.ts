import fc from 'fast-check';
import type { Measurement } from '../../../contract/messages';
import { lastFindingOf, longestGap, withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';

const START = '2026-11-23T08:00:00.000Z';
const TIMING = { interval: 60 };
/** 2 × 60 seconds and two minutes of slack. */
const GAP = 240;

type Verdict = Measurement['verdict'];

function at(seconds: number): string {
  return new Date(Date.parse(START) + seconds * 1000).toISOString();
}

function measured(verdict: Verdict, seconds: number, more: Partial<Measurement> = {}): Measurement {
  return { checkId: 'a', at: at(seconds), verdict, reason: `${verdict} at ${seconds}`, ...more };
}

function tallyOf(measurements: readonly Measurement[], timing = TIMING): CheckTally | undefined {
  return measurements.reduce<CheckTally | undefined>(
    (tally, measurement) => withMeasurement(tally, measurement, timing, START),
    undefined,
  );
}

/** One measurement a minute, the first at the start. */
function minutes(...verdicts: readonly Verdict[]): Measurement[] {
  return verdicts.map((verdict, index) => measured(verdict, index * 60));
}

describe('the first measurement', () => {
  const none = { checkId: 'a', passes: 0, failures: 0, failuresInARow: 0, errorsInARow: 0 };
  const nothing = { ...none, inconclusives: 0, inconclusivesInARow: 0, unchangedSince: at(5) };

  test.each<[Verdict, Partial<CheckTally>]>([
    ['PASS', { passes: 1, lastFinding: at(5), coveredUntil: at(5) }],
    ['FAIL', { failures: 1, failuresInARow: 1, failure: 'FAIL at 5', lastFinding: at(5), lastFailure: at(5) }],
    ['INCONCLUSIVE', { inconclusives: 1, inconclusivesInARow: 1, doubt: 'INCONCLUSIVE at 5', doubtedSince: at(5) }],
    ['ERROR', { errorsInARow: 1 }],
  ])('%s', (verdict, counted) => {
    const measurement = measured(verdict, 5);

    expect(tallyOf([measurement])).toEqual({
      ...nothing,
      ...counted,
      last: measurement,
      lastFinished: measurement,
      course: { from: at(5), steps: [[0, verdict]] },
    });
  });

  test('IN_PROGRESS counts nothing, and says since when', () => {
    const measurement = measured('IN_PROGRESS', 5);

    expect(tallyOf([measurement])).toEqual({
      ...nothing,
      last: measurement,
      inProgressSince: at(5),
      course: { from: at(5), steps: [[0, 'WORKING']] },
    });
  });
});

describe('rows', () => {
  test.each<[readonly Verdict[], Partial<CheckTally>]>([
    [['FAIL', 'FAIL'], { failures: 2, failuresInARow: 2 }],
    [['FAIL', 'PASS'], { failures: 1, failuresInARow: 0, passes: 1 }],
    [['FAIL', 'PASS', 'FAIL'], { failures: 2, failuresInARow: 1, passes: 1 }],
    [['FAIL', 'ERROR', 'FAIL'], { failures: 2, failuresInARow: 2 }],
    [['FAIL', 'INCONCLUSIVE', 'FAIL'], { failures: 2, failuresInARow: 2 }],
    [['FAIL', 'IN_PROGRESS', 'FAIL'], { failures: 2, failuresInARow: 2 }],
    [['ERROR', 'ERROR'], { errorsInARow: 2 }],
    [['ERROR', 'PASS'], { errorsInARow: 0 }],
    [['ERROR', 'FAIL'], { errorsInARow: 0 }],
    [['ERROR', 'INCONCLUSIVE'], { errorsInARow: 0 }],
    [['ERROR', 'IN_PROGRESS', 'ERROR'], { errorsInARow: 2 }],
    [['INCONCLUSIVE', 'INCONCLUSIVE'], { inconclusives: 2, inconclusivesInARow: 2 }],
    [['INCONCLUSIVE', 'PASS', 'INCONCLUSIVE'], { inconclusives: 2, inconclusivesInARow: 1 }],
    [['INCONCLUSIVE', 'FAIL', 'INCONCLUSIVE'], { inconclusives: 2, inconclusivesInARow: 1 }],
    [['INCONCLUSIVE', 'ERROR', 'INCONCLUSIVE'], { inconclusives: 2, inconclusivesInARow: 2, errorsInARow: 0 }],
    [['INCONCLUSIVE', 'IN_PROGRESS', 'INCONCLUSIVE'], { inconclusives: 2, inconclusivesInARow: 2 }],
  ])('%j', (verdicts, counted) => {
    expect(tallyOf(minutes(...verdicts))).toMatchObject(counted);
  });

  test('the latest failure and the latest doubt are kept', () => {
    expect(tallyOf(minutes('FAIL', 'FAIL', 'INCONCLUSIVE', 'INCONCLUSIVE', 'PASS'))).toMatchObject({
      failure: 'FAIL at 60',
      doubt: 'INCONCLUSIVE at 180',
    });
  });

  test('a measurement is told of the last finding and of the last failure, which is counted', () => {
    expect(lastFindingOf(undefined)).toEqual({});
    expect(lastFindingOf(tallyOf(minutes('ERROR', 'IN_PROGRESS')))).toEqual({});
    expect(lastFindingOf(tallyOf(minutes('FAIL', 'PASS', 'ERROR')))).toEqual({
      lastFinding: at(60),
      lastFailure: at(0),
    });
    expect(lastFindingOf(tallyOf(minutes('PASS')))).toEqual({ lastFinding: at(0) });
    expect(lastFindingOf(tallyOf(minutes('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR')))).toEqual({
      lastFinding: at(60),
      lastFailure: at(60),
    });
  });

  test('only PASS and FAIL are findings', () => {
    expect(tallyOf(minutes('PASS', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS'))).toMatchObject({ lastFinding: at(0) });
    expect(tallyOf(minutes('PASS', 'FAIL', 'ERROR'))).toMatchObject({ lastFinding: at(60) });
    expect(tallyOf(minutes('ERROR', 'INCONCLUSIVE', 'IN_PROGRESS'))?.lastFinding).toBeUndefined();
  });

  test('the newest measurement and the newest finished one are kept', () => {
    const all = minutes('PASS', 'FAIL', 'IN_PROGRESS');

    expect(tallyOf(all)).toMatchObject({ last: all[2], lastFinished: all[1] });
  });
});

describe('since when nothing has changed', () => {
  test.each<[readonly Verdict[], number]>([
    [['PASS', 'PASS', 'PASS'], 0],
    [['PASS', 'FAIL', 'FAIL'], 60],
    [['ERROR', 'INCONCLUSIVE', 'PASS'], 120],
    // A check that always works for a while before it answers has not changed.
    [['PASS', 'IN_PROGRESS', 'PASS', 'IN_PROGRESS', 'PASS'], 0],
    [['PASS', 'IN_PROGRESS'], 0],
    [['IN_PROGRESS', 'IN_PROGRESS'], 0],
    [['IN_PROGRESS', 'PASS'], 60],
  ])('%j', (verdicts, seconds) => {
    expect(tallyOf(minutes(...verdicts))?.unchangedSince).toBe(at(seconds));
  });

  test('work in progress is counted from its first answer, and no longer once it is over', () => {
    expect(tallyOf(minutes('PASS', 'IN_PROGRESS', 'IN_PROGRESS'))).toMatchObject({ inProgressSince: at(60) });
    expect(tallyOf(minutes('IN_PROGRESS', 'ERROR', 'IN_PROGRESS'))).toMatchObject({ inProgressSince: at(120) });
    for (const verdict of ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR'] as const) {
      expect(tallyOf(minutes('IN_PROGRESS', verdict))).not.toHaveProperty('inProgressSince');
    }
  });
});

describe('coverage', () => {
  test('the longest gap is two intervals and two minutes', () => {
    expect(longestGap(TIMING)).toBe(GAP * 1000);
    expect(longestGap({ interval: 300 })).toBe(720_000);
  });

  test.each<[string, Measurement[], Partial<CheckTally>]>([
    ['starts with the check', [measured('PASS', GAP)], { coveredUntil: at(GAP) }],
    [
      'has a hole when the first good measurement comes late',
      [measured('PASS', GAP + 1)],
      { coveredUntil: at(GAP + 1), hole: { from: at(0), to: at(GAP + 1) } },
    ],
    ['reaches over the longest gap', [measured('PASS', 0), measured('PASS', GAP)], { coveredUntil: at(GAP) }],
    [
      'has a hole beyond the longest gap',
      [measured('PASS', 10), measured('PASS', 11 + GAP)],
      { coveredUntil: at(11 + GAP), hole: { from: at(10), to: at(11 + GAP) } },
    ],
    [
      'remembers its first hole',
      [measured('PASS', 1000), measured('PASS', 2000), measured('PASS', 2060)],
      { coveredUntil: at(2060), hole: { from: at(0), to: at(1000) } },
    ],
    [
      'does not come from errors, doubts or failures',
      [...minutes('PASS', 'ERROR', 'INCONCLUSIVE', 'FAIL', 'ERROR'), measured('PASS', 300)],
      { coveredUntil: at(300), hole: { from: at(0), to: at(300) } },
    ],
    [
      'is made good by a history that reaches back',
      [measured('PASS', 0), measured('PASS', 3600, { healthySince: at(GAP) })],
      { coveredUntil: at(3600) },
    ],
    [
      'is not made good by a history that does not reach back far enough',
      [measured('PASS', 0), measured('PASS', 3600, { healthySince: at(GAP + 1) })],
      { coveredUntil: at(3600), hole: { from: at(0), to: at(GAP + 1) } },
    ],
    [
      'reaches over work that was in progress all the time',
      [measured('PASS', 0), measured('IN_PROGRESS', 60), measured('IN_PROGRESS', 1800), measured('PASS', 3600)],
      { coveredUntil: at(3600) },
    ],
    [
      'begins anew with work that was interrupted',
      [measured('IN_PROGRESS', 0), measured('ERROR', 60), measured('IN_PROGRESS', 1800), measured('PASS', 3600)],
      { coveredUntil: at(3600), hole: { from: at(0), to: at(1800) } },
    ],
    [
      'believes what a measurement says itself before the time of its work',
      [measured('IN_PROGRESS', 0), measured('PASS', 3600, { healthySince: at(3000) })],
      { coveredUntil: at(3600), hole: { from: at(0), to: at(3000) } },
    ],
    [
      'has a hole where a time cannot be read',
      [measured('PASS', 60, { healthySince: 'long ago' })],
      { coveredUntil: at(60), hole: { from: at(0), to: 'long ago' } },
    ],
  ])('%s', (_, measurements, { coveredUntil, hole }) => {
    const tally = tallyOf(measurements);

    expect(tally?.coveredUntil).toBe(coveredUntil);
    expect(tally?.hole).toEqual(hole);
  });

  test('there is none without a good measurement', () => {
    const tally = tallyOf(minutes('FAIL', 'ERROR', 'INCONCLUSIVE', 'IN_PROGRESS'));

    expect(tally).not.toHaveProperty('coveredUntil');
    expect(tally).not.toHaveProperty('hole');
  });
});

describe('doubts', () => {
  test.each<[string, Measurement[], Partial<CheckTally>]>([
    ['stay where a later measurement saw the present alone', minutes('INCONCLUSIVE', 'PASS'), { inconclusives: 1 }],
    [
      'are settled by a history that reaches back to the first of them',
      [...minutes('PASS', 'INCONCLUSIVE', 'ERROR', 'INCONCLUSIVE'), measured('PASS', 240, { healthySince: at(60) })],
      { inconclusives: 0, inconclusivesInARow: 0 },
    ],
    [
      'stay where the history does not reach back so far',
      [...minutes('PASS', 'INCONCLUSIVE', 'INCONCLUSIVE'), measured('PASS', 180, { healthySince: at(61) })],
      { inconclusives: 2, inconclusivesInARow: 0 },
    ],
    [
      'stay where something was found out since',
      [...minutes('INCONCLUSIVE', 'PASS', 'INCONCLUSIVE'), measured('PASS', 180, { healthySince: at(0) })],
      { inconclusives: 1, inconclusivesInARow: 0 },
    ],
    [
      'stay where a time cannot be read',
      [...minutes('INCONCLUSIVE'), measured('PASS', 60, { healthySince: 'long ago' })],
      { inconclusives: 1 },
    ],
    ['are not there to be settled', [measured('PASS', 60, { healthySince: at(0) })], { inconclusives: 0 }],
  ])('%s', (_, measurements, expected) => {
    expect(tallyOf(measurements)).toMatchObject(expected);
    expect(tallyOf(measurements)).not.toHaveProperty('doubtedSince');
  });

  test('begin anew after every finding', () => {
    expect(tallyOf(minutes('INCONCLUSIVE', 'ERROR', 'INCONCLUSIVE', 'ERROR'))).toMatchObject({ doubtedSince: at(0) });
    expect(tallyOf(minutes('INCONCLUSIVE', 'PASS', 'INCONCLUSIVE'))).toMatchObject({ doubtedSince: at(120) });
    expect(tallyOf(minutes('INCONCLUSIVE', 'FAIL', 'INCONCLUSIVE'))).toMatchObject({ doubtedSince: at(120) });
    expect(tallyOf(minutes('INCONCLUSIVE', 'FAIL'))).not.toHaveProperty('doubtedSince');
  });
});

test('a measurement from before the start is remembered and counts for nothing', () => {
  for (const verdict of ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'] as const) {
    const early = measured(verdict, -1);

    expect(tallyOf([early])).toEqual({
      checkId: 'a',
      passes: 0,
      failures: 0,
      failuresInARow: 0,
      errorsInARow: 0,
      inconclusives: 0,
      inconclusivesInARow: 0,
      unchangedSince: at(-1),
      last: early,
    });
  }
  expect(tallyOf([measured('FAIL', -60), measured('PASS', 0)])).toMatchObject({ passes: 1, failures: 0 });
});

test('one of two measurements of the same time counts, the first', () => {
  const first = measured('FAIL', 60);

  expect(tallyOf([first, measured('PASS', 60)])).toEqual(tallyOf([first]));
  expect(tallyOf([first, measured('PASS', 60.001)])).toMatchObject({ passes: 1 });
});

const verdict = fc.constantFrom<Verdict>('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS');
const measurement = fc
  .tuple(verdict, fc.integer({ min: -100, max: 5000 }))
  .map(([found, seconds]) => measured(found, seconds));

test('measurements that were counted already, or come too late, change nothing', () => {
  fc.assert(
    fc.property(fc.array(measurement, { minLength: 1 }), (measurements) => {
      const inOrder = [...measurements].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
      const tally = tallyOf(inOrder);

      for (const repeated of inOrder) {
        expect(withMeasurement(tally, repeated, TIMING, START)).toBe(tally);
      }
      const newest = inOrder[inOrder.length - 1]!;
      expect(withMeasurement(tally, { ...newest, at: at(-1000) }, TIMING, START)).toBe(tally);
      expect(tallyOf(inOrder.flatMap((one, index) => [one, ...inOrder.slice(0, index)]))).toEqual(tally);
    }),
  );
});

test('a tally does not grow: 200,000 measurements fit into one small record', () => {
  let tally: CheckTally | undefined;
  const verdicts = ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'] as const;

  for (let count = 0; count < 200_000; count++) {
    tally = withMeasurement(tally, measured(verdicts[count % 5]!, count * 60), TIMING, START);
  }

  expect(tally).toMatchObject({ passes: 40_000, failures: 40_000, inconclusives: 40_000 });
  expect(JSON.stringify(tally).length).toBeLessThan(2000);
});

test('whatever is measured, a tally stays small', () => {
  fc.assert(
    fc.property(fc.array(measurement, { maxLength: 60 }), (measurements) => {
      expect(JSON.stringify(tallyOf(measurements) ?? {}).length).toBeLessThan(900);
    }),
  );
});
