/**
 * The routes of the dashboard. It shows everything that waits and was decided to whoever is signed in, and decides nothing: that
 * takes the personal link of an email. A GET only reads; a POST puts at most one row, by which it asks `decide` for something.
 */
import { OVERVIEW_AGE } from '../../domain/limits';
import type { PipelineOverview } from '../../domain/overview';
import type { SessionWish } from '../../domain/sign-in';
import { elapsed } from '../../domain/time';
import { APPROVER_ID, REQUEST_ID, SEED } from '../../domain/vote';
import { approverIdOf, newSeed, publicKeyOf } from '../../signing/link-key';
import type { Call } from '../call';
import { dead, seeOther, type Answer } from '../reply';
import { dashboardPage } from './dashboard-page';
import { download, type Format } from './download';
import { linkUsed, linkWanted, sessionWish } from './errand-row';
import { isFiltering, isWanted, parseFilter, queryOf, type Filter } from './filter';
import { HEADERS } from './headers';
import { noticeOf } from './notice';
import { searchRecord } from './search';
import { noSessionCookie, sessionCookie, viewerOf, type Viewer } from './session';
import { linkSentPage, signInPage, signingInPage, useLinkPage } from './sign-in-page';
import type { DashboardStore, RecordPage } from './store';

const ROOT = '/dashboard';

/** So many decided requests are on one page. */
const PAGE = 25;
/** So many reads of the record may a search take, a megabyte each; it can be continued. */
const READS_OF_A_SEARCH = 8;
/** The browser asks so often whether it is signed in by now. */
const MOST_TURNS = 12;

const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,255}$/;

/** Who types the name of the host alone wants the dashboard. */
export function isOfDashboard(path: string): boolean {
  return path === '/' || path === ROOT || path.startsWith(`${ROOT}/`);
}

/** @param timeZone in which times are said, beside UTC */
export async function dashboardAnswer(store: DashboardStore, call: Call, timeZone: string): Promise<Answer> {
  const answer = await new Dashboard(store, call, timeZone).answer();
  return { ...answer, headers: { ...HEADERS, ...answer.headers } };
}

class Dashboard {
  constructor(
    private readonly store: DashboardStore,
    private readonly call: Call,
    private readonly timeZone: string,
  ) {}

  async answer(): Promise<Answer> {
    const { method, path } = this.call;
    const page = path === '/' ? path : path.slice(ROOT.length);
    switch (`${method === 'HEAD' ? 'GET' : method} ${page}`) {
      case 'GET /':
      case 'GET /look':
        return seeOther(ROOT);
      case 'GET ':
        return this.show(parseFilter(this.call.query));
      case 'GET /record.csv':
        return this.download('csv');
      case 'GET /record.json':
        return this.download('json');
      case 'GET /sign-in':
        return this.offerSignIn();
      case 'POST /sign-in':
        return this.sendLink();
      case 'POST /session':
        return this.signIn();
      case 'POST /sign-out':
        return this.wish('SIGN_OUT', '', seeOther(ROOT, [noSessionCookie()]));
      case 'POST /look':
        return this.look();
      case 'POST /link':
        return this.emailLink();
      default:
        return dead();
    }
  }

  /** By an address; whether it is declared, only its mailbox learns. */
  private async sendLink(): Promise<Answer> {
    const address = (this.call.form.get('mail') ?? '').trim().toLowerCase();
    if (!ADDRESS.test(address)) {
      return { status: 422, page: signInPage('Type an email address, like ana@example.com.') };
    }
    const approver = approverIdOf(address);
    await this.store.put(linkWanted(approver, this.call.now));
    return { status: 200, page: linkSentPage() };
  }

  /** Opening the link signs nobody in: programs open links of emails, too. */
  private offerSignIn(): Answer {
    const link = linkIn(this.call.query);
    return link === undefined ? { status: 401, page: signInPage() } : { status: 200, page: useLinkPage(link) };
  }

  private async signIn(): Promise<Answer> {
    const link = linkIn(this.call.form);
    if (link === undefined) {
      return { status: 401, page: signInPage() };
    }
    const seed = newSeed();
    await this.store.put(linkUsed(link.approver, link.seed, publicKeyOf(seed), this.call.now));
    return seeOther(`${ROOT}?turn=1`, [sessionCookie(seed)]);
  }

  private async show(filter: Filter): Promise<Answer> {
    const viewer = await this.viewer();
    return viewer === undefined ? this.notSignedIn() : this.page(viewer, filter, this.store.overviews());
  }

  /** The session may take moments to begin. */
  private notSignedIn(): Answer {
    const turn = Number(/^\d{1,2}$/.exec(this.call.query.get('turn') ?? '')?.[0] ?? 0);
    if (turn > 0 && turn < MOST_TURNS && this.call.session !== undefined) {
      return { status: 401, page: signingInPage(`${ROOT}?turn=${turn + 1}`) };
    }
    return { status: 401, page: signInPage(turn > 0 ? whyNot(this.call.session) : undefined) };
  }

  private async page(
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
  private async look(): Promise<Answer> {
    const filter = parseFilter(this.call.form);
    const viewer = await this.viewer();
    if (viewer === undefined) {
      return { status: 401, page: signInPage() };
    }
    const overviews = await this.store.overviews();
    const newest = overviews.map(({ asOf }) => asOf).reduce((a, b) => (a > b ? a : b), '');
    if (newest === '' || elapsed(newest, this.call.now) >= OVERVIEW_AGE) {
      await this.store.put(sessionWish(viewer, 'LOOK', '', this.call.now));
    }
    return this.page(viewer, filter, overviews);
  }

  private async emailLink(): Promise<Answer> {
    const request = this.call.form.get('request') ?? '';
    const back = `${ROOT}?${queryOf(parseFilter(this.call.query), { notice: 'link' })}`;
    return REQUEST_ID.test(request) ? this.wish('EMAIL_LINK', request, seeOther(back)) : dead();
  }

  private async download(format: Format): Promise<Answer> {
    return (await this.viewer()) === undefined
      ? { status: 401, page: signInPage() }
      : download(this.store, parseFilter(this.call.query), format);
  }

  private async wish(wish: SessionWish, about: string, then: Answer): Promise<Answer> {
    const viewer = await this.viewer();
    if (viewer === undefined) {
      return { status: 401, page: signInPage() };
    }
    await this.store.put(sessionWish(viewer, wish, about, this.call.now));
    return then;
  }

  private viewer(): Promise<Viewer | undefined> {
    return viewerOf(this.store, this.call.session, this.call.now);
  }
}

function whyNot(cookie: string | undefined): string {
  return cookie === undefined
    ? 'This browser keeps no cookie for this page, so it cannot stay signed in.'
    : 'That link did not sign you in: it was used already, or it is too old.';
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

export interface SignInLinkFields {
  readonly approver: string;
  readonly seed: string;
}

function linkIn(fields: URLSearchParams): SignInLinkFields | undefined {
  const [approver, seed] = [fields.get('by') ?? '', fields.get('key') ?? ''];
  return APPROVER_ID.test(approver) && SEED.test(seed) ? { approver, seed } : undefined;
}
