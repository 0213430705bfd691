/**
 * The email address that an authorizer of the API vouches for. API Gateway hands over the claims of a token as texts, whatever they
 * were, and what a Lambda authorizer says as it says it. All of it is somebody else's until it has been read here.
 */
import { isAddress } from '../../contract/address';
import { VERIFIED_CLAIM, type AuthorizedAccess } from '../../contract/dashboard';
import type { Person } from '../../contract/policy';
import { mayLook } from './sign-in';

export type AuthorizedAddress =
  | { readonly kind: 'ADDRESS'; /** In lower case. */ readonly address: string }
  /** No authorizer said anything, or not what this dashboard asks for. */
  | { readonly kind: 'NONE' }
  | { readonly kind: 'UNVERIFIED' };

/** @param said `requestContext.authorizer` of the event, whatever that is */
export function authorizedAddress(said: unknown, { claim, mustBeVerified }: AuthorizedAccess): AuthorizedAddress {
  const claims = claimsIn(said);
  const address = ownField(claims, claim);
  if (typeof address !== 'string' || !isAddress(address)) {
    return { kind: 'NONE' };
  }
  const verified = ownField(claims, VERIFIED_CLAIM);
  if (mustBeVerified && verified !== true && verified !== 'true') {
    return { kind: 'UNVERIFIED' };
  }
  return { kind: 'ADDRESS', address: address.toLowerCase() };
}

/** Whoever has this very address among the declared: an id is too short to stand for it, as anybody may choose an address. */
export function viewerWith(people: readonly Person[], address: string): Person | undefined {
  return people.find((person) => person.mail.toLowerCase() === address && mayLook(person));
}

/** A JWT authorizer says `jwt.claims`, a Lambda authorizer `lambda`. No request has both. */
function claimsIn(said: unknown): unknown {
  const jwt = ownField(said, 'jwt');
  const lambda = ownField(said, 'lambda');
  return jwt !== undefined && lambda !== undefined ? undefined : (ownField(jwt, 'claims') ?? lambda);
}

function ownField(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
