import { callOf } from '../../../lambda/review/call';
import { reviewHandler } from '../../../lambda/review/handler';
import { form, logLines, quietLog, site } from './ask';
import { BO, DOMAIN, MemoryStore, NOW, REQUEST, httpEvent, query, scene, seedOf } from './fixture';

quietLog();

describe('what a call asks', () => {
  test('is read field by field', () => {
    const event = httpEvent({
      path: '/r/x',
      query: 'by=b&key=k&by=second',
      form: 'verdict=APPROVE&comment=a+b%C3%A9',
      headers: { origin: 'https://o.example', 'sec-fetch-site': 'same-origin' },
    });

    const { query: asked, form: posted, ...rest } = callOf(event);

    expect(rest).toEqual({
      method: 'POST',
      path: '/r/x',
      tooLarge: false,
      origin: 'https://o.example',
      fetchSite: 'same-origin',
      domain: DOMAIN,
      now: new Date(NOW).toISOString(),
    });
    expect([asked.get('by'), asked.get('key')]).toEqual(['b', 'k']);
    expect(Object.fromEntries(posted)).toEqual({ verdict: 'APPROVE', comment: 'a bé' });
  });

  test('no header is looked at but the three that a rule reads', async () => {
    const s = scene();
    const event = httpEvent({ form: form(s), headers: { cookie: 'session=1', 'x-forwarded-host': 'evil.example' } });
    const seen = new Set<unknown>();
    const headers = new Proxy(event.headers, {
      get: (all, name) => {
        seen.add(name);
        return all[String(name)];
      },
      ownKeys: () => {
        throw new Error('the headers were looked through');
      },
    });

    const answer = await reviewHandler(() => new MemoryStore(s))({ ...event, headers });

    expect(answer.statusCode).toBe(200);
    expect([...seen].sort()).toEqual(['content-type', 'origin', 'sec-fetch-site']);
  });

  test.each([
    ['application/x-www-form-urlencoded', 'x'],
    ['Application/X-WWW-Form-Urlencoded; charset=UTF-8', 'x'],
    ['application/json', null],
    ['text/plain; application/x-www-form-urlencoded', null],
    ['multipart/form-data', null],
    ['', null],
  ])('a body of type "%s" holds the field: %s', (type, value) => {
    const event = httpEvent({ form: 'by=x', headers: { 'content-type': type } });

    expect(callOf(event).form.get('by')).toBe(value);
  });

  test('a body without a type, and a type without a body, are no form', () => {
    const { 'content-type': _, ...headers } = httpEvent({ form: 'by=x' }).headers;

    expect(callOf({ ...httpEvent({ form: 'by=x' }), headers }).form.size).toBe(0);
    expect(callOf({ ...httpEvent({ form: 'by=x' }), body: undefined }).form.size).toBe(0);
  });

  test('the body of anything but a post is not read', () => {
    expect(callOf(httpEvent({ method: 'GET', form: 'by=x' })).form.size).toBe(0);
    expect(callOf(httpEvent({ method: 'post', form: 'by=x' })).form.get('by')).toBe('x');
  });

  test('a body that is not in base64 is read as it is', () => {
    const event = { ...httpEvent({ form: 'by=x' }), body: 'by=y', isBase64Encoded: false };

    expect(callOf(event).form.get('by')).toBe('y');
  });

  test.each([
    [20_000, false],
    [20_001, true],
  ])('a body of %d characters is too large: %s', (length, tooLarge) => {
    const body = 'by=x&'.padEnd(length, '=');
    const call = callOf({ ...httpEvent({ form: 'by=x' }), body, isBase64Encoded: false });

    expect(call.tooLarge).toBe(tooLarge);
    expect(call.form.get('by')).toBe(tooLarge ? null : 'x');
    expect(call.form.size > 0).toBe(!tooLarge);
  });
});

describe('what is malformed', () => {
  const spies = () => [
    jest.spyOn(console, 'error').mockImplementation(() => undefined),
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];

  test.each([
    `r/${REQUEST}`,
    '',
    `//${REQUEST}`,
    '/%',
    '/r/%ff%fe',
    'http://[::1',
    `\\r\\${REQUEST}`,
    `/r/${REQUEST}?`,
    '/r/\u0000',
    `@evil.example/r/${REQUEST}`,
  ])('the path %j never brings the secret into a log, and answers as a dead link', async (path) => {
    const s = scene();
    const written = spies();
    const { ask, store } = site(s);

    const answers = [
      await ask({ path, query: query(s) }),
      await ask({ path, query: query(s), form: form(s) }),
      await ask({ path, query: query(s), form: form(s), headers: { host: '::', origin: '%' } }),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 403]);
    expect(written.flatMap((spy) => spy.mock.calls)).toEqual([]);
    expect(JSON.stringify([logLines(), answers])).not.toContain(seedOf(s, BO));
    expect(store.loads).toEqual([]);
  });

  test.each(['%%%', 'a', '====', '\u0000', 'YnkgPQ', `${'A'.repeat(19_999)}!`])(
    'a body of broken base64 (%.20s) answers as a dead link, not as a failure',
    async (body) => {
      const s = scene();
      const written = spies();
      const store = new MemoryStore(s);

      const answer = await reviewHandler(() => store)({ ...httpEvent({ form: form(s) }), body });

      expect(answer.statusCode).toBe(404);
      expect(store.loads).toEqual([]);
      expect(written.flatMap((spy) => spy.mock.calls)).toEqual([]);
      expect(logLines()).toEqual([]);
    },
  );

  test('a body of another type or size is not read', async () => {
    const s = scene();
    const { ask, store } = site(s);

    const json = await ask({ form: JSON.stringify(form(s)), headers: { 'content-type': 'application/json' } });
    const huge = await ask({ form: form(s, { comment: 'x'.repeat(20_000) }) });
    const lying = await ask({ form: form(s, { comment: 'x'.repeat(20_000) }), headers: { 'content-length': '10' } });

    expect([json.statusCode, huge.statusCode, lying.statusCode]).toEqual([404, 413, 413]);
    expect(huge.body).toContain('This is too much text');
    expect(store.loads).toEqual([]);
  });
});

describe('a post', () => {
  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a look-alike that begins like us', { origin: `https://${DOMAIN}.evil.example` }],
    ['a look-alike that ends like us', { origin: `https://evil-${DOMAIN}` }],
    ['a name below ours', { origin: `https://evil.${DOMAIN}` }],
    ['plain http', { origin: `http://${DOMAIN}` }],
    ['another port', { origin: `https://${DOMAIN}:8443` }],
    ['no origin', { origin: '' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['null without a word from the browser', { origin: 'null' }],
    ['a sibling', { origin: `https://${DOMAIN}`, 'sec-fetch-site': 'same-site' }],
    ['nonsense', { origin: '::' }],
  ])('from %s is refused before any read', async (_, headers) => {
    const s = scene();
    const { ask, store } = site(s);

    for (const tail of ['', '/status', '/revoke']) {
      const answer = await ask({ path: `/r/${REQUEST}${tail}`, form: form(s), headers });
      expect(answer.statusCode).toBe(403);
      expect(answer.body).toContain('This form was not sent from the review page');
    }
    expect(store.loads).toEqual([]);
    expect(store.puts).toEqual([]);
  });

  test('without JavaScript and under no-referrer: Origin null with the browser saying same-origin', async () => {
    const s = scene();
    const { ask, store } = site(s);

    await ask({ form: form(s), headers: { origin: 'null', 'sec-fetch-site': 'same-origin' } });

    expect(store.puts).toHaveLength(1);
  });
});
