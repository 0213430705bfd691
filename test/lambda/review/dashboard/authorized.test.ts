/** The dashboard behind an authorizer of the API. */
import type { AuthorizedAccess } from '../../../../contract/dashboard';
import { isErrand, parseErrand } from '../../../../lambda/domain/sign-in';
import { reviewHandler } from '../../../../lambda/review/handler';
import { BO, DOMAIN, httpEvent, MemoryStore, NOW, REQUEST, scene, WAITING, type Ask } from '../fixture';
import { authorizedBrowserOf, BY_EMAIL, entry, MemoryDashboard, OVERVIEW, person } from './fixture';

const ACCESS: AuthorizedAccess = { kind: 'BEHIND_AUTHORIZER', claim: 'email', mustBeVerified: true };
const said = (claims: object) => ({ jwt: { claims, scopes: null } });
const IS_BO = said({ email: 'bo@example.com', email_verified: 'true', name: 'Somebody Else' });

type Asked = Ask & { readonly path: string };

let dashboard: MemoryDashboard;

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  dashboard = new MemoryDashboard();
  dashboard.requests = [WAITING];
  dashboard.rows = [entry(1)];
});

afterEach(() => jest.restoreAllMocks());

const browser = (as: unknown, access = ACCESS) => authorizedBrowserOf(dashboard, access, as);

describe('somebody who is let in and declared', () => {
  test('sees what waits as who they are to the workflow, in four reads', async () => {
    const { status, body } = await browser(IS_BO)({ path: '/dashboard' });

    expect(status).toBe(200);
    expect(body).toContain('Round basket totals once, at the end');
    expect(body).toContain('<span class="text">bo@example.com</span>');
    expect(body).not.toContain('Somebody Else');
    expect(dashboard.reads).toBe(4);
    expect(dashboard.puts).toEqual([]);
  });

  test('gets their page kept by nobody on the way', async () => {
    expect((await browser(IS_BO)({ path: '/dashboard' })).headers).toMatchObject({ 'cache-control': 'no-store' });
  });

  test('downloads the record', async () => {
    const { status, headers } = await browser(IS_BO)({ path: '/dashboard/record.csv' });

    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/csv');
  });

  test('asks for their own link, by a row without a signature', async () => {
    const answer = await browser(IS_BO)({ path: '/dashboard/link', form: { request: REQUEST } });

    expect([answer.status, answer.headers['location']]).toEqual([303, '/dashboard?notice=link']);
    expect(dashboard.puts).toMatchObject([{ pk: `viewer#${BO}`, verdict: 'EMAIL_LINK', comment: REQUEST }]);
    expect(dashboard.puts[0]).not.toHaveProperty('sig');
    const [row] = dashboard.puts;
    expect(isErrand({ ...row })).toBe(true);
    expect(parseErrand({ ...row })).toMatchObject({ ok: true, value: { kind: 'VIEWER', approver: BO } });
  });

  test('asks for a link of their own alone, whatever the form says', async () => {
    await browser(IS_BO)({ path: '/dashboard/link', form: { request: REQUEST, by: '000000000000', approver: 'eve' } });

    expect(dashboard.puts.map(({ pk }) => pk)).toEqual([`viewer#${BO}`]);
  });

  test('lets CodePipeline be asked once the last look is a minute old', async () => {
    const look = () => browser(IS_BO)({ path: '/dashboard/look', form: {} });
    await look();
    expect(dashboard.puts).toEqual([]);
    dashboard.looks = [{ ...OVERVIEW, asOf: new Date(NOW - 60_000).toISOString() }];
    await look();

    expect(dashboard.puts).toMatchObject([{ pk: `viewer#${BO}`, verdict: 'LOOK', comment: '' }]);
  });

  test('leaves by the link that the workflow names, and by none where it names none', async () => {
    const signOutUrl = 'https://login.example.com/logout?client=1&next=%2F';
    const { body } = await browser(IS_BO, { ...ACCESS, signOutUrl })({ path: '/dashboard' });

    expect(body).toContain('<a class="go" href="https://login.example.com/logout?client=1&amp;next=%2F">Sign out</a>');
    expect((await browser(IS_BO)({ path: '/dashboard' })).body).not.toContain('Sign out');
  });

  test('leaves by no link that runs a script', async () => {
    const { body } = await browser(IS_BO, { ...ACCESS, signOutUrl: 'javascript:alert(1)' })({ path: '/dashboard' });

    expect(body).not.toContain('javascript:');
  });

  test('sees nothing any more once they are not declared', async () => {
    dashboard.everybody = dashboard.everybody.filter(({ id }) => id !== BO);

    expect((await browser(IS_BO)({ path: '/dashboard' })).status).toBe(403);
  });
});

describe('while the people of the workflow were read moments ago', () => {
  const IS_EVE = said({ email: 'eve@example.com', email_verified: 'true' });

  test('somebody who is not declared is refused without another read, so that no stranger uses up what `decide` needs', async () => {
    dashboard.lately = dashboard.everybody;
    for (const ask of [{ path: '/dashboard' }, { path: '/dashboard/look', form: {} }]) {
      expect((await browser(IS_EVE)(ask)).status).toBe(403);
    }
    expect(dashboard.reads).toBe(0);

    dashboard.lately = undefined;
    expect((await browser(IS_EVE)({ path: '/dashboard' })).status).toBe(403);
    expect(dashboard.reads).toBe(1);
  });

  test('somebody who is declared is looked up all the same: a removal acts at once', async () => {
    dashboard.lately = dashboard.everybody;
    dashboard.everybody = dashboard.everybody.filter(({ id }) => id !== BO);

    expect((await browser(IS_BO)({ path: '/dashboard' })).status).toBe(403);
  });
});

describe('nothing is shown, recorded or done', () => {
  const everything: readonly Asked[] = [
    { path: '/dashboard' },
    { path: '/dashboard', method: 'HEAD' },
    { path: '/dashboard/record.csv' },
    { path: '/dashboard/record.json' },
    { path: '/dashboard/look', form: {} },
    { path: '/dashboard/link', form: { request: REQUEST } },
  ];

  test.each<[string, unknown, number]>([
    ['where no authorizer says anything, although a session of an earlier dashboard is in force', undefined, 401],
    ['for somebody who is not declared', said({ email: 'eve@example.com', email_verified: 'true' }), 403],
    ['for an address that nobody verified', said({ email: 'bo@example.com', email_verified: 'false' }), 403],
    ['for an address of which nobody says that it is verified', said({ email: 'bo@example.com' }), 403],
    ['without an address', said({ sub: 'bo@example.com', email_verified: 'true' }), 403],
    ['for several addresses', said({ email: ['bo@example.com'], email_verified: 'true' }), 403],
    ['by a Lambda authorizer that says nothing of anybody', { lambda: null }, 403],
  ])('%s', async (_what, as, status) => {
    for (const ask of everything) {
      const answer = await browser(as)(ask);
      expect([ask.path, answer.status]).toEqual([ask.path, status]);
      expect(answer.body).not.toMatch(/basket|ana@example\.com|Ana Lopez|shop-release/);
    }
    expect(dashboard.puts).toEqual([]);
  });

  test('for a guest', async () => {
    dashboard.everybody = [person(BO, 'bo@example.com', { until: '2099-01-01T00:00:00.000Z' })];

    expect((await browser(IS_BO)({ path: '/dashboard' })).status).toBe(403);
  });

  test('for a form of another page', async () => {
    const headers = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' };
    const answer = await browser(IS_BO)({ path: '/dashboard/link', form: { request: REQUEST }, headers });

    expect(answer.status).toBe(403);
    expect(dashboard.puts).toEqual([]);
  });
});

test('who is refused reads why, and which claim is missing, and not who is declared', async () => {
  const why = async (as: unknown) => (await browser(as)({ path: '/dashboard' })).body;

  expect(await why(said({}))).toContain('did not tell this page an email address (“email”)');
  expect(await why(said({ email: 'bo@example.com' }))).toContain('verified (“email_verified”)');
  expect(await why(said({ email: 'eve@example.com', email_verified: 'true' }))).toContain('not on the list of people');
});

test('there is nothing to sign in by', async () => {
  const asks: readonly Asked[] = [
    { path: '/dashboard/sign-in' },
    { path: '/dashboard/sign-in', form: { mail: 'bo@example.com' } },
    { path: '/dashboard/session', form: { by: BO, key: 'A'.repeat(43) } },
    { path: '/dashboard/sign-out', form: {} },
  ];
  for (const ask of asks) {
    expect((await browser(IS_BO)(ask)).status).toBe(404);
  }
  expect(dashboard.puts).toEqual([]);
});

test('what an authorizer says is nothing to a dashboard whose people sign in by email', async () => {
  const byEmail = reviewHandler(
    () => new MemoryStore(scene()),
    () => ({ store: dashboard, access: BY_EMAIL }),
  );
  const event = httpEvent({ path: '/dashboard' });
  const answer = await byEmail({ ...event, requestContext: { ...event.requestContext, authorizer: IS_BO } } as never);

  expect(answer.statusCode).toBe(401);
});

describe('what stands in front under a name of its own', () => {
  const access = { ...ACCESS, address: 'https://team.example.com' };
  const link = (origin: string) =>
    browser(
      IS_BO,
      access,
    )({
      path: '/dashboard/link',
      form: { request: REQUEST },
      headers: { origin, 'sec-fetch-site': 'same-origin' },
    });

  test('is where forms come from, and the API’s own name is not', async () => {
    expect((await link('https://team.example.com')).status).toBe(303);
    expect((await link(`https://${DOMAIN}`)).status).toBe(403);
    expect((await link('http://team.example.com')).status).toBe(403);
    expect((await link('https://team.example.com.evil.example')).status).toBe(403);
  });

  test('changes nothing for personal links', async () => {
    const post = (origin: string) =>
      browser(undefined, access)({ path: `/r/${REQUEST}/status`, form: {}, headers: { origin } });

    expect((await post(`https://${DOMAIN}`)).status).toBe(404);
    expect((await post('https://team.example.com')).status).toBe(403);
  });
});
