import type { WorseWhen } from '../../../../contract/checks';
import fc from 'fast-check';
import { inflationOf } from '../../../../lambda/domain/judge/effective-samples';
import { judgeMetric, type MetricRule } from '../../../../lambda/domain/judge/judge-metric';
import type { Paired } from '../../../../lambda/domain/judge/paired';
import { rankingOf } from '../../../../lambda/domain/judge/ranking';
import { chance } from '../../../judge/random';

const CRITICAL = 2.326;

function rule(worseWhen: WorseWhen = 'HIGHER', minEffect = 0.1): MetricRule {
  return { name: 'latency', worseWhen, minEffect };
}

function judge(by: MetricRule, paired: Paired, critical: number, inflation: number) {
  return judgeMetric(by, rankingOf(paired), critical, inflation);
}

/** Sixty values of each side, the canary's higher by a share. */
function latencies(by: number, scatter = 0.05, n = 60) {
  const { normal } = chance(3);
  const draw = (mean: number) => Float64Array.from({ length: n }, () => mean * (1 + scatter * normal()));
  return { baseline: draw(100), canary: draw(100 * (1 + by)) };
}

test('says by how much the canary is higher', () => {
  const judgement = judge(rule(), latencies(0.2), CRITICAL, 1);
  expect(judgement.verdict).toBe('FAIL');
  expect(judgement.reason).toMatch(
    /^latency: the canary is higher: its mean is \d\d % above the baseline's, typically \+\d\d % \(\+\d\d % to \+\d\d %\), 60 data points each$/,
  );
  const { effectPercent, lowPercent, highPercent } = judgement as Required<typeof judgement>;
  expect(lowPercent).toBeLessThan(effectPercent);
  expect(effectPercent).toBeLessThan(highPercent);
  expect(effectPercent).toBeCloseTo(20, -0.5);
});

test('a large difference can be read', () => {
  expect(judge(rule(), latencies(49), CRITICAL, 1).reason).toMatch(
    /its mean is \d,\d{3} % above the baseline's, typically \+\d,\d{3} %/,
  );
});

test.each<[string, number, WorseWhen, number, string]>([
  ['a difference in the direction that matters', 0.2, 'HIGHER', 0.1, 'FAIL'],
  ['a difference in the other direction', -0.2, 'HIGHER', 0.1, 'PASS'],
  ['a decrease where that is bad', -0.2, 'LOWER', 0.1, 'FAIL'],
  ['an increase where a decrease is bad', 0.2, 'LOWER', 0.1, 'PASS'],
  ['an increase where both are bad', 0.2, 'DIFFERENT', 0.1, 'FAIL'],
  ['a decrease where both are bad', -0.2, 'DIFFERENT', 0.1, 'FAIL'],
  ['a certain difference that is too small to matter', 0.06, 'HIGHER', 0.1, 'PASS'],
  ['a certain decrease that is too small to matter', -0.06, 'LOWER', 0.1, 'PASS'],
  ['a certain difference either way that is too small to matter', -0.06, 'DIFFERENT', 0.1, 'PASS'],
  ['a small decrease as Kayenta judges it', -0.06, 'LOWER', 0, 'FAIL'],
  ['the same as Kayenta judges it', 0.06, 'HIGHER', 0, 'FAIL'],
  ['no difference', 0, 'DIFFERENT', 0, 'PASS'],
])('%s', (_what, by, worseWhen, minEffect, verdict) => {
  expect(judge(rule(worseWhen, minEffect), latencies(by), CRITICAL, 1).verdict).toBe(verdict);
});

test.each<[WorseWhen, number]>([
  ['HIGHER', 0.2],
  ['LOWER', -0.2],
  ['DIFFERENT', -0.2],
])('a large difference that may be chance is none where %s is worse', (worseWhen, by) => {
  const judgement = judge(rule(worseWhen), latencies(by, 2), CRITICAL, 1);

  expect(judgement.verdict).toBe('PASS');
  expect(judgement.reason).toMatch(
    /^latency: no difference that matters: its mean is [\d.]+ % (above|below) the baseline's/,
  );
});

test('a fall that may be chance is none, though it is large', () => {
  const times = (...values: number[]) => Float64Array.from({ length: 10 }, (_, minute) => values[minute % 2] as number);
  const { verdict, reason } = judge(rule('LOWER'), { canary: times(20, 140), baseline: times(50, 150) }, CRITICAL, 1);

  expect(verdict).toBe('PASS');
  expect(reason).toMatch(/^latency: no difference that matters: its mean is 20 % below the baseline's/);
});

test('a certain rise that is too small to matter is no fall where one minute of the baseline was extreme', () => {
  const { canary, baseline } = latencies(0.06, 0.01);
  baseline[7] = 10_000;
  const { verdict, reason } = judge(rule('DIFFERENT'), { canary, baseline }, CRITICAL, 1);

  expect(verdict).toBe('PASS');
  expect(reason).toMatch(/no difference that matters: its mean is \d\d % below the baseline's, typically \+\d/);
});

test('no difference at all is told as one of 0 %', () => {
  const same = Float64Array.from({ length: 30 }, (_, minute) => 100 + (minute % 3));

  expect(judge(rule(), { canary: same, baseline: same }, CRITICAL, 1).reason).toBe(
    "latency: no difference that matters: its mean is 0 % above the baseline's, typically 0 % (0 % to 0 %), 30 data points each",
  );
});

test('the interval is wider where minutes are alike', () => {
  const widthOf = (inflation: number) => {
    const { lowPercent = NaN, highPercent = NaN } = judge(rule(), latencies(0.2), CRITICAL, inflation);
    return highPercent - lowPercent;
  };

  expect(widthOf(4)).toBeGreaterThan(1.5 * widthOf(1));
});

test('how many data points count is told', () => {
  expect(judge(rule(), latencies(0.2), CRITICAL, 6)).toMatchObject({ n: 60, effective: 10 });
});

test('a decrease is told as one', () => {
  expect(judge(rule('LOWER'), latencies(-0.2), CRITICAL, 1).reason).toMatch(
    /^latency: the canary is lower: its mean is \d\d % below the baseline's/,
  );
});

test('a large difference that may be chance is none', () => {
  expect(judge(rule(), latencies(0.2, 2), CRITICAL, 1).verdict).toBe('PASS');
});

test('data points that are alike from one to the next count less', () => {
  const series = latencies(0.12, 0.2);
  expect(judge(rule(), series, CRITICAL, 1).verdict).toBe('FAIL');
  expect(judge(rule(), series, CRITICAL, 6).verdict).toBe('PASS');
});

test('too few data points that count cannot tell anything', () => {
  const judgement = judge(rule(), latencies(10), CRITICAL, 40);
  expect(judgement).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining('60 data points') });
});

describe('one minute that is extremely slow hides nothing', () => {
  const wave = (mean: number) => Float64Array.from({ length: 60 }, (_, minute) => mean + (minute % 7) - 3);
  const slowOnce = (values: Float64Array, value = 30_000) => values.with(17, value);
  const verdict = (worseWhen: WorseWhen, canary: Float64Array, baseline: Float64Array, unit = 1) =>
    judge(
      rule(worseWhen),
      { canary: canary.map((value) => value * unit), baseline: baseline.map((value) => value * unit) },
      CRITICAL,
      1,
    ).verdict;

  test.each([1e-6, 1, 1e6])('of the baseline, where the canary is slower throughout, at a scale of %p', (unit) => {
    expect(verdict('HIGHER', wave(200), slowOnce(wave(100)), unit)).toBe('FAIL');
    expect(verdict('LOWER', wave(200), slowOnce(wave(100)), unit)).toBe('PASS');
    expect(verdict('HIGHER', wave(105), slowOnce(wave(100)), unit)).toBe('PASS');
  });

  test('and the shift that is told is one of the usual value', () => {
    expect(judge(rule(), { canary: wave(200), baseline: slowOnce(wave(100)) }, CRITICAL, 1).reason).toMatch(
      /^latency: the canary is higher: its mean is 67 % below the baseline's, typically \+100 % \(\+\d\d % to \+10\d %\), 60 data points each$/,
    );
  });

  test('of the canary, where it serves less throughout', () => {
    expect(verdict('LOWER', slowOnce(wave(50)), wave(100))).toBe('FAIL');
    expect(verdict('HIGHER', slowOnce(wave(50)), wave(100))).toBe('PASS');
  });

  test('of a baseline that mostly has no errors, where the canary has some in every third minute', () => {
    const errors = Float64Array.from({ length: 60 }, (_, minute) => (minute % 3 === 0 ? 5 : 0));
    expect(verdict('HIGHER', errors, slowOnce(new Float64Array(60)))).toBe('FAIL');
  });
});

describe('where the baseline has no errors', () => {
  const none = new Float64Array(60);
  const errors = (minutes: number) => Float64Array.from({ length: 60 }, (_, minute) => (minute < minutes ? 5 : 0));

  test('none of the canary pass', () => {
    expect(judge(rule(), { baseline: none, canary: errors(0) }, CRITICAL, 1)).toMatchObject({
      verdict: 'PASS',
      reason:
        'latency: no difference that matters: in 50 % of comparisons the canary has the larger value, 60 data points each',
    });
  });

  test('errors in many minutes fail, without a percentage of nothing', () => {
    const judgement = judge(rule(), { baseline: none, canary: errors(12) }, CRITICAL, 1);
    expect(judgement.verdict).toBe('FAIL');
    expect(judgement).not.toHaveProperty('effectPercent');
  });

  test('errors in one minute may be chance', () => {
    expect(judge(rule(), { baseline: none, canary: errors(1) }, CRITICAL, 1).verdict).toBe('PASS');
  });
});

describe('where both sides never change', () => {
  const constant = (value: number, n: number) => new Float64Array(n).fill(value);
  const verdict = (canary: number, baseline: number, n: number, critical: number) => {
    const paired = { canary: constant(canary, n), baseline: constant(baseline, n) };
    return judge(rule('DIFFERENT'), paired, critical, inflationOf(rankingOf(paired))).verdict;
  };

  test.each([
    [5, 2.326],
    [8, 2.326],
    [10, 3.09],
    [12, 3.72],
  ])('%d equal data points do not pass, because a hundredfold would not fail at %d sigma', (n, critical) => {
    expect(verdict(100, 1, n, critical)).toBe('INCONCLUSIVE');
    expect(verdict(1, 1, n, critical)).toBe('INCONCLUSIVE');
    expect(verdict(0, 0, n, critical)).toBe('INCONCLUSIVE');
  });

  test.each([
    [9, 2.326],
    [11, 2.807],
    [30, 3.72],
  ])('%d equal data points pass, because a tenth more would fail at %d sigma', (n, critical) => {
    expect(verdict(1.1, 1, n, critical)).toBe('FAIL');
    expect(verdict(1, 1, n, critical)).toBe('PASS');
    expect(verdict(0, 0, n, critical)).toBe('PASS');
  });
});

test('nothing passes by so few data points that nothing could have failed', () => {
  const few = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 14 });
  fc.assert(
    fc.property(few, few, fc.double({ min: 2.326, max: 3.6, noNaN: true }), (a, b, critical) => {
      const n = Math.min(a.length, b.length);
      const [canary, baseline] = [Float64Array.from(a.slice(0, n)), Float64Array.from(b.slice(0, n))];
      const { verdict } = judge(rule('DIFFERENT', 0), { canary, baseline }, critical, 1);
      if (verdict !== 'PASS') return;
      // Far above everything, and as much alike as they are.
      const worse = canary.map((value) => value + 1e6);
      expect(judge(rule('DIFFERENT', 0), { canary: worse, baseline }, critical, 1).verdict).toBe('FAIL');
    }),
  );
});

test('a difference of exactly the share that matters is one, in any unit', () => {
  const wave = (mean: number) => Float64Array.from({ length: 60 }, (_, minute) => mean + (minute % 3) - 1);
  const verdicts = [1e-6, 1, 1e6, 1 / 3].map((unit) => {
    const of = (mean: number) => wave(mean).map((value) => value * unit);
    return judge(rule(), { baseline: of(100), canary: of(110) }, CRITICAL, 1).verdict;
  });
  expect(verdicts).toEqual(['FAIL', 'FAIL', 'FAIL', 'FAIL']);
});

test('whatever the values, the unit does not matter', () => {
  const values = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(values, values, fc.constantFrom<WorseWhen>('HIGHER', 'LOWER', 'DIFFERENT'), (a, b, worseWhen) => {
      const [small, usual, large] = [1e-6, 1, 1e6].map((unit) => {
        const of = (list: readonly number[]) => Float64Array.from(list, (value) => value * unit);
        return judge(rule(worseWhen), { canary: of(a), baseline: of(b) }, CRITICAL, 1);
      });
      expect(small!.verdict).toBe(usual!.verdict);
      expect(large!.verdict).toBe(usual!.verdict);
    }),
  );
});
