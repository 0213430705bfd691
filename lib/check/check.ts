import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IWatchedAlarm } from './alarm-ref';
import { bindAlarm } from './alarm-check';
import type { CheckBinding } from './check-binding';
import type { CheckOptions } from './check-options';
import { bindHttp } from './http-check';
import { bindLambda } from './lambda-check';

/** What an alarm without enough data means. */
export enum MissingData {
  /** The check cannot tell, so the gate does not open by itself. */
  INCONCLUSIVE = 'INCONCLUSIVE',
  /** Silence is good: for alarms on errors of rarely called services. */
  HEALTHY = 'HEALTHY',
}

/** What an alarm means that was red already when the gate began. */
export enum AlreadyRed {
  /** The check fails at once. */
  FAIL = 'FAIL',
  /**
   * The check waits until the alarm has been green once, then counts every red: lets the fix for a red alarm pass.
   * An alarm that never turns green leaves the check unable to tell.
   */
  IGNORE_UNTIL_GREEN = 'IGNORE_UNTIL_GREEN',
}

/** Options of `Check.alarm`. */
export interface AlarmCheckOptions extends CheckOptions {
  /**
   * What INSUFFICIENT_DATA means.
   *
   * @default MissingData.INCONCLUSIVE
   */
  readonly missingData?: MissingData;

  /**
   * What an alarm means that was red already when the gate began.
   *
   * @default AlreadyRed.FAIL
   */
  readonly alreadyRed?: AlreadyRed;
}

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

/** Options of `Check.lambda`. */
export interface LambdaCheckOptions extends CheckOptions {
  /**
   * Handed to the function as `details`, at most 1,000 characters.
   *
   * @default - nothing
   */
  readonly details?: string;
}

/**
 * Something that a machine can look at to tell whether a version is healthy.
 *
 * A measurement that is missing, late, broken or not clearly healthy never opens a gate.
 */
export abstract class Check {
  /**
   * A CloudWatch alarm, metric or composite. Its history since the gate began counts, so a red minute between two looks is seen.
   *
   * The measuring role gets `cloudwatch:DescribeAlarmHistory` on this alarm, and `cloudwatch:DescribeAlarms` on the alarms of its
   * account and Region. For composite alarms CloudWatch demands both on `*`.
   *
   * Alarms of other Regions work. Alarms of other accounts are refused at synth.
   */
  public static alarm(alarm: IWatchedAlarm, options: AlarmCheckOptions = {}): Check {
    return new BoundCheck(bindAlarm(alarm, options));
  }

  /**
   * A public HTTPS address that answers GET with a healthy status.
   *
   * Redirects are followed on the same host only. Private, loopback and link-local addresses are refused when the check runs:
   * the check function stands outside of any network of yours. Look at private services with `Check.lambda`.
   */
  public static http(url: string, options: HttpCheckOptions = {}): Check {
    return new BoundCheck(bindHttp(url, options));
  }

  /**
   * A function of yours. It is invoked synchronously with `{ kind: 'approval-gate-check', requestId, checkId, since, now, details }`
   * and answers `{ hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS', callBackDelay?, reason? }`, as an ECS deployment hook does.
   *
   * Any other answer is an error of the check, never a pass. The function has 60 seconds.
   * The measuring role gets `lambda:InvokeFunction` on this function, alias or version.
   */
  public static lambda(handler: lambda.IFunction, options: LambdaCheckOptions = {}): Check {
    return new BoundCheck(bindLambda(handler, options));
  }

  /**
   * Turns the check into its plan and the permissions it needs.
   *
   * @internal
   */
  public abstract _bind(scope: Construct): CheckBinding;
}

class BoundCheck extends Check {
  constructor(private readonly binder: (scope: Construct) => CheckBinding) {
    super();
  }

  public _bind(scope: Construct): CheckBinding {
    return this.binder(scope);
  }
}
