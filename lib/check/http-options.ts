import type { Duration } from 'aws-cdk-lib';
import type { CheckOptions } from './check-options';

/** Options of `Check.http`. */
export interface HttpCheckOptions extends CheckOptions {
  /**
   * Lowest status code that is healthy.
   *
   * @default 200
   */
  readonly minStatus?: number;

  /**
   * Highest status code that is healthy.
   *
   * @default 299
   */
  readonly maxStatus?: number;

  /**
   * Text that the first 64 KiB of the body must hold.
   *
   * @default - the body does not matter
   */
  readonly contains?: string;

  /**
   * How long one request may take.
   *
   * Between 1 and 20 seconds.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * Allow a plain `http:` address. Anybody on the way can then answer the check.
   *
   * @default false
   */
  readonly allowPlainHttp?: boolean;
}
