/**
 * All that is known here of the review page of cdk-approval-gates: the form of its links, what its pages hold. Somebody with a
 * browser opens the link of a mail, reads the page, types the number, presses a button.
 */
import type { Mail } from '../record';
import type { World } from '../world';
import type { LinkChoice } from '../scenario/schema';

export interface ReviewPage {
  readonly link: string;
  readonly status: number;
  readonly html: string;
  /** Where the form goes, and its hidden fields; absent on a page that takes no answer. */
  readonly action?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly number?: string;
  /** What the fields of the form hold, by their names. */
  readonly filled: Readonly<Record<string, string>>;
}

/** What the buttons of the page send. */
export type Verdict = 'APPROVE' | 'REJECT' | 'BREAK_GLASS' | 'REVIEWED';

/** What the page says about a link, or about the answer that it took. */
export type PageKind = 'page' | 'ended' | 'dead';

const LINKS = /https?:\/\/[^\s"<>]*\/r\/([0-9a-f]+)\?by=([0-9a-f]+)&key=([A-Za-z0-9_-]+)/g;

export interface MailLink {
  readonly url: string;
  readonly request: string;
  readonly by: string;
  readonly key: string;
}

/** The first link of a mail; a digest has one for each request. */
export function linkIn(mail: Pick<Mail, 'text'>): MailLink | undefined {
  return linksIn(mail)[0];
}

/** Every link of a mail with what is said before it, since the link before. */
export function linksIn({ text }: Pick<Mail, 'text'>): readonly (MailLink & { readonly about: string })[] {
  let end = 0;
  return [...text.matchAll(LINKS)].map((found) => {
    const [url, request = '', by = '', key = ''] = found;
    const about = text.slice(end, found.index);
    end = found.index + url.length;
    return { url, request, by, key, about };
  });
}

/** Links to a gate, `Prod/Approve`, that a mail holds. */
function linksTo(gate: string, mail: Pick<Mail, 'text'>): readonly MailLink[] {
  const line = new RegExp(`^Gate: ${escaped(gate.replace('/', ' / '))}$`, 'm');
  return linksIn(mail).filter(({ about }) => line.test(about));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whom mails asked about a gate, `Prod/Approve`, by a link. */
export function addressesAsked(mails: readonly Pick<Mail, 'to' | 'text'>[], gate: string): readonly string[] {
  const asked = mails.filter((mail) => linksTo(gate, mail).length > 0).map(({ to }) => to);
  return [...new Set(asked)];
}

export class ReviewClient {
  /** `web` is how this machine reaches an address; `fetch` when absent. */
  constructor(
    private readonly world: Pick<World, 'inbox' | 'localUrl' | 'clock'>,
    private readonly web: typeof fetch = fetch,
  ) {}

  async open(choice: LinkChoice, method = 'GET'): Promise<ReviewPage> {
    return this.openLink(this.linkOf(choice), method);
  }

  async openLink(link: string, method = 'GET'): Promise<ReviewPage> {
    const response = await this.fetch(this.here(link), { method });
    return readPage(link, response.status, response.html);
  }

  /** The genuine page, sent as if a forged link had led to it: all is right but the link itself. */
  async forgedPage(choice: LinkChoice): Promise<ReviewPage> {
    const genuine = await this.open({ ...choice, forge: undefined });
    const link = this.linkOf(choice);
    return { ...genuine, link, ...formOf(this.here(link), genuine.fields) };
  }

  /** A page that takes no answer is answered all the same, by what the link says. */
  async submit(
    page: ReviewPage,
    answer: Readonly<Record<string, string>> & {
      readonly verdict: Verdict;
      readonly number: string;
      readonly comment: string;
    },
  ): Promise<ReviewPage> {
    const form = page.action === undefined ? formOf(this.here(page.link), {}) : page;
    const response = await this.fetch(new URL(form.action ?? '/', this.here(page.link)).href, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(this.here(page.link)).origin,
        'sec-fetch-site': 'same-origin',
      },
      body: new URLSearchParams({ ...form.fields, ...inputsOf(page.filled), ...answer }).toString(),
    });
    return readPage(page.link, response.status, response.html);
  }

  /** The link that a step means, as it stands in the inbox or forged. */
  linkOf(choice: LinkChoice): string {
    const links = this.links(choice.gate, choice.as);
    const latest = links.at(-1);
    if (latest === undefined) {
      throw new Error(`${choice.as} has no mail with a link to ${choice.gate}: ${this.askedAt(choice.gate)}`);
    }
    const found =
      choice.link === 'first'
        ? links.find((link) => link.request === latest.request)
        : choice.link === 'previous'
          ? links.findLast((link) => link.request !== latest.request)
          : latest;
    if (found === undefined) throw new Error(`${choice.as} has no mail of an earlier request of ${choice.gate}`);
    return this.forge(found, choice.forge);
  }

  private askedAt(gate: string): string {
    const asked = new Set(this.world.inbox.filter((mail) => linksTo(gate, mail).length > 0).map(({ to }) => to));
    return asked.size === 0
      ? `it has asked nobody yet; wait for it by \`wait: { until: { gate: { ${gate}: asks } }, within: 1d }\``
      : `it has asked ${[...asked].sort().join(', ')}`;
  }

  private links(gate: string, as: string): readonly MailLink[] {
    return this.world.inbox.filter((mail) => mail.to === as).flatMap((mail) => linksTo(gate, mail));
  }

  private forge(link: MailLink, how: LinkChoice['forge']): string {
    switch (how) {
      case undefined:
        return link.url;
      case 'truncated':
        return link.url.slice(0, -6);
      case 'tampered':
        return link.url.replace(link.key, flip(link.key));
      case 'unknown-request':
        return link.url.replace(link.request, flip(link.request));
      case 'foreign': {
        const other = this.world.inbox
          .flatMap(linksIn)
          .find((found) => found.request === link.request && found.by !== link.by);
        if (other === undefined) throw new Error('nobody else was asked, so there is no foreign link');
        return link.url.replace(link.by, other.by);
      }
    }
  }

  private here(link: string): string {
    return this.world.localUrl(link);
  }

  private async fetch(url: string, init: RequestInit): Promise<{ readonly status: number; readonly html: string }> {
    const answer = (async () => {
      const response = await this.web(url, { redirect: 'manual', ...init });
      return { status: response.status, html: await response.text() };
    })();
    return this.world.clock.track(answer);
  }
}

/** `2026-11-27 22:00`, as it is typed into the fields of a later start. */
export function startFields(start: string | undefined): Readonly<Record<string, string>> {
  const [date = '', time = ''] = start?.split(' ') ?? [];
  return start === undefined ? {} : { 'start-date': date, 'start-time': time };
}

function formOf(link: string, fields: ReviewPage['fields']): Pick<ReviewPage, 'action' | 'fields'> {
  const { pathname, searchParams } = new URL(link);
  return { action: pathname, fields: { ...fields, ...Object.fromEntries(searchParams) } };
}

/** Another character in the middle: the last one of a base64url text may hold bits that do not count. */
function flip(text: string): string {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
}

/** All forms of a page have the same hidden fields and the same number; whoever has no vote may have the one for an emergency alone. */
function readPage(link: string, status: number, html: string): ReviewPage {
  const form = /<form id="(?:answer|alone|review)"[^>]*action="([^"]+)"[\s\S]*?<\/form>/.exec(html);
  const fields: Record<string, string> = {};
  for (const input of form?.[0].matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g) ?? []) {
    fields[input[1] ?? ''] = unescape(input[2] ?? '');
  }
  const number = /id="(?:[a-z]+-)?number-shown">\s*(\d+)\s*</.exec(form?.[0] ?? '')?.[1];
  return { link, status, html, action: form?.[1], fields, number, filled: filledIn(form?.[0] ?? '') };
}

/** Name of the input of a field. */
export function fieldInput(name: string): string {
  return `field.${name}`;
}

function inputsOf(filled: ReviewPage['filled']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filled).map(([name, value]) => [fieldInput(name), value]));
}

/** Texts, and of several choices the one that is checked. */
function filledIn(form: string): ReviewPage['filled'] {
  const filled: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input\b[^>]*\bname="field\.[^>]*>/g)) {
    const [, name = ''] = /\bname="field\.(\w+)"/.exec(input) ?? [];
    const [, value = ''] = /\bvalue="([^"]*)"/.exec(input) ?? [];
    const isChoice = /\btype="radio"/.test(input);
    filled[name] = !isChoice || /\bchecked\b/.test(input) ? unescape(value) : (filled[name] ?? '');
  }
  return filled;
}

export function unescape(value: string): string {
  return value
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** Whether a page asks, tells how the gate ended, or says that its link does not work. */
export function kindOf({ status, html }: Pick<ReviewPage, 'status' | 'html'>): PageKind {
  if (status === 404) return 'dead';
  return /<main data-phase="(ended|telling)"/.test(html) ? 'ended' : 'page';
}

/** Whether a page says that it took an answer. */
export function isRecorded({ html }: Pick<ReviewPage, 'html'>): boolean {
  return html.includes('Recorded:');
}
