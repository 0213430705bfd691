import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reviewHandler } from '../../lambda/review/handler';
import { TableStore } from '../../lambda/review/store';
import { NOW, REQUEST, httpEvent, query, rowsOf } from '../lambda/review/fixture';
import type { Scene } from '../lambda/review/fixture';
import { LocalTable } from '../lambda/table';

/** The review function behind a real HTTP server, on real tables: requests become API Gateway's events. */
export class Site {
  now = NOW;
  url = '';
  private requests = '';
  private decisions = '';
  private run = reviewHandler(() => {
    throw new Error('no scene yet');
  });

  private constructor(
    private readonly local: LocalTable,
    private readonly server: Server,
  ) {}

  static async open(): Promise<Site> {
    const local = await LocalTable.start();
    const server = createServer();
    const site = new Site(local, server);
    server.on('request', (request, response) => {
      site.answer(request).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        (error: unknown) => response.writeHead(502).end(String(error)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return site;
  }

  /** Fresh tables with this request in them. */
  async show(scene: Scene): Promise<void> {
    this.now = NOW;
    this.requests = await this.local.create();
    this.decisions = await this.local.create();
    await this.write(scene);
    const store = new TableStore({ requests: this.requests, decisions: this.decisions }, this.local.documents);
    this.run = reviewHandler(() => store);
  }

  /** What `decide` would write. */
  async write(rows: Partial<Pick<Scene, 'request' | 'invitations' | 'votes'>>): Promise<void> {
    for (const Item of rowsOf({ request: undefined, invitations: [], votes: [], ...rows })) {
      await this.local.documents.send(new PutCommand({ TableName: this.requests, Item }));
    }
  }

  async contents(): Promise<{ readonly requests: readonly unknown[]; readonly decisions: readonly Row[] }> {
    const scan = async (name: string) =>
      ((await this.local.documents.send(new ScanCommand({ TableName: name, ConsistentRead: true }))).Items ??
        []) as Row[];
    return { requests: await scan(this.requests), decisions: await scan(this.decisions) };
  }

  link(scene: Scene, approver?: string): string {
    return `${this.url}/r/${REQUEST}?${query(scene, approver)}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
    this.local.stop();
  }

  private async answer(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const url = new URL(request.url ?? '/', this.url);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : (value ?? ''),
      ]),
    );
    const event = httpEvent({
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers,
      domain: new URL(this.url).host,
      now: this.now,
    });
    const body = Buffer.concat(chunks).toString('base64');
    const result = await this.run(chunks.length === 0 ? event : { ...event, body, isBase64Encoded: true });
    return {
      status: result.statusCode ?? 200,
      headers: result.headers as Record<string, string>,
      body: result.body ?? '',
    };
  }
}

interface Row extends Record<string, unknown> {
  readonly verdict: string;
}
