import fc from 'fast-check';
import { ascending } from '../../../../lambda/domain/judge/ascending';
import { rankingOf } from '../../../../lambda/domain/judge/ranking';

/** Any number, numbers that are the same in 32 bits, few different ones, and those too small or too large for 32 bits. */
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.nat(50).map((step) => 8e9 + step),
  fc.integer({ min: -3, max: 3 }),
  fc.nat(5).map((step) => (step - 2) * 1e-60),
  fc.nat(5).map((step) => (step - 2) * 1e60),
);
const values = fc.array(value, { minLength: 1, maxLength: 80 }).map((all) => Float64Array.from(all));

test('the places of values are in ascending order, each once', () => {
  fc.assert(
    fc.property(values, (all) => {
      const places = [...ascending(all)];
      expect(places.map((place) => all[place]! + 0)).toEqual([...all].sort((a, b) => a - b).map((one) => one + 0));
      expect(places.sort((a, b) => a - b)).toEqual([...all.keys()]);
    }),
  );
});

test('values that differ in their last digits alone are in order, too, beside one that is far below them', () => {
  const all = Float64Array.from({ length: 500 }, (_one, at) => (at === 250 ? 0 : 1e9 - at / 8));
  expect([...ascending(all)]).toEqual(
    [250, ...Array.from({ length: 500 }, (_one, at) => 499 - at)].filter((at, i) => i === 0 || at !== 250),
  );
});

test('values that are the same share their mean rank', () => {
  const { ranks, ties, tiesApart, sorted } = rankingOf({
    canary: Float64Array.of(7, -1, 7),
    baseline: Float64Array.of(7, 3),
  });
  expect(ranks).toEqual({ canary: Float64Array.of(8, 2, 8), baseline: Float64Array.of(8, 4) });
  expect(ties).toBe(3 ** 3 - 3);
  expect(tiesApart).toBe(2 ** 3 - 2);
  expect(sorted).toEqual({ canary: Float64Array.of(-1, 7, 7), baseline: Float64Array.of(3, 7) });
});

test('twice the rank is how many values are smaller, how many are not larger, and one more', () => {
  fc.assert(
    fc.property(values, values, (canary, baseline) => {
      const all = [...canary, ...baseline];
      const rank = (one: number) =>
        all.filter((other) => other < one).length + all.filter((other) => other <= one).length + 1;
      const { ranks, sorted } = rankingOf({ canary, baseline });
      expect([...ranks.canary, ...ranks.baseline]).toEqual(all.map(rank));
      expect(sorted.canary.map((one) => one + 0)).toEqual(
        canary
          .slice()
          .sort()
          .map((one) => one + 0),
      );
      expect(sorted.baseline.map((one) => one + 0)).toEqual(
        baseline
          .slice()
          .sort()
          .map((one) => one + 0),
      );
    }),
  );
});
