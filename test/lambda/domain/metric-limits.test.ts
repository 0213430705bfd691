import fc from 'fast-check';
import { judgeLimits } from '../../../lambda/domain/metric-limits';
import type { MetricPoint, MetricWindow } from '../../../lambda/domain/metric-window';

const START = Date.UTC(2026, 10, 23, 10, 0);
const at = (minute: number) => START + minute * 60_000;
const time = (minute: number) => new Date(at(minute)).toISOString();
const WINDOW: MetricWindow = { from: at(0), to: at(3), period: 60_000 };
const NOW = time(20);
const PLAN = { atMost: 5, missingData: 'INCONCLUSIVE' } as const;
const points = (...values: (number | undefined)[]): MetricPoint[] =>
  values.flatMap((value, minute) => (value === undefined ? [] : [{ at: at(minute), value }]));

describe('a metric', () => {
  test('that kept its limit in every period passes, and says how near it came', () => {
    expect(judgeLimits(PLAN, WINDOW, points(1, 5, 0), NOW)).toEqual({
      verdict: 'PASS',
      value: '5',
      drawn: { value: 5, limit: 5 },
      threshold: 'at most 5',
      from: time(0),
      to: time(3),
      healthySince: time(0),
      reason: 'It was at worst 5 from 2026-11-23 10:00 to 10:03 UTC, and has to be at most 5.',
    });
  });

  test('that broke it in one period fails, and says when and by how much', () => {
    expect(judgeLimits(PLAN, WINDOW, points(1, 12, 0), NOW)).toEqual({
      verdict: 'FAIL',
      value: '12',
      drawn: { value: 12, limit: 5 },
      threshold: 'at most 5',
      from: time(0),
      to: time(3),
      reason: 'It was 12 at 2026-11-23 10:01 UTC, but has to be at most 5.',
    });
  });

  test('has limits on both sides, which belong to what is healthy', () => {
    const both = { ...PLAN, atLeast: 2 };
    expect(judgeLimits(both, WINDOW, points(2, 5, 3), NOW)).toMatchObject({ verdict: 'PASS', threshold: '2 to 5' });
    expect(judgeLimits(both, WINDOW, points(2, 1.99, 3), NOW)).toMatchObject({
      verdict: 'FAIL',
      value: '1.99',
      drawn: { value: 1.99, limit: 2 },
    });
    const least = { atLeast: 2, missingData: 'INCONCLUSIVE' } as const;
    expect(judgeLimits(least, WINDOW, points(2, 99, 3), NOW)).toMatchObject({ verdict: 'PASS', value: '2' });
    expect(judgeLimits(least, WINDOW, points(2, 1, 3), NOW)).toMatchObject({
      threshold: 'at least 2',
      verdict: 'FAIL',
    });
  });

  test('is drawn beside the limit that is nearer', () => {
    const both = { ...PLAN, atLeast: 2, atMost: 10 };
    expect(judgeLimits(both, WINDOW, points(3, 3, 3), NOW).drawn).toEqual({ value: 3, limit: 2 });
    expect(judgeLimits(both, WINDOW, points(9, 9, 9), NOW).drawn).toEqual({ value: 9, limit: 10 });
  });

  test('without any limit is an error that says so', () => {
    expect(judgeLimits({ missingData: 'HEALTHY' }, WINDOW, points(1, 1, 1), NOW)).toEqual({
      verdict: 'ERROR',
      reason: 'The check has no limit to judge the metric by.',
    });
  });

  test('of which a value is no number says when, to the second', () => {
    const seconds: MetricWindow = { from: at(0), to: at(0) + 20_000, period: 10_000 };
    const broken = [
      { at: at(0), value: 1 },
      { at: at(0) + 10_000, value: NaN },
    ];

    expect(judgeLimits(PLAN, WINDOW, points(1, NaN, 1), NOW).reason).toBe('It had no number at 2026-11-23 10:01 UTC.');
    expect(judgeLimits(PLAN, seconds, broken, NOW).reason).toBe('It had no number at 2026-11-23 10:00:10 UTC.');
  });

  test('of which no period is over says which one is waited for', () => {
    const empty: MetricWindow = { from: at(0), to: at(0), period: 60_000 };
    expect(judgeLimits(PLAN, empty, [], time(1))).toMatchObject({
      verdict: 'IN_PROGRESS',
      reason:
        'The period of the metric that begins at 2026-11-23 10:00 UTC is not over yet, or its data may still come.',
    });
  });

  test('that lacks a period is waited for while the data may come late, and then nobody can tell', () => {
    expect(judgeLimits(PLAN, WINDOW, points(1, undefined, 1), time(6.9))).toMatchObject({
      verdict: 'IN_PROGRESS',
      callBackDelay: 30,
    });
    expect(judgeLimits(PLAN, WINDOW, points(1, undefined, 1), time(7))).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: 'It has no data for 1 of 3 periods, the first at 2026-11-23 10:01 UTC.',
    });
    expect(judgeLimits(PLAN, WINDOW, [], NOW)).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('that lacks a period is healthy where silence is good, and only as far as there is silence', () => {
    const silent = { ...PLAN, missingData: 'HEALTHY' } as const;
    expect(judgeLimits(silent, WINDOW, points(1, undefined, 2), NOW)).toMatchObject({ verdict: 'PASS', value: '2' });
    expect(judgeLimits(silent, WINDOW, [], NOW)).toMatchObject({
      verdict: 'PASS',
      reason: 'It has no data from 2026-11-23 10:00 to 10:03 UTC, which counts as healthy.',
    });
    expect(judgeLimits(silent, WINDOW, points(1, undefined, 6), NOW)).toMatchObject({ verdict: 'FAIL' });
    expect(judgeLimits(silent, WINDOW, points(1, NaN), NOW)).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('that broke its limit fails although other periods are missing or no numbers', () => {
    expect(judgeLimits(PLAN, WINDOW, points(NaN, undefined, 6), NOW)).toMatchObject({ verdict: 'FAIL' });
  });

  test.each([
    ['a period that was not asked for', [...points(1, 1, 1), { at: at(3), value: 1 }]],
    ['the future', [...points(1, 1, 1), { at: at(60), value: 1 }]],
    ['the middle of a period', [...points(1, 1), { at: at(2) + 1, value: 1 }]],
    ['one period twice', [...points(1, 1, 1), { at: at(2), value: 1 }]],
  ])('with a value of %s is an error', (_, values) => {
    expect(judgeLimits(PLAN, WINDOW, values, NOW)).toMatchObject({
      verdict: 'ERROR',
      reason: 'CloudWatch answered for times that it was not asked for.',
    });
  });

  test('without a limit is an error', () => {
    expect(judgeLimits({ missingData: 'HEALTHY' }, WINDOW, points(1, 1, 1), NOW)).toMatchObject({ verdict: 'ERROR' });
  });

  test('of which no period is over is in progress until the first one is', () => {
    expect(judgeLimits(PLAN, { ...WINDOW, to: at(0) }, [], time(1))).toMatchObject({
      verdict: 'IN_PROGRESS',
      callBackDelay: 120,
      waitsUntil: time(3),
    });
  });

  test('is rounded for people, but never to the other side of its limit', () => {
    expect(judgeLimits(PLAN, WINDOW, points(0.1 + 0.2, 0, 0), NOW)).toMatchObject({ value: '0.3' });
    expect(judgeLimits(PLAN, WINDOW, points(5.0000001, 0, 0), NOW)).toMatchObject({
      verdict: 'FAIL',
      value: '5.0000001',
    });
  });
});

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
  fc.constantFrom(NaN, Infinity, -Infinity, 0, 5, 5 + Number.EPSILON * 8),
);
const minutes = fc.integer({ min: 0, max: 8 });

test('a metric passes only when every period of a window that has one is there, once, and within the limits', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -1, max: 9 }), value), { maxLength: 12 }),
      fc.array(fc.double({ min: -10, max: 5, noNaN: true }), { minLength: 8, maxLength: 8 }),
      minutes,
      minutes,
      fc.option(fc.constantFrom(-3, 0, 5), { nil: undefined }),
      fc.option(fc.constantFrom(5, 6), { nil: undefined }),
      fc.boolean(),
      (strays, full, one, other, atLeast, atMost, isFull) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const random = strays.map(([minute, v]) => ({ at: at(minute), value: v }));
        const whole = full.slice(from, to).map((v, index) => ({ at: at(from + index), value: v }));
        const given = isFull ? [...whole, ...random.slice(0, 1)].reverse() : random;
        const window = { from: at(from), to: at(to), period: 60_000 };

        const finding = judgeLimits({ atLeast, atMost, missingData: 'INCONCLUSIVE' }, window, given, NOW);

        seen.add(finding.verdict);
        if (finding.verdict === 'PASS') {
          expect(to).toBeGreaterThan(from);
          expect(atLeast ?? atMost).toBeDefined();
          expect(given.map((point) => point.at).sort()).toEqual(
            Array.from({ length: to - from }, (_, index) => at(from + index)).sort(),
          );
          expect(
            given.every((point) => point.value >= (atLeast ?? -Infinity) && point.value <= (atMost ?? Infinity)),
          ).toBe(true);
          expect(finding.healthySince).toBe(time(from));
        }
      },
    ),
    { numRuns: 5_000 },
  );
  expect([...seen].sort()).toEqual(['ERROR', 'FAIL', 'INCONCLUSIVE', 'IN_PROGRESS', 'PASS']);
});
