import type { CheckTiming } from './timing';

export interface AlarmCheckPlan extends CheckTiming {
  readonly kind: 'alarm';
  readonly alarmName: string;
  readonly region: string;
  /** What INSUFFICIENT_DATA means. */
  readonly missingData: 'INCONCLUSIVE' | 'HEALTHY';
  /** What an alarm means that was red when the gate began: fail at once, or ignore until it has been green once. */
  readonly alreadyRed: 'FAIL' | 'IGNORE_UNTIL_GREEN';
  /** Composite alarms are asked for explicitly: CloudWatch shows them only to callers that may see every alarm. */
  readonly composite?: boolean;
}
