import { canonical, same } from '../../../lambda/domain/same';

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

test('one text stands for it, with the properties in the order of their names and lists as they are', () => {
  expect(canonical({ b: 1, a: { d: [{ z: 1, y: null }, 'x'], c: 2 } })).toBe(
    '{"a":{"c":2,"d":[{"y":null,"z":1},"x"]},"b":1}',
  );
  expect(canonical({ b: 1, c: 2, a: 3 })).toBe('{"a":3,"b":1,"c":2}');
  expect(canonical({ c: 3, b: 2, a: 1 })).toBe('{"a":1,"b":2,"c":3}');
  expect(canonical([2, 1, null])).toBe('[2,1,null]');
});
