import { shiftOf } from '../../../../lambda/domain/judge/hodges-lehmann';

const SAMPLES = { canary: Float64Array.of(10, 11, 14), baseline: Float64Array.of(1, 2, 4) };
/** All nine differences. */
const DIFFERENCES = [6, 7, 8, 9, 9, 10, 10, 12, 13];

test('the shift is the difference in the middle of all', () => {
  expect(shiftOf(SAMPLES, 1).estimate).toBe(9);
});

test('of an even number it is midway between the two in the middle', () => {
  expect(shiftOf({ ...SAMPLES, canary: Float64Array.of(10, 14) }, 1).estimate).toBe((9 + 10) / 2);
});

test.each([1, 2, 3, 4])(
  'its interval reaches from the difference at place %d to that at this place from the end',
  (place) => {
    expect(shiftOf(SAMPLES, place)).toMatchObject({ low: DIFFERENCES[place - 1], high: DIFFERENCES.at(-place) });
  },
);

test.each([0, -3])('without a place (%d) it has no ends', (place) => {
  expect(shiftOf(SAMPLES, place)).toMatchObject({ low: -Infinity, high: Infinity });
});
