import { Duration, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { DashboardAccess } from '../../contract/dashboard';
import { GateError } from '../errors';
import { mustBeOptions, mustBeText, mustHave } from '../private/types';
import { mustBeWorkflowName } from '../private/workflow-name';
import { Answers } from './answers';
import type { Approver } from './approver';
import type { ApproverList } from './approver-list';
import { Dashboard } from './dashboard';
import { ImportedWorkflow } from './imported-workflow';
import { Mail } from './mail';
import type { ApprovalWorkflowAttributes, IApprovalWorkflow } from './workflow-api';
import { ApprovalWorkflowBase } from './workflow-base';
import { Alarms } from './workflow-parts/alarms';
import { letAlarmsUse, letServicesUse } from './workflow-parts/encryption';
import { WorkflowFunctions } from './workflow-parts/functions';
import { Ingress } from './workflow-parts/ingress';
import { Lists } from './workflow-parts/lists';
import { People } from './workflow-parts/people';
import { operatedParts, type OperatedParts } from './workflow-parts/operated-parts';
import { Storage } from './workflow-parts/storage';
import { Timer } from './workflow-parts/timer';
import type { ApprovalWorkflowProps } from './workflow-props';
import { checkWorkflow } from './workflow-rules';

/**
 * Asks people by personal links, runs checks, counts the answers and gives the outcome to CodePipeline, for any number of
 * gates and pipelines of one account and Region.
 *
 * In the account appear: a request topic and two event rules with a queue and a dead-letter queue, two tables, a state machine,
 * the functions intake, decide, review and check, an HTTP API for the review page and the dashboard, four alarms, one parameter per 20 people,
 * and with `Mail.sns()` one topic per person. With `Answers.inConsole()` there are no function review, no API, no table of decisions and
 * three alarms. Idle it costs the four alarms (seven alarm metrics, about $0.70 a month) and the
 * queue's polls. Each pipeline with a gate gets one role that decide may assume, one more for checks, and one parameter per gate,
 * two where its checks are long.
 *
 * The first `ApprovalFieldsAction` of a gate adds the function fields.
 *
 * When it is removed, its gates stay native approvals that the console answers.
 */
export class ApprovalWorkflow extends ApprovalWorkflowBase {
  /**
   * A workflow that another app makes, in the same account and Region. Gates here get their roles and parameters in this app;
   * the approvers are declared in the other one, by `addApprovers`.
   */
  public static fromApprovalWorkflowAttributes(
    scope: Construct,
    id: string,
    attrs: ApprovalWorkflowAttributes,
  ): IApprovalWorkflow {
    mustBeOptions(
      'fromApprovalWorkflowAttributes',
      attrs,
      '{ workflowName, requestTopicArn, decideRoleArn, checkRoleArn } of that workflow',
    );
    mustBeText('workflowName', attrs.workflowName);
    mustBeWorkflowName(attrs.workflowName);
    return new ImportedWorkflow(scope, id, attrs);
  }

  /** First part of its parameters, role path and topics. */
  public readonly workflowName: string;
  /** Where approval actions publish. A pipeline's role needs `sns:Publish` on it, and the use of `encryptionKey` where there is one. */
  public readonly requestTopic: sns.ITopic;
  /** ARN of the role that decides: it may assume the roles that answer gates. */
  public readonly decideRoleArn: string;
  /** ARN of the role that measures: it may assume the roles that checks read with. */
  public readonly checkRoleArn: string;
  /** How people answer. */
  public readonly answers: Answers;
  /** For how long emails to one person are gathered; undefined where each goes out at once. */
  public readonly digestEvery?: Duration;
  /** The domain of its own, if it has one: let an alias record in DNS lead to its `regionalDomainName`. */
  public readonly reviewDomainName?: apigatewayv2.IDomainName;
  /** Address of the dashboard; undefined where the workflow has none. */
  public readonly dashboardUrl?: string;
  /** Requests, invitations, votes, measurements: what happened at each gate. */
  public readonly requestsTable: dynamodb.ITable;
  /** Timer of the requests: one run per request. */
  public readonly stateMachine: stepfunctions.IStateMachine;
  /** What could not be taken in. */
  public readonly deadLetterQueue: sqs.IQueue;

  /**
   * What the operations dashboard shows beside the above.
   *
   * @internal
   */
  public readonly _operated: OperatedParts;

  private readonly functions: WorkflowFunctions;
  private readonly links?: Links;
  private readonly alarmList: cloudwatch.Alarm[];
  private readonly people: People;
  private readonly lists: Lists;

  constructor(scope: Construct, id: string, props: ApprovalWorkflowProps = {}) {
    super(scope, id);
    this.workflowName = props.workflowName ?? Names.uniqueResourceName(this, { maxLength: 32, separator: '-' });
    mustBeWorkflowName(this.workflowName);
    this.mustBeAlone();
    checkWorkflow(props);
    const { workflowName } = this;
    const { mail = Mail.sns(), encryptionKey, alarmTopic } = props;
    this.digestEvery = props.digestEvery;
    this.answers = props.answers ?? Answers.byLink();
    const byLink = this.answers._way === 'BY_LINK';
    const dashboard = props.dashboard ?? (byLink ? Dashboard.signInByEmail() : Dashboard.none());
    const logRetention = props.logRetention ?? logs.RetentionDays.ONE_YEAR;
    if (alarmTopic !== undefined) {
      mustHave('alarmTopic', alarmTopic, ['topicArn'], 'give a topic, or import one by its ARN');
    }
    if (encryptionKey !== undefined) {
      mustHave('encryptionKey', encryptionKey, ['keyArn'], 'give a key, or import one by its ARN');
      letServicesUse(encryptionKey, this);
    }

    const ingress = new Ingress(this, 'Ingress', { visibilityTimeout: Duration.minutes(3), encryptionKey });
    const storage = new Storage(this, 'Storage', {
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      takesDecisions: byLink,
      encryptionKey,
    });
    const functions = (this.functions = new WorkflowFunctions(this, {
      workflowName,
      ingress,
      storage,
      mail,
      dashboard,
      reviewDomain: props.reviewDomain,
      timeZone: props.timeZone,
      digestEvery: props.digestEvery,
      logRetention,
      encryptionKey,
      options: props.functionOptions,
    }));
    const decide = functions.decide.handler;
    const timer = new Timer(this, 'Timer', { workflowName, decide, logRetention, encryptionKey });
    this.people = new People(this, 'People', {
      workflowName,
      topics: mail._from === undefined,
      takesAbsences: dashboard._access?.kind === 'SIGN_IN_BY_EMAIL',
      encryptionKey,
    });
    this.lists = new Lists(this, 'Lists', { workflowName, mail, readers: functions.readersOfPeople });
    const { deadLetterQueue } = ingress;
    const { stateMachine } = timer;
    this.alarmList = new Alarms(this, 'Alarms', {
      workflowName,
      deadLetterQueue,
      stateMachine,
      topic: alarmTopic,
      hasDecisions: byLink,
    }).all;
    if (encryptionKey !== undefined && alarmTopic?.masterKey === encryptionKey) {
      letAlarmsUse(encryptionKey, Stack.of(this).account);
    }

    this.requestTopic = ingress.topic;
    this.decideRoleArn = functions.decide.role.roleArn;
    this.checkRoleArn = functions.check.role.roleArn;
    const { pages } = functions;
    if (pages !== undefined && storage.decisions !== undefined) {
      const { url: reviewUrl, api } = pages.reviewApi;
      this.links = { reviewUrl, api, decisionsTable: storage.decisions };
    }
    this.reviewDomainName = pages?.reviewApi.domain;
    this.dashboardUrl = dashboard._access && `${addressOf(dashboard._access) ?? this.reviewUrl}/dashboard`;
    this.requestsTable = storage.requests;
    this.stateMachine = stateMachine;
    this.deadLetterQueue = deadLetterQueue;
    this._operated = operatedParts(ingress, functions);
    dashboard._viewers.forEach((viewer) => this.people.addViewer(viewer, dashboard._mailsViewers));
  }

  /** Base address of the review page, without a slash at the end. Throws where people answer in the console. */
  public get reviewUrl(): string {
    return this.mustHaveLinks('reviewUrl').reviewUrl;
  }

  /** One signed row per decision: who approved what. Throws where people answer in the console. */
  public get decisionsTable(): dynamodb.ITable {
    return this.mustHaveLinks('decisionsTable').decisionsTable;
  }

  /** Dead letters, failed runs, tampering with decisions by link, gates that wait for an operator. */
  public get alarms(): cloudwatch.Alarm[] {
    return [...this.alarmList];
  }

  /**
   * Declares whom the workflow may ask: a parameter per 20 people, and with `Mail.sns()` a topic each. Gates of this app declare
   * their approvers by themselves; gates of other apps, which import this workflow, cannot.
   */
  public addApprovers(...approvers: Approver[]): void {
    approvers.forEach((approver) => this.people.add(approver));
  }

  /**
   * Declares the lists in which people of its gates stand: `decide` may read these parameters, and with a dashboard `review`, so that
   * people of a list sign in like others. Gates of this app declare their lists by themselves; gates of other apps, which import this
   * workflow, cannot. In the account appears one parameter for all of them.
   *
   * Throws where the workflow has `Mail.sns`, and where one parameter is declared with different `allowedDomains`.
   */
  public addApproverLists(...lists: ApproverList[]): void {
    lists.forEach((list) => this.lists.add(list));
  }

  /**
   * The function that gives actions what approvers filled in (`ApprovalFieldsAction`). It appears in the account, with a role and a log
   * group, when it is first asked for: one for all pipelines of the workflow. Throws where people answer in the console.
   */
  public fieldsFunction(): lambda.IFunction {
    this.mustHaveLinks('fieldsFunction');
    return this.functions.fields().handler;
  }

  /**
   * Requests to the review page that were refused, whether by the function or because there were too many (429). Many of them mean
   * that somebody tries links, or floods the page: a threshold that fits is some hundreds.
   *
   * Sum over 5 minutes. Throws where people answer in the console.
   */
  public metricReviewClientErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.mustHaveLinks('metricReviewClientErrors').api.metricClientError(options);
  }

  private mustHaveLinks(what: string): Links {
    if (this.links === undefined) {
      throw new GateError(
        'LinksNeeded',
        `\`${what}\` is asked of workflow '${this.workflowName}', but it has \`Answers.inConsole()\`, so nothing is served and no decision is ` +
          `signed: remove this use, or choose \`Answers.byLink()\``,
      );
    }
    return this.links;
  }

  /** Topics, parameters and alarms are named after the workflow: two of a name fail at deploy. */
  private mustBeAlone(): void {
    const here = Stack.of(this);
    const known = !Token.isUnresolved(here.account) && !Token.isUnresolved(here.region);
    const twin = this.node.root.node.findAll().find((other): other is ApprovalWorkflow => {
      if (!(other instanceof ApprovalWorkflow) || other === this || other.workflowName !== this.workflowName) {
        return false;
      }
      const there = Stack.of(other);
      return there === here || (known && there.environment === here.environment);
    });
    if (twin !== undefined) {
      throw new GateError(
        'WorkflowNameTaken',
        `\`workflowName\` is '${this.workflowName}', but '${twin.node.path}' has that name in the same account and Region: rename one`,
      );
    }
  }
}

/** What only a workflow with links has. */
interface Links {
  readonly reviewUrl: string;
  readonly api: apigatewayv2.HttpApi;
  readonly decisionsTable: dynamodb.ITable;
}

/** What stands in front of the dashboard may have a name of its own. */
function addressOf(access: DashboardAccess): string | undefined {
  return access.kind === 'BEHIND_AUTHORIZER' ? access.address : undefined;
}
