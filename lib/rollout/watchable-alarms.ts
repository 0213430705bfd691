import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { placeOfAlarm } from '../private/alarm-place';
import { mustBeList, shown } from '../private/types';
import type { WatchedAlarm } from './watch-alarms';

/** Refuses alarms that a rollout in the stack of `scope` cannot watch. */
export function mustBeWatchable(scope: Construct, alarms: readonly cloudwatch.IAlarm[]): void {
  mustBeList('alarms', alarms, '[alarm]');
  alarms.forEach((alarm) => mustBeBeside(scope, alarm));
  if (new Set(alarms.map(({ alarmName }) => alarmName)).size < alarms.length) {
    throw new GateError('SameAlarmTwice', '`alarms` names the same alarm twice: remove one');
  }
}

/** A deployment knows its alarms by name alone: one of the same name is watched in place of this one, or none. */
export function mustBeBeside(scope: Construct, alarm: WatchedAlarm): void {
  mustBeAlarm(alarm);
  const { alarmArn, alarmName } = alarm.alarmRef;
  const { account, region } = placeOfAlarm({ alarmArn, env: alarm.env });
  const ours = Stack.of(scope);
  if (differs(account, ours.account) || differs(region, ours.region)) {
    const name = Token.isUnresolved(alarmName) ? alarm.node.path : alarmName;
    throw new GateError(
      'AlarmElsewhere',
      `\`alarms\` has alarm '${name}' of ${placed(account, region)}, but the deployment looks alarms up by their names in its own place, ` +
        `${placed(ours.account, ours.region)}: make the alarm there, or watch this one in a health gate after the deployment`,
    );
  }
}

/** Callers without a type checker may pass the name of an alarm, which checks and conditions take. */
function mustBeAlarm(alarm: Partial<cloudwatch.IAlarm & WatchedAlarm> | undefined): void {
  if (typeof alarm?.alarmRef !== 'object') {
    const given = typeof alarm?.alarmName === 'string' ? `'${alarm.alarmName}'` : shown(alarm);
    throw new GateError(
      'WrongType',
      `\`alarms\` has ${given}, but has to have alarms: one that is made elsewhere is \`Alarm.fromAlarmName\` of \`aws-cloudwatch\``,
    );
  }
}

function differs(theirs: string | undefined, ours: string): boolean {
  return theirs !== undefined && !Token.isUnresolved(ours) && theirs !== ours;
}

function placed(account: string | undefined, region: string | undefined): string {
  const part = (value: string | undefined) =>
    value === undefined || Token.isUnresolved(value) ? '(not given)' : value;
  return `account ${part(account)}, Region ${part(region)}`;
}
