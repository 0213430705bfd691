/** What callers without a type checker may give a workflow: the name of a choice, or the factory in place of what it makes. */
import { GateError } from '../errors';
import { shown } from '../private/types';
import { Dashboard } from './dashboard';
import { Mail } from './mail';

export function mustBeMail(mail: unknown): void {
  if (mail !== undefined && !(mail instanceof Mail)) {
    throw new GateError(
      'WrongType',
      `\`mail\` is ${shown(mail)}, but has to be made by \`Mail.sns\` or \`Mail.ses\`: write Mail.sns(), or Mail.ses({ from: 'releases@example.com' })`,
    );
  }
}

export function mustBeDashboard(dashboard: unknown): void {
  if (dashboard !== undefined && !(dashboard instanceof Dashboard)) {
    throw new GateError(
      'WrongType',
      `\`dashboard\` is ${shown(dashboard)}, but has to be made by \`Dashboard.signInByEmail\`, \`Dashboard.behindAuthorizer\` or \`Dashboard.none\`: write ` +
        'Dashboard.none() where there should be none',
    );
  }
}
