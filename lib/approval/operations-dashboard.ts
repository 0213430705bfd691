import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { LogMessage } from '../../contract/names';
import { runbook } from '../private/runbook';
import type { ApprovalWorkflow } from './workflow';

/** Construction properties of `OperationsDashboard`. */
export interface OperationsDashboardProps {
  /** The workflow that it is about, made in this app. */
  readonly workflow: ApprovalWorkflow;

  /**
   * Its name in CloudWatch.
   *
   * @default - `approval-gates-` and the name of the workflow
   */
  readonly dashboardName?: string;

  /**
   * How far it looks back when it is opened.
   *
   * @default Duration.days(7)
   */
  readonly defaultInterval?: Duration;
}

/** Widgets of a row share the 24 columns. */
const ROW = 24;
const HEIGHT = 6;

/**
 * A CloudWatch dashboard for whoever operates a workflow: what was asked and how it ended, bypasses, gates that need the
 * console, dead letters, timer runs, functions, and the review page, with links to the sections of the operations manual. Approvers
 * do not need it.
 *
 * In the account appears one dashboard: $3 a month beyond the three that are free in an account. It makes no metric: it shows
 * those that AWS and the workflow have anyway, and asks CloudWatch Logs Insights about the workflow's logs, at $0.005 per GB and look
 * (https://aws.amazon.com/cloudwatch/pricing/).
 */
export class OperationsDashboard extends Construct {
  /** The dashboard, to which you may add widgets. */
  public readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { workflow } = props;
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName ?? `approval-gates-${workflow.workflowName}`,
      defaultInterval: props.defaultInterval ?? Duration.days(7),
      widgets: [
        [heading(workflow)],
        [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: workflow.alarms, width: ROW, height: 3 })],
        requests(workflow),
        exceptions(workflow),
        machinery(workflow),
        ...reviewPage(workflow),
      ],
    });
  }
}

function heading(workflow: ApprovalWorkflow): cloudwatch.IWidget {
  const { workflowName } = workflow;
  const { pages } = workflow._operated;
  const sections: readonly (readonly [string, string])[] = [
    ['A gate waits, and nobody knows why', 'a-gate-waits-and-nobody-knows-why'],
    ['Answer a gate by hand', 'answer-a-gate-by-hand'],
    ['Who approved what', 'who-approved-what'],
    ['Dead letters', 'alarm-dead-letters'],
    ['Failed runs', 'alarm-failed-runs'],
    ...(pages === undefined ? [] : ([['Tampered decisions', 'alarm-decisions-tampered']] as const)),
    ['Gate needs console', 'event-gate-needs-console'],
    ['Bypassed', 'event-approval-bypassed'],
    ['Glass broken', 'event-glass-broken'],
    ['Stop everything', 'stop-everything'],
  ];
  return new cloudwatch.TextWidget({
    markdown: [
      `# Approval workflow ${workflowName}`,
      [
        ...(pages === undefined ? [] : [`[Review page](${workflow.reviewUrl})`]),
        ...sections.map(([title, section]) => `[${title}](${runbook(section)})`),
      ].join(' · '),
    ].join('\n\n'),
    width: ROW,
    height: 3,
  });
}

/** What was asked and how it ended, from the log of `decide`: as metrics these counts would cost money. */
function requests(workflow: ApprovalWorkflow): cloudwatch.LogQueryWidget[] {
  const { ASKED, DECIDED } = LogMessage;
  const { decide } = workflow._operated;
  const table = (title: string, stats: string) =>
    logQuery(title, decide.logGroup.logGroupName, cloudwatch.LogQueryVisualizationType.TABLE, [
      `filter message like "${DECIDED}"`,
      `parse message "${DECIDED} * by *" as outcome, decider`,
      `stats count(*) as requests by ${stats}`,
      'sort requests desc',
    ]);
  return [
    logQuery('Asked and decided a day', decide.logGroup.logGroupName, cloudwatch.LogQueryVisualizationType.BAR, [
      `fields strcontains(message, "${ASKED}") as is_asked, strcontains(message, "${DECIDED}") as is_decided`,
      'stats sum(is_asked) as asked, sum(is_decided) as decided by bin(1d)',
    ]),
    table('Outcomes, and who decided', 'outcome, decider'),
    table('Outcomes of gates', 'pipeline, stage, action, outcome'),
  ];
}

function exceptions(workflow: ApprovalWorkflow): cloudwatch.GraphWidget[] {
  const { queue, pages } = workflow._operated;
  const { deadLetterQueue } = workflow;
  const byLink =
    pages === undefined
      ? []
      : [
          workflow.metricGlassBroken({ label: 'glass broken' }),
          workflow.metricFollowUpStuck({ label: 'follow-up stuck' }),
          workflow.metricDecisionsTampered({ label: 'decisions tampered' }),
        ];
  return [
    graph(`Bypassed, for the console only, unreadable${pages === undefined ? '' : ', glass broken, tampered'}`, [
      workflow.metricBypassed({ label: 'bypassed' }),
      workflow.metricConsoleOnly({ label: 'for the console only' }),
      workflow.metricUnreadable({ label: 'unreadable' }),
      ...byLink,
    ]),
    graph('Dead letters', [
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: 'dead letters' }),
    ]),
    graph('Age of the oldest message that waits to be taken in', [
      queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', label: 'seconds' }),
    ]),
  ];
}

function machinery(workflow: ApprovalWorkflow): cloudwatch.GraphWidget[] {
  const { stateMachine } = workflow;
  const { intake, decide, check, pages } = workflow._operated;
  const functions: readonly (readonly [string, lambda.IFunction])[] = [
    ['intake', intake],
    ['decide', decide],
    ['check', check],
    ...(pages === undefined ? [] : ([['review', pages.review]] as const)),
  ];
  return [
    graph('Timer runs', [
      stateMachine.metricStarted({ label: 'started' }),
      stateMachine.metricFailed({ label: 'failed' }),
      stateMachine.metricTimedOut({ label: 'timed out' }),
      stateMachine.metricAborted({ label: 'stopped' }),
    ]),
    graph(
      'Functions: errors and throttles',
      functions.flatMap(([name, handler]) => [
        handler.metricErrors({ label: `${name} errors` }),
        handler.metricThrottles({ label: `${name} throttles` }),
      ]),
    ),
    graph(
      'Functions: duration, p99',
      functions.map(([name, handler]) => handler.metricDuration({ statistic: 'p99', label: name })),
    ),
  ];
}

/** A row of widgets; none where people answer in the console. */
function reviewPage(workflow: ApprovalWorkflow): cloudwatch.IWidget[][] {
  const { pages } = workflow._operated;
  if (pages === undefined) {
    return [];
  }
  const { api, accessLog } = pages;
  return [
    [
      graph('Review page: requests', [
        api.metricCount({ label: 'all', statistic: 'Sum' }),
        workflow.metricReviewClientErrors({ label: 'refused (4xx)', statistic: 'Sum' }),
        api.metricServerError({ label: 'failed (5xx)', statistic: 'Sum' }),
      ]),
      graph('Review page: latency', [
        api.metricLatency({ label: 'p50', statistic: 'p50' }),
        api.metricLatency({ label: 'p99', statistic: 'p99' }),
      ]),
      logQuery(
        'Review page: too many requests (429)',
        accessLog.logGroupName,
        cloudwatch.LogQueryVisualizationType.TABLE,
        ['filter status = 429', 'stats count(*) as refused by routeKey, bin(1h) as hour', 'sort hour desc'],
      ),
    ],
  ];
}

function graph(title: string, left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, leftYAxis: { min: 0 }, width: ROW / 3, height: HEIGHT });
}

function logQuery(
  title: string,
  logGroupName: string,
  view: cloudwatch.LogQueryVisualizationType,
  queryLines: string[],
): cloudwatch.LogQueryWidget {
  return new cloudwatch.LogQueryWidget({
    title,
    logGroupNames: [logGroupName],
    view,
    queryLines,
    width: ROW / 3,
    height: HEIGHT,
  });
}
