/** What the properties of a workflow may be. */
import { mustBeTimeZone } from '../private/time-zone';
import { mustBeMadeBy } from '../private/types';
import { checkConsoleWorkflow, mustBeAnswers } from './console-rules';
import { Dashboard } from './dashboard';
import { mustBeDigestTime } from './digest-time';
import { Mail } from './mail';
import { mustBeReviewDomain } from './review-domain';
import { checkFunctionOptions } from './workflow-parts/function-options';
import type { ApprovalWorkflowProps } from './workflow-props';

export function checkWorkflow(props: ApprovalWorkflowProps): void {
  const { mail, dashboard, answers, functionOptions = {}, timeZone, digestEvery, reviewDomain } = props;
  checkFunctionOptions(functionOptions);
  mustBeTimeZone(timeZone);
  mustBeDigestTime(digestEvery);
  if (reviewDomain !== undefined) {
    mustBeReviewDomain(reviewDomain);
  }
  const mails = ['Mail.sns', 'Mail.ses'] as const;
  mustBeMadeBy('mail', mail, Mail, mails, "write Mail.sns(), or Mail.ses({ from: 'releases@example.com' })");
  const dashboards = ['Dashboard.signInByEmail', 'Dashboard.behindAuthorizer', 'Dashboard.none'] as const;
  mustBeMadeBy('dashboard', dashboard, Dashboard, dashboards, 'write Dashboard.none() where there should be none');
  mustBeAnswers(answers);
  if (answers?._way === 'IN_CONSOLE') {
    checkConsoleWorkflow(props);
  }
}
