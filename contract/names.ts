/** Names that the constructs write and the functions read. Nothing here depends on anything else. */

/** Environment variables of the functions. */
export const Env = {
  /** The workflow's name: first path element of its parameters, metric dimension, event detail. */
  WORKFLOW: 'GATES_WORKFLOW',
  /** Table of requests; `lambda/domain/rows.ts` says what stands in it. */
  REQUESTS_TABLE: 'GATES_REQUESTS_TABLE',
  /** Table of decisions: one signed row per decision, written by `review` alone. */
  DECISIONS_TABLE: 'GATES_DECISIONS_TABLE',
  /** ARN of the state machine that is the requests' timer. */
  STATE_MACHINE: 'GATES_STATE_MACHINE',
  /** How people answer: one of `AnswerWay`. */
  ANSWERS: 'GATES_ANSWERS',
  /** Base URL of the review page, without a trailing slash. Set when people answer by link. */
  REVIEW_URL: 'GATES_REVIEW_URL',
  /** ARN (or name) of the check function. */
  CHECK_FUNCTION: 'GATES_CHECK_FUNCTION',
  /** ARN of a person's mail topic without the person's id at its end. Set when mail goes by SNS. */
  MAIL_TOPIC_PREFIX: 'GATES_MAIL_TOPIC_PREFIX',
  /** Sender address. Set when mail goes by SES. */
  MAIL_FROM: 'GATES_MAIL_FROM',
  /** IANA name of the approvers' time zone. Absent when mails say UTC alone, and times are typed in UTC. */
  TIME_ZONE: 'GATES_TIME_ZONE',
  /** For so many minutes after an email to a person, further ones to them are gathered. Absent when none are. */
  DIGEST_MINUTES: 'GATES_DIGEST_MINUTES',
  /** JSON of how people get to the dashboard (a `DashboardAccess`). Absent when the workflow has none. */
  DASHBOARD: 'GATES_DASHBOARD',
  /** JSON of the checks that a deployment hook runs (a `ChecksDocument`). */
  HOOK_CHECKS: 'GATES_HOOK_CHECKS',
  /** How long the hook of an ECS deployment, or an action of a pipeline, watches them. */
  HOOK_BAKE_MINUTES: 'GATES_HOOK_BAKE_MINUTES',
  /** Id of the REST API whose stage is rolled out. */
  REST_API: 'GATES_REST_API',
  /** Name of that stage. */
  API_STAGE: 'GATES_API_STAGE',
  /** JSON of how its requests move (a `Shift`). */
  SHIFT: 'GATES_SHIFT',
  /** Name of the pipeline whose action rolls out. */
  PIPELINE: 'GATES_PIPELINE',
  /** Name of the stage of the pipeline in which that action is. */
  PIPELINE_STAGE: 'GATES_PIPELINE_STAGE',
  /** Name of that action. */
  PIPELINE_ACTION: 'GATES_PIPELINE_ACTION',
} as const;

/** How the people of a workflow answer. */
export const ANSWER_WAYS = ['BY_LINK', 'IN_CONSOLE'] as const;
export type AnswerWay = (typeof ANSWER_WAYS)[number];

/** Path of every IAM role that a workflow's functions may assume, in any stack. */
export function rolePath(workflow: string): string {
  return `/approval-gates/${workflow}/`;
}

/** Path of the roles that measure for a workflow's pipelines. What reads for them in another account trusts roles of this path. */
export function checkRolePath(workflow: string): string {
  return `${rolePath(workflow)}checks/`;
}

/** Name of the role that reads for a workflow's checks in one Region of another account: made on both sides, known to both. */
export function readerRoleName(workflow: string, reader: string, region: string): string {
  return `${workflow}.${reader}.${region}`;
}

/** Root of a workflow's SSM parameters. */
export function parameterRoot(workflow: string): string {
  return `/approval-gates/${workflow}`;
}

/** Name of the parameter that holds a gate's policy. Pipeline, stage and action may hold `@`, parameter names may not. */
export function policyParameter(workflow: string, pipeline: string, stage: string, action: string): string {
  return `${gatesPath(workflow)}/${encode(pipeline)}/${encode(stage)}/${encode(action)}/policy`;
}

/** Name of the parameter that holds a gate's checks. */
export function checksParameter(workflow: string, pipeline: string, stage: string, action: string): string {
  return `${gatesPath(workflow)}/${encode(pipeline)}/${encode(stage)}/${encode(action)}/checks`;
}

/** Path under which the people of a workflow stand, 20 to a parameter: `<path>/0`, `<path>/1`, … */
export function peoplePath(workflow: string): string {
  return `${parameterRoot(workflow)}/people`;
}

/** Name of the parameter that says which lists of people a workflow may read. It stands where the people do. */
export function listsParameter(workflow: string): string {
  return `${peoplePath(workflow)}/lists`;
}

/** Path under which the gates of a workflow have their policies and checks. */
export function gatesPath(workflow: string): string {
  return `${parameterRoot(workflow)}/gates`;
}

/** Name of a person's mail topic. */
export function mailTopicName(workflow: string, personId: string): string {
  return `gates-${workflow}-to-${personId}`;
}

function encode(part: string): string {
  return part.replace(/@/g, '_40');
}

/**
 * Beginnings of the partition keys under which `intake` may put rows into the requests table: approvals that asked, and who
 * triggered a run of a pipeline. Its role may write nowhere else, so it can touch no request, vote or measurement.
 */
export const INTAKE_KEYS = { ASKED: 'asked#', TRIGGER: 'trigger#' } as const;

/**
 * Beginning of the partition keys of what approvers filled in for later actions of a run. The function that hands it to them may read
 * nothing else.
 */
export const FIELDS_KEY = 'fields#';

/**
 * Index of the requests that have not ended, oldest first. A request loses both attributes when it is closed, and with them its
 * place in the index.
 */
export const OPEN_INDEX = { NAME: 'open-requests', PARTITION: 'open', SORT: 'openSince', VALUE: 'OPEN' } as const;

/** Attributes of the rows that `intake` may put, and no others. */
export const INTAKE_ATTRIBUTES = [
  'pk',
  'sk',
  'v',
  'pipeline',
  'stage',
  'action',
  'requestedAt',
  'expires',
  'executionHint',
  'authors',
  'startedBy',
  'ttl',
] as const;

/** Namespace of the metrics; their only dimension is `Workflow`. */
export const METRIC_NAMESPACE = 'ApprovalGates';

/** Names of the metrics, written as embedded metric format in the log, so they cost nothing until one is counted. */
export const Metric = {
  /** A row of the decisions table was changed or removed: nothing honest does that. */
  DECISIONS_TAMPERED: 'DecisionsTampered',
  /** A gate was answered outside the workflow by somebody the policy does not know. */
  BYPASSED: 'Bypassed',
  /** Somebody opened a gate alone, in an emergency. */
  GLASS_BROKEN: 'GlassBroken',
  /** Nobody is left who could close the follow-up of an emergency. */
  FOLLOW_UP_STUCK: 'FollowUpStuck',
  /** A gate can only be answered in the console: policy missing, run not found, quorum unreachable, health unknown. */
  CONSOLE_ONLY: 'ConsoleOnly',
  /** A row or a parameter that this version cannot read: written by another version, or by somebody else. */
  UNREADABLE: 'Unreadable',
} as const;

/** Beginnings of lines that `decide` writes into its log, by which the operations dashboard counts. */
export const LogMessage = {
  /** Once per request, or again after a crash: its run was found, and who or what decides is asked. */
  ASKED: 'request identified',
  /** Once per request, followed by the outcome and by who decided it: ` APPROVED by PEOPLE`. */
  DECIDED: 'request decided:',
} as const;

/** Source of the events that `decide` puts on the account's default bus. */
export const EVENT_SOURCE = 'cdk-approval-gates';

/** Detail types of those events. */
export const EventType = {
  REQUESTED: 'Approval Requested',
  DECIDED: 'Approval Decided',
  BYPASSED: 'Approval Bypassed',
  GLASS_BROKEN: 'Glass Broken',
  FOLLOW_UP_CLOSED: 'Follow-up Closed',
  FOLLOW_UP_STUCK: 'Follow-up Stuck',
  NEEDS_CONSOLE: 'Gate Needs Console',
} as const;

/** How the last line of a gate's custom data begins. */
export const RUN_LABEL = 'Pipeline run: ';

/**
 * Last line of the custom data of a gate: by it `decide` finds the run that asks. Resolved, the variable is the run's id.
 * What stands before it is the text for people.
 */
export const RUN_LINE = `${RUN_LABEL}#{codepipeline.PipelineExecutionId}`;
