/** Where a search through the record begins: no entry is older than the one before it, so its last day is found by halving. */
import { isTooNew, type Filter } from './filter';
import type { DashboardStore } from './store';

/** The number before which the entries of the days that are wanted stand; undefined for the end of the record. */
export async function beginningOf(store: DashboardStore, filter: Filter): Promise<number | undefined> {
  if (filter.to === undefined) {
    return filter.before;
  }
  let tooNew = filter.before;
  let early = 0;
  for (;;) {
    const middle = tooNew === undefined ? undefined : Math.ceil((early + tooNew) / 2);
    const [row] = (await store.record(middle, 1)).rows;
    if (row === undefined || !isTooNew(filter, row.at)) {
      if (middle === undefined || middle === tooNew) {
        return tooNew;
      }
      early = middle;
    } else {
      tooNew = row.n;
    }
  }
}
