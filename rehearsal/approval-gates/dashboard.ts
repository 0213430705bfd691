/** All that is known here of the dashboard of cdk-approval-gates: somebody looks at it with a browser without JavaScript. */
import type { World } from '../world';
import { unescape } from './review-page';

/** Where the dashboard is on this machine, if a workflow of the app has one that a browser can open: behind an authorizer it takes a token. */
export function dashboardUrl(world: Pick<World, 'resources' | 'reviewUrl'>): string | undefined {
  const routes = world.resources('AWS::ApiGatewayV2::Route');
  return routes.some(
    ({ properties }) => properties.RouteKey === 'GET /dashboard' && (properties.AuthorizationType ?? 'NONE') === 'NONE',
  )
    ? `${world.reviewUrl}/dashboard`
    : undefined;
}

export interface Seen {
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
}

/** An absence, as somebody fills in its form. */
export interface Away {
  readonly delegate: string;
  readonly from?: string | undefined;
  readonly until: string;
  readonly expect?: 'recorded' | 'refused' | undefined;
}

export class DashboardClient {
  private cookie = '';

  constructor(
    private readonly world: Pick<World, 'inbox' | 'reviewUrl' | 'clock'>,
    readonly mail: string,
  ) {}

  /** Asks for a link, finds it in the mailbox, uses it, and waits until the session has begun. */
  async signIn(): Promise<Seen> {
    const mails = this.world.inbox.length;
    await this.post('/dashboard/sign-in', { mail: this.mail });
    await this.settle();
    const link = this.linkIn(mails);
    if (link === undefined) return this.get('/dashboard');
    const { searchParams } = new URL(link);
    const answer = await this.post('/dashboard/session', Object.fromEntries(searchParams));
    if (answer.status !== 303) throw new Error(`signing in was answered by ${answer.status}`);
    await this.settle();
    return this.get('/dashboard');
  }

  /** The link to sign in that came after so many mails. */
  linkIn(mails: number): string | undefined {
    return this.world.inbox
      .slice(mails)
      .filter(({ to }) => to === this.mail)
      .map(({ text }) => /https?:\/\/\S+\/dashboard\/sign-in\?\S+/.exec(text)?.[0])
      .find((url) => url !== undefined);
  }

  /** The page with what CodePipeline says at this moment, signed in where that is needed. */
  async look(query = ''): Promise<Seen> {
    const fields = Object.fromEntries(new URLSearchParams(query));
    if ((await this.post('/dashboard/look', fields)).status === 401) await this.signIn();
    await this.settle();
    return this.get(query === '' ? '/dashboard' : `/dashboard?${query}`);
  }

  /** Presses the button of a gate that waits, on a page that shows it. */
  async emailLink({ html }: Seen, gate: string): Promise<void> {
    const name = gate.replace('/', ' › ');
    const cards = html.match(/<li class="card request[\s\S]*?<\/form>/g) ?? [];
    const card = cards.find((one) => DashboardClient.textOf(one).includes(name));
    const request = /name="request" value="([0-9a-f]{32})"/.exec(card ?? '')?.[1];
    if (request === undefined) throw new Error(`the dashboard offers ${this.mail} no link to ${gate}`);
    await this.post('/dashboard/link', { request });
    await this.settle();
  }

  /** Fills in the form for an absence. */
  async goAway({ delegate, from = '', until, expect = 'recorded' }: Away): Promise<void> {
    const { html } = await this.get('/dashboard/away');
    const options = [...html.matchAll(/<option value="([0-9a-f]{12})"[^>]*>([\s\S]*?)<\/option>/g)];
    const id = options.find(([, , name = '']) => DashboardClient.textOf(name) === delegate)?.[1];
    if (id === undefined) throw new Error(`the dashboard does not offer ${this.mail} to let ${delegate} answer`);
    const { status } = await this.post('/dashboard/away', { delegate: id, from, until });
    const found = status === 303 ? 'recorded' : 'refused';
    if (found !== expect) throw new Error(`the absence of ${this.mail} is answered by ${status}, and not ${expect}`);
    await this.settle();
  }

  async comeBack(): Promise<void> {
    const { html } = await this.get('/dashboard/away');
    if (!html.includes('action="/dashboard/back"')) throw new Error(`${this.mail} is not away`);
    await this.post('/dashboard/back');
    await this.settle();
  }

  get(path: string, method = 'GET'): Promise<Seen> {
    return this.send(path, { method, headers: { cookie: this.cookie } });
  }

  post(path: string, form: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) {
    return this.send(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: this.world.reviewUrl,
        'sec-fetch-site': 'same-origin',
        cookie: this.cookie,
        ...headers,
      },
      body: new URLSearchParams(form).toString(),
    });
  }

  /** What a part of the page says, without its markup. */
  static textOf(html: string): string {
    const words = html.replace(/<(style|script)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ');
    return unescape(words).replace(/\s+/g, ' ').trim();
  }

  /** Lets everything that was set going come to rest. */
  async settle(): Promise<void> {
    await this.world.clock.advanceBy(2_000);
  }

  private async send(path: string, init: RequestInit): Promise<Seen> {
    const answer = (async () => {
      const response = await fetch(`${this.world.reviewUrl}${path}`, { redirect: 'manual', ...init });
      const cookie = response.headers.getSetCookie()[0];
      if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? '';
      return { status: response.status, html: await response.text(), headers: response.headers };
    })();
    return this.world.clock.track(answer);
  }
}
