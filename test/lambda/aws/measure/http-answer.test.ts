import dns from 'node:dns';
import http, { createServer } from 'node:http';
import type { IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HttpCheckPlan } from '../../../../contract/checks';
import { isPublicAddress, isReachableInNetwork } from '../../../../lambda/aws/measure/addresses';
import { askHttp } from '../../../../lambda/aws/measure/http-answer';
import { httpGet, httpGetWithin } from '../../../../lambda/aws/measure/http-get';
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

const HEADERS = { authorization: 'Bearer s3cret-token' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const direct = http.request;

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
  return askHttp({ ...plan, ...check }, HEADERS, httpGet);
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

test('what is not healthy is told with what would be', async () => {
  expect(await measured(status(200), { minStatus: 300, maxStatus: 399 })).toEqual({
    verdict: 'FAIL',
    reason: 'shop.example.com answered 200, not 300 to 399.',
    value: '200',
    threshold: '300-399',
  });
  expect(await measured(status(200, 'all good'), { contains: 'ok' })).toMatchObject({
    reason: 'shop.example.com answered 200, but the body does not hold the expected text.',
  });
});

test('a status below the wanted ones that redirects is followed', async () => {
  await measured(status(302, '', { location: '/next' }), { minStatus: 404, maxStatus: 404 });

  expect(seen.length).toBeGreaterThan(1);
});

test('what goes wrong within the check itself is an error', async () => {
  expect(await askHttp(plan, {}, () => Promise.reject(new Error('out of memory')))).toMatchObject({
    verdict: 'ERROR',
    reason: 'The address could not be asked.',
  });
});

test('the body has to hold the expected text within its first 64 KiB', async () => {
  const late = `${'x'.repeat(64 * 1024)}ok`;

  expect(await measured(status(200, 'all ok'), { contains: 'ok' })).toMatchObject({ verdict: 'PASS' });
  expect(await measured(status(200, 'all good'), { contains: 'ok' })).toMatchObject({ verdict: 'FAIL' });
  expect(await measured(status(200, late), { contains: 'ok' })).toMatchObject({ verdict: 'FAIL' });
});

describe('a condition on the JSON body', () => {
  const condition = "status == 'UP' && queue.depth < `100`";
  const judged = (body: string, more: Partial<HttpCheckPlan> = {}) =>
    measured(status(200, body), { condition, ...more });

  test('is met by true alone', async () => {
    expect(await judged('{"status":"UP","queue":{"depth":7}}')).toMatchObject({ verdict: 'PASS' });
    expect(await judged('{"status":"DOWN","queue":{"depth":7}}')).toEqual({
      verdict: 'FAIL',
      reason: 'shop.example.com answered 200, but the condition on its body is not met.',
      value: '200',
      threshold: '200-299',
    });
    expect(await judged('{"status":"UP","queue":{"depth":100}}')).toMatchObject({ verdict: 'FAIL' });
  });

  test.each([
    ['gives null', '{}', 'queue.depth < `100`'],
    ['gives a number', '{"depth":1}', 'depth'],
    ['gives a text', '{"ok":"true"}', 'ok'],
    ['cannot be read', '{"status":"UP"}', 'status =='],
    ['calls a function that there is not', '{"status":"UP"}', 'launch(status)'],
  ])('that %s is an error', async (_, body, expression) => {
    expect(await judged(body, { condition: expression })).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringContaining('condition'),
    });
  });

  test.each(['', '<h1>Sorry</h1>', '{"status":"UP"', 'UP'])('is not met by %j, which is no JSON', async (body) => {
    expect(await judged(body)).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('no JSON') });
  });

  test('on a body that is too long cannot be judged', async () => {
    const long = JSON.stringify({ status: 'UP', queue: { depth: 7 }, more: 'x'.repeat(64 * 1024) });

    expect(await judged(long)).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('64 KiB') });
    expect(await judged('true'.padEnd(64 * 1024), { condition: '@' })).toMatchObject({ verdict: 'PASS' });
    expect(await judged('true'.padEnd(64 * 1024 + 1), { condition: '@' })).toMatchObject({ verdict: 'ERROR' });
  });

  test('repeats nothing of the body', async () => {
    expect(JSON.stringify(await judged('{"status":"DOWN","password":"hunter2"}'))).not.toContain('hunter2');
  });
});

describe('a compressed body', () => {
  const zipped = { 'content-encoding': 'gzip' };

  test('is not asked for', async () => {
    let asked: unknown;
    await measured((request, response) => {
      asked = request.headers['accept-encoding'];
      response.writeHead(200).end();
    });

    expect(asked).toBe('identity');
  });

  test('cannot be judged, and does not matter where only the status does', async () => {
    expect(await measured(status(200, 'ok', zipped), { contains: 'ok' })).toMatchObject({
      verdict: 'ERROR',
      reason: 'shop.example.com answered 200 with a compressed body, which was not asked for.',
    });
    expect(await measured(status(200, 'true', zipped), { condition: '@' })).toMatchObject({ verdict: 'ERROR' });
    expect(await measured(status(200, 'ok', zipped))).toMatchObject({ verdict: 'PASS' });
    expect(await measured(status(200, 'ok', { 'content-encoding': 'identity' }), { contains: 'ok' })).toMatchObject({
      verdict: 'PASS',
    });
  });
});

describe('the time of an answer', () => {
  const reply = { status: 200, body: '', isCut: false, isEncoded: false };
  const timed = (...times: number[]) => {
    const get = jest.fn(() => Promise.resolve({ ...reply, milliseconds: times.shift()! }));
    return askHttp({ ...plan, maxMilliseconds: 800 }, {}, get);
  };

  test('is healthy up to the limit', async () => {
    expect(await timed(800, 5000)).toMatchObject({ verdict: 'PASS' });
  });

  test('fails the check when the second try is slow, too', async () => {
    expect(await timed(801, 900.2)).toMatchObject({
      verdict: 'FAIL',
      reason: 'shop.example.com answered 200 after 901 ms, not within 800 ms.',
    });
    expect(await timed(5000, 20)).toMatchObject({ verdict: 'PASS' });
  });

  test('is taken from the request until the end of the body', async () => {
    answer = (_, response) => {
      response.writeHead(200).write('a');
      setTimeout(() => response.end('b'), 60);
    };
    detour();

    const { milliseconds, body } = await httpGet(new URL('http://localhost/'), AbortSignal.timeout(5000));

    expect(body).toBe('ab');
    // Timers may be a little early.
    expect(milliseconds).toBeGreaterThan(50);
  });
});

describe('secret headers', () => {
  const secretHeaders = [{ name: 'authorization', secret: 'arn' }];
  let got: (string | undefined)[];
  const echo: Answer = (request, response) => {
    got.push(request.headers.authorization);
    response.writeHead(200).end();
  };
  beforeEach(() => {
    got = [];
  });

  test('are sent, and stand in no finding', async () => {
    expect(JSON.stringify(await measured(echo, { secretHeaders }))).not.toContain('s3cret');
    expect(got).toEqual(['Bearer s3cret-token']);
  });

  test('are not sent to a plain http address, nor to another host', async () => {
    expect(await measured(echo, { secretHeaders, url: 'http://shop.example.com/', insecure: true })).toMatchObject({
      verdict: 'ERROR',
      reason: 'Secret headers are not sent to a plain http address.',
    });
    expect(got).toEqual([]);

    await measured(
      (request, response) => {
        got.push(request.headers.host);
        response.writeHead(302, { location: 'https://evil.example.com/' }).end();
      },
      { secretHeaders },
    );
    expect(got).toEqual(['shop.example.com']);
  });

  test('cannot replace the host that is asked', async () => {
    answer = status(200);
    detour();

    await httpGet(new URL('http://shop.example.com/'), AbortSignal.timeout(1000), { host: 'evil.example.com' });

    expect(seen).toEqual(['GET shop.example.com/']);
  });
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
    ['https://evil.example.com/', 'to another host'],
    ['https://shop.example.com.evil.example/', 'to another host'],
    ['https://shop.example.com:8443/', 'to another host'],
    ['//evil.example.com/', 'to another host'],
    ['https://', 'to something that is no address'],
  ])('to %s is not followed, because it leads %s', async (location, where) => {
    expect(await measured(status(302, '', { location }))).toEqual({
      verdict: 'ERROR',
      threshold: '200-299',
      reason: `shop.example.com redirects ${where}${where.endsWith('host') ? ', which is not followed' : ''}.`,
    });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['http://shop.example.com/', 'The address of the check is not an https address.'],
    ['http://169.254.169.254/latest/meta-data', 'The address of the check is not an https address.'],
    ['https://user:pass@shop.example.com/', 'The address of the check holds a user name or password.'],
    ['https://user@shop.example.com/', 'The address of the check holds a user name or password.'],
    ['https://:pass@shop.example.com/', 'The address of the check holds a user name or password.'],
    ['file:///etc/passwd', 'The address of the check is not an https address.'],
  ])('to %s is an error: %s', async (location, reason) => {
    expect(await measured(status(302, '', { location }))).toMatchObject({ verdict: 'ERROR', reason });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['http://shop.example.com:8080/', 'redirects to another host'],
    ['https://evil.example.com/', 'redirects to another host'],
    ['http://evil.example.com/', 'redirects to another host'],
    ['https://shop.example.com:8443/', 'redirects to another host'],
    ['ftp://shop.example.com/', 'not an https address'],
  ])('from plain http to %s is not followed', async (location, reason) => {
    const finding = await measured(status(302, '', { location }), { url: 'http://shop.example.com/', insecure: true });

    expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining(reason) });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['https://shop.example.com:8443/', 'https://shop.example.com/'],
    ['http://shop.example.com:8080/', 'http://shop.example.com/'],
  ])('from a port of %s to that of %s is not followed', async (url, location) => {
    expect(await measured(status(302, '', { location }), { url, insecure: true })).toMatchObject({
      verdict: 'ERROR',
      reason: 'shop.example.com redirects to another host, which is not followed.',
    });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['http://shop.example.com:8080/', 'https://shop.example.com/s'],
    ['http://shop.example.com/', 'http://shop.example.com/s'],
  ])('from %s to %s on the same host is followed', async (url, location) => {
    const finding = await measured(
      (request, response) =>
        request.url === '/' ? response.writeHead(302, { location }).end() : response.writeHead(200).end(),
      { url, insecure: true },
    );

    expect(finding).toMatchObject({ verdict: 'PASS' });
  });

  test('from https to plain http is not followed, also where plain http is allowed', async () => {
    const location = 'http://shop.example.com/';

    expect(await measured(status(302, '', { location }), { insecure: true })).toMatchObject({
      verdict: 'ERROR',
      reason: 'shop.example.com redirects from https to http, which is not followed.',
    });
  });

  test('without end is an error', async () => {
    expect(await measured(status(302, '', { location: '/again' }))).toMatchObject({
      verdict: 'ERROR',
      reason: 'shop.example.com redirects more than 5 times.',
    });
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
    expect(await measured(status(200), { url })).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringContaining('The address of the check'),
    });
    expect(seen).toEqual([]);
  },
);

describe('what is not public is never asked', () => {
  const direct = (url: string) => askHttp({ ...plan, url, insecure: true }, {}, httpGet);

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
      expect(resolved).toEqual({ name: 'NotAllowed', address: '' });
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
    const notPublic = [expect.objectContaining({ name: 'NotAllowed' }), ''];

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

describe('in a network of the user', () => {
  const direct = (url: string) =>
    askHttp({ ...plan, url, insecure: true }, {}, httpGetWithin(isReachableInNetwork, 'public or private'));

  test.each(['10.0.0.1', '100.64.0.1', '172.16.0.1', '192.168.1.1', 'fd12:3456::1', '8.8.8.8', '2600:9000::1'])(
    '%s is reachable',
    (address) => {
      expect(isReachableInNetwork(address)).toBe(true);
    },
  );

  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '169.254.170.2',
    '224.0.0.1',
    '::1',
    'fe80::1',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isReachableInNetwork(address)).toBe(false);
  });

  test.each(['localhost', '127.0.0.1', '[::1]', '[fd00:ec2::254]', '169.254.169.254'])(
    '%s is not asked',
    async (host) => {
      answer = status(200);

      expect(await direct(`http://${host}:${port}/`)).toMatchObject({
        verdict: 'ERROR',
        reason: expect.stringMatching(/not a public or private address|not public or private/),
      });
      expect(seen).toEqual([]);
    },
  );
});

test('a name that does not exist is an error, not a failure of the service', async () => {
  const finding = await askHttp({ ...plan, url: 'https://does-not-exist.invalid/' }, {}, httpGet);

  expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('cannot be resolved') });
});

describe('one GET', () => {
  const get = (given: Answer) => {
    answer = given;
    detour();
    return httpGet(new URL('http://shop.example.com/'), AbortSignal.timeout(5000));
  };

  test('says what it is, and takes anything that is not compressed', async () => {
    let headers: IncomingMessage['headers'] = {};
    let method: string | undefined;
    await get((request, response) => {
      ({ headers, method } = request);
      response.end();
    });

    expect(method).toBe('GET');
    expect(headers).toMatchObject({
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'cdk-approval-gates-check',
    });
  });

  test.each([
    [299, undefined],
    [300, '/next'],
    [399, '/next'],
    [400, undefined],
  ])('with status %i leads to %s', async (code, location) => {
    expect((await get(status(code, '', { location: '/next' }))).location).toBe(location);
  });

  test('with a redirect that leads nowhere has no location', async () => {
    expect(await get(status(302))).not.toHaveProperty('location');
  });

  test('knows whether its body was cut', async () => {
    expect(await get(status(200, 'x'.repeat(64 * 1024)))).toMatchObject({ isCut: false });
    expect(await get(status(200, 'x'.repeat(64 * 1024 + 1)))).toMatchObject({
      isCut: true,
      body: 'x'.repeat(64 * 1024),
    });
  });

  test('takes no longer than it says', async () => {
    const began = performance.now();

    const { milliseconds } = await get(status(200, 'ok'));

    expect(milliseconds).toBeLessThanOrEqual(performance.now() - began);
  });

  test.each([
    [' IDENTITY ', false],
    ['gzip', true],
    ['br', true],
    ['', true],
  ])('with the encoding %j is encoded: %s', async (encoding, isEncoded) => {
    expect(await get(status(200, 'ok', { 'content-encoding': encoding }))).toMatchObject({ isEncoded });
  });

  test('that is cut off by the service names what happened', async () => {
    await expect(get((request) => request.socket.destroy())).rejects.toMatchObject({
      name: 'HttpFailure',
      message: 'shop.example.com did not answer: ECONNRESET.',
      noAnswer: true,
    });
  });

  test.each([
    [{ code: 'ENOTFOUND' }, 'cannot be resolved: ENOTFOUND', false],
    [{ code: 'ECONNREFUSED' }, 'did not answer: ECONNREFUSED', true],
    [{ name: 'TLSError' }, 'did not answer: TLSError', true],
    [{}, 'did not answer: unknown failure', true],
  ])('that fails with %j says that its host %s', async (error, reason, noAnswer) => {
    jest.spyOn(http, 'request').mockImplementation(() => {
      throw Object.assign(Object.create(null), error);
    });

    await expect(httpGet(new URL('http://shop.example.com/'), AbortSignal.timeout(5000))).rejects.toMatchObject({
      message: `shop.example.com ${reason}.`,
      noAnswer,
    });
  });
});
