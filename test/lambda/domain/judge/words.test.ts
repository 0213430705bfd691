import { percent } from '../../../../lambda/domain/judge/words';

test.each([
  [0.1234, '12 %', '+12 %'],
  [0.0994, '9.9 %', '+9.9 %'],
  [0.0995, '10 %', '+10 %'],
  [0.05, '5 %', '+5 %'],
  [0.0004, '0 %', '0 %'],
  [-0.0004, '0 %', '0 %'],
  [0, '0 %', '0 %'],
  [-0.0123, '-1.2 %', '-1.2 %'],
  [49, '4,900 %', '+4,900 %'],
])('a share of %d is read as %s, with its sign as %s', (share, plain, signed) => {
  expect(percent(share)).toBe(plain);
  expect(percent(share, true)).toBe(signed);
});
