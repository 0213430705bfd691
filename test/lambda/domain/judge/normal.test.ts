import { normalQuantile } from '../../../../lambda/domain/judge/normal';

/** From tables with 15 digits. */
test.each([
  [0.5, 0],
  [0.6, 0.2533471031358],
  [0.92, 1.40507156030963],
  [0.975, 1.959963984540054],
  [0.99, 2.326347874040841],
  [0.99875, 3.023341439739154],
  [1 - 1e-6, 4.75342430882],
  [1e-10, -6.3613409024],
  [1e-20, -9.262340089798409],
  [1e-300, -37.0470962993612],
])('the quantile of %p', (probability, z) => {
  expect(normalQuantile(probability)).toBeCloseTo(z, 9);
  // Beyond 1 - 1e-16 there is no such number.
  if (probability > 1e-6) expect(normalQuantile(1 - probability)).toBeCloseTo(-z, 9);
});
