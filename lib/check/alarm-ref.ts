import { Aws, Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';
import { mustBePlace } from './place-of';

/**
 * An alarm that a check can watch.
 *
 * `cloudwatch.IAlarm` satisfies it (metric and composite alarms alike); `AlarmRef.named` makes one from a name.
 */
export interface IWatchedAlarm {
  /** Name of the alarm. */
  readonly alarmName: string;

  /** ARN of the alarm. */
  readonly alarmArn: string;
}

/** Where a named alarm is. */
export interface AlarmRefOptions {
  /**
   * Account of the alarm. In another account than the gate's, a `CheckReader` has to be deployed.
   *
   * @default - the account of the gate
   */
  readonly account?: string;

  /**
   * Region of the alarm.
   *
   * @default - the Region of the gate
   */
  readonly region?: string;

  /**
   * It is a composite alarm.
   *
   * CloudWatch shows composite alarms only to callers that may see all alarms of the account, so the reading role gets
   * `cloudwatch:DescribeAlarms` and `cloudwatch:DescribeAlarmHistory` on `*`.
   *
   * @default false
   */
  readonly composite?: boolean;
}

/** An alarm by its name, for alarms that another stack, app or team owns. Makes no resource and no reference. */
export class AlarmRef implements IWatchedAlarm {
  /**
   * The alarm of this name.
   *
   * @param name the alarm's name, 1 to 255 characters
   */
  public static named(name: string, options: AlarmRefOptions = {}): AlarmRef {
    return new AlarmRef(name, options);
  }

  public readonly alarmName: string;
  public readonly alarmArn: string;

  /** Account of the alarm, when it was given. */
  public readonly account?: string;

  /** Region of the alarm, when it was given. */
  public readonly region?: string;

  /** Whether it is a composite alarm. */
  public readonly composite: boolean;

  private constructor(name: string, options: AlarmRefOptions) {
    mustBeText('AlarmRef.named name', name);
    if (!Token.isUnresolved(name) && (name.trim() === '' || name.length > 255 || /[\p{Cc}]/u.test(name))) {
      throw new GateError(
        'BadAlarmName',
        `\`AlarmRef.named name\` is ${JSON.stringify(name)}, but has to be 1 to 255 characters without control characters`,
      );
    }
    if (!Token.isUnresolved(name) && /[*?]/.test(name)) {
      // In an IAM resource both are wildcards: the role would read more than this alarm.
      throw new GateError(
        'BadAlarmName',
        `\`AlarmRef.named name\` is '${name}', but must hold neither \`*\` nor \`?\``,
      );
    }
    mustBePlace('AlarmRef.named', options);
    this.alarmName = name;
    this.account = options.account;
    this.region = options.region;
    this.composite = options.composite ?? false;
    const region = options.region ?? Aws.REGION;
    const account = options.account ?? Aws.ACCOUNT_ID;
    this.alarmArn = `arn:${Aws.PARTITION}:cloudwatch:${region}:${account}:alarm:${name}`;
  }
}
