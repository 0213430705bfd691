import { pairedPoints } from '../../../../lambda/domain/judge/paired';

const FROM = Date.parse('2026-01-01T10:00:00Z');
const WINDOW = { from: FROM, period: 60, points: 5 };
const point = (minute: number, value: number) => ({ at: FROM + minute * 60_000, value });
const values = (...all: readonly (number | undefined)[]) =>
  all.flatMap((value, minute) => (value === undefined ? [] : [point(minute, value)]));

function paired(canary: readonly ReturnType<typeof point>[], baseline: readonly ReturnType<typeof point>[]) {
  const { gap, ...sides } = pairedPoints(canary, baseline, WINDOW);
  return {
    canary: [...sides.canary],
    baseline: [...sides.baseline],
    missing: gap.points,
    since: (gap.from - FROM) / 60_000,
  };
}

test('values of the same moments stand in the order of time, however they come', () => {
  const canary = [point(3, 3), point(0, 0), point(2, 2), point(1, 1), point(4, 4)];

  expect(paired(canary, values(10, 11, 12, 13, 14))).toEqual({
    canary: [0, 1, 2, 3, 4],
    baseline: [10, 11, 12, 13, 14],
    missing: 0,
    since: 0,
  });
});

test('what one side lacks, or has no number for, is left out of both', () => {
  expect(paired(values(0, undefined, 2, 3, NaN), values(10, 11, Infinity, 13, 14))).toMatchObject({
    canary: [0, 3],
    baseline: [10, 13],
    missing: 2,
    since: 1,
  });
});

test('what is before the window, and from its end on, is left out', () => {
  const around = [point(-1, 9), point(0, 0), point(5, 9)];

  expect(paired(around, around)).toMatchObject({ canary: [0], baseline: [0], missing: 4, since: 1 });
});

test('of two gaps of one length the first is told', () => {
  expect(paired(values(0, undefined, 2, undefined, 4), values(0, 1, 2, 3, 4))).toMatchObject({ missing: 1, since: 1 });
});
