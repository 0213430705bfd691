import fc from 'fast-check';
import {
  longestClosedMinutes,
  minutesUntilOpen,
  WEEK_MINUTES,
  type WindowRule,
} from '../../contract/deployment-window';

const window = (...ranges: WindowRule['ranges']): WindowRule => ({ timeZone: 'UTC', ranges });

test('the longest closing of office hours is the weekend', () => {
  expect(longestClosedMinutes(window({ days: [1, 2, 3, 4, 5], from: 540, to: 960 }))).toBe(65 * 60);
});

test('ranges that touch or overlap close nothing between them', () => {
  const day = { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 };
  expect(longestClosedMinutes(window(day))).toBe(0);
  expect(longestClosedMinutes(window({ ...day, from: 600, to: 660 }, { ...day, from: 660, to: 660 - 60 }))).toBe(0);
});

test('the longest closing is the longest wait of any minute', () => {
  const range = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 1, max: 1440 }),
  });
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), (ranges) => {
      const waits = Array.from({ length: WEEK_MINUTES }, (_, minute) => minutesUntilOpen(window(...ranges), minute));
      expect(longestClosedMinutes(window(...ranges))).toBe(Math.max(...waits));
    }),
    { numRuns: 30 },
  );
});
