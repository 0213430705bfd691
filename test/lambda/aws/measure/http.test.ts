import dns from 'node:dns';
import http, { createServer } from 'node:http';
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HttpCheckPlan } from '../../../../contract/checks';
import type { CheckCommand } from '../../../../contract/messages';
import { measureHttp } from '../../../../lambda/aws/measure/http';
import { httpGet, isPublicAddress } from '../../../../lambda/aws/measure/http-get';
import { TIMING } from '../../check-timing';

const plan: HttpCheckPlan = {
  kind: 'http',
  id: 'health',
  title: 'health',
  url: 'https://shop.example.com/health?key=s3cret',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 1,
  ...TIMING,
};

const NOW = '2026-11-23T10:10:00.000Z';
const COMMAND: CheckCommand = { requestId: 'r'.repeat(32), check: plan, role: 'arn', since: NOW, now: NOW };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let port: number;
let answer: Answer;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.headers.host}${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen.length = 0;
});

const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body);

/** Lets requests end at the server of this test, whatever they ask; what was given to Node is returned. */
function detour() {
  const direct = http.request;
  const given: { url: URL; options: RequestOptions }[] = [];
  const instead = ((url: URL, options: RequestOptions, callback: (response: IncomingMessage) => void) => {
    given.push({ url, options });
    const { method, headers, signal } = options;
    const path = `${url.pathname}${url.search}`;
    return direct({ host: '127.0.0.1', port, path, method, headers, signal, agent: false }, callback);
  }) as typeof http.request;
  jest.spyOn(http, 'request').mockImplementation(instead);
  jest.spyOn(https, 'request').mockImplementation(instead);
  return given;
}
afterEach(() => jest.restoreAllMocks());

function measured(given: Answer, check: Partial<HttpCheckPlan> = {}) {
  answer = given;
  detour();
  return measureHttp({ ...plan, ...check }, COMMAND, { get: httpGet });
}

test('a healthy answer passes, and the reason holds the host alone', async () => {
  expect(await measured(status(200, 'fine'))).toEqual({
    verdict: 'PASS',
    reason: 'shop.example.com answered 200.',
    value: '200',
    threshold: '200-299',
  });
  expect(seen).toEqual(['GET shop.example.com/health?key=s3cret']);
});

test.each([
  [200, 200, 299, 'PASS'],
  [299, 200, 299, 'PASS'],
  [300, 200, 299, 'FAIL'],
  [404, 200, 299, 'FAIL'],
  [503, 200, 299, 'FAIL'],
  [404, 404, 404, 'PASS'],
])('status %i for %i to %i is %s', async (code, minStatus, maxStatus, verdict) => {
  expect(await measured(status(code as number), { minStatus, maxStatus } as Partial<HttpCheckPlan>)).toMatchObject({
    verdict,
  });
});

test('the body has to hold the expected text within its first 64 KiB', async () => {
  const late = `${'x'.repeat(64 * 1024)}ok`;

  expect(await measured(status(200, 'all ok'), { contains: 'ok' })).toMatchObject({ verdict: 'PASS' });
  expect(await measured(status(200, 'all good'), { contains: 'ok' })).toMatchObject({ verdict: 'FAIL' });
  expect(await measured(status(200, late), { contains: 'ok' })).toMatchObject({ verdict: 'FAIL' });
});

test('a body without end is cut', async () => {
  let stopped = false;
  const finding = await measured((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'.repeat(32 * 1024)), 1);
    response.on('close', () => {
      stopped = true;
      clearInterval(timer);
    });
  });

  expect(finding).toMatchObject({ verdict: 'PASS' });
  for (let n = 0; n < 100 && !stopped; n++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(stopped).toBe(true);
});

test('no answer in time fails after a second try', async () => {
  const finding = await measured(() => undefined);

  expect(finding).toMatchObject({ verdict: 'FAIL', reason: 'shop.example.com did not answer in time.' });
  expect(seen).toHaveLength(2);
});

test('a blip is not a failure', async () => {
  let first = true;
  const finding = await measured((request, response) => {
    if (first) {
      first = false;
      request.socket.destroy();
    } else {
      response.writeHead(200).end();
    }
  });

  expect(finding).toMatchObject({ verdict: 'PASS' });
});

describe('a redirect', () => {
  test('on the same host is followed', async () => {
    const finding = await measured((request, response) =>
      request.url === '/health?key=s3cret'
        ? response.writeHead(302, { location: '/healthy' }).end()
        : response.writeHead(200).end(),
    );

    expect(finding).toMatchObject({ verdict: 'PASS' });
    expect(seen[1]).toBe('GET shop.example.com/healthy');
  });

  test('that is the wanted answer is not followed', async () => {
    expect(await measured(status(302, '', { location: '/login' }), { minStatus: 302, maxStatus: 302 })).toMatchObject({
      verdict: 'PASS',
    });
    expect(seen).toHaveLength(1);
  });

  test.each([
    'https://evil.example.com/',
    'https://shop.example.com.evil.example/',
    'https://shop.example.com:8443/',
    'http://shop.example.com/',
    'http://169.254.169.254/latest/meta-data',
    '//evil.example.com/',
    'https://user:pass@shop.example.com/',
    'file:///etc/passwd',
    'https://',
  ])('to %s is not followed', async (location) => {
    expect(await measured(status(302, '', { location }))).toMatchObject({ verdict: 'ERROR' });
    expect(seen).toHaveLength(1);
  });

  test('without end is an error', async () => {
    expect(await measured(status(302, '', { location: '/again' }))).toMatchObject({ verdict: 'ERROR' });
    expect(seen).toHaveLength(6);
  });

  test('from http to https on the same host is followed', async () => {
    const finding = await measured(
      (request, response) =>
        request.url === '/'
          ? response.writeHead(301, { location: 'https://shop.example.com/s' }).end()
          : response.writeHead(200).end(),
      { url: 'http://shop.example.com/', insecure: true },
    );

    expect(finding).toMatchObject({ verdict: 'PASS' });
  });
});

test.each(['http://shop.example.com/', 'ftp://shop.example.com/', 'shop', 'https://u:p@shop.example.com/'])(
  '%s is refused here too, because synth may have seen a token',
  async (url) => {
    expect(await measured(status(200), { url })).toMatchObject({ verdict: 'ERROR' });
    expect(seen).toEqual([]);
  },
);

describe('what is not public is never asked', () => {
  const direct = (url: string) => measureHttp({ ...plan, url, insecure: true }, COMMAND, { get: httpGet });

  test.each(['localhost', '127.0.0.1', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])('%s', async (host) => {
    answer = status(200);

    expect(await direct(`http://${host}:${port}/`)).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringMatching(/not a public address|not public/),
    });
    expect(seen).toEqual([]);
  });

  test('and no setting of the function leads around that', async () => {
    answer = status(200);
    const via = { GATES_HTTP_VIA: `http://127.0.0.1:${port}`, HTTP_PROXY: `http://127.0.0.1:${port}` };
    Object.assign(process.env, via);

    expect(await direct(`http://localhost:${port}/`)).toMatchObject({ verdict: 'ERROR' });
    expect(await direct('https://does-not-exist.invalid/')).toMatchObject({ verdict: 'ERROR' });
    expect(seen).toEqual([]);
    Object.keys(via).forEach((name) => delete process.env[name]);
  });

  test.each(['https://shop.example.com/', 'http://shop.example.com/'])(
    'and the guard stands where the connection to %s is made, for each connection anew',
    async (url) => {
      answer = status(200);
      const given = detour();

      await direct(url);

      const { options } = given[0]!;
      expect(options.agent).toBe(false);
      const resolved = await new Promise((resolve) =>
        options.lookup!('localhost', { family: 4 }, (error, address) => resolve({ name: error?.name, address })),
      );
      expect(resolved).toEqual({ name: 'NotPublic', address: '' });
    },
  );

  describe('the guard', () => {
    const PUBLIC = { address: '8.8.8.8', family: 4 };
    const PRIVATE = { address: '10.0.0.1', family: 4 };

    /** What a connection to a name with these addresses is told. */
    async function resolved(addresses: readonly object[], options: object = {}, error: Error | null = null) {
      jest.spyOn(dns, 'lookup').mockImplementation(((
        _: string,
        asked: object,
        callback: (...answer: unknown[]) => void,
      ) => {
        expect(asked).toMatchObject({ ...options, all: true });
        callback(error, addresses);
      }) as never);
      const given = detour();
      answer = status(200);
      await direct('https://shop.example.com/');
      return new Promise((resolve) =>
        given[0]!.options.lookup!('shop.example.com', options, (...told) => resolve(told)),
      );
    }
    const notPublic = [expect.objectContaining({ name: 'NotPublic' }), ''];

    test('lets public addresses through, one or all', async () => {
      expect(await resolved([PUBLIC], { family: 4 })).toEqual([null, '8.8.8.8', 4]);
      expect(await resolved([PUBLIC, PUBLIC], { all: true })).toEqual([null, [PUBLIC, PUBLIC]]);
    });

    test('refuses a name as soon as one of its addresses is not public', async () => {
      expect(await resolved([PUBLIC, PRIVATE], { all: true })).toEqual(notPublic);
      expect(await resolved([PUBLIC, PRIVATE])).toEqual(notPublic);
      expect(await resolved([PRIVATE])).toEqual(notPublic);
      expect(await resolved([])).toEqual(notPublic);
    });

    test('tells an error as it is', async () => {
      const error = new Error('ENOTFOUND');

      expect(await resolved([], {}, error)).toEqual([error, '']);
    });
  });

  test('the same server answers when the guard is out of the way', async () => {
    answer = status(200);
    detour();

    const reply = await httpGet(new URL('http://localhost/'), AbortSignal.timeout(1000));

    expect(reply.status).toBe(200);
  });

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:169.254.169.254',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:0:1::',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2600:9000::1', '2a05:d018::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

test('a name that does not exist is an error, not a failure of the service', async () => {
  const finding = await measureHttp({ ...plan, url: 'https://does-not-exist.invalid/' }, COMMAND, { get: httpGet });

  expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('cannot be resolved') });
});
