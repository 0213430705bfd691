import fc from 'fast-check';
import { Differences } from '../../../../lambda/domain/judge/ordered-differences';
import { sortedSamples } from '../../../../lambda/domain/judge/samples';
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

test.each(SHAPES)('picks every place of many differences that are %s', (_shape, draw) => {
  const canary = Array.from({ length: 70 }, draw);
  const baseline = Array.from({ length: 45 }, draw);
  const expected = sorted(canary, baseline);
  const differences = new Differences(sortedSamples(canary, baseline));
  expect(Array.from(expected, (_value, index) => differences.at(index + 1))).toEqual(expected);
});

test('picks any place of any differences', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, values, fc.nat(), (canary, baseline, anyPlace) => {
      const expected = sorted(canary, baseline);
      const place = anyPlace % expected.length;
      const found = new Differences(sortedSamples(canary, baseline)).at(place + 1);
      expect(found - expected[place]!).toBe(0);
    }),
  );
});

test('the next larger difference, and how many there are up to one', () => {
  const differences = new Differences(sortedSamples([1, 2, 4], [1, 1]));
  expect([differences.after(0), differences.after(1), differences.after(3)]).toEqual([1, 3, Infinity]);
  expect([differences.upTo(-1), differences.upTo(0), differences.upTo(2), differences.upTo(3)]).toEqual([0, 2, 4, 6]);
});
