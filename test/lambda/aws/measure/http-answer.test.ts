import type { HttpCheckPlan } from '../../../../contract/checks';
import { askHttp } from '../../../../lambda/aws/measure/http-answer';
import { httpGet } from '../../../../lambda/aws/measure/http-get';
import { type Answer, detour, measured, plan, site, status, testsAskTheSite } from './http-fixture';

testsAskTheSite();

test('a healthy answer passes, and the reason holds the host alone', async () => {
  expect(await measured(status(200, 'fine'))).toEqual({
    verdict: 'PASS',
    reason: 'shop.example.com answered 200.',
    value: '200',
    threshold: '200-299',
  });
  expect(site.seen).toEqual(['GET shop.example.com/health?key=s3cret']);
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

  expect(site.seen.length).toBeGreaterThan(1);
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
    site.answer = (_, response) => {
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
    site.answer = status(200);
    detour();

    await httpGet(new URL('http://shop.example.com/'), AbortSignal.timeout(1000), { host: 'evil.example.com' });

    expect(site.seen).toEqual(['GET shop.example.com/']);
  });
});

test('no answer in time fails after a second try', async () => {
  const finding = await measured(() => undefined);

  expect(finding).toMatchObject({ verdict: 'FAIL', reason: 'shop.example.com did not answer in time.' });
  expect(site.seen).toHaveLength(2);
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

test.each(['http://shop.example.com/', 'ftp://shop.example.com/', 'shop', 'https://u:p@shop.example.com/'])(
  '%s is refused here too, because synth may have seen a token',
  async (url) => {
    expect(await measured(status(200), { url })).toMatchObject({
      verdict: 'ERROR',
      reason: expect.stringContaining('The address of the check'),
    });
    expect(site.seen).toEqual([]);
  },
);

test('a name that does not exist is an error, not a failure of the service', async () => {
  const finding = await askHttp({ ...plan, url: 'https://does-not-exist.invalid/' }, {}, httpGet);

  expect(finding).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('cannot be resolved') });
});
