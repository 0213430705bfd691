import type { CheckOptions } from './check-options';

/** Options of `Check.lambda`. */
export interface LambdaCheckOptions extends CheckOptions {
  /**
   * Handed to the function as `details`, at most 1,000 characters.
   *
   * @default - nothing
   */
  readonly details?: string;
}
