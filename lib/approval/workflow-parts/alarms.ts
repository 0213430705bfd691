import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Metric } from '../../../contract/names';
import { letAlarmsPublish } from '../../private/alarm-topic';
import { runbook } from '../../private/runbook';
import { workflowMetric } from './metrics';

export interface AlarmsProps {
  readonly workflowName: string;
  readonly deadLetterQueue: sqs.IQueue;
  readonly stateMachine: stepfunctions.IStateMachine;
  readonly topic?: sns.ITopic;
  /** Whether there are signed decisions, which somebody could tamper with. */
  readonly hasDecisions: boolean;
}

interface AlarmText {
  /** Last part of the alarm's name. */
  readonly name: string;
  /** What happened, and what to do first. */
  readonly description: string;
  /** Section of the operations manual. */
  readonly section: string;
}

/** Alarms, each for something that never happens while all is well. */
export class Alarms extends Construct {
  public readonly all: cloudwatch.Alarm[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    if (props.topic !== undefined) {
      letAlarmsPublish(props.topic, Stack.of(this).account);
    }
    this.all = [
      this.deadLetters(),
      this.failedRuns(),
      ...(props.hasDecisions ? [this.tampering()] : []),
      this.stuckGates(),
    ];
  }

  private deadLetters(): cloudwatch.Alarm {
    const { deadLetterQueue } = this.props;
    return this.alarm(
      'DeadLetters',
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      {
        name: 'dead-letters',
        description:
          'A message could not be taken for days: a request or a decision is waiting in the dead-letter queue, which keeps it for about ' +
          'twelve days. Read the log of intake or decide, repair the cause, then redrive the queue. Gates stay answerable in the console.',
        section: 'alarm-dead-letters',
      },
    );
  }

  private failedRuns(): cloudwatch.Alarm {
    const { stateMachine } = this.props;
    return this.alarm(
      'FailedRuns',
      sumOf('Runs that ended early', {
        failed: stateMachine.metricFailed(),
        timedOut: stateMachine.metricTimedOut(),
        aborted: stateMachine.metricAborted(),
      }),
      {
        name: 'failed-runs',
        description:
          'The timer of a request stopped: nobody is reminded, and its checks and its deadline are not seen to any more. ' +
          `Find the run in the state machine and start it again with the same input. The gate stays answerable ${this.props.hasDecisions ? 'by link and ' : ''}in the console.`,
        section: 'alarm-failed-runs',
      },
    );
  }

  private tampering(): cloudwatch.Alarm {
    return this.alarm('Tampering', workflowMetric(this.props.workflowName, Metric.DECISIONS_TAMPERED), {
      name: 'decisions-tampered',
      description:
        'A recorded decision was changed or removed, which nothing honest does. The decision was copied before and still counts. ' +
        'Find in CloudTrail who wrote to the table, and replace the credentials of the review function.',
      section: 'alarm-decisions-tampered',
    });
  }

  private stuckGates(): cloudwatch.Alarm {
    const { workflowName } = this.props;
    return this.alarm(
      'StuckGates',
      sumOf('Gates that wait for an operator', {
        consoleOnly: workflowMetric(workflowName, Metric.CONSOLE_ONLY),
        unreadable: workflowMetric(workflowName, Metric.UNREADABLE),
      }),
      {
        name: 'stuck-gates',
        description:
          'Somebody is stuck: a gate can only be answered in the console, or a record of it cannot be read. ' +
          'The log of decide says which gate and why. Answer it in the console, and repair the cause.',
        section: 'event-gate-needs-console',
      },
    );
  }

  private alarm(id: string, metric: cloudwatch.IMetric, text: AlarmText): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: `approval-gates-${this.props.workflowName}-${text.name}`,
      alarmDescription: `${text.description} ${runbook(text.section)}`,
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

/** A plain sum has a value only where all of its parts have one, and most of the time none of them has. */
function sumOf(label: string, metrics: { [name: string]: cloudwatch.IMetric }): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: Object.keys(metrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    label,
    usingMetrics: metrics,
    period: Duration.minutes(5),
  });
}
