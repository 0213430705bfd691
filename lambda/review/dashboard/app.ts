/**
 * The routes of the dashboard. It shows everything that waits and was decided to whoever is let in, and decides nothing: that
 * takes the personal link of an email. A GET only reads; a POST puts at most one row, by which it asks `decide` for something.
 */
import type { DashboardAccess } from '../../../contract/dashboard';
import { OVERVIEW_AGE } from '../../domain/limits';
import type { PipelineOverview } from '../../domain/overview';
import { elapsed } from '../../domain/time';
import { REQUEST_ID } from '../../domain/vote';
import type { Call } from '../call';
import { seeOther, type Answer } from '../reply';
import { AuthorizedEntrance } from './authorized-entrance';
import { dashboardPage } from './dashboard-page';
import { download, type Format } from './download';
import { EmailedEntrance } from './emailed-entrance';
import { isFiltering, isWanted, parseFilter, queryOf, type Filter } from './filter';
import { HEADERS } from './headers';
import { noticeOf } from './notice';
import { ROOT } from './places';
import { searchRecord } from './search';
import { noSuchPage } from './sign-in-page';
import type { DashboardStore, RecordPage } from './store';
import type { Entrance, Viewer } from './viewer';

/** So many decided requests are on one page. */
const PAGE = 25;
/** So many reads of the record may a search take, a megabyte each; it can be continued. */
const READS_OF_A_SEARCH = 8;

/** A dashboard, and how people get to it. */
export interface DashboardSite {
  readonly store: DashboardStore;
  readonly access: DashboardAccess;
}

/** @param timeZone in which times are said, beside UTC */
export async function dashboardAnswer({ store, access }: DashboardSite, call: Call, timeZone: string): Promise<Answer> {
  const answer = await new Dashboard(store, call, timeZone, entranceOf(store, call, access)).answer();
  return { ...answer, headers: { ...HEADERS, ...answer.headers } };
}

function entranceOf(store: DashboardStore, call: Call, access: DashboardAccess): Entrance {
  switch (access.kind) {
    case 'SIGN_IN_BY_EMAIL':
      return new EmailedEntrance(store, call);
    case 'BEHIND_AUTHORIZER':
      return new AuthorizedEntrance(store, call, access);
  }
}

class Dashboard {
  constructor(
    private readonly store: DashboardStore,
    private readonly call: Call,
    private readonly timeZone: string,
    private readonly entrance: Entrance,
  ) {}

  async answer(): Promise<Answer> {
    const { method, path } = this.call;
    const page = path === '/' ? path : path.slice(ROOT.length);
    const route = `${method === 'HEAD' ? 'GET' : method} ${page}`;
    switch (route) {
      case 'GET /':
      case 'GET /look':
        return seeOther(ROOT);
      case 'GET ':
        return this.admitted((viewer) => this.show(viewer, parseFilter(this.call.query), this.store.overviews()));
      case 'GET /record.csv':
        return this.download('csv');
      case 'GET /record.json':
        return this.download('json');
      case 'POST /look':
        return this.admitted((viewer) => this.look(viewer));
      case 'POST /link':
        return this.emailLink();
      default:
        return (await this.entrance.answer(route)) ?? lost();
    }
  }

  private async admitted(then: (viewer: Viewer) => Promise<Answer>): Promise<Answer> {
    const admission = await this.entrance.admit();
    switch (admission.kind) {
      case 'VIEWER':
        return then(admission.viewer);
      case 'REFUSED':
        return admission.answer;
    }
  }

  private async show(
    viewer: Viewer,
    filter: Filter,
    read: Promise<readonly PipelineOverview[]> | readonly PipelineOverview[],
  ): Promise<Answer> {
    const notice = noticeOf(this.call.query.get('notice'));
    const [open, overviews, decided] = await Promise.all([this.store.open(), read, decidedIn(this.store, filter)]);
    const waiting = { ...open, requests: open.requests.filter((request) => isWanted(filter, request)) };
    const { now } = this.call;
    const { timeZone } = this;
    return { status: 200, page: dashboardPage({ viewer, filter, waiting, overviews, decided, now, timeZone, notice }) };
  }

  /** Shows the page anew, and lets CodePipeline be asked what serves where, if nobody did so just now. */
  private async look(viewer: Viewer): Promise<Answer> {
    const overviews = await this.store.overviews();
    const newest = overviews.map(({ asOf }) => asOf).reduce((a, b) => (a > b ? a : b), '');
    if (newest === '' || elapsed(newest, this.call.now) >= OVERVIEW_AGE) {
      await this.store.put(viewer.asks('LOOK', ''));
    }
    return this.show(viewer, parseFilter(this.call.form), overviews);
  }

  private async emailLink(): Promise<Answer> {
    const request = this.call.form.get('request') ?? '';
    if (!REQUEST_ID.test(request)) {
      return lost();
    }
    return this.admitted(async (viewer) => {
      await this.store.put(viewer.asks('EMAIL_LINK', request));
      return seeOther(`${ROOT}?${queryOf(parseFilter(this.call.query), { notice: 'link' })}`);
    });
  }

  private download(format: Format): Promise<Answer> {
    return this.admitted(() => download(this.store, parseFilter(this.call.query), format));
  }
}

/** What leads nowhere is no link of an email about a change. */
function lost(): Answer {
  return { status: 404, page: noSuchPage() };
}

/** What was decided, newest first: a page of it, or what a few reads of the record find. */
function decidedIn(store: DashboardStore, filter: Filter): Promise<RecordPage> {
  if (filter.state === 'WAITING') {
    return Promise.resolve({ rows: [] });
  }
  return isFiltering(filter)
    ? searchRecord(store, filter, { reads: READS_OF_A_SEARCH, most: PAGE })
    : store.record(filter.before, PAGE);
}
