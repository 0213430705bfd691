import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import {
  EVENT_SOURCE,
  FIELDS_KEY,
  INTAKE_ATTRIBUTES,
  INTAKE_KEYS,
  mailTopicName,
  parameterRoot,
  OPEN_INDEX,
  peoplePath,
} from '../../../contract/names';
import type { Mail } from '../mail';

/** One statement: these actions on these resources. */
export function allow(
  actions: string[],
  resources: string[],
  conditions?: { [operator: string]: { [key: string]: string | string[] } },
): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });
}

/** Roles of any stack of this account that a workflow's functions may assume. They, in turn, name the function's role. */
export function gateRoles(scope: IConstruct, workflowName: string): string {
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: `approval-gates/${workflowName}/*`,
  });
}

/** Policies, checks and people of a workflow, whatever stack they stand in. */
export function gateParameters(scope: IConstruct, workflowName: string): string {
  const resourceName = `${parameterRoot(workflowName).slice(1)}/*`;
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
}

/**
 * What SES asks about for one mail: the sender's identity, in the sandbox the recipient's too, and the configuration set that
 * either may have as its default. A condition holds it to one sender.
 */
export function mailIdentities(scope: IConstruct): string[] {
  const any = (resource: string) => Stack.of(scope).formatArn({ service: 'ses', resource, resourceName: '*' });
  return [any('identity'), any('configuration-set')];
}

/** The topics of everybody whom a workflow mails by SNS. */
export function mailTopics(scope: IConstruct, workflowName: string): string {
  return Stack.of(scope).formatArn({ service: 'sns', resource: mailTopicName(workflowName, '*') });
}

/** What `review` may do: add decisions, read requests. */
export function reviewStatements(requestsArn: string, decisionsArn: string): iam.PolicyStatement[] {
  return [
    // Nothing may be read back through a put, and no attribute may be written that decisions do not have.
    allow(['dynamodb:PutItem'], [decisionsArn], {
      'ForAllValues:StringEquals': {
        'dynamodb:Attributes': ['pk', 'sk', 'verdict', 'comment', 'evidence', 'seq', 'details', 'at', 'sig', 'ttl'],
      },
      StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
    }),
    allow(['dynamodb:Query'], [requestsArn]),
  ];
}

/** ARN of a parameter of this account and Region. */
export function parameterNamed(scope: IConstruct, name: string): string {
  const resourceName = name.replace(/^\//, '');
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName });
}

/** Everybody who is declared in a workflow. A path is asked for by its own name, and answers with what is below it. */
export function peopleParameters(scope: IConstruct, workflowName: string): string[] {
  return ['', '/*'].map((below) => parameterNamed(scope, `${peoplePath(workflowName)}${below}`));
}

/** What `review` may read besides, for the dashboard: what waits, and who is declared. */
export function dashboardStatements(
  scope: IConstruct,
  workflowName: string,
  requestsArn: string,
): iam.PolicyStatement[] {
  return [
    allow(['dynamodb:Query'], [`${requestsArn}/index/${OPEN_INDEX.NAME}`]),
    allow(['ssm:GetParametersByPath'], peopleParameters(scope, workflowName)),
  ];
}

export function intakeStatements(
  requestsArn: string,
  stateMachineArn: string,
  queueArn: string,
): iam.PolicyStatement[] {
  return [
    // Only rows of its own kinds: it can neither make, change nor overwrite a request, an invitation, a vote or a measurement.
    allow(['dynamodb:PutItem'], [requestsArn], {
      'ForAllValues:StringLike': {
        'dynamodb:LeadingKeys': Object.values(INTAKE_KEYS).map((prefix) => `${prefix}*`),
      },
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...INTAKE_ATTRIBUTES] },
      StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
    }),
    allow(['states:StartExecution'], [stateMachineArn]),
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queueArn]),
  ];
}

/** What `fields` may do: read what approvers filled in, and answer the action that asked. */
export function fieldsStatements(requestsArn: string): iam.PolicyStatement[] {
  return [
    allow(['dynamodb:Query'], [requestsArn], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${FIELDS_KEY}*`] },
    }),
    // Jobs of CodePipeline are no resources that a policy could name.
    allow(['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'], ['*']),
  ];
}

/** Whence decisions come, and where one goes that cannot be taken. */
export interface DecisionsSource {
  readonly streamArn: string;
  readonly deadLettersArn: string;
}

export interface DecideResources {
  readonly workflowName: string;
  readonly requestsArn: string;
  readonly checkArn: string;
  readonly mail: Mail;
  /** Absent where only `intake` starts timer runs. */
  readonly stateMachineArn?: string;
  /** Absent where no decision comes by link. */
  readonly decisions?: DecisionsSource;
}

export function decideStatements(scope: IConstruct, to: DecideResources): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  return [
    allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [to.requestsArn]),
    ...streamStatements(to),
    allow(['ssm:GetParameters', 'ssm:GetParametersByPath'], [gateParameters(scope, to.workflowName)]),
    ...mailStatements(stack, to),
    allow(['sts:AssumeRole'], [gateRoles(scope, to.workflowName)]),
    allow(['lambda:InvokeFunction'], [to.checkArn]),
    ...(to.stateMachineArn === undefined ? [] : [allow(['states:StartExecution'], [to.stateMachineArn])]),
    allow(
      ['events:PutEvents'],
      [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
      // One request may carry events of several sources: each has to be ours, and there has to be one.
      { 'ForAllValues:StringEquals': { 'events:source': EVENT_SOURCE }, Null: { 'events:source': 'false' } },
    ),
    ...(to.decisions === undefined ? [] : [allow(['sqs:SendMessage'], [to.decisions.deadLettersArn])]),
  ];
}

function streamStatements({ decisions }: DecideResources): iam.PolicyStatement[] {
  return decisions === undefined
    ? []
    : [
        allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [decisions.streamArn]),
        // Streams can be listed for all tables only.
        allow(['dynamodb:ListStreams'], ['*']),
      ];
}

function mailStatements(stack: Stack, to: DecideResources): iam.PolicyStatement[] {
  const { _from: from } = to.mail;
  if (from === undefined) {
    return [
      allow(['sns:Publish', 'sns:ListSubscriptionsByTopic', 'sns:Subscribe'], [mailTopics(stack, to.workflowName)]),
    ];
  }
  return [allow(['ses:SendEmail'], mailIdentities(stack), { StringEquals: { 'ses:FromAddress': from } })];
}
