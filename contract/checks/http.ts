import type { CheckTiming } from './timing';

export interface HttpCheckPlan extends CheckTiming {
  readonly kind: 'http';
  readonly url: string;
  readonly minStatus: number;
  readonly maxStatus: number;
  /** Text the body must hold. */
  readonly contains?: string;
  readonly timeoutSeconds: number;
  /** Plain http was allowed explicitly. */
  readonly insecure?: boolean;
}
