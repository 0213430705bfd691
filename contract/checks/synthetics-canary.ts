import type { CheckTiming } from './timing';

export interface SyntheticsCanaryCheckPlan extends CheckTiming {
  readonly kind: 'syntheticsCanary';
  readonly canary: string;
  readonly region: string;
  /** In seconds: a canary whose newest run began longer ago is overdue. */
  readonly maxRunAge: number;
}
