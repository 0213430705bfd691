/** A search through the record, and where it begins. */
import { beginningOf } from '../../../../lambda/review/dashboard/beginning';
import type { Filter } from '../../../../lambda/review/dashboard/filter';
import { searchRecord } from '../../../../lambda/review/dashboard/search';
import { DELIVERED } from '../fixture';
import { entry, MemoryDashboard } from './fixture';

const day = (n: number) => `2026-11-${`${n}`.padStart(2, '0')}`;

/** One entry a day, so that the number is the day. */
function recordOf(entries: number): MemoryDashboard {
  const dashboard = new MemoryDashboard();
  dashboard.rows = Array.from({ length: entries }, (_, index) => {
    const n = entries - index;
    return entry(n, DELIVERED, `${day(n)}T12:00:00.000Z`);
  });
  return dashboard;
}

async function found(dashboard: MemoryDashboard, filter: Partial<Filter>, reads = 10, most = 100) {
  const { rows, ...rest } = await searchRecord(dashboard, { text: '', ...filter }, { reads, most });
  return { numbers: rows.map(({ n }) => n), ...rest };
}

test('a search goes as far as its first day, and reads no further', async () => {
  const dashboard = recordOf(9);
  dashboard.rowsPerRead = 2;

  expect(await found(dashboard, { from: day(7) })).toEqual({ numbers: [9, 8, 7] });
  expect(dashboard.reads).toBe(2);
});

test('a search ends with so many entries, and tells where to go on', async () => {
  expect(await found(recordOf(5), {}, 10, 2)).toEqual({ numbers: [5, 4], before: 4 });
  expect(await found(recordOf(5), { before: 4 }, 10, 2)).toEqual({ numbers: [3, 2], before: 2 });
  expect(await found(recordOf(5), {}, 10, 5)).toEqual({ numbers: [5, 4, 3, 2, 1] });
});

test('a search ends after so many reads, and tells where to go on', async () => {
  const dashboard = recordOf(9);
  dashboard.rowsPerRead = 2;

  expect(await found(dashboard, { text: 'nowhere' }, 3)).toEqual({ numbers: [], before: 4 });
  expect(dashboard.reads).toBe(3);
});

test.each<[Partial<Filter>, readonly number[]]>([
  [{ to: day(9) }, [9, 8, 7, 6, 5, 4, 3, 2, 1]],
  [{ to: day(5) }, [5, 4, 3, 2, 1]],
  [{ to: day(1) }, [1]],
  [{ to: '2026-10-31' }, []],
  [{ to: day(5), before: 4 }, [3, 2, 1]],
  [{ to: day(5), before: 8 }, [5, 4, 3, 2, 1]],
  [{ from: day(3), to: day(5) }, [5, 4, 3]],
])('by %j it finds %j', async (filter, numbers) => {
  expect(await found(recordOf(9), filter)).toEqual({ numbers });
});

test.each<[number, Partial<Filter>, number | undefined]>([
  [9, { to: day(9) }, undefined],
  [9, { to: day(8) }, 9],
  [9, { to: day(5) }, 6],
  [9, { to: day(5), before: 8 }, 6],
  [9, { to: day(5), before: 4 }, 4],
  [9, { to: '2026-10-31' }, 1],
  [0, { to: day(5) }, undefined],
  [9, {}, undefined],
  [9, { before: 7 }, 7],
])('of %i entries, those by %j stand before number %s', async (entries, filter, before) => {
  expect(await beginningOf(recordOf(entries), { text: '', ...filter })).toBe(before);
});

test('the last day of many is found in few reads', async () => {
  const dashboard = recordOf(28);
  await beginningOf(dashboard, { text: '', to: day(3) });

  expect(dashboard.reads).toBeLessThanOrEqual(7);
});
