import { Duration, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Env, mailTopicName } from '../../contract/names';
import { GateError } from '../errors';
import { acknowledgeWildcard } from '../private/acknowledge';
import { mustBeLiteral, mustBePipelineName } from '../private/text';
import type { Approver } from './approver';
import type { GatePolicyOptions } from './gate-options';
import { approversOf, planOf } from './gate-plan';
import { nameProblems } from './known-gates';
import { Mail } from './mail';
import type { GatesOwner } from './pipeline-gates';
import { PipelineGates } from './pipeline-gates';
import { Alarms } from './workflow-parts/alarms';
import { BundledFunction } from './workflow-parts/function';
import { Ingress } from './workflow-parts/ingress';
import { People } from './workflow-parts/people';
import { ReviewApi } from './workflow-parts/review-api';
import {
  allow,
  decideStatements,
  gateParameters,
  gateRoles,
  intakeStatements,
  mailIdentities,
  mailTopics,
  reviewStatements,
} from './workflow-parts/statements';
import { Storage } from './workflow-parts/storage';
import { Timer, timerArn } from './workflow-parts/timer';

/** Construction properties of `ApprovalWorkflow`. */
export interface ApprovalWorkflowProps {
  /**
   * Name in parameters, topics, role paths, metrics and events: a letter, then letters, digits and '-', at most 32 characters.
   * Unique in its account and Region. Changing it makes new links, topics and parameters.
   *
   * @default - made of the construct's path
   */
  readonly workflowName?: string;

  /**
   * How people are written to.
   *
   * @default Mail.sns()
   */
  readonly mail?: Mail;

  /**
   * Topic that hears the alarms.
   *
   * @default - the alarms are there, and tell nobody
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * How long the logs of functions, state machine and API are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What happens to the two tables, the record of who approved what, when the workflow is removed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - they are kept, except after a first deployment that failed
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** A gate of a pipeline that exists already, whatever made it. */
export interface AddGateOptions extends GatePolicyOptions {
  /** Name of the pipeline, literal. It is in the workflow's account and Region. */
  readonly pipelineName: string;
  /** Name of the stage, literal. */
  readonly stageName: string;
  /** Name of the approval action, literal. */
  readonly actionName: string;

  /**
   * Whether the stage's own `OnFailure` rolls it back when the gate rejects. Said to approvers; nothing here can change that pipeline.
   *
   * @default false
   */
  readonly stageRollsBack?: boolean;
}

/**
 * Asks people by personal links, watches checks, counts the answers and gives the outcome to CodePipeline, for any number of
 * gates and pipelines of one account and Region.
 *
 * In the account appear: a request topic and two event rules with a queue and a dead-letter queue, two tables, a state machine,
 * the functions intake, decide, review and check, an HTTP API for the review page, four alarms, one parameter per 20 people,
 * and with `Mail.sns()` one topic per person. Idle it costs the four alarms (seven alarm metrics, about $0.70 a month) and the
 * queue's polls. Each pipeline with a gate gets one role that decide may assume, one more for checks, and one parameter per gate, two where its checks are long.
 *
 * When it is removed, its gates stay native approvals that the console answers.
 */
export class ApprovalWorkflow extends Construct {
  /** First part of its parameters, role path and topics. */
  public readonly workflowName: string;
  /** Where approval actions publish. Its policy demands TLS; a pipeline's role needs `sns:Publish` on it. */
  public readonly requestTopic: sns.ITopic;
  /** Takes requests in from the queue. */
  public readonly intakeFunction: lambda.IFunction;
  /** Decides, and is the only function that answers CodePipeline. */
  public readonly decideFunction: lambda.IFunction;
  /** Serves the review page, and cannot approve. */
  public readonly reviewFunction: lambda.IFunction;
  /** Measures. */
  public readonly checkFunction: lambda.IFunction;
  /** Base address of the review page, without a slash at the end. */
  public readonly reviewUrl: string;
  /** Requests, invitations, votes, measurements. */
  public readonly requestsTable: dynamodb.ITable;
  /** One signed row per decision. */
  public readonly decisionsTable: dynamodb.ITable;
  /** Timer of the requests: one run per request. */
  public readonly stateMachine: stepfunctions.IStateMachine;
  /** Requests on their way in. */
  public readonly queue: sqs.IQueue;
  /** What could not be taken. */
  public readonly deadLetterQueue: sqs.IQueue;

  private readonly alarmList: cloudwatch.Alarm[];
  private readonly people: People;
  private readonly owner: GatesOwner;

  constructor(scope: Construct, id: string, props: ApprovalWorkflowProps = {}) {
    super(scope, id);
    this.workflowName = props.workflowName ?? this.defaultName();
    mustBeWorkflowName(this.workflowName);
    this.mustBeAlone();
    const mail = props.mail ?? Mail.sns();
    const logRetention = props.logRetention ?? logs.RetentionDays.ONE_YEAR;

    const ingress = new Ingress(this, 'Ingress', { visibilityTimeout: Duration.minutes(3) });
    const storage = new Storage(this, 'Storage', {
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const [requests, decisions] = [storage.requests, storage.decisions];
    const common = { [Env.WORKFLOW]: this.workflowName };
    const tables = { ...common, [Env.REQUESTS_TABLE]: requests.tableName };
    const machineArn = timerArn(this, this.workflowName);
    const machine = { [Env.STATE_MACHINE]: machineArn };

    const check = new BundledFunction(this, 'Check', {
      asset: 'check',
      description: 'Approval gates: looks at what a check names, as the role of the pipeline',
      timeout: Duration.seconds(90),
      memorySize: 512,
      environment: common,
      statements: [allow(['sts:AssumeRole'], [gateRoles(this, this.workflowName)])],
      logRetention,
    });
    const review = new BundledFunction(this, 'Review', {
      asset: 'review',
      description: 'Approval gates: shows the review page and records signed decisions',
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: { ...tables, [Env.DECISIONS_TABLE]: decisions.tableName },
      statements: reviewStatements(requests.tableArn, decisions.tableArn),
      logRetention,
    });
    const api = new ReviewApi(this, 'ReviewApi', { review: review.handler, logRetention });
    const decide = new BundledFunction(this, 'Decide', {
      asset: 'decide',
      description: 'Approval gates: decides requests and answers CodePipeline',
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: {
        ...tables,
        ...machine,
        [Env.REVIEW_URL]: api.url,
        [Env.CHECK_FUNCTION]: check.handler.functionArn,
        ...this.mailEnvironment(mail),
      },
      statements: decideStatements(this, {
        workflowName: this.workflowName,
        requestsArn: requests.tableArn,
        streamArn: decisions.tableStreamArn ?? '',
        checkArn: check.handler.functionArn,
        stateMachineArn: machineArn,
        deadLettersArn: ingress.deadLetterQueue.queueArn,
        mail,
      }),
      logRetention,
    });
    const timer = new Timer(this, 'Timer', { workflowName: this.workflowName, decide: decide.handler, logRetention });
    const intake = new BundledFunction(this, 'Intake', {
      asset: 'intake',
      description: 'Approval gates: takes requests in',
      timeout: Duration.seconds(30),
      memorySize: 256,
      environment: { ...tables, ...machine },
      statements: intakeStatements(requests.tableArn, machineArn, ingress.queue.queueArn),
      logRetention,
    });

    this.connect(intake.handler, decide.handler, ingress, decisions);
    this.explainWildcards(decide, check, mail);
    this.people = new People(this, 'People', {
      workflowName: this.workflowName,
      topics: mail._from === undefined,
    });
    const alarms = new Alarms(this, 'Alarms', {
      workflowName: this.workflowName,
      deadLetterQueue: ingress.deadLetterQueue,
      stateMachine: timer.stateMachine,
      topic: props.alarmTopic,
    });
    this.owner = {
      workflowName: this.workflowName,
      decideRoleArn: decide.role.roleArn,
      checkRoleArn: check.role.roleArn,
    };
    this.requestTopic = ingress.topic;
    this.intakeFunction = intake.handler;
    this.decideFunction = decide.handler;
    this.reviewFunction = review.handler;
    this.checkFunction = check.handler;
    this.reviewUrl = api.url;
    this.requestsTable = requests;
    this.decisionsTable = decisions;
    this.stateMachine = timer.stateMachine;
    this.queue = ingress.queue;
    this.deadLetterQueue = ingress.deadLetterQueue;
    this.alarmList = alarms.all;
  }

  /** Dead letters, failed runs, tampering, gates that wait for an operator. */
  public get alarms(): cloudwatch.Alarm[] {
    return [...this.alarmList];
  }

  /**
   * Takes over an approval action of a pipeline that exists already, whatever made it. Roles and parameters stand in this stack.
   *
   * Let the action's `NotificationArn` be `requestTopic`, else the request is found by its event, two minutes later. Let its
   * `CustomData` end with the line `Pipeline run: #{codepipeline.PipelineExecutionId}`, by which the run is found first.
   */
  public addGate(options: AddGateOptions): void {
    for (const prop of ['pipelineName', 'stageName', 'actionName'] as const) {
      mustBeLiteral(prop, options[prop], 'a gate of a pipeline of its own making is named in a role and a parameter');
      mustBePipelineName(prop, options[prop]);
    }
    const plan = planOf(options, false);
    this.node.addValidation({ validate: () => nameProblems(options, this) });
    approversOf(plan).forEach((approver) => this._person(approver));
    const pipelineArn = Stack.of(this).formatArn({ service: 'codepipeline', resource: options.pipelineName });
    PipelineGates.of(this, {
      owner: this.owner,
      pipelineName: options.pipelineName,
      pipelineArn,
      literalName: options.pipelineName,
    }).add({
      stageName: options.stageName,
      actionName: options.actionName,
      plan,
      rollsBack: () => options.stageRollsBack ?? false,
    });
  }

  /**
   * Makes a person known: who it is, and with mail by SNS a topic.
   *
   * @internal
   */
  public _person(approver: Approver): void {
    this.people.add(approver);
  }

  /** @internal */
  public get _owner(): GatesOwner {
    return this.owner;
  }

  private connect(intake: lambda.Function, decide: lambda.Function, ingress: Ingress, decisions: dynamodb.Table): void {
    new lambda.EventSourceMapping(this, 'QueueToIntake', {
      target: intake,
      eventSourceArn: ingress.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    new lambda.EventSourceMapping(this, 'DecisionsToDecide', {
      target: decide,
      eventSourceArn: decisions.tableStreamArn ?? '',
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      // Records of one request keep their order; one that cannot be handled yet holds back few others.
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // A limit of attempts might be reached sooner than this age.
      maxRecordAge: Duration.hours(24),
      onFailure: { bind: () => ({ destination: ingress.deadLetterQueue.queueArn }) },
    });
  }

  private mailEnvironment(mail: Mail): { [name: string]: string } {
    if (mail._from !== undefined) {
      return { [Env.MAIL_FROM]: mail._from };
    }
    const prefix = Stack.of(this).formatArn({ service: 'sns', resource: mailTopicName(this.workflowName, '') });
    return { [Env.MAIL_TOPIC_PREFIX]: prefix };
  }

  private explainWildcards(decide: BundledFunction, check: BundledFunction, mail: Mail): void {
    const because =
      'gates, checks and people come from other stacks: they are bounded by a path or prefix of this workflow';
    acknowledgeWildcard(decide.role, '*', 'dynamodb:ListStreams knows no resources');
    acknowledgeWildcard(decide.role, gateRoles(this, this.workflowName), because);
    acknowledgeWildcard(decide.role, gateParameters(this, this.workflowName), because);
    if (mail._from === undefined) {
      acknowledgeWildcard(decide.role, mailTopics(this, this.workflowName), because);
    } else {
      mailIdentities(this).forEach((arn) => acknowledgeWildcard(decide.role, arn, 'a condition names the one sender'));
    }
    acknowledgeWildcard(check.role, gateRoles(this, this.workflowName), because);
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

  private defaultName(): string {
    return Names.uniqueResourceName(this, { maxLength: 32, separator: '-' });
  }
}

function mustBeWorkflowName(name: string): void {
  mustBeLiteral('workflowName', name, 'parameters, topics and role paths are named after it');
  if (!/^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(name)) {
    throw new GateError(
      'InvalidWorkflowName',
      `\`workflowName\` is '${name}', but must be a letter, then letters, digits and '-', at most 32 characters: rename it`,
    );
  }
}
