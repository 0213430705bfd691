import { parseDashboardAccess } from '../../../lambda/domain/parse-dashboard';

const AUTHORIZED = { kind: 'BEHIND_AUTHORIZER', claim: 'email', mustBeVerified: true };

test.each([
  [{ kind: 'SIGN_IN_BY_EMAIL' }],
  [AUTHORIZED],
  [{ ...AUTHORIZED, address: 'https://approvals.example.com', signOutUrl: 'https://login.example.com/logout' }],
])('what the constructs write is read: %j', (access) => {
  expect(parseDashboardAccess(JSON.stringify(access))).toEqual({ ok: true, value: access });
});

test.each<[string, string]>([
  ['no JSON', 'yes'],
  ['a list', '[]'],
  ['a way that is not known', '{"kind":"OPEN"}'],
  ['a field that may restrict', JSON.stringify({ ...AUTHORIZED, onlyFrom: 'office' })],
  ['a restriction of sign-in by email', '{"kind":"SIGN_IN_BY_EMAIL","mustBeVerified":true}'],
  ['no claim', JSON.stringify({ ...AUTHORIZED, claim: undefined })],
  ['nothing about verification', JSON.stringify({ ...AUTHORIZED, mustBeVerified: undefined })],
  ['a text in the place of true', JSON.stringify({ ...AUTHORIZED, mustBeVerified: 'true' })],
])('%s is refused', (_what, written) => {
  expect(parseDashboardAccess(written)).toMatchObject({ ok: false });
});
