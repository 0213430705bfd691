import fc from 'fast-check';
import { criticalValue, lookSchedule } from '../../../../lambda/domain/judge/looks';

test.each([
  [30, 30, [30]],
  [30, 35, [35]],
  // Data that grow by a quarter until the end are worth a look, less is not.
  [40, 50, [40, 50]],
  [40, 49, [49]],
  [30, 60, [30, 45, 60]],
  [30, 240, [30, 45, 68, 101, 152, 240]],
  [30, 1440, [30, 45, 68, 101, 152, 228, 342, 513, 769, 1440]],
  [5, 12, [5, 8, 12]],
  [30, 29, []],
])('from %p data points up, of %p in the bake, there are looks at %p', (minimum, bake, looks) => {
  expect(lookSchedule(minimum, bake)).toEqual(looks);
});

test('whatever the bake, the last look is at its end, and looks grow', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 100 }), fc.integer({ min: 0, max: 20_000 }), (minimum, more) => {
      const looks = lookSchedule(minimum, minimum + more);
      expect(looks.at(-1)).toBe(minimum + more);
      expect(looks).toEqual([...new Set(looks)].sort((a, b) => a - b));
      expect(looks.length).toBeLessThan(25);
    }),
  );
});

test('comparisons share the budget', () => {
  expect(criticalValue(0.02, 1)).toBeCloseTo(2.326348, 6);
  expect(criticalValue(0.02, 6)).toBeCloseTo(2.935199, 6);
  expect(criticalValue(0.02, 60)).toBeGreaterThan(criticalValue(0.02, 6));
});
