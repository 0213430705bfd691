/** Whatever anybody sends: no failure, and nothing is changed but a wish to sign in, which nobody believes. */
import fc from 'fast-check';
import { reviewHandler } from '../../../lambda/review/handler';
import { authorizedBrowserOf, BY_EMAIL, MemoryDashboard } from './dashboard/fixture';
import { ANA, BO, DOMAIN, httpEvent, MemoryStore, query, REQUEST, scene, WAITING } from './fixture';

/** A part of them on a developer's machine. */
const INPUTS = process.env['CI'] === undefined ? 1_000 : 10_000;

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '',
    '%',
    '%00',
    '%ff%fe',
    '../../etc/passwd',
    '\u0000',
    '__proto__',
    'constructor',
    '�'.repeat(50),
    '[object Object]',
  ),
);
const path = fc.oneof(
  fc.constantFrom(
    '/',
    '',
    '/r',
    `/r/${REQUEST}`,
    `/r/${REQUEST}/status`,
    `/r/${REQUEST}/revoke`,
    '/dashboard',
    '/dashboard/',
    '/dashboard/sign-in',
    '/dashboard/session',
    '/dashboard/look',
    '/dashboard/link',
    '/dashboard/sign-out',
    '/dashboard/record.csv',
    '/dashboard/record.json',
    '/dashboard//sign-in',
    '/dashboard/../r/x',
  ),
  junk.map((text) => `/r/${text}`),
  junk.map((text) => `/dashboard/${text}`),
  junk,
);
const field = fc.oneof(
  fc.constantFrom(
    'by',
    'key',
    'verdict',
    'number',
    'comment',
    'evidence',
    'seen',
    'submitted',
    'mail',
    'request',
    'start-date',
    'start-time',
  ),
  fc.constantFrom('q', 'pipeline', 'stage', 'person', 'state', 'from', 'to', 'before', 'turn', 'notice', '__proto__'),
);
const value = fc.oneof(
  junk,
  fc.constantFrom(
    ANA,
    BO,
    REQUEST,
    'A'.repeat(43),
    'APPROVE',
    'REJECT',
    '9999-99-99',
    '2026-11-23',
    '-1',
    '1e9',
    'ana@example.com',
  ),
);
const fields = fc.array(fc.tuple(field, value), { maxLength: 6 }).map((all) => new URLSearchParams(all).toString());
const headers = fc.dictionary(
  fc.constantFrom('origin', 'sec-fetch-site', 'content-type', 'cookie', 'host', 'x-forwarded-for', '__proto__'),
  fc.oneof(
    junk,
    fc.constantFrom(
      `https://${DOMAIN}`,
      'null',
      'same-origin',
      'application/x-www-form-urlencoded',
      'application/json',
    ),
  ),
);

test(`${INPUTS} inputs of strangers: no answer of 500 or above, no decision, no state changed`, async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const of = scene();
  const store = new MemoryStore(of);
  const dashboard = new MemoryDashboard();
  const handler = reviewHandler(
    () => store,
    () => ({ store: dashboard, access: BY_EMAIL }),
  );
  const secrets = [query(of, ANA), query(of, BO)].map((link) => link.split('key=')[1] ?? 'none');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'get', ''),
      path,
      fc.oneof(fields, junk),
      fc.option(fc.oneof(fields, junk), { nil: undefined }),
      headers,
      fc.array(
        fc.oneof(
          junk,
          junk.map((text) => `__Host-approvals=${text}`),
        ),
        { maxLength: 3 },
      ),
      fc.boolean(),
      async (method, where, search, form, given, cookies, isBase64) => {
        const event = httpEvent({ method, path: where, query: search, form, headers: given });
        const answer = await handler({ ...event, cookies, isBase64Encoded: isBase64 });

        expect(answer.statusCode).toBeLessThan(500);
        secrets.forEach((secret) => expect(answer.body).not.toContain(secret));
        expect(answer.body).not.toContain('Round basket totals');
      },
    ),
    { numRuns: INPUTS },
  );

  expect(store.puts).toEqual([]);
  expect(dashboard.puts.filter(({ pk }) => !/^sign-in#[0-9a-f]{12}$/.test(pk))).toEqual([]);
  jest.restoreAllMocks();
}, 120_000);

test(`${INPUTS} sayings of an authorizer: nobody gets in without the verified address of somebody who is declared`, async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const dashboard = new MemoryDashboard();
  dashboard.requests = [WAITING];
  const access = { kind: 'BEHIND_AUTHORIZER', claim: 'email', mustBeVerified: true } as const;
  const declared = dashboard.everybody.map(({ mail }) => mail);
  const email = fc.oneof(
    fc.constantFrom<unknown>(...declared),
    fc.constantFrom(...declared).map(shouted),
    junk,
    fc.anything(),
  );
  const verified = fc.oneof(fc.constantFrom<unknown>(true, 'true', 'false', undefined), fc.anything());
  const claims = fc.oneof(fc.record({ email, email_verified: verified }), fc.anything());
  const said: fc.Arbitrary<any> = fc.oneof(
    claims.map((found) => ({ jwt: { claims: found } })),
    claims.map((found) => ({ lambda: found })),
    fc.tuple(claims, claims).map(([one, other]) => ({ jwt: { claims: one }, lambda: other })),
    fc.anything(),
  );
  let admitted = 0;
  await fc.assert(
    fc.asyncProperty(said, fc.constantFrom('/dashboard', '/dashboard/record.json'), async (authorizer, where) => {
      const { status, body } = await authorizedBrowserOf(dashboard, access, authorizer)({ path: where });
      const whole = [wholeOf(authorizer?.jwt?.claims), wholeOf(authorizer?.lambda)].filter(
        (mail) => mail !== undefined,
      );

      expect(status).toBeLessThan(500);
      if (status === 200) {
        admitted += 1;
        expect(whole.filter((mail) => declared.includes(mail))).toHaveLength(1);
      } else {
        expect(body).not.toContain('Round basket totals');
      }
    }),
    { numRuns: INPUTS },
  );
  expect(dashboard.puts).toEqual([]);
  expect(admitted).toBeGreaterThan(INPUTS / 100);
});

const shouted = (mail: string) => mail.toUpperCase();

/** The verified address in claims. */
function wholeOf(
  claims: { readonly email?: unknown; readonly email_verified?: unknown } | null | undefined,
): string | undefined {
  const isVerified = claims?.email_verified === true || claims?.email_verified === 'true';
  return isVerified && typeof claims.email === 'string' ? claims.email.toLowerCase() : undefined;
}
