/** How people get to the dashboard: written by the constructs, read by `review` and `decide`. */
export type DashboardAccess = EmailedAccess | AuthorizedAccess;

/** By a link that is emailed to them. */
export interface EmailedAccess {
  readonly kind: 'SIGN_IN_BY_EMAIL';
}

/** By whatever an authorizer of the API says about them. */
export interface AuthorizedAccess {
  readonly kind: 'BEHIND_AUTHORIZER';
  /** The claim of a token, or the field in the context of a Lambda authorizer, that holds the email address. */
  readonly claim: string;
  /** Whether the claim counts only if `email_verified` is true. */
  readonly mustBeVerified: boolean;
  /** Where people open the dashboard, if that is not the API's own address: `https://` and a host. */
  readonly address?: string;
  /** Where people sign out. */
  readonly signOutUrl?: string;
}

/** Whether the address of a claim is that of the person, by OpenID Connect Core 1.0, section 5.1. */
export const VERIFIED_CLAIM = 'email_verified';
