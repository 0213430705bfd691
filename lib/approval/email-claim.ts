import { VERIFIED_CLAIM } from '../../contract/dashboard';
import { GateError } from '../errors';
import { mustBeLiteral } from '../private/text';
import { mustBeText } from '../private/types';

/** Names of claims, and of fields in the context of a Lambda authorizer: `https://example.com/email` is one, too. */
const NAME = /^[\x21-\x7e]{1,128}$/;

/**
 * What says the email address of somebody whom an authorizer let in: a claim of their token, or a field in the context that a Lambda
 * authorizer answers with.
 */
export class EmailClaim {
  /** The claim `email`, which counts only if the claim `email_verified` is true. Cognito, Auth0, Google and most other providers have both in ID tokens. */
  public static verified(): EmailClaim {
    return new EmailClaim('email', true);
  }

  /**
   * A claim that counts as it is.
   *
   * Use it only where nobody but your organization can set the claim. Microsoft Entra ID has no `email_verified`; its `email` and
   * `preferred_username` may be set by whoever administers a tenant, so accept a single tenant: its own issuer, not `common`.
   *
   * @param name 1 to 128 printable ASCII characters, such as `preferred_username`
   */
  public static unverified(name: string): EmailClaim {
    return new EmailClaim(name, false);
  }

  /** @internal */
  public readonly _name: string;
  /** @internal */
  public readonly _mustBeVerified: boolean;

  private constructor(name: string, mustBeVerified: boolean) {
    mustBeText('name', name);
    mustBeLiteral('name', name, 'the name of the claim has to be known at synth');
    if (!NAME.test(name) || name === VERIFIED_CLAIM) {
      throw new GateError(
        'InvalidClaimName',
        `\`name\` is '${name}', but must be the name of the claim that holds the address, 1 to 128 printable ASCII characters: ` +
          "write 'preferred_username'",
      );
    }
    this._name = name;
    this._mustBeVerified = mustBeVerified;
  }
}
