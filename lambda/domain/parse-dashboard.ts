/** How people get to the dashboard, as the constructs wrote it. A field that is not known might have restricted it. */
import type { AuthorizedAccess, DashboardAccess, EmailedAccess } from '../../contract/dashboard';
import { flag, json, mustKnowAll, object, oneOf, optionalText, parsed, text, type Parsed } from './parsed';

const KINDS = ['SIGN_IN_BY_EMAIL', 'BEHIND_AUTHORIZER'] as const;
const EMAILED = { kind: true } as const;
const AUTHORIZED = { kind: true, claim: true, mustBeVerified: true, address: true, signOutUrl: true } as const;

export function parseDashboardAccess(written: string): Parsed<DashboardAccess> {
  return parsed('dashboard', () => {
    const fields = object(json(written), 'dashboard');
    if (oneOf(fields, 'kind', KINDS) === 'SIGN_IN_BY_EMAIL') {
      mustKnowAll<EmailedAccess>(fields, 'dashboard', EMAILED);
      return { kind: 'SIGN_IN_BY_EMAIL' };
    }
    mustKnowAll<AuthorizedAccess>(fields, 'dashboard', AUTHORIZED);
    const address = optionalText(fields, 'address');
    const signOutUrl = optionalText(fields, 'signOutUrl');
    return {
      kind: 'BEHIND_AUTHORIZER',
      claim: text(fields, 'claim'),
      mustBeVerified: flag(fields, 'mustBeVerified'),
      ...(address === undefined ? {} : { address }),
      ...(signOutUrl === undefined ? {} : { signOutUrl }),
    };
  });
}
