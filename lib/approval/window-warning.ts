import { Annotations, Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { longestClosedMinutes } from '../../contract/deployment-window';
import type { GatePlan } from './gate-plan';

/** A request may come just when the window closes, and wait for nothing. */
export function warnOfWindow(
  scope: IConstruct,
  { plan, stageName, actionName }: { readonly plan: GatePlan; readonly stageName: string; readonly actionName: string },
): void {
  const { window, timeout, rule } = plan;
  const bakeTime = rule.kind === 'MANUAL' ? undefined : rule.checks.bakeTime;
  if (window === undefined || timeout.isUnresolved() || bakeTime?.isUnresolved() === true) {
    return;
  }
  const closed = longestClosedMinutes(window._rule);
  const needed = closed + (bakeTime?.toMinutes() ?? 0);
  if (timeout.toMinutes() > needed) {
    return;
  }
  Annotations.of(scope).addWarningV2(
    'cdk-approval-gates:ApprovalGate.windowOpensTooSeldom',
    `gate '${actionName}' of stage '${stageName}' has a \`window\` that stays closed for up to ${Duration.minutes(closed).toHumanString()}` +
      `${bakeTime === undefined || bakeTime.toMinutes() === 0 ? '' : `, a \`bakeTime\` of ${bakeTime.toHumanString()},`} and a \`timeout\` of ` +
      `${timeout.toHumanString()}: a request may expire before the window opens. Raise \`timeout\`, or open the window more often`,
  );
}
