import { GateError } from '../errors';
import type { Approver } from './approver';

/** These approvers and whoever may stand in for them, each once. Nobody stands in for a delegate. */
export function withDelegates(approvers: readonly Approver[]): Approver[] {
  const asked = new Map(approvers.map((approver) => [approver.approverId, approver]));
  for (const delegate of approvers.flatMap(({ delegates }) => delegates)) {
    if (!asked.has(delegate.approverId)) {
      asked.set(delegate.approverId, delegate);
    }
  }
  return [...asked.values()];
}

/** An absence is said at the dashboard, and signed by whoever signed in there: without that nobody could ever hand an answer over. */
export function mustHaveNoDelegates({ mail, delegates }: Approver, workflowName: string): void {
  if (delegates.length > 0) {
    throw new GateError(
      'DashboardNeeded',
      `\`delegates\` of '${mail}' are given, but workflow '${workflowName}' has no dashboard by \`Dashboard.signInByEmail\`, where an absence is ` +
        'said and signed: choose it, or remove them',
    );
  }
}
