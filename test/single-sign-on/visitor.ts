/** A browser without JavaScript: keeps cookies, follows redirects, sends forms. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
}

const MOST_REDIRECTS = 10;

export class Visitor {
  private readonly cookies = new Map<string, string>();

  /** Signs in where that is asked for, with any password. */
  async signIn(url: string, login: string): Promise<Page> {
    let page = await this.open(url);
    while (page.url.includes('/interaction/')) {
      const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(page.html) ?? [];
      const prompt: Readonly<Record<string, string>> = page.html.includes('value="login"')
        ? { prompt: 'login', login, password: 'any' }
        : { prompt: 'consent' };
      page = await this.send(action, prompt);
    }
    return page;
  }

  open(url: string): Promise<Page> {
    return this.ask(url, {});
  }

  send(
    url: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    return this.ask(url, {
      method: 'POST',
      body: new URLSearchParams(form).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(url).origin,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
    });
  }

  private async ask(url: string, init: RequestInit, redirects = 0): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null && redirects < MOST_REDIRECTS) {
      return this.ask(new URL(location, url).href, {}, redirects + 1);
    }
    return { url, status: response.status, html: await response.text(), headers: response.headers };
  }
}
