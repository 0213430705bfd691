import { newSeed, publicKeyOf, sha256, verifyText } from '../../../../lambda/signing/link-key';
import { errandText, linkUsedText } from '../../../../lambda/domain/sign-in';
import { reviewHandler } from '../../../../lambda/review/handler';
import {
  ANA,
  BO,
  DELIVERED,
  httpEvent,
  MemoryStore,
  NOW,
  REQUEST,
  RULES,
  RUN,
  scene,
  WAITING,
  waiting,
} from '../fixture';
import { browserOf, entry, KEY, MemoryDashboard, OVERVIEW, PEOPLE, SESSION } from './fixture';

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>';

let dashboard: MemoryDashboard;

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  dashboard = new MemoryDashboard();
  dashboard.requests = [WAITING];
  dashboard.rows = [entry(1)];
});

afterEach(() => jest.restoreAllMocks());

const get = (path: string, cookie?: string) =>
  browserOf(dashboard, cookie)({ path: path.split('?')[0]!, query: path.split('?')[1] ?? '' });
const post = (path: string, form: Record<string, string> = {}) => browserOf(dashboard)({ path, form });

describe('whoever is signed in', () => {
  test('sees what waits, what serves and what was decided, in five reads', async () => {
    const { status, body } = await get('/dashboard');

    expect(status).toBe(200);
    expect(body).toContain('Round basket totals once, at the end');
    expect(body).toContain('waits at Approve');
    expect(body).toContain('Ana Lopez, bo@example.com');
    expect(dashboard.reads).toBe(5);
    expect(dashboard.puts).toEqual([]);
  });

  test('is told that the newest run failed in a stage that serves an earlier one', async () => {
    dashboard.requests = [];

    expect((await get('/dashboard')).body).toContain('newest run failed');
  });

  test('sees it in five reads with ten thousand requests, too', async () => {
    dashboard.rows = Array.from({ length: 10_000 }, (_, index) => entry(10_000 - index));
    const { body } = await get('/dashboard');

    expect(dashboard.reads).toBe(5);
    expect(body.match(/id="e-/g)).toHaveLength(25);
    expect(body).toContain('before=9976');
  });

  test('searches ten thousand requests in a bounded number of reads, and goes on from there', async () => {
    dashboard.rows = Array.from({ length: 10_000 }, (_, index) => entry(10_000 - index));
    const first = await get('/dashboard?q=nowhere');

    expect(dashboard.reads).toBeLessThanOrEqual(12);
    expect(first.body).toContain('Search further back');
    const before = /before=(\d+)/.exec(first.body)?.[1] ?? '';
    expect(Number(before)).toBe(2_001);
    const second = await get(`/dashboard?q=nowhere&before=${before}`);
    expect(second.body).not.toContain('Search further back');
  });

  test('is offered their own link where they were asked, and not where they were not', async () => {
    const button = 'Email me my link';
    expect((await get('/dashboard')).body).toContain(button);

    dashboard.requests = [{ ...WAITING, responses: [{ approver: BO, kind: 'EXCLUDED' }] }];
    expect((await get('/dashboard')).body).not.toContain(button);
    dashboard.requests = [waiting({ run: { invited: [ANA] } })];
    expect((await get('/dashboard')).body).not.toContain(button);
    dashboard.requests = [waiting({ run: { deadline: new Date(NOW).toISOString() } })];
    expect((await get('/dashboard')).body).not.toContain(button);
    dashboard.requests = [{ ...WAITING, asking: undefined } as unknown as typeof WAITING];
    expect((await get('/dashboard')).body).not.toContain(button);
  });

  test('sees for which group each person answers, where groups have names', async () => {
    const people = {
      ...RULES.MANUAL.people,
      groups: [
        { name: 'Security', quorum: 1, ids: [ANA, BO] },
        { name: 'Operations', quorum: 1, ids: [BO] },
      ],
    };
    dashboard.requests = [waiting({ rule: { kind: 'MANUAL', people } })];
    const body = (await get('/dashboard')).body.replace(/\s+/g, ' ');

    expect(body).toContain('Ana Lopez (Security): no answer yet');
    expect(body).toContain('You (Security, Operations): no answer yet');
  });

  test('is told that more waits than can be shown', async () => {
    dashboard.isPart = true;

    expect((await get('/dashboard')).body).toContain('More requests are waiting than this page can show');
  });

  test('reads what others wrote as text, never as markup', async () => {
    const revisions = [{ name: 'Source', id: HOSTILE, message: HOSTILE, author: HOSTILE, url: 'javascript:alert(1)' }];
    const run = { ...RUN, revisions, reviewUrl: 'javascript:alert(1)', startedBy: HOSTILE, invited: [BO, ANA] };
    dashboard.requests = [{ ...waiting({ run }), consoleOnly: HOSTILE }];
    dashboard.everybody = PEOPLE.map((one) => ({ ...one, name: HOSTILE }));
    dashboard.looks = [
      { ...OVERVIEW, pipeline: HOSTILE, stages: [{ stage: HOSTILE, serving: { executionId: 'x', revisions } }] },
    ];
    const outcome = { ...DELIVERED.outcome, summary: HOSTILE };
    dashboard.rows = [entry(1, { ...DELIVERED, outcome, run } as typeof DELIVERED)];
    dashboard.sessions = Object.fromEntries(
      Object.keys(dashboard.sessions).map((id) => [id, { ...SESSION, name: HOSTILE, mail: HOSTILE }]),
    );
    for (const path of ['/dashboard', `/dashboard?q=${encodeURIComponent(HOSTILE)}`]) {
      const { body } = await get(path);
      expect(body).not.toContain('<img');
      expect(body.match(/<script/g)).toHaveLength(1);
      expect(body).not.toContain('javascript:');
    }
  });

  test('asks CodePipeline anew by looking again, unless that was done just now', async () => {
    await post('/dashboard/look');
    expect(dashboard.puts).toEqual([]);

    dashboard.looks = [{ ...OVERVIEW, asOf: new Date(NOW - 60_000).toISOString() }];
    const { status } = await post('/dashboard/look');
    expect(status).toBe(200);
    const [wish] = dashboard.puts;
    expect(wish).toMatchObject({ verdict: 'LOOK', comment: '', seq: NOW });
    const session = wish?.pk.replace('session#', '') ?? '';
    expect(verifyText(KEY, errandText({ session, wish: 'LOOK', about: '', seq: NOW }), wish?.sig ?? '')).toBe(true);
    expect(dashboard.reads).toBe(10);
  });

  test('gets their own link by a row that their session signed', async () => {
    const { status, headers } = await post('/dashboard/link', { request: REQUEST });

    expect([status, headers['location']]).toEqual([303, '/dashboard?notice=link']);
    expect(dashboard.puts).toMatchObject([{ verdict: 'EMAIL_LINK', comment: REQUEST }]);
  });

  test('signs out, here at once', async () => {
    const { cookies } = await post('/dashboard/sign-out');

    expect(cookies).toEqual(['__Host-approvals=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0']);
    expect(dashboard.puts).toMatchObject([{ verdict: 'SIGN_OUT' }]);
  });

  test('puts rows of no more attributes than the role of review may put', async () => {
    await post('/dashboard/link', { request: REQUEST });
    await post('/dashboard/sign-in', { mail: 'ana@example.com' });
    await post('/dashboard/session', { by: ANA, key: newSeed() });

    const allowed = ['pk', 'sk', 'verdict', 'comment', 'evidence', 'seq', 'details', 'at', 'sig', 'ttl'];
    expect(dashboard.puts).toHaveLength(3);
    dashboard.puts.forEach((row) => expect(allowed).toEqual(expect.arrayContaining(Object.keys(row))));
  });
});

test('an address below the dashboard that leads nowhere says so, and where the dashboard is', async () => {
  const { status, body } = await get('/dashboard/nowhere');

  expect(status).toBe(404);
  expect(body).toContain('<h1>There is no such page</h1>');
  expect(body).toContain('<a class="go" href="/dashboard">Go to the dashboard</a>');
  expect(body).not.toContain('email about this change');
});

describe('signing in', () => {
  test('asks for a link by whatever address, in one answer', async () => {
    const known = await post('/dashboard/sign-in', { mail: ' Ana@Example.com ' });
    const unknown = await post('/dashboard/sign-in', { mail: 'eve@example.com' });

    expect(known.body).toBe(unknown.body);
    expect(dashboard.puts[0]).toMatchObject({ pk: `sign-in#${ANA}`, sk: expect.stringMatching(/^wanted#/) as string });
    expect(dashboard.puts[0]?.pk).toBe(`sign-in#${sha256('ana@example.com').slice(0, 12)}`);
    expect(dashboard.reads).toBe(0);
  });

  test.each(['', 'ana', 'a@b@c', '@example.com', 'a b@example.com', `${'a'.repeat(65)}@example.com`])(
    'refuses %j as an address',
    async (mail) => {
      expect((await post('/dashboard/sign-in', { mail })).status).toBe(422);
      expect(dashboard.puts).toEqual([]);
    },
  );

  test('takes a press of a button: opening the link puts nothing', async () => {
    const seed = newSeed();
    const { status, body } = await get(`/dashboard/sign-in?by=${ANA}&key=${seed}`, '');

    expect(status).toBe(200);
    expect(body).toContain(`value="${seed}"`);
    expect(dashboard.puts).toEqual([]);
    expect(dashboard.reads).toBe(0);
  });

  test('makes a session of its own: the cookie holds another secret than the link', async () => {
    const seed = newSeed();
    const { status, headers, cookies } = await post('/dashboard/session', { by: ANA, key: seed });

    expect([status, headers['location']]).toEqual([303, '/dashboard?turn=1']);
    const [, session = ''] =
      /^__Host-approvals=([\w-]{43}); Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=28800$/.exec(cookies[0] ?? '') ??
      [];
    expect(session).not.toBe('');
    expect(session).not.toBe(seed);
    const [row] = dashboard.puts;
    expect(row?.sk).toBe(sha256(row?.sig ?? ''));
    expect(JSON.stringify(row)).not.toContain(session);
    const sessionKey = publicKeyOf(session);
    expect(verifyText(publicKeyOf(seed), linkUsedText({ approver: ANA, sessionKey, seq: NOW }), row?.sig ?? '')).toBe(
      true,
    );
  });

  test.each([
    ['?x=1', true],
    [`?by=${ANA}`, true],
    [`?by=${ANA}&key=short`, true],
    ['', false],
  ])('by %j says that the link is incomplete: %p', async (query, isTold) => {
    const { status, body } = await get(`/dashboard/sign-in${query}`, '');

    expect(status).toBe(401);
    expect(body.includes('That link is incomplete. Use the whole link of the email, or ask for another one.')).toBe(
      isTold,
    );
  });

  test('by a form without its link says the same', async () => {
    expect((await post('/dashboard/session', { by: ANA })).body).toContain('That link is incomplete.');
    expect(dashboard.puts).toEqual([]);
  });

  test('waits for its session by asking again, and gives up after a dozen turns', async () => {
    const fresh = newSeed();
    const first = await get('/dashboard?turn=1', fresh);
    expect(first.status).toBe(401);
    expect(first.body).toContain('content="1;url=/dashboard?turn=2"');

    const last = await get('/dashboard?turn=12', fresh);
    expect(last.body).not.toContain('http-equiv');
    expect(last.body).toContain('did not sign you in');
    expect((await get('/dashboard?turn=99999999999', fresh)).body).not.toContain('http-equiv');
  });
});

describe('nobody sees anything', () => {
  const isRefused = async (cookie?: string) => {
    for (const path of ['/dashboard', '/dashboard/record.csv', '/dashboard/record.json']) {
      const { status, body } = await get(path, cookie);
      expect(status).toBe(401);
      expect(body).not.toContain('basket');
    }
  };

  test.each(['', 'x', 'A'.repeat(43), newSeed()])('by the cookie %j', async (cookie) => {
    await isRefused(cookie);
  });

  test('once the session is over', async () => {
    const [id = ''] = Object.keys(dashboard.sessions);
    dashboard.sessions = { [id]: { ...SESSION, until: new Date(NOW).toISOString() } };
    await isRefused();
    dashboard.sessions = { [id]: { ...SESSION, endedAt: new Date(NOW - 1).toISOString() } };
    await isRefused();
  });

  test('by a session of another key', async () => {
    const [id = ''] = Object.keys(dashboard.sessions);
    dashboard.sessions = { [id]: { ...SESSION, key: 'A'.repeat(43) } };
    await isRefused();
  });

  test('once they are not declared any more', async () => {
    dashboard.everybody = PEOPLE.filter(({ id }) => id !== BO);
    await isRefused();
  });

  test('once they are guests, whose time is not over', async () => {
    dashboard.everybody = PEOPLE.map((one) => (one.id === BO ? { ...one, until: '2999-01-01T00:00:00.000Z' } : one));
    await isRefused();
  });
});

describe('the record as a file', () => {
  beforeEach(() => {
    const day = (n: number) => new Date(Date.parse('2026-11-01T12:00:00Z') + n * 86_400_000).toISOString();
    dashboard.rows = Array.from({ length: 40 }, (_, index) => entry(40 - index, DELIVERED, day(40 - index)));
  });

  test('holds the days that are asked for, oldest first, over as many reads as that takes', async () => {
    dashboard.rowsPerRead = 7;
    const { body, headers } = await get('/dashboard/record.json?from=2026-11-10&to=2026-11-20&q=nowhere&stage=Dev');
    const document = JSON.parse(body) as { from: string; to: string; entries: { n: number }[] };

    expect(headers['content-disposition']).toBe('attachment; filename="record-Shop-2026-11-10-to-2026-11-20.json"');
    expect(document.entries.map(({ n }) => n)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect([document.from, document.to]).toEqual(['2026-11-10', '2026-11-20']);
  });

  test.each([
    ['', 'record-Shop'],
    ['from=2026-11-10', 'record-Shop-2026-11-10'],
    ['to=2026-11-20', 'record-Shop-to-2026-11-20'],
  ])('is named after the days that were asked for (%s)', async (query, name) => {
    const { headers } = await get(`/dashboard/record.csv?${query}`);

    expect(headers['content-disposition']).toBe(`attachment; filename="${name}.csv"`);
  });

  test('as a table holds what the filter leaves', async () => {
    expect((await get('/dashboard/record.csv?stage=Dev')).body).toMatch(/^\ufeff"number",.*"hash"\r\n$/);
    expect((await get('/dashboard/record.csv?stage=Prod')).body.trim().split('\r\n')).toHaveLength(41);
  });

  test('is refused where it would be too long to send', async () => {
    dashboard.rowsPerRead = 1;

    const { status, body } = await get('/dashboard/record.json');
    expect(status).toBe(413);
    expect(body).toContain('Choose a shorter period');
  });
});

test('the name of the host alone, and what is left in the address bar, lead to the dashboard', async () => {
  for (const path of ['/', '/dashboard/', '/dashboard/look']) {
    const { status, headers } = await get(path);
    expect([path, status, headers['location']]).toEqual([path, 303, '/dashboard']);
  }
  expect(dashboard.reads).toBe(0);
});

test('every page forbids whatever is not its own', async () => {
  for (const path of ['/dashboard', '/dashboard/sign-in', '/dashboard/x', '/dashboard/record.csv']) {
    const { headers } = await get(path);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+' 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    );
    expect(headers['cache-control']).toBe('no-store');
  }
});

test('a workflow without a dashboard answers its address as any other', async () => {
  const answer = await reviewHandler(() => new MemoryStore(scene()))(httpEvent({ path: '/dashboard' }));

  expect(answer.statusCode).toBe(404);
});
