import * as fc from 'fast-check';
import { minutesUntilOpen, WEEK_MINUTES, type WindowRule } from '../../../contract/deployment-window';
import { cronOf } from '../../../lib/conditions/window-rule';
import { matches } from '../../../rehearsal/pipeline/cron';

const MONDAY = Date.parse('2030-01-07T00:00:00Z');

const hours = fc
  .record({
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    from: fc.integer({ min: 0, max: 23 }).map((hour) => hour * 60),
    to: fc.integer({ min: 1, max: 24 }).map((hour) => hour * 60),
  })
  .filter(({ from, to }) => from !== to);

/** Every minute at which a window of whole hours may open or close, and the one before. */
const EDGES = Array.from({ length: WEEK_MINUTES / 60 }, (_, hour) => [hour * 60, hour * 60 + 59]).flat();

test('a cron expression is open when its window is, and there is one unless days have different hours', () => {
  let expressed = 0;
  fc.assert(
    fc.property(fc.array(hours, { minLength: 1, maxLength: 2 }), (ranges) => {
      const rule: WindowRule = { timeZone: 'UTC', ranges };
      const open = EDGES.filter((minute) => minutesUntilOpen(rule, minute) === 0);
      let cron: string;
      try {
        cron = cronOf(rule);
      } catch {
        const hoursOf = (day: number) =>
          open.filter((minute) => Math.floor(minute / 1440) === day).map((minute) => minute % 1440);
        const days = [0, 1, 2, 3, 4, 5, 6].map((day) => hoursOf(day).join()).filter((one) => one !== '');
        expect(new Set(days).size).toBeGreaterThan(1);
        return;
      }
      expressed += 1;
      expect(EDGES.filter((minute) => matches(cron, 'UTC', MONDAY + minute * 60_000))).toEqual(open);
    }),
    { numRuns: 300 },
  );
  expect(expressed).toBeGreaterThan(30);
});
