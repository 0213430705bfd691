import { Duration, Stack, type TimeZone } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AnswerWay, Env, mailTopicName } from '../../../contract/names';
import { acknowledgeWildcard } from '../../private/acknowledge';
import type { Dashboard } from '../dashboard';
import type { Mail } from '../mail';
import type { ReviewDomain } from '../review-domain';
import type { ReservedConcurrency, WorkflowFunctionOptions } from '../workflow-props';
import { dataStatements, environmentStatements } from './encryption';
import type { BundledFunctionProps } from '../../private/bundled-function';
import { BundledFunction } from '../../private/bundled-function';
import type { Ingress } from './ingress';
import { ReviewApi } from './review-api';
import {
  allow,
  dashboardStatements,
  decideStatements,
  fieldsStatements,
  gateParameters,
  gateRoles,
  intakeStatements,
  mailIdentities,
  mailTopics,
  peopleParameters,
  reviewStatements,
} from './statements';
import type { Storage } from './storage';
import { timerArn } from './timer';

/** The review page and the dashboard. */
export interface Pages {
  readonly review: BundledFunction;
  readonly reviewApi: ReviewApi;
}

export interface FunctionsProps {
  readonly workflowName: string;
  readonly ingress: Ingress;
  readonly storage: Storage;
  readonly mail: Mail;
  readonly dashboard: Dashboard;
  readonly reviewDomain?: ReviewDomain;
  readonly timeZone?: TimeZone;
  readonly digestEvery?: Duration;
  readonly logRetention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
  readonly options?: WorkflowFunctionOptions;
}

/** Which function may do what. */
export class WorkflowFunctions {
  public readonly intake: BundledFunction;
  public readonly decide: BundledFunction;
  public readonly check: BundledFunction;
  /** What serves links: absent where there are none. */
  public readonly pages?: Pages;
  private reader?: BundledFunction;

  constructor(
    private readonly scope: Construct,
    private readonly props: FunctionsProps,
  ) {
    const { workflowName, ingress, storage, mail, digestEvery, encryptionKey } = props;
    const { requests, decisions } = storage;
    const common = { [Env.WORKFLOW]: workflowName };
    const table = { ...common, [Env.REQUESTS_TABLE]: requests.tableName };
    const stateMachineArn = timerArn(scope, workflowName);
    const data = () => dataStatements(encryptionKey);

    this.check = this.make('Check', {
      asset: 'check',
      description: 'Approval gates: measures what a check names, as the role of the pipeline',
      timeout: Duration.seconds(90),
      memorySize: 512,
      environment: common,
      statements: [
        allow(['sts:AssumeRole'], [gateRoles(scope, workflowName)]),
        ...environmentStatements(encryptionKey),
      ],
    });
    this.pages = decisions === undefined ? undefined : this.makePages(decisions, table);
    this.decide = this.make('Decide', {
      asset: 'decide',
      description: 'Approval gates: decides requests and answers CodePipeline',
      // A check takes up to 90 seconds. What `decide` knows is as old as its turn, so a turn is short.
      timeout: Duration.minutes(2),
      memorySize: 512,
      environment: {
        ...table,
        ...this.answersEnvironment(stateMachineArn),
        ...this.dashboardEnvironment(),
        [Env.CHECK_FUNCTION]: this.check.handler.functionArn,
        ...this.mailEnvironment(),
        ...this.timeZoneEnvironment(),
        ...(digestEvery === undefined ? {} : { [Env.DIGEST_MINUTES]: `${digestEvery.toMinutes()}` }),
      },
      statements: [
        ...decideStatements(scope, {
          workflowName,
          requestsArn: requests.tableArn,
          checkArn: this.check.handler.functionArn,
          mail,
          ...(this.startsTimers ? { stateMachineArn } : {}),
          ...(decisions?.tableStreamArn === undefined
            ? {}
            : {
                decisions: {
                  streamArn: decisions.tableStreamArn,
                  deadLettersArn: ingress.deadLetterQueue.queueArn,
                },
              }),
        }),
        ...data(),
      ],
    });
    this.intake = this.make('Intake', {
      asset: 'intake',
      description: 'Approval gates: takes requests in',
      timeout: Duration.seconds(30),
      memorySize: 256,
      environment: { ...table, [Env.STATE_MACHINE]: stateMachineArn },
      statements: [...intakeStatements(requests.tableArn, stateMachineArn, ingress.queue.queueArn), ...data()],
    });
    this.connect();
    this.explainWildcards();
  }

  /** Roles of the functions that look for people: for those who are asked, and for those who sign in at the dashboard. */
  public get readersOfPeople(): readonly iam.Role[] {
    const { pages } = this;
    return pages !== undefined && this.props.dashboard._access !== undefined
      ? [this.decide.role, pages.review.role]
      : [this.decide.role];
  }

  /** Made for the first action that reads fields: most workflows have none. */
  public fields(): BundledFunction {
    const { storage, encryptionKey } = this.props;
    if (this.reader === undefined) {
      this.reader = this.make('Fields', {
        asset: 'fields',
        description: 'Approval gates: gives later actions what approvers filled in',
        timeout: Duration.seconds(30),
        memorySize: 256,
        environment: { [Env.REQUESTS_TABLE]: storage.requests.tableName },
        statements: [...fieldsStatements(storage.requests.tableArn), ...dataStatements(encryptionKey)],
      });
      acknowledgeWildcard(this.reader.role, '*', 'jobs of CodePipeline are no resources of IAM');
    }
    return this.reader;
  }

  private makePages(decisions: dynamodb.ITable, table: { [name: string]: string }): Pages {
    const { scope } = this;
    const { workflowName, storage, dashboard, reviewDomain, logRetention, encryptionKey } = this.props;
    const { tableArn } = storage.requests;
    const review = this.make('Review', {
      asset: 'review',
      description: 'Approval gates: shows the review page and records signed decisions',
      timeout: Duration.seconds(10),
      memorySize: 512,
      environment: {
        ...table,
        [Env.DECISIONS_TABLE]: decisions.tableName,
        ...this.dashboardEnvironment(),
        ...this.timeZoneEnvironment(),
      },
      statements: [
        ...reviewStatements(tableArn, decisions.tableArn),
        ...(dashboard._access !== undefined ? dashboardStatements(scope, workflowName, tableArn) : []),
        ...dataStatements(encryptionKey),
      ],
    });
    const reviewApi = new ReviewApi(scope, 'ReviewApi', {
      review: review.handler,
      dashboard,
      domain: reviewDomain,
      logRetention,
      encryptionKey,
    });
    return { review, reviewApi };
  }

  private make(
    id: string,
    props: Omit<BundledFunctionProps, 'logRetention' | 'encryptionKey' | 'options' | 'reservedConcurrentExecutions'>,
  ): BundledFunction {
    const { logRetention, encryptionKey, options } = this.props;
    const reserved = options?.reservedConcurrency?.[props.asset as keyof ReservedConcurrency];
    return new BundledFunction(this.scope, id, {
      ...props,
      logRetention,
      encryptionKey,
      options,
      reservedConcurrentExecutions: reserved,
    });
  }

  private connect(): void {
    const { ingress, storage } = this.props;
    new lambda.EventSourceMapping(this.scope, 'QueueToIntake', {
      target: this.intake.handler,
      eventSourceArn: ingress.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    if (storage.decisions !== undefined) {
      this.connectDecisions(storage.decisions, ingress);
    }
  }

  private connectDecisions(decisions: dynamodb.ITable, ingress: Ingress): void {
    new lambda.EventSourceMapping(this.scope, 'DecisionsToDecide', {
      target: this.decide.handler,
      eventSourceArn: decisions.tableStreamArn,
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      // Records of one request keep their order; one that cannot be handled yet holds back few others.
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // A limit of attempts might be reached sooner than this age.
      maxRecordAge: Duration.hours(24),
      // The CDK's own destination would let decide do more with the queue than send to it.
      onFailure: { bind: () => ({ destination: ingress.deadLetterQueue.queueArn }) },
    });
  }

  private timeZoneEnvironment(): { [name: string]: string } {
    const { timeZone } = this.props;
    return timeZone === undefined ? {} : { [Env.TIME_ZONE]: timeZone.timezoneName };
  }

  /** For each decision by link, and for each digest. */
  private get startsTimers(): boolean {
    return this.pages !== undefined || this.props.digestEvery !== undefined;
  }

  private answersEnvironment(stateMachineArn: string): { [name: string]: string } {
    const way: AnswerWay = this.pages === undefined ? 'IN_CONSOLE' : 'BY_LINK';
    return {
      [Env.ANSWERS]: way,
      ...(this.pages && { [Env.REVIEW_URL]: this.pages.reviewApi.url }),
      ...(this.startsTimers ? { [Env.STATE_MACHINE]: stateMachineArn } : {}),
    };
  }

  /** For `review`, which lets people in, and for `decide`, which does what they ask for. */
  private dashboardEnvironment(): { [name: string]: string } {
    const { _access: access } = this.props.dashboard;
    return access === undefined ? {} : { [Env.DASHBOARD]: Stack.of(this.scope).toJsonString(access) };
  }

  private mailEnvironment(): { [name: string]: string } {
    const { mail, workflowName } = this.props;
    if (mail._from !== undefined) {
      return { [Env.MAIL_FROM]: mail._from };
    }
    const prefix = Stack.of(this.scope).formatArn({ service: 'sns', resource: mailTopicName(workflowName, '') });
    return { [Env.MAIL_TOPIC_PREFIX]: prefix };
  }

  private explainWildcards(): void {
    const { scope, decide, check, pages } = this;
    const { workflowName, mail } = this.props;
    const because =
      'gates, checks and people come from other stacks: they are bounded by a path or prefix of this workflow';
    if (pages !== undefined) {
      acknowledgeWildcard(decide.role, '*', 'dynamodb:ListStreams knows no resources');
    }
    if (pages !== undefined && this.props.dashboard._access !== undefined) {
      const people = peopleParameters(scope, workflowName);
      people
        .slice(1)
        .forEach((arn) => acknowledgeWildcard(pages.review.role, arn, 'people stand in a parameter per twenty'));
    }
    acknowledgeWildcard(decide.role, gateRoles(scope, workflowName), because);
    acknowledgeWildcard(decide.role, gateParameters(scope, workflowName), because);
    if (mail._from === undefined) {
      acknowledgeWildcard(decide.role, mailTopics(scope, workflowName), because);
    } else {
      mailIdentities(scope).forEach((arn) => acknowledgeWildcard(decide.role, arn, 'a condition names the one sender'));
    }
    acknowledgeWildcard(check.role, gateRoles(scope, workflowName), because);
  }
}
