/** The dashboard: what waits, what serves where, what was decided. */
import { html } from 'hono/html';
import type { PipelineOverview } from '../../domain/overview';
import { NOTHING, type Html } from '../markup';
import { decidedSection } from './decided-section';
import { isFiltering, type Filter } from './filter';
import { filterForm } from './filter-form';
import { page } from './frame';
import { servingSection } from './serving-section';
import type { OpenRequests, RecordPage } from './store';
import type { Viewer } from './viewer';
import { waitingSection } from './waiting-section';

export interface DashboardView {
  readonly viewer: Viewer;
  readonly filter: Filter;
  readonly waiting: OpenRequests;
  readonly overviews: readonly PipelineOverview[];
  readonly decided: RecordPage;
  readonly now: string;
  readonly timeZone: string;
  readonly notice?: string | undefined;
}

export function dashboardPage(view: DashboardView): Html {
  const { viewer, filter, waiting, notice } = view;
  const count = waiting.requests.length;
  const isOlder = filter.before !== undefined;
  return page(
    count === 0 ? 'Approvals' : `${count} waiting · Approvals`,
    html`<main data-live-page>
      <h1 class="sr">Approvals</h1>
      ${notice === undefined ? NOTHING : html`<p class="note good" role="status">${notice}</p>`} ${filterForm(view)}
      ${isOlder || (filter.state !== undefined && filter.state !== 'WAITING') ? NOTHING : waitingSection(view)}
      ${isOlder || isFiltering({ ...filter, pipeline: undefined }) ? NOTHING : servingSection(view)}
      ${filter.state === 'WAITING' ? NOTHING : decidedSection(view)}
    </main>`,
    { viewer },
  );
}
