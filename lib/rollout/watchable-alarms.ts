import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { placeOfAlarm } from '../private/alarm-place';
import type { WatchedAlarm } from './watch-alarms';

/** Refuses alarms that a rollout in the stack of `scope` cannot watch. */
export function mustBeWatchable(scope: Construct, alarms: readonly cloudwatch.IAlarm[]): void {
  if (new Set(alarms.map(({ alarmName }) => alarmName)).size < alarms.length) {
    throw new GateError('SameAlarmTwice', '`alarms` names the same alarm twice: remove one');
  }
  alarms.forEach((alarm) => mustBeBeside(scope, alarm));
}

/** A deployment knows its alarms by name alone: one of the same name is watched in place of this one, or none. */
export function mustBeBeside(scope: Construct, alarm: WatchedAlarm): void {
  const { alarmArn, alarmName } = alarm.alarmRef;
  const { account, region } = placeOfAlarm({ alarmArn, env: alarm.env });
  const ours = Stack.of(scope);
  if (differs(account, ours.account) || differs(region, ours.region)) {
    const name = Token.isUnresolved(alarmName) ? alarm.node.path : alarmName;
    throw new GateError(
      'AlarmElsewhere',
      `\`alarms\` has alarm '${name}' of ${shown(account, region)}, but the deployment looks alarms up by their names in its own place, ` +
        `${shown(ours.account, ours.region)}: make the alarm there, or watch this one in a health gate after the deployment`,
    );
  }
}

function differs(theirs: string | undefined, ours: string): boolean {
  return theirs !== undefined && !Token.isUnresolved(ours) && theirs !== ours;
}

function shown(account: string | undefined, region: string | undefined): string {
  const part = (value: string | undefined) =>
    value === undefined || Token.isUnresolved(value) ? '(not given)' : value;
  return `account ${part(account)}, Region ${part(region)}`;
}
