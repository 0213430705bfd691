import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A web server on this machine, at a port that is free. A page of another site may have a name that DNS leads to this machine: by its own
 * address alone is it asked, unless it stands for every address there is.
 */
export class LocalServer {
  private readonly server: Server;

  constructor(answer: Answering, names: 'OWN' | 'ANY' = 'OWN') {
    this.server = createServer((request, response) => {
      if (names === 'OWN' && !this.hosts.includes(request.headers.host ?? '')) {
        response.writeHead(403, { 'content-type': 'text/plain' }).end('this is for this machine only');
        return;
      }
      answer(request, response);
    });
    // The waits of a rehearsal cost no time, so that a connection stays open from call to call.
    this.server.keepAliveTimeout = 0;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private get hosts(): readonly string[] {
    return [`127.0.0.1:${this.port}`, `localhost:${this.port}`];
  }
}

export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', reject);
  });
}
