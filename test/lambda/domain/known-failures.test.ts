import fc from 'fast-check';
import { newFailures, type FailedTest } from '../../../lambda/domain/known-failures';

const failed = (name: string, id?: string): FailedTest => (id === undefined ? { name } : { name, id });

test('a test that failed before is not new, at any place of the list', () => {
  const [a, b] = [failed('a', '1'), failed('b', '2')];

  expect(newFailures([a, b], [b, a])).toEqual([]);
  expect(newFailures([a, b], [a])).toEqual([b]);
});

test('a test of the same name in another suite is new', () => {
  expect(newFailures([failed('a', 'other')], [failed('a', 'cart')])).toHaveLength(1);
});

test('a test that nobody can identify is always new', () => {
  expect(newFailures([failed('unnamed')], [failed('unnamed')])).toHaveLength(1);
});

test('never more failures are forgiven than there were of each test', () => {
  const some = fc.array(fc.constantFrom<FailedTest>(failed('a', '1'), failed('b', '2'), failed('c', '3'), failed('x')));
  fc.assert(
    fc.property(some, some, (now, before) => {
      const fresh = newFailures(now, before);
      const count = (list: readonly FailedTest[], id?: string) => list.filter((one) => one.id === id).length;
      ['1', '2', '3'].forEach((id) => expect(count(fresh, id)).toBe(Math.max(0, count(now, id) - count(before, id))));
      expect(count(fresh)).toBe(count(now));
    }),
  );
});
