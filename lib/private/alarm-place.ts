import { Arn, ArnFormat, Token, type ResourceEnvironment } from 'aws-cdk-lib';

/** What an alarm is found by: its ARN, and for constructs the place of their stack. */
export interface PlacedAlarm {
  readonly alarmArn: string;
  readonly env?: ResourceEnvironment;
}

/** Where an alarm is, as far as synth can know. */
export interface AlarmPlace {
  readonly account?: string;
  readonly region?: string;
}

/** The ARN comes first: what `Alarm.fromAlarmArn` answers says that it is where its stack is, wherever the alarm is. */
export function placeOfAlarm({ alarmArn, env }: PlacedAlarm): AlarmPlace {
  if (!Token.isUnresolved(alarmArn)) {
    const { account, region } = Arn.split(alarmArn, ArnFormat.COLON_RESOURCE_NAME);
    return { account, region };
  }
  return env === undefined ? {} : { account: known(env.account), region: known(env.region) };
}

function known(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
