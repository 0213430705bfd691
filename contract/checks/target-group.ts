import type { CheckTiming } from './timing';

export interface TargetGroupCheckPlan extends CheckTiming {
  readonly kind: 'targetGroup';
  readonly targetGroupArn: string;
  /** So many targets have to be healthy, and so many per cent of those that are registered and not about to leave. */
  readonly minHealthy: number;
  readonly minHealthyPercent: number;
}
