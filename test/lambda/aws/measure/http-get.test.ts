import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { httpGet } from '../../../../lambda/aws/measure/http-get';
import { type Answer, detour, measured, site, status, testsAskTheSite } from './http-fixture';

testsAskTheSite();

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

describe('a redirect', () => {
  test('on the same host is followed', async () => {
    const finding = await measured((request, response) =>
      request.url === '/health?key=s3cret'
        ? response.writeHead(302, { location: '/healthy' }).end()
        : response.writeHead(200).end(),
    );

    expect(finding).toMatchObject({ verdict: 'PASS' });
    expect(site.seen[1]).toBe('GET shop.example.com/healthy');
  });

  test('that is the wanted answer is not followed', async () => {
    expect(await measured(status(302, '', { location: '/login' }), { minStatus: 302, maxStatus: 302 })).toMatchObject({
      verdict: 'PASS',
    });
    expect(site.seen).toHaveLength(1);
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
    expect(site.seen).toHaveLength(1);
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
    expect(site.seen).toHaveLength(1);
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
    expect(site.seen).toHaveLength(1);
  });

  test.each([
    ['https://shop.example.com:8443/', 'https://shop.example.com/'],
    ['http://shop.example.com:8080/', 'http://shop.example.com/'],
  ])('from a port of %s to that of %s is not followed', async (url, location) => {
    expect(await measured(status(302, '', { location }), { url, insecure: true })).toMatchObject({
      verdict: 'ERROR',
      reason: 'shop.example.com redirects to another host, which is not followed.',
    });
    expect(site.seen).toHaveLength(1);
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
    expect(site.seen).toHaveLength(6);
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

describe('one GET', () => {
  const get = (given: Answer) => {
    site.answer = given;
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
