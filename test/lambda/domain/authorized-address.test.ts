import fc from 'fast-check';
import type { AuthorizedAccess } from '../../../contract/dashboard';
import { authorizedAddress, viewerWith } from '../../../lambda/domain/authorized-address';
import { ANA, at, BO, hours } from '../samples';

const ACCESS: AuthorizedAccess = { kind: 'BEHIND_AUTHORIZER', claim: 'email', mustBeVerified: true };
const CLAIMS = { email: 'ana@example.com', email_verified: 'true' };
const jwt = (claims: unknown) => ({ jwt: { claims, scopes: null } });
const lambda = (context: unknown) => ({ lambda: context });
const kindOf = (said: unknown, access = ACCESS) => authorizedAddress(said, access).kind;

describe('the address that an authorizer vouches for', () => {
  test.each([
    ['the claims of a token, which are texts', jwt(CLAIMS)],
    ['what a Lambda authorizer says', lambda({ email: 'ana@example.com', email_verified: true })],
    ['the same as texts', lambda(CLAIMS)],
    ['an address in capitals', jwt({ ...CLAIMS, email: 'Ana@EXAMPLE.com' })],
  ])('is read from %s', (_what, said) => {
    expect(authorizedAddress(said, ACCESS)).toEqual({ kind: 'ADDRESS', address: 'ana@example.com' });
  });

  test('is read from the claim that the workflow names, without a word on whether it is verified if that is not wanted', () => {
    const access = { ...ACCESS, claim: 'preferred_username', mustBeVerified: false };

    expect(authorizedAddress(jwt({ ...CLAIMS, preferred_username: 'bo@example.com' }), access)).toEqual({
      kind: 'ADDRESS',
      address: 'bo@example.com',
    });
    expect(kindOf(jwt(CLAIMS), access)).toBe('NONE');
  });

  test.each<[string, unknown]>([
    ['is missing', undefined],
    ['is false', 'false'],
    ['is false as Lambda says it', false],
    ['is another word', 'True'],
    ['is a number', 1],
    ['is a list', ['true']],
    ['is an object', { toString: () => 'true' }],
  ])('counts for nothing where `email_verified` %s', (_what, email_verified) => {
    expect(kindOf(jwt({ ...CLAIMS, email_verified }))).toBe('UNVERIFIED');
    expect(kindOf(lambda({ ...CLAIMS, email_verified }))).toBe('UNVERIFIED');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ana@example.com'],
    ['an empty list', []],
    ['no claims', jwt(undefined)],
    ['claims that are a list', jwt([CLAIMS])],
    ['a context that is null', lambda(null)],
    ['claims beside the place for them', { claims: CLAIMS }],
    ['both at once, which API Gateway never says', { ...jwt(CLAIMS), ...lambda(CLAIMS) }],
    ['claims that are inherited', jwt(Object.create(CLAIMS))],
    ['no address', jwt({ email_verified: 'true' })],
    ['several addresses', jwt({ ...CLAIMS, email: ['ana@example.com'] })],
    ['a list that API Gateway made a text of', jwt({ ...CLAIMS, email: '[ana@example.com bo@example.com]' })],
    ['an address with a name', jwt({ ...CLAIMS, email: 'Ana <ana@example.com>' })],
    ['an address between blanks', jwt({ ...CLAIMS, email: ' ana@example.com' })],
    ['an address that looks like another one', jwt({ ...CLAIMS, email: '\u212Aana@example.com' })],
    ['an address that is too long', jwt({ ...CLAIMS, email: `${'a'.repeat(300)}@example.com` })],
  ])('is none where the authorizer says %s', (_what, said) => {
    expect(kindOf(said)).toBe('NONE');
  });

  test('is never more than a claim that is a well-formed address and verified, whatever anybody says', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom('jwt', 'lambda'), (claims, place) => {
        const said = place === 'jwt' ? jwt(claims) : lambda(claims);
        const found = authorizedAddress(said, ACCESS);
        const fields = claims as Record<string, unknown> | null | undefined;
        const isWhole = typeof fields?.['email'] === 'string' && String(fields['email_verified']) === 'true';
        expect(found.kind === 'ADDRESS' && !isWhole).toBe(false);
      }),
    );
  });
});

describe('somebody with an address', () => {
  test('is the declared person of that address, and nobody else', () => {
    expect(viewerWith([ANA, BO], BO.mail)).toBe(BO);
    expect(viewerWith([ANA, BO], 'eve@example.com')).toBeUndefined();
    expect(viewerWith([ANA, BO], `x${BO.mail}`)).toBeUndefined();
  });

  test('is nobody who may look if they are a guest', () => {
    expect(viewerWith([{ ...ANA, until: at(hours(2)) }], ANA.mail)).toBeUndefined();
  });

  test('is told by the whole address, since an id may be hit by chance', () => {
    expect(viewerWith([{ ...ANA, mail: 'someone@example.com' }], ANA.mail)).toBeUndefined();
  });
});
