import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

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
