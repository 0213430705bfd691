import fc from 'fast-check';
import { judgeErrorRatio } from '../../../lambda/domain/error-ratio';
import type { MetricPoint, MetricWindow } from '../../../lambda/domain/metric-window';

const START = Date.UTC(2026, 10, 23, 10, 0);
const at = (minute: number) => START + minute * 60_000;
const time = (minute: number) => new Date(at(minute)).toISOString();
const NOW = time(60);
const PLAN = { maxPercent: 1, minRequests: 300, missingData: 'INCONCLUSIVE', interval: 60 } as const;
const window = (from: number, to: number): MetricWindow => ({ from: at(from), to: at(to), period: 60_000 });
const windows = (to: number) => ({ all: window(0, to), uncounted: window(0, to), recent: window(0, to) });
const points = (values: readonly (number | undefined)[]): MetricPoint[] =>
  values.flatMap((value, minute) => (value === undefined ? [] : [{ at: at(minute), value }]));

/** Judged when so many minutes are over; the last two are new. */
function judged(
  errors: readonly (number | undefined)[],
  requests: readonly (number | undefined)[],
  plan: Partial<Parameters<typeof judgeErrorRatio>[0]> = {},
  now = NOW,
  recentFrom = Math.max(requests.length - 2, 0),
  failedUntil = 0,
) {
  const counts = { errors: points(errors), requests: points(requests) };
  const length = Math.max(errors.length, requests.length);
  return judgeErrorRatio(
    { ...PLAN, ...plan },
    { all: window(0, length), uncounted: window(failedUntil, length), recent: window(recentFrom, length) },
    counts,
    now,
  );
}

describe('the share of errors', () => {
  test('is that of all requests since the gate began, and passes with enough of them', () => {
    expect(judged([0, 2, 1], [100, 100, 150])).toEqual({
      verdict: 'PASS',
      value: '0.857 %',
      drawn: { value: 300 / 350, limit: 1, unit: '%' },
      threshold: 'at most 1 %',
      from: time(0),
      to: time(3),
      healthySince: time(1),
      reason: '3 of 350 requests were errors (0.857 %) from 2026-11-23 10:00 to 10:03 UTC, at most 1 % may be.',
    });
  });

  test('cannot pass with too few requests, however few errors there were', () => {
    expect(judged([0, 0, 0], [100, 100, 99])).toMatchObject({
      verdict: 'IN_PROGRESS',
      callBackDelay: 60,
      reason: 'It has 299 of 300 requests that are needed to tell, from 2026-11-23 10:00 to 10:03 UTC.',
    });
    expect(judged([0, 0, 0], [100, 100, 100])).toMatchObject({ verdict: 'PASS' });
    expect(judged([0], [0], { minRequests: 1 })).toMatchObject({ verdict: 'IN_PROGRESS' });
    expect(judged([0, 0], [200, 200], { minRequests: NaN })).toMatchObject({ verdict: 'IN_PROGRESS' });
  });

  test('is not failed for what may be chance, and not passed either', () => {
    expect(judged([2, 2, 1], [100, 100, 100])).toMatchObject({
      verdict: 'IN_PROGRESS',
      value: '1.67 %',
      reason: expect.stringMatching(/^5 of 300 requests were errors \(1.67 %\).*That may be chance yet\.$/),
    });
  });

  test('fails when it is more than chance explains, with all requests or in a single minute', () => {
    expect(judged([8, 8, 8], [300, 300, 300])).toMatchObject({
      verdict: 'FAIL',
      value: '2.67 %',
      reason: '24 of 900 requests were errors (2.67 %) from 2026-11-23 10:00 to 10:03 UTC, at most 1 % may be.',
    });
    const long = Array.from({ length: 30 }, () => 0);
    expect(judged([...long, 40], [...long.map(() => 1000), 1000])).toMatchObject({
      verdict: 'FAIL',
      reason: '40 of 1000 requests were errors (4 %) at 2026-11-23 10:30 UTC, at most 1 % may be.',
    });
  });

  test('fails when it went up late in a long bake, in which all requests so far still keep the limit', () => {
    const quiet = Array.from({ length: 218 }, () => 0);
    const slow = [...quiet, ...Array.from({ length: 20 }, () => 2)];
    const requests = slow.map(() => 50);
    expect(judged(slow, requests, {}, time(240))).toMatchObject({
      verdict: 'FAIL',
      reason: '16 of 400 requests were errors (4 %) from 2026-11-23 13:50 to 13:58 UTC, at most 1 % may be.',
    });
  });

  test('does not pass while the newest requests, as many as are needed to tell, break the limit', () => {
    const errors = [...Array.from({ length: 200 }, () => 0), 1, 1, 1, 1, 0, 0];
    const requests = errors.map(() => 50);
    expect(judged(errors, requests, {}, time(240))).toMatchObject({
      verdict: 'IN_PROGRESS',
      reason:
        '4 of 300 requests were errors (1.33 %) from 2026-11-23 13:20 to 13:26 UTC, at most 1 % may be. That may be chance yet.',
    });
    expect(judged([...errors, 0], [...requests, 50], {}, time(240))).toMatchObject({ verdict: 'PASS' });
  });

  test('is that of all requests where they are more than are needed to tell', () => {
    expect(judged([0, 2, 1, 0], [100, 100, 150, 300]).reason).toMatch(/^3 of 650 requests .* from 2026-11-23 10:00 to/);
  });

  test('is that of as many as are needed to tell, where fewer have come since a failure', () => {
    expect(judged([0, 0, 0], [300, 300, 100], {}, NOW, 1, 2).reason).toMatch(
      /^0 of 400 requests .* from 2026-11-23 10:01 to/,
    );
  });

  test('is kept where nothing has come since a failure', () => {
    const silent = { missingData: 'HEALTHY' } as const;
    expect(judged([0, 0, 0, 0, 0], [500, 500, 500, 0, 0], silent, NOW, 3, 3)).toMatchObject({ verdict: 'PASS' });
  });

  test('is not kept by an error without any request since a failure, which may be chance', () => {
    const silent = { missingData: 'HEALTHY' } as const;
    const found = judged([0, 0, 0, 1, 0], [500, 500, 500, undefined, undefined], silent, NOW, 3, 3);
    expect(found).toMatchObject({
      verdict: 'IN_PROGRESS',
      reason: expect.stringMatching(/^1 of 0 requests were errors from .* That may be chance yet\.$/),
    });
    expect(found).not.toHaveProperty('value');
  });

  test('is never shown on the other side of its limit', () => {
    expect(judged([1004], [100_000])).toMatchObject({ verdict: 'IN_PROGRESS', value: '1.004 %' });
    expect(judged([1000], [100_000])).toMatchObject({ verdict: 'PASS', value: '1 %' });
  });

  test('may be by chance above a high limit, too', () => {
    expect(judged([20], [100], { maxPercent: 10, minRequests: 1 })).toMatchObject({ verdict: 'IN_PROGRESS' });
    expect(judged([30], [100], { maxPercent: 10, minRequests: 1 })).toMatchObject({ verdict: 'FAIL' });
  });

  test('of the newest requests is found by their time, in whatever order the counts come', () => {
    const silent = { missingData: 'HEALTHY' } as const;
    expect(judged([undefined, 4], [300, 300], silent)).toMatchObject({
      verdict: 'IN_PROGRESS',
      reason: expect.stringMatching(/^4 of 300 requests/),
    });
  });

  test('fails for a minute once, not again in every measurement after it', () => {
    const long = Array.from({ length: 30 }, () => 0);
    const errors = [...long, 40, 0, 0, 0];
    expect(
      judged(
        errors,
        errors.map(() => 1000),
      ),
    ).toMatchObject({ verdict: 'PASS' });
    expect(
      judged(
        errors,
        errors.map(() => 1000),
        {},
        NOW,
        30,
      ),
    ).toMatchObject({ verdict: 'FAIL' });
  });

  test('does not fail again for what a failure was found in, and passes once enough newer requests keep the limit', () => {
    const errors = [...Array.from({ length: 20 }, () => 20), 0, 0, 0];
    const requests = errors.map(() => 100);
    expect(judged(errors, requests, {}, NOW, 20)).toMatchObject({ verdict: 'FAIL' });
    expect(judged(errors, requests, {}, NOW, 20, 20)).toMatchObject({
      verdict: 'PASS',
      reason: '0 of 300 requests were errors (0 %) from 2026-11-23 10:20 to 10:23 UTC, at most 1 % may be.',
    });
    expect(judged(errors.slice(0, 22), requests.slice(0, 22), {}, NOW, 20, 20)).toMatchObject({
      verdict: 'IN_PROGRESS',
    });
    expect(judged([...errors, 6, 6], [...requests, 100, 100], {}, NOW, 20, 20)).toMatchObject({ verdict: 'FAIL' });
  });

  test('is known since hours ago when enough requests have come after hours, unless a minute is lost', () => {
    const errors = Array.from({ length: 300 }, () => 0);
    const few = errors.map(() => 1);
    expect(judged(errors, few, {}, time(302), 0)).toMatchObject({ verdict: 'PASS', healthySince: time(0) });
    expect(judged([0, undefined, ...errors], [1, 1, ...few], {}, time(304), 0)).toMatchObject({
      verdict: 'PASS',
      healthySince: time(182),
    });
  });

  test('fails with few requests, too, when nearly all of them are errors', () => {
    expect(judged([9, 9], [10, 10])).toMatchObject({ verdict: 'FAIL', value: '90 %' });
  });

  test('fails for a single error where none is allowed', () => {
    expect(judged([0, 1], [1000, 1000], { maxPercent: 0 })).toMatchObject({ verdict: 'FAIL', value: '0.05 %' });
    expect(judged([0, 0], [1000, 1000], { maxPercent: 0 })).toMatchObject({ verdict: 'PASS', value: '0 %' });
  });

  test.each<[string, (number | undefined)[], (number | undefined)[]]>([
    ['errors', [0, undefined], [1000, 1000]],
    ['requests', [0, 0], [1000, undefined]],
    ['both', [0, undefined], [1000, undefined]],
  ])('is not known where a minute lacks %s, unless silence is good', (_, errors, requests) => {
    expect(judged(errors, requests, {}, time(5))).toMatchObject({ verdict: 'IN_PROGRESS', callBackDelay: 30 });
    expect(judged(errors, requests)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: 'It has no data for 1 of 2 periods, the first at 2026-11-23 10:01 UTC.',
    });
    expect(judged(errors, requests, { missingData: 'HEALTHY' })).toMatchObject({ verdict: 'PASS' });
  });

  test('counts errors without requests, once the requests can hardly come any more', () => {
    const silent = { missingData: 'HEALTHY' } as const;
    const late = judged([0, 50], [1000, undefined], silent, time(5));
    expect(late).toMatchObject({
      verdict: 'IN_PROGRESS',
      callBackDelay: 30,
      reason: 'It has errors, but no requests yet, at 2026-11-23 10:01 UTC.',
    });
    expect(judged([0, 50], [1000, undefined], silent, time(6.9)).verdict).toBe('IN_PROGRESS');
    expect(judged([0, 50], [1000, undefined], silent, time(7)).verdict).toBe('FAIL');
    expect(judged([0, 50], [1000, 1000], silent, time(3)).verdict).toBe('FAIL');
    expect(judged([0, 0], [1000, undefined], silent, time(5)).verdict).toBe('PASS');
    expect(judged([0, 50], [1000, undefined], silent)).toMatchObject({
      verdict: 'FAIL',
      reason: '50 of 1000 requests were errors (5 %) from 2026-11-23 10:00 to 10:02 UTC, at most 1 % may be.',
    });
    expect(judged([50], [undefined], silent)).toMatchObject({ verdict: 'FAIL' });
    expect(judged([0, 4, 0], [1000, undefined, 1000], silent)).toMatchObject({
      verdict: 'FAIL',
      reason: '4 of 0 requests were errors at 2026-11-23 10:01 UTC, at most 1 % may be.',
    });
    expect(judged([0, 50], [1000, 1000], silent)).toMatchObject({ verdict: 'FAIL' });
  });

  test.each([NaN, Infinity, -1])('is not known with a count of %s', (count) => {
    expect(judged([0, count, 0], [500, 500, 500])).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(judged([0, 0, 0], [500, count, 500])).toMatchObject({ verdict: 'INCONCLUSIVE' });
  });

  test('is an error with counts of other times', () => {
    const counts = { errors: points([0, 0, 0]), requests: points([500, 500]) };
    expect(judgeErrorRatio(PLAN, windows(2), counts, NOW)).toMatchObject({ verdict: 'ERROR' });
  });

  test('is in progress until a period is over', () => {
    const counts = { errors: [], requests: [] };
    expect(judgeErrorRatio(PLAN, windows(0), counts, time(1))).toMatchObject({
      verdict: 'IN_PROGRESS',
      callBackDelay: 120,
    });
  });
});

/** Of counts that chance makes around `mean`, the share that is judged to be too many. */
function failuresAt(requests: number, maxPercent: number, mean: number): number {
  let [probability, total] = [Math.exp(-mean), 0];
  for (let errors = 0; errors < mean + 20 * Math.sqrt(mean) + 50; errors += 1) {
    const { verdict } = judged([errors], [requests], { maxPercent, minRequests: 1 });
    total += verdict === 'FAIL' ? probability : 0;
    probability *= mean / (errors + 1);
  }
  return total;
}

test.each([50, 300, 1_000, 5_000])(
  'a service at the limit fails a look at %i requests about once in a thousand times, a healthy one never, and one far above it mostly',
  (requests) => {
    expect(failuresAt(requests, 1, requests / 100)).toBeLessThan(0.0015);
    expect(failuresAt(requests, 1, requests / 200)).toBeLessThan(0.0003);
    expect(failuresAt(requests, 1, Math.max(requests / 10, 12))).toBeGreaterThan(0.9);
  },
);

test('a share passes only with all counts of the new periods, enough requests, and no more errors than allowed', () => {
  const count = fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 400 }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -5, undefined) },
  );
  const fewErrors = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 3 }) }, count);
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fewErrors, count), { maxLength: 6 }),
      fc.constantFrom(0, 1, 5, 50),
      fc.integer({ min: 1, max: 800 }),
      fc.integer({ min: 0, max: 6 }),
      (minutes, maxPercent, minRequests, recent) => {
        const [errors, requests] = [minutes.map(([one]) => one), minutes.map(([, other]) => other)];
        const from = Math.min(recent, minutes.length);
        const { verdict } = judged(errors, requests, { maxPercent, minRequests }, NOW, from);
        seen.add(verdict);
        if (verdict === 'PASS') {
          const both = minutes.filter(([one, other]) => one !== undefined && other !== undefined);
          const sum = (index: 0 | 1) => both.reduce((total, pair) => total + (pair[index] ?? 0), 0);
          expect(from).toBeLessThan(minutes.length);
          expect(minutes.slice(from).every((pair) => !pair.includes(undefined))).toBe(true);
          expect(minutes.flat().every((value) => value === undefined || value >= 0)).toBe(true);
          expect(sum(1)).toBeGreaterThanOrEqual(minRequests);
          expect(100 * sum(0)).toBeLessThanOrEqual(maxPercent * sum(1) + 1e-9);
          const stretches = both.map((_, start) =>
            both.slice(start).map(([one = 0, other = 0]) => [one, other] as const),
          );
          const newest = stretches.reverse().find((pairs) => pairs.reduce((n, [, m]) => n + m, 0) >= minRequests) ?? [];
          expect(100 * newest.reduce((n, [one]) => n + one, 0)).toBeLessThanOrEqual(
            maxPercent * newest.reduce((n, [, other]) => n + other, 0) + 1e-9,
          );
        }
      },
    ),
    { numRuns: 5_000 },
  );
  expect([...seen].sort()).toEqual(['FAIL', 'INCONCLUSIVE', 'IN_PROGRESS', 'PASS']);
});
