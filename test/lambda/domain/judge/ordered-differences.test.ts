import fc from 'fast-check';
import { Differences } from '../../../../lambda/domain/judge/ordered-differences';
import { chance } from '../../../judge/random';

function sorted(canary: readonly number[], baseline: readonly number[]): readonly number[] {
  return canary.flatMap((value) => baseline.map((other) => value - other)).sort((a, b) => a - b);
}

const { uniform, normal, whole } = chance(1);
/** Shapes that are hard for a search: values of very different sizes, few different ones, one far away. */
const SHAPES: readonly (readonly [string, () => number])[] = [
  ['normal', normal],
  ['of very different sizes', () => Math.exp(20 * normal())],
  ['powers of two', () => 2 ** whole(60)],
  ['with heavy tails', () => uniform() ** -3],
  ['mostly 0', () => Math.max(0, whole(20) - 17)],
  ['all the same', () => 7],
  ['in two heaps', () => (whole(2) === 0 ? uniform() : 1e6 + uniform())],
];

function differencesOf(canary: readonly number[], baseline: readonly number[]): Differences {
  return new Differences({ canary: Float64Array.from(canary).sort(), baseline: Float64Array.from(baseline).sort() });
}

test.each(SHAPES)('picks every place of many differences that are %s', (_shape, draw) => {
  const canary = Array.from({ length: 70 }, draw);
  const baseline = Array.from({ length: 45 }, draw);
  const expected = sorted(canary, baseline);
  const differences = differencesOf(canary, baseline);
  expect(Array.from(expected, (_value, index) => differences.at(index + 1, index + 1)[0])).toEqual(expected);
});

test.each(SHAPES)(
  'picks two places at once of differences that are %s, however far from each other',
  (_shape, draw) => {
    const canary = Array.from({ length: 130 }, draw);
    const baseline = Array.from({ length: 20 }, draw);
    const expected = sorted(canary, baseline);
    const differences = differencesOf(canary, baseline);
    Array.from({ length: 200 }, () => [whole(2_600), whole(2_600)].sort((a, b) => a - b)).forEach(([first, last]) => {
      expect(differences.at(first! + 1, last! + 1)).toEqual([expected[first!], expected[last!]]);
    });
  },
);

test('picks any place of any differences', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, values, fc.nat(), (canary, baseline, anyPlace) => {
      const expected = sorted(canary, baseline);
      const place = anyPlace % expected.length;
      const [found] = differencesOf(canary, baseline).at(place + 1, place + 1);
      expect(found - expected[place]!).toBe(0);
    }),
  );
});

test('picks the two in the middle of a million', () => {
  const canary = Array.from({ length: 1_000 }, normal);
  const baseline = Array.from({ length: 1_000 }, normal);
  const expected = Float64Array.from(canary.flatMap((value) => baseline.map((other) => value - other))).sort();
  expect(differencesOf(canary, baseline).at(500_000, 500_001)).toEqual([expected[499_999], expected[500_000]]);
});

test('differences that are too large for a number still end the search', () => {
  const huge = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 1.7e308 : -1.7e308));
  expect(differencesOf(huge, huge).at(1, 1_600)).toEqual([-Infinity, Infinity]);
});
