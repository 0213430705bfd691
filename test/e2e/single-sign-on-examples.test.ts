/** The examples of a dashboard behind single sign-on, as they are: their issuers are named in them, so tokens are made here. */
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload, type KeyLike } from 'jose';
import { join } from 'node:path';
import { dashboardUrl } from '../../rehearsal/approval-gates/dashboard';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

const COGNITO = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI';
const LOGIN = 'https://login.example.com';
const KEYS = 'keys.example.com/of-cognito';

let key: KeyLike;
let jwks: { readonly keys: readonly JWK[] };

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  key = privateKey;
  jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'of-today', alg: 'RS256', use: 'sig' }] };
});

/** Tokens are of today: a function asks the clock of its machine. */
async function worldOf(example: string): Promise<World> {
  const assembly = await sharedAssembly(join(__dirname, `../../examples/${example}.ts`));
  const world = await World.create(assembly, { start: new Date() });
  const discovery = { issuer: COGNITO, jwks_uri: `https://${KEYS}` };
  world.web.set(`${COGNITO}/.well-known/openid-configuration`, { status: 200, body: JSON.stringify(discovery) });
  world.web.set(KEYS, { status: 200, body: JSON.stringify(jwks) });
  world.web.set(`${LOGIN}/jwks`, { status: 200, body: JSON.stringify(jwks) });
  return world;
}

function sign(claims: JWTPayload): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const whole = { sub: '1', email: 'ana@example.com', email_verified: true, iat: now - 10, exp: now + 600, ...claims };
  return new SignJWT(whole).setProtectedHeader({ alg: 'RS256', kid: 'of-today' }).sign(key);
}

const get = async (world: World, headers: Record<string, string>, path = '/dashboard') => {
  const response = await fetch(`${world.reviewUrl}${path}`, { redirect: 'manual', headers });
  return { status: response.status, text: await response.text() };
};

describe('examples/dashboard-behind-cognito', () => {
  const client = '3n4b5urk1ft4fl3mg5e62d9ado';
  let world: World;
  beforeAll(async () => (world = await worldOf('dashboard-behind-cognito')), 120_000);
  afterAll(() => world.close());
  const open = async (claims: JWTPayload) =>
    get(world, { authorization: `Bearer ${await sign({ iss: COGNITO, aud: client, token_use: 'id', ...claims })}` });

  test('lets in whoever has an ID token of the pool, for the client, and is declared', async () => {
    const { status, text } = await open({});

    expect(status).toBe(200);
    expect(text).toContain('<span class="text">Ana</span>');
    expect(text).toContain('href="https://approvals.example.com/oauth2/sign_out"');
    expect((await open({ email: 'dev@example.com' })).status).toBe(200);
  });

  test.each<[string, JWTPayload, number]>([
    ['of another pool', { iss: COGNITO.replace('AbC', 'XbC') }, 401],
    ['of another client', { aud: 'another' }, 401],
    [
      'to other APIs, which has no address',
      { aud: undefined, client_id: client, token_use: 'access', email: undefined },
      403,
    ],
    ['of somebody whose address nobody verified', { email_verified: false }, 403],
    ['of somebody who is not declared', { email: 'eve@example.com' }, 403],
  ])('lets nobody in by a token %s', async (_what, claims, status) => {
    expect((await open(claims)).status).toBe(status);
  });

  test('is no page that the rehearsal offers a link to: a browser has no token', () => {
    expect(dashboardUrl(world)).toBeUndefined();
  });

  test('takes forms from pages of the proxy’s name', async () => {
    const post = async (origin: string) => {
      const authorization = `Bearer ${await sign({ iss: COGNITO, aud: client })}`;
      const headers = { authorization, origin, 'content-type': 'application/x-www-form-urlencoded' };
      return (await fetch(`${world.reviewUrl}/dashboard/look`, { method: 'POST', headers })).status;
    };

    expect(await post('https://approvals.example.com')).toBe(200);
    expect(await post(world.reviewUrl)).toBe(403);
  });
});

describe('examples/dashboard-by-cookie', () => {
  let world: World;
  beforeAll(async () => (world = await worldOf('dashboard-by-cookie')), 120_000);
  afterAll(() => world.close());
  const open = async (claims: JWTPayload) =>
    get(world, { cookie: `theme=dark; id_token=${await sign({ iss: LOGIN, aud: 'approvals', ...claims })}` });

  test('lets in whoever has a cookie with a token of the issuer, for the client, and is declared', async () => {
    const { status, text } = await open({});

    expect(status).toBe(200);
    expect(text).toContain('<span class="text">Ana</span>');
    expect(text).toContain('href="https://login.example.com/logout"');
    expect(world.refusals).toEqual([]);
  });

  test.each<[string, JWTPayload]>([
    ['that is over', { exp: Math.floor(Date.now() / 1000) - 1 }],
    ['of another issuer', { iss: 'https://evil.example.com' }],
    ['for another client', { aud: 'another' }],
  ])('is refused by its authorizer with a token %s', async (_what, claims) => {
    expect(await open(claims)).toEqual({ status: 403, text: '{"message":"Forbidden"}' });
  });

  test.each<[string, JWTPayload]>([
    ['whose address nobody verified', { email_verified: false }],
    ['who is not declared', { email: 'eve@example.com' }],
  ])('refuses somebody %s', async (_what, claims) => {
    const { status, text } = await open(claims);

    expect(status).toBe(403);
    expect(text).toContain('This account cannot see the approvals');
  });

  test.each([
    ['no cookie at all', {}, 401],
    ['another cookie', { cookie: 'theme=dark' }, 403],
    ['a cookie that holds no token', { cookie: 'id_token=x' }, 403],
    ['a token elsewhere', { authorization: 'Bearer x' }, 401],
  ])('lets nobody in with %s', async (_what, headers, status) => {
    expect((await get(world, headers as Record<string, string>)).status).toBe(status);
  });

  test('writes no token into a log', async () => {
    const token = await sign({ iss: LOGIN, aud: 'another' });
    await get(world, { cookie: `id_token=${token}` });

    expect(JSON.stringify(world.logs)).toContain('refused');
    expect(JSON.stringify(world.logs)).not.toContain(token.split('.')[1]);
  });
});
