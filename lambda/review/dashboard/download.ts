/**
 * The record as a file. JSON holds every entry of the time that is asked for, without a gap, so that it can be verified; CSV holds what
 * the filter leaves.
 */
import { exportDocument } from '../../domain/record';
import { csvOf } from '../../domain/record-csv';
import type { Answer } from '../reply';
import type { Filter } from './filter';
import { searchRecord } from './search';
import { tooMuchPage } from './sign-in-page';
import type { DashboardStore } from './store';

/**
 * Lambda answers with at most 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and the file stands in its
 * answer as a JSON text.
 */
const MOST_BYTES = 5_500_000;
/** A megabyte each, and each takes the function about half a second. */
const MOST_READS = 10;

export type Format = 'csv' | 'json';

export async function download(store: DashboardStore, filter: Filter, format: Format): Promise<Answer> {
  const wanted: Filter = format === 'csv' ? filter : { text: '', ...rangeOf(filter) };
  const found = await searchRecord(store, wanted, { reads: MOST_READS, most: Infinity });
  if (found.before !== undefined) {
    return { status: 413, page: tooMuchPage() };
  }
  const rows = found.rows.toReversed();
  const text =
    format === 'csv'
      ? csvOf(rows)
      : `${JSON.stringify(exportDocument(store.workflow, rows, rangeOf(filter)), undefined, 1)}\n`;
  const tooLong = Buffer.byteLength(JSON.stringify(text)) > MOST_BYTES;
  return tooLong ? { status: 413, page: tooMuchPage() } : file(text, nameOf(store, filter), format);
}

/** From the beginning of the one day to the end of the other. */
function rangeOf({ from, to }: Filter): { readonly from?: string; readonly to?: string } {
  return { ...(from && { from }), ...(to && { to }) };
}

function nameOf({ workflow }: DashboardStore, { from, to }: Filter): string {
  return ['record', workflow, from ?? '', to === undefined ? '' : `to-${to}`].filter((part) => part !== '').join('-');
}

const TYPES: Readonly<Record<Format, string>> = { csv: 'text/csv', json: 'application/json' };

function file(text: string, name: string, format: Format): Answer {
  return {
    status: 200,
    page: text,
    headers: {
      'content-type': `${TYPES[format]}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name.replace(/[^A-Za-z0-9-]/g, '')}.${format}"`,
    },
  };
}
