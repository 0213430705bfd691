import type { Duration, RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Answers } from './answers';
import type { Dashboard } from './dashboard';
import type { Mail } from './mail';
import type { ReviewDomain } from './review-domain';

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
   * At most one email to a person in this time, for people whom many gates ask: the first one goes out at once, and what follows within
   * this time is gathered in one digest at its end, with a link of its own for each request. Requests, reminders and results are
   * gathered. Emailed at once in any case: what has to be answered, or would ask further people, before four times this time is over;
   * links that somebody asks for at the dashboard; bypasses and emergencies; to approvers, when their approval goes ahead.
   *
   * Whole minutes, from 5 minutes to 4 hours, no token. Needs nothing in the account but a timer run per digest.
   *
   * @default - every email goes out at once
   */
  readonly digestEvery?: Duration;

  /**
   * How people answer.
   *
   * @default Answers.byLink()
   */
  readonly answers?: Answers;

  /**
   * The team's dashboard, beside the review page.
   *
   * @default - `Dashboard.signInByEmail()` with `Answers.byLink()`, `Dashboard.none()` with `Answers.inConsole()`
   */
  readonly dashboard?: Dashboard;

  /**
   * A domain of your own for review page and dashboard. Emails then hold links to it, and the address that AWS gave the API is switched
   * off. An alias record in DNS has to lead from the name to `reviewDomainName` of the workflow. Changing it while requests are open
   * leaves the links that were mailed before dead; dashboard and console remain.
   *
   * @default - the address that AWS gives the API
   */
  readonly reviewDomain?: ReviewDomain;

  /**
   * Where the approvers live: mails say by when to answer in this time zone, with UTC beside it, and who chooses a later start types it
   * on the clock there. The review page shows the time zone of each reader's browser in any case.
   *
   * @default - mails say UTC alone, and a start is typed in UTC
   */
  readonly timeZone?: TimeZone;

  /**
   * Topic that hears the alarms. Where this app makes the topic, its policy lets the alarms of the account publish; the policy of an
   * imported one has to do so already.
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

  /**
   * A key of your own for topics, queues, tables, log groups and the environment of the functions.
   *
   * The functions, and the roles of pipelines that publish, get exactly the uses that they need. Where this app makes the key, its
   * policy lets SNS, EventBridge and CloudWatch Logs use it as well; an imported key needs that in its policy beforehand.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Where and how the functions run.
   *
   * @default - outside of any network, without traces, sharing the account's concurrency
   */
  readonly functionOptions?: WorkflowFunctionOptions;
}

/** Where and how the functions of a workflow run. */
export interface WorkflowFunctionOptions {
  /**
   * Network that the functions run in. It has to lead to DynamoDB, SQS, SNS or SES, SSM, STS, Step Functions, EventBridge,
   * Lambda, CodePipeline and CloudWatch, by a NAT gateway or by endpoints; and to the addresses that `Check.http` asks.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of that network. Needs `vpc`.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the functions. Needs `vpc`.
   *
   * @default - one per function, which lets everything out and nothing in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Traces of X-Ray. They hold no secret: the secret of a link is in the query, which is not traced.
   *
   * @default - none
   */
  readonly tracing?: lambda.Tracing;

  /**
   * Concurrency that is kept for single functions, and that they cannot exceed. Accounts need 100 unreserved ones beside.
   *
   * @default - all share the account's concurrency
   */
  readonly reservedConcurrency?: ReservedConcurrency;
}

/** Concurrent runs that are reserved for the functions of a workflow: whole numbers from 1. */
export interface ReservedConcurrency {
  /**
   * Takes requests in.
   *
   * @default - not reserved
   */
  readonly intake?: number;

  /**
   * Decides. It waits for `check` while it measures, so do not give it more than `check` has.
   *
   * @default - not reserved
   */
  readonly decide?: number;

  /**
   * Serves the review page.
   *
   * @default - not reserved
   */
  readonly review?: number;

  /**
   * Measures.
   *
   * @default - not reserved
   */
  readonly check?: number;
}
