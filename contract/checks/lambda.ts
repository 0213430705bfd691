import type { CheckTiming } from './timing';

export interface LambdaCheckPlan extends CheckTiming {
  readonly kind: 'lambda';
  /** ARN or qualified ARN. */
  readonly functionArn: string;
  /** Handed to the function as `details`. */
  readonly details?: string;
}
