import type { Duration } from 'aws-cdk-lib';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { CheckOptions } from './check-options';
import type { HttpProbe } from './http-probe';

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
   * A JMESPath expression over the JSON body that has to give `true`, such as ``"status == 'UP' && queue.depth < `100`"``
   * (https://jmespath.org). At most 500 characters.
   *
   * A body that is no JSON fails the check. A body longer than 64 KiB, an expression that cannot be read, and a result that is neither
   * true nor false are errors of the check.
   *
   * @default - the body does not matter
   */
  readonly jsonCondition?: string;

  /**
   * How long one request may take.
   *
   * Between 1 and 20 seconds.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * How long the answer may take, from the request to the end of the body, to be healthy. A slow answer is asked for once more before it counts.
   *
   * At least 1 millisecond, at most `timeout`.
   *
   * @default - the time does not matter, as long as it is within `timeout`
   */
  readonly maxLatency?: Duration;

  /**
   * Headers whose values are secrets, at most 5. They are read when the check is measured, and stand in no template, log or record.
   *
   * The measuring role gets `secretsmanager:GetSecretValue` on each secret, and `kms:Decrypt` on its key where it has one of its own.
   * They are sent to `https:` addresses only, and along with redirects on the same host.
   *
   * @default - no secret headers
   */
  readonly secretHeaders?: HttpSecretHeader[];

  /**
   * Who asks: a probe in a network of yours reaches private addresses, too.
   *
   * The measuring role gets `lambda:InvokeFunction` on the probe.
   *
   * @default - the check function, which stands outside of any network of yours and reaches public addresses only
   */
  readonly probe?: HttpProbe;

  /**
   * Allow a plain `http:` address. Anybody on the way can then answer the check.
   *
   * @default false
   */
  readonly allowPlainHttp?: boolean;
}

/** A header whose value is a secret of Secrets Manager. */
export interface HttpSecretHeader {
  /** Name of the header, such as `Authorization`. */
  readonly name: string;

  /** The secret, in the account of the gate. Its Region may be another one. */
  readonly secret: secretsmanager.ISecret;

  /**
   * The field that holds the value, where the secret is a JSON object.
   *
   * @default - the whole secret is the value
   */
  readonly jsonField?: string;

  /**
   * What stands before the value, such as `Bearer ` with its space. It is readable in the template.
   *
   * @default - nothing
   */
  readonly prefix?: string;
}
