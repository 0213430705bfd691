import { ArnFormat, Duration, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AlarmRef } from '../check';
import type { IWatchedAlarm } from '../check';
import { acknowledgeWildcard } from '../private/acknowledge';
import { placeOfAlarm } from '../private/alarm-place';
import { minutesOf, mustBeWithin } from '../private/minutes';
import { mustHave } from '../private/types';
import { mustBeBeside, mustBeInReach, type Subject } from './place';
import { StageRule, type Moment, type StageRuleOptions } from './stage-rule';

/** No document says how long a rule may wait. Its time-out, which templates cannot set, ends here (API reference, RuleDeclaration). */
const LONGEST = Duration.minutes(86_400);

interface AlarmRule {
  readonly method: string;
  readonly label: string;
  readonly moment: Moment;
  readonly waitTime?: { readonly prop: string; readonly value?: Duration };
  /** Where they are not said, OK passes, as in the examples of AWS. */
  readonly states?: string;
}

export function alarmRule(watched: IWatchedAlarm, rule: AlarmRule, { ruleName }: StageRuleOptions): StageRule {
  const { method, label, moment, states, waitTime } = rule;
  mustHave(method, watched, ['alarmName', 'alarmArn'], 'give an alarm, or name one by `AlarmRef.named`');
  const wait = waitTime?.value;
  if (waitTime !== undefined && wait !== undefined) {
    mustBeWithin(wait, { prop: `${method} ${waitTime.prop}`, min: Duration.minutes(1), max: LONGEST });
  }
  return StageRule._of({
    method,
    provider: 'CloudWatchAlarm',
    label: [label, nameOf(watched) ?? []].flat().join('-'),
    ruleName,
    moments: [moment],
    bind: (pipeline) => {
      mustBeWatchable(method, watched, pipeline);
      mayDescribe(pipeline, watched);
      return {
        AlarmName: watched.alarmName,
        ...(states === undefined ? {} : { AlarmStates: states }),
        ...(wait === undefined ? {} : { WaitTime: Tokenization.stringifyNumber(minutesOf(wait)) }),
      };
    },
  });
}

/** Undefined where only the deployment knows: the text of a token is another one with each change of the app. */
function nameOf(alarm: IWatchedAlarm): string | undefined {
  if (!Token.isUnresolved(alarm.alarmName)) {
    return alarm.alarmName;
  }
  return Construct.isConstruct(alarm) ? alarm.node.id : undefined;
}

function mustBeWatchable(method: string, alarm: IWatchedAlarm, pipeline: codepipeline.Pipeline): void {
  const name = nameOf(alarm);
  const subject: Subject = {
    method,
    what: name === undefined ? 'an alarm' : `alarm '${name}'`,
    ...placeOf(alarm),
    fix: 'watch it by a gate with `Check.alarm`',
  };
  mustBeBeside(pipeline, subject);
  mustBeInReach(pipeline, alarm, { ...subject, fix: 'name it by `AlarmRef.named`' });
}

/** Where the alarm is, as far as synth knows. */
function placeOf(alarm: IWatchedAlarm): { readonly account?: string; readonly region?: string } {
  if (alarm instanceof AlarmRef) {
    return { account: alarm.account, region: alarm.region };
  }
  return placeOfAlarm(alarm);
}

/**
 * AWS does not say whether a description of named alarms is judged by their names, and a wrong guess would fail every such rule. So
 * all alarms of the pipeline's account and Region may be described; composite ones are shown only to whoever may see all.
 */
function mayDescribe(pipeline: codepipeline.Pipeline, alarm: IWatchedAlarm): void {
  const composite = alarm instanceof AlarmRef ? alarm.composite : alarm instanceof cloudwatch.CompositeAlarm;
  const resource = composite
    ? '*'
    : Stack.of(pipeline).formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: '*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
  pipeline.role.addToPrincipalPolicy(
    new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [resource] }),
  );
  acknowledgeWildcard(
    pipeline.role,
    resource,
    'AWS does not say whether a description of named alarms is judged by their names',
  );
}
