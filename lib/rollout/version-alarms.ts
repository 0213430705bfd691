import { createHash } from 'node:crypto';
import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { GateError } from '../errors';

/** What the alarms of a new version watch for. */
export interface VersionAlarmOptions {
  /**
   * Errors within one minute that are too many.
   *
   * @default 1
   */
  readonly errors?: number;

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
}

/** A version behind an alias, as Lambda's metrics name it. */
export interface WatchedVersion {
  readonly handler: lambda.IFunction;
  readonly aliasName: string;
  readonly version: lambda.IVersion;
}

/** A metric of this version alone, as the alias serves it. */
export function versionMetric(
  { handler, aliasName, version }: WatchedVersion,
  metricName: string,
  statistic: string,
  options: cloudwatch.MetricOptions = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    statistic,
    period: Duration.minutes(1),
    ...options,
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: {
      FunctionName: handler.functionName,
      Resource: `${handler.functionName}:${aliasName}`,
      ExecutedVersion: version.version,
    },
  });
}

/**
 * Alarms that look at the new version alone, so that the old one cannot drown its errors. Every version gets alarms of its
 * own: an alarm that its predecessor turned red would stop the deployment of the fix.
 */
export function versionAlarms(
  scope: Construct,
  watched: WatchedVersion,
  options: VersionAlarmOptions,
): cloudwatch.Alarm[] {
  const errors = atLeastOne('errors', options.errors ?? 1);
  const throttles = atLeastOne('throttles', options.throttles ?? 1);
  const alarms = [
    alarm(scope, 'Errors', watched, versionMetric(watched, 'Errors', cloudwatch.Stats.SUM), errors, 'fails'),
    alarm(
      scope,
      'Throttles',
      watched,
      versionMetric(watched, 'Throttles', cloudwatch.Stats.SUM),
      throttles,
      'is throttled',
    ),
  ];
  if (options.p99Duration !== undefined) {
    const metric = versionMetric(watched, 'Duration', cloudwatch.Stats.p(99));
    alarms.push(alarm(scope, 'P99Duration', watched, metric, millisecondsOf(options.p99Duration), 'is slow'));
  }
  return alarms;
}

function alarm(
  scope: Construct,
  id: string,
  watched: WatchedVersion,
  metric: cloudwatch.Metric,
  threshold: number,
  what: string,
): cloudwatch.Alarm {
  const made = new cloudwatch.Alarm(scope, id, {
    alarmDescription:
      `The new version behind alias ${watched.aliasName} ${what}. CodeDeploy stops the shift and goes back to the old version. ` +
      'Look at the log of the new version, then deploy the fix.',
    metric,
    threshold,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    // A version that nobody calls has no errors; after the shift, nothing is left to watch here.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  replaceWith(watched.version, made.node.defaultChild as cloudwatch.CfnAlarm);
  return made;
}

/** Gives the alarm the version's fate: a new version makes a new alarm, which starts without the old one's state. */
function replaceWith(version: lambda.IVersion, resource: cloudwatch.CfnAlarm): void {
  const stack = Stack.of(resource);
  const own: string = stack.resolve(resource.logicalId);
  const versionResource = version.node.defaultChild as lambda.CfnVersion;
  resource.overrideLogicalId(
    Lazy.uncachedString({
      produce: () => {
        const id: string = Stack.of(versionResource).resolve(versionResource.logicalId);
        return own.slice(0, 240) + createHash('sha256').update(id).digest('hex').slice(0, 12);
      },
    }),
  );
}

function atLeastOne(prop: string, value: number): number {
  if (!Token.isUnresolved(value) && !(Number.isFinite(value) && value >= 1)) {
    throw new GateError('NumberOutOfRange', `\`watch.${prop}\` is ${value}, but has to be 1 or more`);
  }
  return value;
}

function millisecondsOf(duration: Duration): number {
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
