import fc from 'fast-check';
import { judgeCanary, type CanaryPlan, type MetricSeries } from '../../../../lambda/domain/judge/judge-canary';
import { BAKE_MINUTES } from '../../../judge/noise';
import { chance } from '../../../judge/random';
import { plan } from '../../../judge/judges';

const FROM = Date.parse('2026-01-01T10:00:00Z');
const at = (minute: number) => FROM + minute * 60_000;
const PLAN = plan('HIGHER', 0.1);

/** A metric of four hours, and how the canary's values differ in a minute. */
function series(change: (value: number, minute: number) => number = (value) => value, name = 'metric'): MetricSeries {
  const { normal } = chance(2);
  const minutes = Array.from({ length: BAKE_MINUTES }, (_, minute) => minute);
  const points = () => minutes.map((minute) => ({ at: at(minute), value: 100 + 10 * normal() }));
  const baseline = points();
  const canary = points().map((point, minute) => ({ ...point, value: change(point.value, minute) }));
  return { name, canary, baseline };
}

function look(finished: number, one = series(), rules: CanaryPlan = PLAN) {
  return judgeCanary(rules, [one], { from: FROM, finished });
}

const WORSE = series((value) => value * 1.5);

test('a healthy canary: nothing is found at any look, and the last one is its end', () => {
  expect(look(30)).toMatchObject({ verdict: 'PASS', look: 1, looks: 6, next: 45 });
  const last = look(240);
  expect(last).toMatchObject({ verdict: 'PASS', look: 6, looks: 6, score: 100 });
  expect(last).not.toHaveProperty('next');
  expect(last.reason).toMatch(/^metric: no difference that matters: .*, 240 data points each$/);
});

test('a canary that is worse fails at the first look', () => {
  expect(look(29, WORSE)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: '29 of 30 data points so far',
    look: 0,
    next: 30,
    metrics: [],
  });
  expect(look(30, WORSE)).toMatchObject({ verdict: 'FAIL', score: 0, look: 1 });
  expect(look(30, WORSE).reason).toContain('metric: the canary is higher: its mean is 42 % above');
});

test('one that becomes worse later fails at a later look', () => {
  const later = series((value, minute) => (minute < 60 ? value : value * 1.5));
  expect([30, 45, 68, 101, 152, 240].map((minute) => look(minute, later).verdict)).toEqual([
    'PASS',
    'PASS',
    'PASS',
    'FAIL',
    'FAIL',
    'FAIL',
  ]);
});

test('between two looks the answer is that of the one before, whatever has happened since', () => {
  const burst = series((value, minute) => (minute < 30 ? value : value * 100));
  expect(look(44, burst)).toEqual(look(30, burst));
  expect(look(101, burst).verdict).toBe('FAIL');
  expect(look(1_000, burst)).toEqual(look(240, burst));
});

describe('data that are missing', () => {
  test.each<[string, (minute: number) => boolean, string]>([
    ['a few minutes', (minute) => minute % 20 !== 0, 'PASS'],
    ['more than one in ten', (minute) => minute % 9 !== 0, 'INCONCLUSIVE'],
    ['all since the middle', (minute) => minute < 120, 'INCONCLUSIVE'],
    ['all', () => false, 'INCONCLUSIVE'],
  ])('%s', (_what, isThere, verdict) => {
    const whole = series();
    const some = (points: MetricSeries['canary']) => points.filter((_point, minute) => isThere(minute));
    expect(look(240, { ...whole, canary: some(whole.canary) }).verdict).toBe(verdict);
    expect(look(240, { ...whole, baseline: some(whole.baseline) }).verdict).toBe(verdict);
  });

  describe('in a row', () => {
    const without = (from: number, to: number, by = 1) => {
      const whole = series((value) => value * by);
      return { ...whole, canary: whole.canary.filter((_point, minute) => minute < from || minute >= to) };
    };

    test.each([
      ['four minutes, as long as may be unseen', 236, 240, 'PASS'],
      ['five at the end', 235, 240, 'INCONCLUSIVE'],
      ['one in ten, all at the end', 216, 240, 'INCONCLUSIVE'],
      ['five in the middle', 120, 125, 'INCONCLUSIVE'],
      ['five at the beginning', 0, 5, 'INCONCLUSIVE'],
    ])('%s', (_what, from, to, verdict) => {
      expect(look(240, without(from, to)).verdict).toBe(verdict);
      const { canary, baseline, name } = without(from, to);
      expect(look(240, { name, canary: baseline, baseline: canary }).verdict).toBe(verdict);
    });

    test('the reason says how many, and since when', () => {
      expect(look(240, without(216, 240))).toMatchObject({
        reason: 'metric: 24 data points in a row are not there on both sides, from 2026-01-01 13:36 UTC',
        metrics: [{ n: 216 }],
      });
    });

    test('what is worse fails all the same', () => {
      expect(look(240, without(216, 240, 1.5)).verdict).toBe('FAIL');
    });

    test('as long as the plan says', () => {
      const plan = { ...PLAN, longestGap: 2 * 60_000 };
      expect(look(240, without(100, 102), plan).verdict).toBe('PASS');
      expect(look(240, without(100, 103), plan).verdict).toBe('INCONCLUSIVE');
    });
  });

  test.each([NaN, Infinity, -Infinity])('%p is no value', (value) => {
    const broken = series((usual, minute) => (minute % 2 === 0 ? value : usual));
    expect(look(240, broken)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: 'metric: only 120 of 240 data points are there on both sides',
    });
  });

  test('points of other moments say nothing', () => {
    const whole = series();
    const shifted = whole.canary.map((point) => ({ ...point, at: point.at + 30_000 }));
    expect(look(240, { ...whole, canary: shifted }).verdict).toBe('INCONCLUSIVE');
    expect(judgeCanary(PLAN, [whole], { from: at(240), finished: 240 }).verdict).toBe('INCONCLUSIVE');
  });

  test('the same moment twice is one data point', () => {
    const whole = series();
    const twice = whole.canary.slice(0, 20).flatMap((point) => [point, point]);
    expect(look(30, { ...whole, canary: twice }).metrics[0]).toMatchObject({ verdict: 'INCONCLUSIVE', n: 20 });
  });

  test('a metric that nobody measured', () => {
    expect(look(240, series(undefined, 'another'))).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('a metric whose failure is certain fails beside one that is missing', () => {
    const rules = { ...PLAN, metrics: ['a', 'b'].map((name) => ({ ...PLAN.metrics[0]!, name })) };
    const judged = judgeCanary(rules, [{ ...WORSE, name: 'a' }], { from: FROM, finished: 240 });
    expect(judged.verdict).toBe('FAIL');
    expect(judged.metrics.map(({ verdict }) => verdict)).toEqual(['FAIL', 'INCONCLUSIVE']);
  });
});

test('a bake that is too short for a judgement never passes', () => {
  expect(look(29, series(), { ...PLAN, bakePoints: 29 })).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: 'a bake of 29 data points is too short: 30 are needed',
  });
});

test('nobody can ask for fewer than five data points', () => {
  const rules = { ...PLAN, minPoints: 1, bakePoints: 10 };
  expect(look(4, WORSE, rules)).toMatchObject({ verdict: 'INCONCLUSIVE', reason: '4 of 5 data points so far' });
});

test('the more metrics decide, the more has to be seen in each', () => {
  const slightly = series((value) => value * 1.3);
  const one = { ...PLAN.metrics[0]!, minEffect: 0 };
  const failing = (others: number, criticality: 'NORMAL' | 'REPORT_ONLY') => {
    const metrics = [one, ...Array.from({ length: others }, () => ({ ...one, name: 'same', criticality }))];
    const judged = judgeCanary({ ...PLAN, metrics }, [slightly, series(undefined, 'same')], {
      from: FROM,
      finished: 30,
    });
    return judged.metrics[0]!.verdict;
  };
  expect(failing(0, 'NORMAL')).toBe('FAIL');
  expect(failing(3_000, 'NORMAL')).toBe('PASS');
  expect(failing(3_000, 'REPORT_ONLY')).toBe('FAIL');
});

test('a reason stays short, however many metrics failed and whatever they are called', () => {
  const names = Array.from({ length: 5 }, (_, index) => `${index}${'x'.repeat(250)}`);
  const metrics = names.map((name) => ({ ...PLAN.metrics[0]!, name }));
  const all = names.map((name) => ({ ...WORSE, name }));
  expect(judgeCanary({ ...PLAN, metrics }, all, { from: FROM, finished: 30 }).reason).toHaveLength(300);
  const few = judgeCanary(
    { ...PLAN, metrics: metrics.map((metric, index) => ({ ...metric, name: `m${index}` })) },
    [
      { ...WORSE, name: 'm0' },
      { ...WORSE, name: 'm1' },
      { ...WORSE, name: 'm2' },
    ],
    { from: FROM, finished: 30 },
  );
  expect(few.reason).toMatch(/^m0: the canary is higher.*; and 2 more$/);
});

test('whatever the data, a canary passes only with data for nine in ten minutes, and the unit does not matter', () => {
  const value = fc.oneof(fc.constant(NaN), fc.constant(0), fc.integer({ min: 0, max: 1_000 }));
  const side = fc.array(value, { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(side, side, fc.nat(50), (canary, baseline, finished) => {
      const rules = { ...PLAN, bakePoints: 40 };
      const [judged, ...scaled] = [1, 1e-6, 1e6].map((unit) => {
        const points = (values: readonly number[]) =>
          values.map((one, minute) => ({ at: at(minute), value: one * unit }));
        return judgeCanary(rules, [{ name: 'metric', canary: points(canary), baseline: points(baseline) }], {
          from: FROM,
          finished,
        });
      });
      const there = canary.filter((one, minute) => minute < 40 && Number.isFinite(one + baseline[minute]!)).length;
      if (judged!.verdict === 'PASS') {
        expect(finished).toBeGreaterThanOrEqual(30);
        expect(there).toBeGreaterThanOrEqual(30);
      }
      expect(scaled.map(({ verdict }) => verdict)).toEqual([judged!.verdict, judged!.verdict]);
    }),
  );
});
