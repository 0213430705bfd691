import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { placeOfAlarm } from '../private/alarm-place';
import { mustBeOneOf, mustHave } from '../private/types';
import { AlarmRef } from './alarm-ref';
import type { IWatchedAlarm } from './alarm-ref';
import type { CheckBinding, Place } from './check-binding';
import { nameInStack } from './construct-name';
import type { AlarmCheckOptions } from './alarm-options';
import { AlreadyRed, MissingData } from './alarm-options';
import { reachableAlarm } from './other-stage';
import { timingOf } from './timing';

/** Validates at once; place and permissions follow when the gate's stack is known. */
export function bindAlarm(watched: IWatchedAlarm, options: AlarmCheckOptions): (scope: Construct) => CheckBinding {
  mustHave('Check.alarm', watched, ['alarmName', 'alarmArn'], 'give an alarm, or name one by `AlarmRef.named`');
  const { missingData = MissingData.INCONCLUSIVE, alreadyRed = AlreadyRed.FAIL } = options;
  mustBeOneOf('Check.alarm missingData', missingData, Object.values(MissingData), 'take it from `MissingData`');
  mustBeOneOf('Check.alarm alreadyRed', alreadyRed, Object.values(AlreadyRed), 'take it from `AlreadyRed`');
  const timing = timingOf('Check.alarm', options, titleFor(watched));
  return (scope) => {
    const stack = Stack.of(scope);
    const alarm = reachableAlarm(watched, scope);
    const name = alarm.alarmName;
    const composite = isComposite(alarm);
    const place = placeOf(alarm);
    return {
      draft: {
        ...timing,
        kind: 'alarm',
        alarmName: name,
        region: place.region ?? stack.region,
        missingData,
        alreadyRed,
        ...(composite ? { composite } : {}),
      },
      statements: statementsFor(alarm.alarmArn, composite ? '*' : everyAlarmOf(stack, place)),
      place,
    };
  };
}

/**
 * AWS does not say whether a description of named alarms is judged by their names, and a wrong guess would fail every such
 * check. So all alarms of that account and Region may be described; a history may be read of this one.
 */
function statementsFor(alarmArn: string, describable: string): iam.PolicyStatement[] {
  const allow = (action: string, resource: string) =>
    new iam.PolicyStatement({ actions: [`cloudwatch:${action}`], resources: [resource] });
  // "You can't return information about composite alarms if your permission has a narrower scope" (API reference of both).
  const readable = describable === '*' ? '*' : alarmArn;
  return [allow('DescribeAlarms', describable), allow('DescribeAlarmHistory', readable)];
}

function everyAlarmOf(stack: Stack, { account, region }: Place): string {
  return stack.formatArn({
    service: 'cloudwatch',
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function titleFor(alarm: IWatchedAlarm): string {
  if (!Token.isUnresolved(alarm.alarmName)) {
    return `alarm ${alarm.alarmName}`.slice(0, 80);
  }
  // The generated name is known only at deployment and long; people know the construct.
  return Construct.isConstruct(alarm) ? `alarm ${nameInStack(alarm)}` : 'alarm';
}

function isComposite(alarm: IWatchedAlarm): boolean {
  return alarm instanceof AlarmRef ? alarm.composite : alarm instanceof cloudwatch.CompositeAlarm;
}

/** Where the alarm is, as far as synth can know; undefined = where the gate is. */
function placeOf(alarm: IWatchedAlarm): Place {
  if (alarm instanceof AlarmRef) {
    return { account: alarm.account, region: alarm.region };
  }
  return placeOfAlarm(alarm);
}
