import type { CheckTiming } from './timing';

export interface SyntheticsCanaryCheckPlan extends CheckTiming {
  readonly kind: 'syntheticsCanary';
  readonly canary: string;
  readonly region: string;
  /** In seconds: the newest run that is over may have begun so long ago. */
  readonly maxRunAge: number;
}
