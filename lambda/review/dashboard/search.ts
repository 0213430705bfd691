/** A search through the record, newest first. */
import type { RecordRow } from '../../../contract/record';
import { beginningOf } from './beginning';
import { isTooOld, isWantedEntry, type Filter } from './filter';
import type { DashboardStore, RecordPage } from './store';

export interface Bounds {
  /** So many reads, a megabyte each. */
  readonly reads: number;
  /** So many entries. */
  readonly most: number;
}

/** Where the bounds end it, it says where to go on. */
export async function searchRecord(store: DashboardStore, filter: Filter, bounds: Bounds): Promise<RecordPage> {
  const rows: RecordRow[] = [];
  let before = await beginningOf(store, filter);
  for (let read = 0; read < bounds.reads; read += 1) {
    const page = await store.record(before);
    for (const row of page.rows) {
      if (isTooOld(filter, row.at)) {
        return { rows };
      }
      if (isWantedEntry(filter, row)) {
        rows.push(row);
      }
      if (rows.length === bounds.most) {
        return row.n > 1 ? { rows, before: row.n } : { rows };
      }
    }
    before = page.before;
    if (before === undefined) {
      return { rows };
    }
  }
  return { rows, before };
}
