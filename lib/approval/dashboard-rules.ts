import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeList, mustBeText, shown } from '../private/types';
import type { Approver } from './approver';
import { EmailClaim } from './email-claim';
import { mustBeApprover } from './quorum-rules';

/** Without https only on this machine, for a rehearsal behind a proxy. */
const ADDRESS =
  /^(http:\/\/(localhost|127\.0\.0\.1):\d{1,5}|https:\/\/([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?)$/;

export function mustBeViewers(viewers: Approver[] | undefined = []): readonly Approver[] {
  mustBeList('viewers', viewers, "[Approver.person('dev@example.com')]");
  viewers.forEach((viewer) => mustBeApprover('`viewers`', viewer));
  return [...viewers];
}

/** Callers without a type checker may pass nothing, or the issuer alone. */
export function mustBeAuthorizer(authorizer: unknown): void {
  const bind =
    typeof authorizer === 'object' && authorizer !== null && 'bind' in authorizer ? authorizer.bind : undefined;
  if (typeof bind !== 'function') {
    throw new GateError(
      'WrongType',
      `\`authorizer\` is ${shown(authorizer)}, but has to be an authorizer of HTTP APIs: give a HttpUserPoolAuthorizer, a HttpJwtAuthorizer or a ` +
        'HttpLambdaAuthorizer of aws-cdk-lib/aws-apigatewayv2-authorizers',
    );
  }
}

/** A token is known to CloudFormation alone. */
export function mustBeDashboardAddress(address: string | undefined): void {
  if (address === undefined) {
    return;
  }
  mustBeText('address', address);
  if (!Token.isUnresolved(address) && !ADDRESS.test(address)) {
    throw new GateError(
      'InvalidAddress',
      `\`address\` is '${address}', but must be 'https://' and the name of a host in lower case, without a path: write 'https://approvals.example.com'`,
    );
  }
}

export function mustBeSignOutUrl(url: string | undefined): void {
  if (url === undefined) {
    return;
  }
  mustBeText('signOutUrl', url);
  if (!Token.isUnresolved(url) && !(url.length <= 2_000 && url.startsWith('https://') && URL.canParse(url))) {
    throw new GateError(
      'InvalidUrl',
      `\`signOutUrl\` is '${url}', but must be an address that begins with 'https://', of at most 2,000 characters: write 'https://login.example.com/logout'`,
    );
  }
}

export function mustBeEmailClaim(claim: unknown): void {
  if (!(claim instanceof EmailClaim)) {
    throw new GateError(
      'WrongType',
      `\`emailClaim\` is ${shown(claim)}, but has to be made by \`EmailClaim.verified\` or \`EmailClaim.unverified\`: use one of them`,
    );
  }
}
