import { inflationOf, inflationOfSeries } from '../../../../lambda/domain/judge/effective-samples';
import type { Paired } from '../../../../lambda/domain/judge/paired';
import { rankingOf } from '../../../../lambda/domain/judge/ranking';
import { alike } from '../../../judge/noise';
import { chance } from '../../../judge/random';

const MINUTES = 2_000;

const inflation = (paired: Paired) => inflationOf(rankingOf(paired));

function both(likeness: number, seed = 5) {
  const dice = chance(seed);
  return { canary: alike(dice, likeness, MINUTES), baseline: alike(dice, likeness, MINUTES) };
}

test.each([
  [0, 1],
  [0.5, 3],
  [0.8, 9],
])('minutes alike by %p: about %p data points count as one, rather more than fewer', (likeness, expected) => {
  const found = inflation(both(likeness));
  expect(found).toBeGreaterThan(0.9 * expected);
  expect(found).toBeLessThan(1.25 * expected);
});

test('eight data points in pairs count as few as the page says: r found, corrected for its bias, and one standard error higher', () => {
  // r = 0.125, without bias 0.125 + 1.375 / 8, its standard error the root of (1 - 0.2969²) / 8.
  expect(inflationOfSeries(Float64Array.of(0, 0, 1, 1, 0, 0, 1, 1))).toBeCloseTo(4.4718, 4);
});

test('of few data points it is more careful', () => {
  const { canary, baseline } = both(0.5);
  const mean = (n: number) => {
    const parts = Array.from({ length: 30 }, (_, part) => [part * n, part * n + n] as const);
    return (
      parts.reduce(
        (sum, [from, to]) =>
          sum + inflation({ canary: canary.subarray(from, to), baseline: baseline.subarray(from, to) }),
        0,
      ) / 30
    );
  };
  expect(mean(30)).toBeGreaterThan(mean(60));
  expect(mean(60)).toBeGreaterThan(3);
});

const tide = (values: Float64Array) => values.map((value, minute) => value + 5 * Math.sin(minute / 40));
const broken = (values: Float64Array) => values.map((value, minute) => value + (minute < 1_000 ? 0 : 50));

test('what moves both sides at the same time does not count', () => {
  const { canary, baseline } = both(0);
  expect(inflation({ canary: tide(canary), baseline: tide(baseline) })).toBeLessThan(1.3);
  expect(inflation({ canary: baseline, baseline: tide(canary) })).toBeGreaterThan(5);
});

test('a canary that breaks halfway does not make its baseline a series of minutes that are alike', () => {
  const { canary, baseline } = both(0);
  expect(inflation({ canary: broken(canary), baseline })).toBeLessThan(1.3);
});

test('what alternates does not count as more than it is', () => {
  const canary = Float64Array.from({ length: 100 }, (_, minute) => minute % 2);
  expect(inflation({ canary, baseline: new Float64Array(100) })).toBe(1);
});

test('what only ever grows tells nothing, as does a value that never changes', () => {
  const slope = Float64Array.from({ length: 12 }, (_, minute) => minute);
  const fall = slope.map((value) => 20 - value);
  expect(inflation({ canary: slope, baseline: fall })).toBe(Infinity);
  const constant = { canary: new Float64Array(100).fill(2), baseline: new Float64Array(100).fill(1) };
  expect(inflation(constant)).toBeLessThan(1.3);
});

test('the unit does not matter', () => {
  const { canary, baseline } = both(0.5);
  const of = (unit: number) =>
    inflation({ canary: canary.map((value) => value * unit), baseline: baseline.map((value) => value * unit) });
  expect(of(1e-6)).toBe(of(1));
  expect(of(1e6)).toBe(of(1));
});
