import type { CheckPlan } from '../../../contract/checks';
import { evaluate } from '../../../lambda/domain/evaluate';
import {
  at,
  check,
  HOUR,
  judge,
  measured,
  minutes,
  PRESENT,
  repeated,
  SINCE,
  tallies,
  type Verdict,
} from './evaluate-fixture';

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
