import type { Duration } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { EVENT_SOURCE, EventType, Metric } from '../../contract/names';
import { GateError } from '../errors';
import { mustBeLiteral, mustBePipelineName } from '../private/text';
import { mustBeList, mustBeOptions, mustBeText } from '../private/types';
import type { Answers } from './answers';
import type { ApprovalGate } from './approval-gate';
import type { Approver } from './approver';
import type { ApproverList } from './approver-list';
import { declarePeople } from './declare-people';
import { planOf } from './gate-plan';
import { nameProblems } from './known-gates';
import { PipelineGates } from './pipeline-gates';
import type { AddGateOptions, AddGatesOptions, GateName, IApprovalWorkflow } from './workflow-api';
import { workflowMetric } from './workflow-parts/metrics';

/**
 * What a workflow can do, whether this app makes or imports it.
 *
 * @internal
 */
export abstract class ApprovalWorkflowBase extends Construct implements IApprovalWorkflow {
  public abstract readonly workflowName: string;
  public abstract readonly requestTopic: sns.ITopic;
  public abstract readonly decideRoleArn: string;
  public abstract readonly checkRoleArn: string;
  public abstract readonly answers: Answers;
  public abstract readonly digestEvery?: Duration;

  public abstract addApprovers(...approvers: Approver[]): void;
  public abstract addApproverLists(...lists: ApproverList[]): void;
  public abstract fieldsFunction(): lambda.IFunction;

  /**
   * Takes over an approval action of a pipeline that exists already, whatever made it. Roles and parameters stand in the stack of
   * this workflow, or of the construct that imports it.
   *
   * Let the action's `NotificationArn` be `requestTopic`, else the request is found by its event, two minutes later. Let its
   * `CustomData` end with the line `Pipeline run: #{codepipeline.PipelineExecutionId}`, by which the run is found first.
   */
  public addGate(options: AddGateOptions): ApprovalGate {
    for (const prop of ['pipelineName', 'stageName', 'actionName'] as const) {
      mustBeText(prop, options[prop]);
      mustBeLiteral(prop, options[prop], 'a gate of a pipeline of its own making is named in a role and a parameter');
      mustBePipelineName(prop, options[prop]);
    }
    const { pipelineName, stageName, actionName } = options;
    const plan = planOf(options, false);
    this.node.addValidation({ validate: () => nameProblems(options, this) });
    declarePeople(this, plan);
    const gates = PipelineGates.of(this, {
      owner: this,
      pipelineName,
      pipelineArn: Stack.of(this).formatArn({ service: 'codepipeline', resource: pipelineName }),
      literalName: pipelineName,
    });
    const rollsBack = () => options.stageRollsBack ?? false;
    return gates.add({ stageName, actionName, plan, rollsBack, prepared: () => [] });
  }

  /**
   * The same for many approval actions at once, which all ask the same: per pipeline one role more in that stack, two with checks,
   * and per gate one parameter, two where its checks are long. A stack holds 500 resources, so about 200 pipelines of one gate each.
   *
   * Returns the gates in the order of the names. Throws as `addGate` does, and for an empty list.
   */
  public addGates(names: GateName[], options: AddGatesOptions): ApprovalGate[] {
    mustBeList('names', names, "[{ pipelineName: 'shop', stageName: 'Prod', actionName: 'Approve' }]");
    names.forEach((name) =>
      mustBeOptions('addGates', name, "{ pipelineName: 'shop', stageName: 'Prod', actionName: 'Approve' }"),
    );
    if (names.length === 0) {
      throw new GateError('NoGates', '`addGates` is given no names: give at least one, or remove the call');
    }
    return names.map((name) => this.addGate({ ...options, ...name }));
  }

  /**
   * Gates that were answered outside of the workflow by somebody whom their policy does not know.
   *
   * Sum over 5 minutes.
   */
  public metricBypassed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return workflowMetric(this.workflowName, Metric.BYPASSED, options);
  }

  /**
   * Gates that one person opened alone, in an emergency.
   *
   * Sum over 5 minutes.
   */
  public metricGlassBroken(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return workflowMetric(this.workflowName, Metric.GLASS_BROKEN, options);
  }

  /**
   * Emergencies whose follow-up nobody is left to close.
   *
   * Sum over 5 minutes.
   */
  public metricFollowUpStuck(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return workflowMetric(this.workflowName, Metric.FOLLOW_UP_STUCK, options);
  }

  /**
   * Gates that can be answered in the console only: policy missing, run not found, quorum out of reach, health not known.
   *
   * Sum over 5 minutes.
   */
  public metricConsoleOnly(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return workflowMetric(this.workflowName, Metric.CONSOLE_ONLY, options);
  }

  /**
   * Recorded decisions that were changed or removed, which nothing honest does.
   *
   * Sum over 5 minutes.
   */
  public metricDecisionsTampered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return workflowMetric(this.workflowName, Metric.DECISIONS_TAMPERED, options);
  }

  /**
   * Records and parameters that this version of the library cannot read.
   *
   * Sum over 5 minutes.
   */
  public metricUnreadable(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return workflowMetric(this.workflowName, Metric.UNREADABLE, options);
  }

  /** Calls a target when people are asked, or checks begin to be measured. */
  public onApprovalRequested(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.REQUESTED, options);
  }

  /**
   * Calls a target when a request is decided, whatever the outcome. The event's `record` holds number and hash of its entry in the
   * record: archived where nobody can change it, it shows that the record was cut off or written anew.
   */
  public onApprovalDecided(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.DECIDED, options);
  }

  /** Calls a target when a gate was answered outside of the workflow by somebody whom its policy does not know. */
  public onApprovalBypassed(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.BYPASSED, options);
  }

  /** Calls a target when one person opened a gate alone, in an emergency. */
  public onGlassBroken(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.GLASS_BROKEN, options);
  }

  /** Calls a target when a second person has closed the follow-up of an emergency. */
  public onFollowUpClosed(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.FOLLOW_UP_CLOSED, options);
  }

  /** Calls a target when nobody is left who could close the follow-up of an emergency. */
  public onFollowUpStuck(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.FOLLOW_UP_STUCK, options);
  }

  /** Calls a target when a gate can be answered in the console only. */
  public onGateNeedsConsole(id: string, options?: events.OnEventOptions): events.Rule {
    return this.onEvent(id, EventType.NEEDS_CONSOLE, options);
  }

  private onEvent(id: string, detailType: string, options: events.OnEventOptions = {}): events.Rule {
    const rule = new events.Rule(this, id, options);
    rule.addEventPattern({
      source: [EVENT_SOURCE],
      detailType: [detailType],
      detail: { workflow: [this.workflowName] },
    });
    rule.addTarget(options.target);
    return rule;
  }
}
