import { effectOf, isAbove, isBelow, isClear } from '../../../../lambda/domain/judge/effect';
import { shiftOf } from '../../../../lambda/domain/judge/hodges-lehmann';
import { mannWhitney } from '../../../../lambda/domain/judge/mann-whitney';
import { rankingOf } from '../../../../lambda/domain/judge/ranking';

function effect(canary: readonly number[], baseline: readonly number[]) {
  const ranking = rankingOf({ canary: Float64Array.from(canary), baseline: Float64Array.from(baseline) });
  return effectOf(ranking.sorted, mannWhitney(ranking), shiftOf(ranking.sorted, 1));
}

test('an effect is the share of the means, and that of the shift', () => {
  expect(effect([3, 5, 7], [2, 4, 6])).toEqual({ ofMeans: 0.25, ofShift: 0.25, superiority: 6 / 9 });
  expect(effect([-3, -5, -7], [-2, -4, -6])).toEqual({ ofMeans: -0.25, ofShift: -0.25, superiority: 3 / 9 });
});

test.each<[string, readonly number[], readonly number[], readonly string[]]>([
  ['the canary has a mean of 0', [0, 0], [1, 3], ['ofShift', 'superiority']],
  ['the baseline has a mean of 0', [1, 3], [-1, 1], ['superiority']],
  ['the baseline has a median of 0', [1, 1, 1], [0, 0, 3], ['ofMeans', 'superiority']],
  ['the baseline is 0', [1, 3], [0, 0], ['superiority']],
])('where %s, what would be a share of nothing is left out', (_, canary, baseline, said) => {
  expect(Object.keys(effect(canary, baseline)).sort()).toEqual([...said].sort());
});

describe('what matters', () => {
  test('is a share of the means or of the shift from the minimum up, either way', () => {
    expect(isAbove({ ofMeans: 0.1, ofShift: -0.5, superiority: 0 }, 0.1)).toBe(true);
    expect(isAbove({ ofMeans: -0.5, ofShift: 0.1, superiority: 0 }, 0.1)).toBe(true);
    expect(isAbove({ ofMeans: 0.09999, ofShift: 0.09999, superiority: 1 }, 0.1)).toBe(false);
    expect(isBelow({ ofMeans: -0.1, ofShift: 0.5, superiority: 1 }, 0.1)).toBe(true);
    expect(isBelow({ ofMeans: 0.5, ofShift: -0.1, superiority: 1 }, 0.1)).toBe(true);
    expect(isBelow({ ofMeans: -0.09999, ofShift: -0.09999, superiority: 0 }, 0.1)).toBe(false);
  });

  test('is not decided by rounding', () => {
    expect(isAbove({ ofMeans: 0.1 - 1e-12, ofShift: 0, superiority: 0 }, 0.1)).toBe(true);
    expect(isBelow({ ofMeans: 1e-12 - 0.1, ofShift: 0, superiority: 0 }, 0.1)).toBe(true);
  });

  test('is 55 % of comparisons, or 45 %, where there is no share', () => {
    expect(isAbove({ superiority: 0.55 }, 0.1)).toBe(true);
    expect(isAbove({ superiority: 0.549 }, 0.1)).toBe(false);
    expect(isBelow({ superiority: 0.45 }, 0.1)).toBe(true);
    expect(isBelow({ superiority: 0.451 }, 0.1)).toBe(false);
    expect(isAbove({ ofMeans: 0, superiority: 0.55 }, 0.1)).toBe(true);
  });
});

describe('an interval is clear', () => {
  test.each<[string, number, number, number, boolean]>([
    ['of more than a quarter of the shift from 0', 4, 1.01, 9, true],
    ['of no more than a quarter', 4, 1, 9, false],
    ['of more than a quarter below 0', -4, -9, -1.01, true],
    ['of no more than a quarter below 0', -4, -9, -1, false],
    ['of both sides of 0', 4, -1, 9, false],
    ['without ends', 4, -Infinity, Infinity, false],
    ['of no shift, of which it says nothing', 0, 0, 0, true],
  ])('%s: %d, from %d to %d', (_, estimate, low, high, expected) => {
    expect(isClear({ estimate, low, high })).toBe(expected);
  });
});
