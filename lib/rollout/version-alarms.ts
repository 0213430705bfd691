import { createHash } from 'node:crypto';
import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeDuration, shown } from '../private/types';
import { letAlarmsPublish } from '../private/alarm-topic';
import { runbook } from '../private/runbook';
import { moreErrors, versionComparison } from './version-comparison';
import type { VersionComparisonOptions } from './version-comparison';
import { versionMetric } from './version-metric';
import type { WatchedVersion } from './version-metric';

/** What the alarms of a new version watch for. */
export interface VersionAlarmOptions {
  /**
   * Errors within one minute that are too many.
   *
   * @default - 1; with `comparedWithOld`, the number of errors is not watched
   */
  readonly errors?: number;

  /**
   * Compare the share of calls that the new version fails with that of the old version, for a function that always fails some. `{}` for the
   * defaults. Together with `errors`, whichever alarm turns red first stops the shift.
   *
   * @default - the versions are not compared
   */
  readonly comparedWithOld?: VersionComparisonOptions;

  /**
   * Throttled calls within one minute that are too many.
   *
   * @default 1
   */
  readonly throttles?: number;

  /**
   * Duration that 99 of 100 calls within one minute have to stay below.
   *
   * Between 1 millisecond and 15 minutes.
   *
   * @default - the duration is not watched
   */
  readonly p99Duration?: Duration;

  /**
   * Calls of the new version within one minute, below which its duration is not judged: of fewer than 100 calls the 99th percentile is the
   * slowest, and the first calls of a version are cold starts.
   *
   * @default 1
   */
  readonly minCallsForP99?: number;
}

/** A description holds 1024 characters (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html). */
const LONGEST_NAME = 200;

const MORE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;

/** What the new version does when an alarm is red, and the section of the operations manual about that. */
interface Told {
  readonly what: string;
  readonly section: string;
}

const FAILS: Told = { what: 'fails', section: 'alarm-a-new-version-fails' };
const FAILS_MORE: Told = {
  what: 'fails a larger share of its calls than the old version',
  section: 'alarm-a-new-version-fails-more',
};
const IS_THROTTLED: Told = { what: 'is throttled', section: 'alarm-a-new-version-is-throttled' };
const IS_SLOW: Told = { what: 'is slow', section: 'alarm-a-new-version-is-slow' };

/**
 * Alarms that look at the new version alone, so that the old one cannot drown its errors. Every version gets alarms of its
 * own: an alarm that its predecessor turned red would stop the deployment of the fix.
 */
export function versionAlarms(
  scope: Construct,
  watched: WatchedVersion,
  options: VersionAlarmOptions,
): cloudwatch.Alarm[] {
  const { comparedWithOld, p99Duration } = options;
  const throttles = atLeastOne('throttles', options.throttles ?? 1);
  const alarms = [];
  if (options.errors !== undefined || comparedWithOld === undefined) {
    const errors = atLeastOne('errors', options.errors ?? 1);
    const metric = versionMetric(watched, 'Errors', cloudwatch.Stats.SUM);
    alarms.push(alarm(scope, 'Errors', watched, metric, errors, FAILS));
  }
  if (comparedWithOld !== undefined) {
    const comparison = versionComparison(comparedWithOld);
    const metric = moreErrors(watched, comparison);
    alarms.push(alarm(scope, 'MoreErrors', watched, metric, comparison.maxMore, FAILS_MORE, MORE));
  }
  const throttled = versionMetric(watched, 'Throttles', cloudwatch.Stats.SUM);
  alarms.push(alarm(scope, 'Throttles', watched, throttled, throttles, IS_THROTTLED));
  const minCalls = atLeastOne('minCallsForP99', options.minCallsForP99 ?? 1);
  if (p99Duration !== undefined) {
    const metric = durationOf(watched, minCalls);
    alarms.push(alarm(scope, 'P99Duration', watched, metric, millisecondsOf(p99Duration), IS_SLOW));
  } else if (options.minCallsForP99 !== undefined) {
    throw new GateError(
      'MinCallsWithoutP99',
      '`watch.minCallsForP99` is given, but the duration is not watched: give `p99Duration`, too, or leave it out',
    );
  }
  return alarms;
}

/** Lets a topic hear of these alarms. */
export function tell(topic: sns.ITopic, alarms: readonly cloudwatch.Alarm[]): void {
  alarms.forEach((one) => {
    letAlarmsPublish(topic, Stack.of(one).account);
    one.addAlarmAction(new SnsAction(topic));
  });
}

function durationOf(watched: WatchedVersion, minCalls: number): cloudwatch.IMetric {
  const duration = versionMetric(watched, 'Duration', cloudwatch.Stats.p(99));
  if (minCalls === 1) {
    return duration;
  }
  return new cloudwatch.MathExpression({
    expression: `IF(calls >= ${minCalls}, duration, 0)`,
    usingMetrics: { calls: versionMetric(watched, 'Invocations', cloudwatch.Stats.SUM), duration },
    period: Duration.minutes(1),
    label: 'p99 of enough calls',
  });
}

function alarm(
  scope: Construct,
  id: string,
  watched: WatchedVersion,
  metric: cloudwatch.IMetric,
  threshold: number,
  { what, section }: Told,
  comparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
): cloudwatch.Alarm {
  const made = new cloudwatch.Alarm(scope, id, {
    alarmDescription:
      `The new version of function ${nameOf(watched.handler)}, behind alias ${watched.aliasName}, ${what}. CodeDeploy stops the shift and goes back to the old version. ` +
      `Look at the log of the new version, then deploy the fix. ${runbook(section)}`,
    metric,
    threshold,
    comparisonOperator,
    evaluationPeriods: 1,
    // A version that nobody calls has no errors; after the shift, nothing is left to watch here.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  replaceWith(watched.version, made.node.defaultChild as cloudwatch.CfnAlarm);
  return made;
}

/** As people know it: its name, or else its place in the app, since the name that CloudFormation makes is known to nobody. */
function nameOf(handler: lambda.IFunction): string {
  const name = (handler.node.defaultChild as lambda.CfnFunction | undefined)?.functionName;
  const shown = name === undefined || Token.isUnresolved(name) ? handler.node.path : name;
  return shown.length > LONGEST_NAME ? `…${shown.slice(-LONGEST_NAME)}` : shown;
}

/** Gives the alarm the version's fate: a new version makes a new alarm, which starts without the old one's state. */
function replaceWith(version: lambda.IVersion, resource: cloudwatch.CfnAlarm): void {
  const stack = Stack.of(resource);
  const own = shortened(stack.resolve(resource.logicalId));
  const versionResource = version.node.defaultChild as lambda.CfnVersion;
  resource.overrideLogicalId(
    Lazy.uncachedString({
      produce: () => {
        const id: string = Stack.of(versionResource).resolve(versionResource.logicalId);
        return own + createHash('sha256').update(id).digest('hex').slice(0, 12);
      },
    }),
  );
}

/** Logical ids have 255 characters. The end of a long one tells it from its neighbours: the CDK hashes its path there. */
function shortened(logicalId: string): string {
  return logicalId.length > 240 ? logicalId.slice(0, 232) + logicalId.slice(-8) : logicalId;
}

function atLeastOne(prop: string, value: number): number {
  if (!Token.isUnresolved(value) && !(Number.isFinite(value) && value >= 1)) {
    throw new GateError('NumberOutOfRange', `\`watch.${prop}\` is ${shown(value)}, but has to be 1 or more`);
  }
  return value;
}

function millisecondsOf(duration: Duration): number {
  mustBeDuration('watch.p99Duration', duration);
  if (duration.isUnresolved()) {
    try {
      return duration.toMilliseconds();
    } catch {
      throw new GateError(
        'TokenDuration',
        '`watch.p99Duration` is known only at deployment: give it as `Duration.millis(…)`',
      );
    }
  }
  const milliseconds = duration.toMilliseconds();
  if (milliseconds < 1 || milliseconds > 900_000) {
    throw new GateError(
      'DurationOutOfRange',
      `\`watch.p99Duration\` is ${milliseconds} milliseconds, but has to be from 1 millisecond to 15 minutes`,
    );
  }
  return milliseconds;
}
