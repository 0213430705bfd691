import { same } from '../../../lambda/domain/same';

test('two values are the same whatever the order of their properties', () => {
  expect(same({ a: 1, b: { c: [1], d: 2 } }, { b: { d: 2, c: [1] }, a: 1 })).toBe(true);
  expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(same([{ a: 1, b: null }], [{ b: null, a: 1 }])).toBe(true);
});

test('and different where they say something else', () => {
  expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(same({ a: 1 }, { a: 2 })).toBe(false);
  expect(same({ a: 1 }, { b: 1 })).toBe(false);
});
