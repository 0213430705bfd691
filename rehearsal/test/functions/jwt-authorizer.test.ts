import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload, type KeyLike } from 'jose';
import type { Asked } from '../../functions/authorizer';
import { JwtAuthorizer } from '../../functions/jwt-authorizer';
import type { Resource } from '../../template/model';

const NOW = Date.parse('2030-01-07T09:00:00Z');
const SECONDS = NOW / 1000;
const ISSUER = 'https://login.example.com/pool';
const CLAIMS: JWTPayload = { iss: ISSUER, aud: 'app', sub: 'ana', iat: SECONDS - 60, exp: SECONDS + 60 };

let key: KeyLike;
let other: KeyLike;
let curve: KeyLike;
let keys: readonly JWK[];
let now: number;
const read: string[] = [];

beforeAll(async () => {
  const pairs = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256'), generateKeyPair('ES256')]);
  [key, other] = [pairs[0].privateKey, pairs[1].privateKey];
  keys = await Promise.all(
    pairs.map(async ({ publicKey }, index) => ({
      ...(await exportJWK(publicKey)),
      kid: ['k', 'other', 'curve'][index],
    })),
  );
  curve = pairs[2].privateKey;
});

beforeEach(() => {
  now = NOW;
  read.length = 0;
});

const signed = (claims: JWTPayload = CLAIMS, header: object = {}, by: KeyLike | Uint8Array = key) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k', ...header }).sign(by);

function readKeys(url: string): Promise<unknown> {
  read.push(url);
  return Promise.resolve(url.endsWith('/openid-configuration') ? { jwks_uri: 'https://keys.example.com/' } : { keys });
}

function authorizer(properties: object = {}, readJson = readKeys) {
  const resource = {
    properties: {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: ISSUER, Audience: ['another', 'app'] },
      ...properties,
    },
  } as unknown as Resource;
  return new JwtAuthorizer(resource, readJson, () => now);
}

function asked(headers: Readonly<Record<string, string>>): Asked {
  return { routeArn: 'arn', event: { routeKey: 'GET /x', rawPath: '/x', headers, requestContext: {} } };
}

const route = (scopes?: readonly string[]) => ({ properties: { AuthorizationScopes: scopes } }) as unknown as Resource;
const ask = (token: string, scopes?: readonly string[], to = authorizer()) =>
  to.ask(asked({ authorization: token }), route(scopes));

describe('a token that is right', () => {
  test.each(['Bearer ', 'bearer ', ''])('lets in, after "%s"', async (prefix) => {
    expect(await ask(`${prefix}${await signed()}`)).toMatchObject({ kind: 'LET_IN' });
    expect(read).toEqual([`${ISSUER}/.well-known/openid-configuration`, 'https://keys.example.com/']);
  });

  test('is handed over as texts', async () => {
    const claims = {
      ...CLAIMS,
      email_verified: true,
      'cognito:groups': ['a', 'b'],
      address: { city: 'Bonn', zip: 53 },
    };
    const ruling = await ask(await signed(claims));

    expect(ruling).toEqual({
      kind: 'LET_IN',
      authorizer: {
        jwt: {
          claims: {
            iss: ISSUER,
            aud: 'app',
            sub: 'ana',
            iat: String(SECONDS - 60),
            exp: String(SECONDS + 60),
            email_verified: 'true',
            'cognito:groups': '[a b]',
            address: 'map[city:Bonn zip:53]',
          },
          scopes: null,
        },
      },
    });
  });

  test.each<[string, JWTPayload]>([
    ['several audiences', { ...CLAIMS, aud: ['third', 'app'] }],
    ['a client in the place of an audience', { ...CLAIMS, aud: undefined, client_id: 'app' }],
    ['no time of issue', { ...CLAIMS, iat: undefined }],
  ])('may have %s', async (_what, claims) => {
    expect(await ask(await signed(claims))).toMatchObject({ kind: 'LET_IN' });
  });

  test('may come by another header', async () => {
    const to = authorizer({ IdentitySource: ['$request.header.X-Id-Token'] });

    expect(await to.ask(asked({ 'x-id-token': await signed() }), route())).toMatchObject({ kind: 'LET_IN' });
    expect(await to.ask(asked({ authorization: await signed() }), route())).toMatchObject({ status: 401 });
  });

  test('needs one of the route’s scopes', async () => {
    const scoped = await signed({ ...CLAIMS, scope: 'openid approvals/read' });

    expect(await ask(scoped, ['approvals/write', 'approvals/read'])).toMatchObject({
      authorizer: { jwt: { scopes: ['approvals/write', 'approvals/read'] } },
    });
    expect(await ask(scoped, ['approvals/write'])).toMatchObject({ kind: 'REFUSED', status: 403 });
    expect(await ask(await signed({ ...CLAIMS, scp: ['approvals/read'] }), ['approvals/read'])).toMatchObject({
      kind: 'LET_IN',
    });
    expect(await ask(await signed(), ['approvals/read'])).toMatchObject({ status: 403 });
  });
});

describe('a token is refused', () => {
  test.each<[string, JWTPayload]>([
    ['that is over', { ...CLAIMS, exp: SECONDS }],
    ['that never ends', { ...CLAIMS, exp: undefined }],
    ['that is not valid yet', { ...CLAIMS, nbf: SECONDS + 1 }],
    ['of the future', { ...CLAIMS, iat: SECONDS + 1 }],
    ['of another issuer', { ...CLAIMS, iss: 'https://evil.example.com' }],
    ['of an issuer that begins alike', { ...CLAIMS, iss: `${ISSUER}/` }],
    ['of no issuer', { ...CLAIMS, iss: undefined }],
    ['for another audience', { ...CLAIMS, aud: 'third' }],
    ['for another audience and our client', { ...CLAIMS, aud: 'third', client_id: 'app' }],
    ['for nobody', { ...CLAIMS, aud: undefined }],
  ])('%s', async (_what, claims) => {
    expect(await ask(await signed(claims))).toMatchObject({ kind: 'REFUSED', status: 401 });
  });

  test('that nobody signed', async () => {
    const [, payload] = (await signed()).split('.');
    const none = Buffer.from('{"alg":"none","kid":"k"}').toString('base64url');

    expect(await ask(`${none}.${payload}.`)).toMatchObject({ kind: 'REFUSED', status: 401 });
  });

  test('that somebody else signed', async () => {
    expect(await ask(await signed(CLAIMS, {}, other))).toMatchObject({ status: 401 });
  });

  test('whose signature is by the public key as a password', async () => {
    const password = new TextEncoder().encode(JSON.stringify(keys[0]));
    expect(await ask(await signed(CLAIMS, { alg: 'HS256' }, password))).toMatchObject({ status: 401 });
  });

  test('of a key that is no RSA key', async () => {
    expect(await ask(await signed(CLAIMS, { alg: 'ES256', kid: 'curve' }, curve))).toMatchObject({ status: 401 });
  });

  test.each([['unknown'], [undefined]])('that names the key %s', async (kid) => {
    expect(await ask(await signed(CLAIMS, { kid }))).toMatchObject({ status: 401 });
  });

  test('that was changed', async () => {
    const [header, payload = '', signature] = (await signed()).split('.');
    const changed = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), sub: 'bo' };
    const forged = Buffer.from(JSON.stringify(changed)).toString('base64url');

    expect(await ask([header, forged, signature].join('.'))).toMatchObject({ status: 401 });
  });

  test.each(['', 'Bearer ', 'Bearer x', 'a.b.c', '%'])('that is none: %j', async (token) => {
    expect(await ask(token)).toMatchObject({ kind: 'REFUSED', status: 401 });
  });

  test('whose issuer says nothing of its keys', async () => {
    const broken = authorizer({}, () => Promise.reject(new Error('unreachable')));

    expect(await ask(await signed(), undefined, broken)).toMatchObject({ status: 401 });
  });
});

test('keys are kept for two hours', async () => {
  const to = authorizer();
  await ask(await signed(), undefined, to);
  now += 2 * 3_600_000 - 1;
  await ask(await signed(), undefined, to);
  expect(read).toHaveLength(2);

  now += 1;
  await ask(await signed(), undefined, to);
  expect(read).toHaveLength(4);
});
