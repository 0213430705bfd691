import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import type { Answers } from './answers';
import type { ApprovalGate } from './approval-gate';
import type { Approver } from './approver';
import type { ApproverList } from './approver-list';
import type { GatePolicyOptions } from './policy-options';

/** An approval action of a pipeline that exists already, whatever made it. */
export interface GateName {
  /** Name of the pipeline, literal. It is in the workflow's account and Region. */
  readonly pipelineName: string;
  /** Name of the stage, literal. */
  readonly stageName: string;
  /** Name of the approval action, literal. */
  readonly actionName: string;
}

/** What gates of pipelines that exist already ask. */
export interface AddGatesOptions extends GatePolicyOptions {
  /**
   * Whether the stage's own `OnFailure` rolls it back when the gate rejects. Approvers are told so; nothing here can change that pipeline.
   *
   * @default false
   */
  readonly stageRollsBack?: boolean;
}

/** A gate of a pipeline that exists already, and what it asks. */
export interface AddGateOptions extends GateName, AddGatesOptions {}

/** A workflow, made in this app or imported: what gates need of it, and what it tells. */
export interface IApprovalWorkflow extends IConstruct {
  /** First part of its parameters, role path and topics. */
  readonly workflowName: string;
  /** Where approval actions publish. A pipeline's role needs `sns:Publish` on it, and the use of its key where it has one. */
  readonly requestTopic: sns.ITopic;
  /** ARN of the role that decides: it may assume the roles that answer gates. */
  readonly decideRoleArn: string;
  /** ARN of the role that measures: it may assume the roles that checks read with. */
  readonly checkRoleArn: string;
  /** How people answer: gates that the console cannot answer are refused where it is the only way. */
  readonly answers: Answers;
  /** For how long emails to one person are gathered, if they are, and if this app makes the workflow. */
  readonly digestEvery?: Duration;

  /**
   * Declares whom the workflow may ask. Gates declare their approvers by themselves, except those of an imported workflow: their
   * approvers are declared in the app that makes it.
   */
  addApprovers(...approvers: Approver[]): void;

  /**
   * Declares the lists in which people of its gates stand: `decide` may read these parameters, and with a dashboard `review`, so that
   * people of a list sign in like others. Gates declare their lists by themselves, except those of an imported workflow.
   *
   * Throws where the workflow has `Mail.sns`, and where one parameter is declared with different `allowedDomains`.
   */
  addApproverLists(...lists: ApproverList[]): void;

  /**
   * Takes over an approval action of a pipeline that exists already, whatever made it. Roles and parameters stand in the stack of
   * this workflow, or of the construct that imports it.
   *
   * Let the action's `NotificationArn` be `requestTopic`, else the request is found by its event, two minutes later. Let its
   * `CustomData` end with the line `Pipeline run: #{codepipeline.PipelineExecutionId}`, by which the run is found first.
   */
  addGate(options: AddGateOptions): ApprovalGate;

  /**
   * The same for many approval actions at once, which all ask the same: per pipeline one role more in that stack, two with checks,
   * and per gate one parameter, two where its checks are long. A stack holds 500 resources, so about 200 pipelines of one gate each.
   *
   * Returns the gates in the order of the names. Throws as `addGate` does, and for an empty list.
   */
  addGates(names: GateName[], options: AddGatesOptions): ApprovalGate[];

  /**
   * The function that gives actions what approvers filled in (`ApprovalFieldsAction`). It appears in the account, with a role and a log
   * group, when it is first asked for: one for all pipelines of the workflow.
   *
   * Throws where people answer in the console, and for an imported workflow whose `fieldsFunctionArn` is not known.
   */
  fieldsFunction(): lambda.IFunction;

  /**
   * Gates that were answered outside of the workflow by somebody whom their policy does not know.
   *
   * Sum over 5 minutes.
   */
  metricBypassed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Gates that one person opened alone, in an emergency.
   *
   * Sum over 5 minutes.
   */
  metricGlassBroken(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Emergencies whose follow-up nobody is left to close.
   *
   * Sum over 5 minutes.
   */
  metricFollowUpStuck(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Gates that can be answered in the console only: policy missing, run not found, quorum out of reach, health not known.
   *
   * Sum over 5 minutes.
   */
  metricConsoleOnly(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Recorded decisions that were changed or removed, which nothing honest does.
   *
   * Sum over 5 minutes.
   */
  metricDecisionsTampered(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Records and parameters that this version of the library cannot read.
   *
   * Sum over 5 minutes.
   */
  metricUnreadable(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Calls a target when people are asked, or checks begin to be measured. */
  onApprovalRequested(id: string, options?: events.OnEventOptions): events.Rule;

  /** Calls a target when a request is decided, whatever the outcome. */
  onApprovalDecided(id: string, options?: events.OnEventOptions): events.Rule;

  /** Calls a target when a gate was answered outside of the workflow by somebody whom its policy does not know. */
  onApprovalBypassed(id: string, options?: events.OnEventOptions): events.Rule;

  /** Calls a target when one person opened a gate alone, in an emergency. */
  onGlassBroken(id: string, options?: events.OnEventOptions): events.Rule;

  /** Calls a target when a second person has closed the follow-up of an emergency. */
  onFollowUpClosed(id: string, options?: events.OnEventOptions): events.Rule;

  /** Calls a target when nobody is left who could close the follow-up of an emergency. */
  onFollowUpStuck(id: string, options?: events.OnEventOptions): events.Rule;

  /** Calls a target when a gate can be answered in the console only. */
  onGateNeedsConsole(id: string, options?: events.OnEventOptions): events.Rule;
}

/** What an app has to know of a workflow that another app makes. */
export interface ApprovalWorkflowAttributes {
  /** Its `workflowName`. */
  readonly workflowName: string;
  /** ARN of its `requestTopic`. */
  readonly requestTopicArn: string;
  /** Its `decideRoleArn`. */
  readonly decideRoleArn: string;
  /** Its `checkRoleArn`. */
  readonly checkRoleArn: string;

  /**
   * Its `answers`. Where this is left out and the workflow has `Answers.inConsole()`, a gate that needs links is not refused here: it
   * can only be bypassed, and each request of it says so by the event `Gate Needs Console`.
   *
   * @default Answers.byLink()
   */
  readonly answers?: Answers;

  /**
   * ARN of its `encryptionKey`, which pipelines use to publish.
   *
   * @default - its topic has no key
   */
  readonly encryptionKeyArn?: string;

  /**
   * ARN of its `fieldsFunction()`, which has to be asked for in the app that makes the workflow. Actions that read fields need it.
   *
   * @default - no `ApprovalFieldsAction` works with this workflow here
   */
  readonly fieldsFunctionArn?: string;
}
