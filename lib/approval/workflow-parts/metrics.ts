import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../../../contract/names';

/** A count that the functions of a workflow write into their log. It costs nothing until something is counted. */
export function workflowMetric(
  workflowName: string,
  metricName: string,
  options: cloudwatch.MetricOptions = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
    ...options,
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { Workflow: workflowName },
  });
}
