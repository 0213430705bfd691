// An OpenID provider: `oidc-provider` with its own pages to sign in, over people who are made up. Whoever types a login is that person.
import { exportJWK, generateKeyPair } from 'jose';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const PEOPLE = {
  ana: { email: 'Ana@Example.com', email_verified: true },
  dev: { email: 'dev@example.com', email_verified: true },
  // Says to be Bo, and nobody has asked the mailbox.
  mallory: { email: 'bo@example.com', email_verified: false },
  eve: { email: 'eve@example.com', email_verified: true },
  nameless: {},
};

/** @returns where it is, and its key, by which a test signs tokens of its own */
export async function provider(redirectUri) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'RS256', kid: 'of-today', use: 'sig' };
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const oidc = new Provider(issuer, {
    clients: [{ client_id: 'approvals', client_secret: 'not-so-secret', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['of the test'] },
    findAccount: (_context, login) => ({
      accountId: login,
      claims: () => ({ sub: login, ...PEOPLE[login] }),
    }),
    jwks: { keys: [key] },
    pkce: { required: () => true },
    ttl: { IdToken: 3600 },
  });
  server.on('request', oidc.callback());
  return { issuer, key };
}
