import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { LocalServer, readBody } from '../local-server';
import type { WebHost } from './front';

export interface WebAnswer {
  readonly status: number;
  readonly body?: string;
  /** Only requests with these headers are answered so; any other with 401. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The variable by which a function's thread is told where web addresses are answered; the function never sees it. */
export const VIA = 'REHEARSAL_INTERNET';

/** Header by which a function's thread says which host it asks, where it cannot say so itself. */
const ASKED = 'x-rehearsal-host';

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Stands for every web address there is: the rehearsal's own APIs and function URLs answer by themselves, any other
 * address as a scenario says, and healthily when it says nothing.
 */
export class Internet {
  private readonly server: LocalServer;
  private readonly answers = new Map<string, WebAnswer>();

  private constructor(private readonly hosts: () => readonly WebHost[]) {
    this.server = new LocalServer((incoming, response) => this.serve(incoming, response), 'ANY');
  }

  static async listen(hosts: () => readonly WebHost[] = () => []): Promise<Internet> {
    const internet = new Internet(hosts);
    await internet.server.listen();
    return internet;
  }

  get url(): string {
    return this.server.url;
  }

  /** From now on, addresses that begin with `prefix` (without the scheme: `shop.example.com/health`) answer so. */
  set(prefix: string, answer: WebAnswer): void {
    this.answers.set(prefix.replace(/^https?:\/\//, ''), answer);
  }

  /** Reads a JSON document: one of this machine as it is, any other as a function would get it. */
  async json(address: string): Promise<unknown> {
    const url = new URL(address);
    const isHere = THIS_MACHINE.has(url.hostname);
    const place = isHere ? url : new URL(`${url.pathname}${url.search}`, this.url);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(place, { headers: isHere ? {} : { host: url.host } }, resolve)
        .on('error', reject)
        .end();
    });
    return JSON.parse((await readBody(answer)).toString('utf8')) as unknown;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private serve(incoming: IncomingMessage, response: ServerResponse): void {
    const { [ASKED]: asked, ...headers } = incoming.headers;
    const host = asked === undefined ? (headers.host ?? '') : String(asked);
    incoming.headers = { ...headers, host };
    const address = `${host}${incoming.url ?? '/'}`;
    const said = [...this.answers].filter(([prefix]) => address.startsWith(prefix)).pop()?.[1];
    const own = this.hosts().find(({ publicUrls }) => publicUrls.includes(`https://${host}`));
    if (said === undefined && own !== undefined) {
      own.handle(incoming, response);
      return;
    }
    const isLetIn = Object.entries(said?.headers ?? {}).every(
      ([name, value]) => incoming.headers[name.toLowerCase()] === value,
    );
    const { status, body = 'ok' } = isLetIn ? (said ?? { status: 200 }) : { status: 401, body: 'who are you?' };
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(body);
  }
}
