/** The dashboard behind an authorizer, with an OpenID provider of the registry and a client that signs people in by it. */
import type { JWTPayload } from 'jose';
import { join } from 'node:path';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { assemblyOf } from '../../rehearsal/scenario/app';
import { World } from '../../rehearsal/world';
import { Organization, tokenTime } from '../single-sign-on/organization';
import { Visitor } from '../single-sign-on/visitor';
import { leaksOf } from './secrets';

const GATE = 'Prod/Approve';
const MINUTE = 60_000;

let organization: Organization;
let rehearsal: Rehearsal;

beforeAll(async () => {
  organization = await Organization.open();
  const app = join(__dirname, '../single-sign-on/app.ts');
  const assembly = await assemblyOf(app, { issuer: organization.issuer, address: organization.front });
  rehearsal = new Rehearsal(await World.create(assembly, { start: tokenTime() }), 'shop');
  await organization.leadTo(rehearsal.world.reviewUrl);
  rehearsal.push({ message: 'Sell tea', author: 'dora' });
  const asks = { wait: { until: { gate: { [GATE]: 'asks' } }, within: 10 * MINUTE } };
  await new Steps(rehearsal).run(asks as unknown as Step);
}, 120_000);

afterAll(async () => {
  await rehearsal?.close();
  await organization?.close();
});

const dashboard = () => `${organization.front}/dashboard`;
const direct = (path = '/dashboard') => `${rehearsal.world.reviewUrl}${path}`;
const later = (milliseconds: number) => rehearsal.world.clock.advanceBy(milliseconds);
const seconds = (after = 0) => Math.floor(rehearsal.world.clock.now() / 1000) + after;

/** As the provider makes them, for whoever signs in. */
const claimsOf = (more: JWTPayload = {}): JWTPayload => ({
  iss: organization.issuer,
  aud: 'approvals',
  sub: 'ana',
  email: 'ana@example.com',
  email_verified: true,
  iat: seconds(-10),
  exp: seconds(600),
  ...more,
});

/** Past what stands in front. */
async function knock(token?: string, path?: string, init: RequestInit = {}) {
  const headers = { ...init.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const response = await fetch(direct(path), { redirect: 'manual', ...init, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('somebody who is declared', () => {
  test('signs in at their provider, and sees what waits', async () => {
    const page = await new Visitor().signIn(dashboard(), 'ana');

    expect(page.status).toBe(200);
    expect(page.html).toContain('Sell tea');
    expect(page.html).toContain('<span class="text">Ana</span>');
    expect(page.html).toContain('href="https://login.example.com/logout"');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('sees it as a viewer, too, who never gets an email', async () => {
    const page = await new Visitor().signIn(dashboard(), 'dev');

    expect(page.status).toBe(200);
    expect(page.html).not.toContain('Email me my link');
    expect(rehearsal.world.inbox.map(({ to }) => to)).not.toContain('dev@example.com');
  });

  test('has their own link mailed again, and answers by nothing else', async () => {
    const ana = new Visitor();
    const page = await ana.signIn(dashboard(), 'ana');
    const [, request = ''] = /name="request" value="([0-9a-f]{32})"/.exec(page.html) ?? [];
    const before = rehearsal.world.inbox.length;
    expect((await ana.send(`${dashboard()}/link`, { request })).html).toContain('on its way to your mailbox');
    await later(2_000);

    const mails = rehearsal.world.inbox.slice(before);
    expect(mails.map(({ to }) => to)).toEqual(['ana@example.com']);
    const [link = ''] = /https?:\/\/\S+\/r\/\S+/.exec(mails[0]?.text ?? '') ?? [];
    expect((await fetch(link)).status).toBe(200);
  });

  test('lets CodePipeline be asked what serves', async () => {
    const ana = new Visitor();
    await ana.signIn(dashboard(), 'ana');
    await later(2 * MINUTE);
    await ana.send(`${dashboard()}/look`, {});
    await later(5_000);

    expect((await ana.open(dashboard())).html).toContain('waits at Approve');
  });

  test('downloads the record', async () => {
    const ana = new Visitor();
    await ana.signIn(dashboard(), 'ana');

    expect((await ana.open(`${dashboard()}/record.csv`)).headers.get('content-type')).toContain('text/csv');
  });

  test('is not let in by a form of another page', async () => {
    const ana = new Visitor();
    await ana.signIn(dashboard(), 'ana');
    const foreign = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' };

    expect((await ana.send(`${dashboard()}/look`, {}, foreign)).status).toBe(403);
  });
});

test.each([
  ['eve', 'who is not declared', 'not on the list of people'],
  ['mallory', 'whose address is somebody else’s, and not verified', 'verified'],
  ['nameless', 'without an address', 'did not tell this page an email address'],
])('%s, %s, signs in and is refused', async (login, _who, why) => {
  const visitor = new Visitor();
  const page = await visitor.signIn(dashboard(), login);

  expect(page.status).toBe(403);
  expect(page.html).toContain(why);
  for (const path of ['/record.csv', '/record.json']) {
    expect((await visitor.open(`${dashboard()}${path}`)).status).toBe(403);
  }
  expect((await visitor.send(`${dashboard()}/look`, {})).status).toBe(403);
  expect(page.html).not.toMatch(/Sell tea|ana@example|bo@example|shop/);
});

describe('API Gateway lets nobody in', () => {
  test('without a token, on any of the dashboard’s routes', async () => {
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' };
    for (const [path, init] of [
      ['/dashboard', {}],
      ['/dashboard/record.csv', {}],
      ['/dashboard/look', form],
      ['/dashboard/link', form],
      ['/dashboard/sign-in', form],
    ] as const) {
      expect([path, (await knock(undefined, path, init)).status]).toEqual([path, 401]);
    }
  });

  test('but with a right token somebody is let in: what follows differs from it by one thing each', async () => {
    expect((await knock(await organization.sign(claimsOf()))).status).toBe(200);
  });

  test.each<[string, () => JWTPayload]>([
    ['that is over', () => ({ exp: seconds(-1) })],
    ['without an end', () => ({ exp: undefined })],
    ['that is not valid yet', () => ({ nbf: seconds(60) })],
    ['of the future', () => ({ iat: seconds(60) })],
    ['for another audience', () => ({ aud: 'another-app' })],
    ['for no audience', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: 'https://login.example.com' })],
  ])('with a token %s', async (_what, change) => {
    const { status, headers, text } = await knock(await organization.sign(claimsOf(change())));

    expect([status, text]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(headers.get('www-authenticate')).toContain('invalid_token');
  });

  test('with a token that nobody signed', async () => {
    const [, payload] = (await organization.sign(claimsOf())).split('.');
    const header = Buffer.from('{"alg":"none","kid":"of-today"}').toString('base64url');

    expect((await knock(`${header}.${payload}.`)).status).toBe(401);
  });

  test('with a token of a key that the provider does not have', async () => {
    expect((await knock(await organization.sign(claimsOf(), { kid: 'of-yesterday' }))).status).toBe(401);
  });
});

describe('the function lets nobody in', () => {
  test.each<[string, JWTPayload]>([
    ['an address that is not verified', { email_verified: false }],
    ['an address of which nothing says that it is verified', { email_verified: undefined }],
    ['an address that is not declared', { email: 'eve@example.com' }],
    ['several addresses', { email: ['ana@example.com'] as unknown as string }],
    ['no address', { email: undefined, preferred_username: 'ana@example.com' }],
  ])('with %s', async (_what, change) => {
    expect((await knock(await organization.sign(claimsOf(change)))).status).toBe(403);
  });

  test('by a route that has no authorizer, whatever token comes', async () => {
    const token = await organization.sign(claimsOf());

    expect((await knock(token, '/dashboard', { method: 'HEAD' })).status).toBe(401);
    expect((await knock(token, '/dashboard', { method: 'OPTIONS' })).status).toBe(404);
    expect((await knock(token, '/dashboard/record.csv/x')).status).toBe(404);
  });
});

test('somebody who is not declared costs one read of the people, however often they ask', async () => {
  const token = await organization.sign(claimsOf({ email: 'eve@example.com' }));
  const { calls } = rehearsal.world;
  const reads = () => calls.filter(({ operation }) => operation === 'GetParametersByPath').length;
  const before = reads();
  for (const path of ['/dashboard', '/dashboard/record.csv', '/dashboard', '/dashboard']) {
    expect((await knock(token, path)).status).toBe(403);
  }
  expect(reads() - before).toBeLessThanOrEqual(1);

  const readsOfAna = reads();
  expect((await knock(await organization.sign(claimsOf()))).status).toBe(200);
  expect(reads()).toBeGreaterThan(readsOfAna);
});

test('a personal link is behind no authorizer', async () => {
  const { text = '' } = rehearsal.world.inbox.find(({ to }) => to === 'bo@example.com') ?? {};
  const [link = ''] = /https?:\/\/\S+\/r\/\S+/.exec(text) ?? [];

  expect(link.startsWith(rehearsal.world.reviewUrl)).toBe(true);
  expect((await fetch(link)).status).toBe(200);
});

test('no token is kept or logged, and nothing lacked a permission', async () => {
  const ana = new Visitor();
  await ana.signIn(dashboard(), 'ana');
  const { html: token } = await ana.open(`${organization.front}/token`);
  expect(token.split('.')).toHaveLength(3);

  const { world } = rehearsal;
  const tables = world.resources('AWS::DynamoDB::Table').map(({ physicalId }) => physicalId);
  const rows = await Promise.all(tables.map((TableName) => world.call('dynamodb', 'Scan', { TableName })));
  const everything = JSON.stringify([world.logs, world.calls, world.executions, rows, world.journal.entries]);
  expect(everything).not.toContain(token);
  expect(everything).not.toContain(token.split('.')[2]);
  expect(await leaksOf(rehearsal)).toEqual([]);
  expect(world.refusals).toEqual([]);
});

test('a token that was good is refused when its time is over', async () => {
  const ana = new Visitor();
  await ana.signIn(dashboard(), 'ana');
  const { html: token } = await ana.open(`${organization.front}/token`);
  expect((await knock(token)).status).toBe(200);
  await later(61 * MINUTE);

  expect((await knock(token)).status).toBe(401);
});
