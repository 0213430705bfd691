import { request } from 'node:http';
import { LocalServer } from '../local-server';

/** What a browser sends that was told by DNS that a site is on this machine. */
function asked(server: LocalServer, host: string): Promise<readonly [status: number | undefined, text: string]> {
  return new Promise((resolve, reject) => {
    request(server.url, { headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve([response.statusCode, text]));
    })
      .on('error', reject)
      .end();
  });
}

describe('a server of a rehearsal', () => {
  const servers: LocalServer[] = [];
  const listening = async (...more: ['ANY'] | []): Promise<LocalServer> => {
    const server = new LocalServer((_, response) => response.end('hello'), ...more);
    servers.push(server);
    await server.listen();
    return server;
  };

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  test('answers whoever asks for this machine', async () => {
    const server = await listening();
    const { port } = new URL(server.url);

    expect(await asked(server, `127.0.0.1:${port}`)).toEqual([200, 'hello']);
    expect(await asked(server, `localhost:${port}`)).toEqual([200, 'hello']);
  });

  test.each(['evil.example', 'evil.example:PORT', '127.0.0.1.evil.example:PORT', '127.0.0.1:1'])(
    'answers no page of another site, whose name leads to this machine: %p',
    async (host) => {
      const server = await listening();
      const { port } = new URL(server.url);

      expect(await asked(server, host.replace('PORT', port))).toEqual([403, 'this is for this machine only']);
    },
  );

  test('that stands for every web address answers by every name', async () => {
    expect(await asked(await listening('ANY'), 'shop.example.com')).toEqual([200, 'hello']);
  });
});
