import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Metric, METRIC_NAMESPACE } from '../../../contract/names';

export interface AlarmsProps {
  readonly workflowName: string;
  readonly deadLetterQueue: sqs.IQueue;
  readonly stateMachineArn: string;
  readonly topic?: sns.ITopic;
}

/** Three alarms, each for something that never happens while all is well. */
export class Alarms extends Construct {
  public readonly all: cloudwatch.Alarm[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    this.all = [this.deadLetters(), this.failedRuns(), this.tampering()];
  }

  private deadLetters(): cloudwatch.Alarm {
    return this.alarm(
      'DeadLetters',
      'dead-letters',
      this.props.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      'A message could not be taken for days: a request or a decision is waiting in the dead-letter queue. ' +
        'Read the log of intake or decide, repair the cause, then redrive the queue. Gates stay answerable in the console.',
    );
  }

  private failedRuns(): cloudwatch.Alarm {
    const metric = (metricName: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: this.props.stateMachineArn },
        statistic: 'Sum',
        period: Duration.minutes(5),
      });
    return this.alarm(
      'FailedRuns',
      'failed-runs',
      new cloudwatch.MathExpression({
        // A sum has a value only where all of its parts have one, and most of the time none of them has.
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        label: 'Runs that ended early',
        usingMetrics: {
          failed: metric('ExecutionsFailed'),
          timedOut: metric('ExecutionsTimedOut'),
          aborted: metric('ExecutionsAborted'),
        },
        period: Duration.minutes(5),
      }),
      'The alarm clock of a request stopped: nobody reminds, bakes or expires it any more. ' +
        'Find the run in the state machine and start it again with the same input. The gate stays answerable by link and in the console.',
    );
  }

  private tampering(): cloudwatch.Alarm {
    return this.alarm(
      'Tampering',
      'decisions-tampered',
      new cloudwatch.Metric({
        namespace: METRIC_NAMESPACE,
        metricName: Metric.DECISIONS_TAMPERED,
        dimensionsMap: { Workflow: this.props.workflowName },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      'A recorded decision was changed or removed, which nothing honest does. The decision was copied before and still counts. ' +
        'Look in CloudTrail for who wrote to the table, and replace the credentials of the review function.',
    );
  }

  private alarm(id: string, name: string, metric: cloudwatch.IMetric, alarmDescription: string): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: `approval-gates-${this.props.workflowName}-${name}`,
      alarmDescription,
      metric,
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // These metrics have data only while something is wrong, or while the queue is read.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (this.props.topic !== undefined) {
      alarm.addAlarmAction(new SnsAction(this.props.topic));
    }
    return alarm;
  }
}
