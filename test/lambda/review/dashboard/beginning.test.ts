import fc from 'fast-check';
import { beginningOf } from '../../../../lambda/review/dashboard/beginning';
import { DELIVERED } from '../fixture';
import { entry, MemoryDashboard } from './fixture';

const DAY = 86_400_000;
const day = (n: number) => new Date(Date.parse('2026-11-01T12:00:00Z') + n * DAY).toISOString();

/** Entries on these days, in their order; the first ones may have been cleaned away. */
function dashboardOf(days: readonly number[], gone = 0): MemoryDashboard {
  const dashboard = new MemoryDashboard();
  const rows = [...days].sort((a, b) => a - b).map((on, index) => entry(index + 1, DELIVERED, day(on)));
  dashboard.rows = rows.slice(gone).reverse();
  return dashboard;
}

test('a search that names no last day begins where it is told, without a read', async () => {
  const dashboard = dashboardOf([1, 2, 3]);

  expect(await beginningOf(dashboard, { text: '' })).toBeUndefined();
  expect(await beginningOf(dashboard, { text: '', before: 2 })).toBe(2);
  expect(dashboard.reads).toBe(0);
});

test('a search begins with the newest entry of its last day, whatever days the record has', async () => {
  const days = fc.array(fc.integer({ min: 0, max: 27 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      days,
      fc.integer({ min: 0, max: 29 }),
      fc.integer({ min: 0, max: 5 }),
      fc.option(fc.integer({ min: 1, max: 70 }), { nil: undefined }),
      async (on, last, gone, before) => {
        const dashboard = dashboardOf(on, gone);
        const to = day(last).slice(0, 10);
        const found = await beginningOf(dashboard, { text: '', to, ...(before === undefined ? {} : { before }) });

        const wanted = dashboard.rows.filter(({ n, at }) => at <= day(last) && (before === undefined || n < before));
        const first = dashboard.rows.find(({ n }) => found === undefined || n < found);
        expect(first?.n).toBe(wanted[0]?.n);
      },
    ),
  );
});

test('among ten thousand entries it is found in sixteen reads at most', async () => {
  const dashboard = dashboardOf(Array.from({ length: 10_000 }, (_, index) => Math.floor(index / 400)));
  await beginningOf(dashboard, { text: '', to: day(3).slice(0, 10) });

  expect(dashboard.reads).toBeLessThanOrEqual(16);
});
