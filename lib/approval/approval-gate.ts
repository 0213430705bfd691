import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE, EventType } from '../../contract/names';
import type { GatePlace } from './gate-access';
import { grantManualApproval, stateChanges } from './gate-access';

/** Names of a gate, and of the workflow that answers it. */
export interface ApprovalGateProps {
  /** Name of the workflow. */
  readonly workflowName: string;
  /** Name of the pipeline. */
  readonly pipelineName: string;
  /** Name of the stage. */
  readonly stageName: string;
  /** Name of the approval action. */
  readonly actionName: string;
}

/**
 * A gate that a workflow answers, as `addGate` of the workflow and `ManualApprovals.takeOver` return it. Makes no resource by itself.
 */
export class ApprovalGate extends Construct {
  /** Name of the pipeline. */
  public readonly pipelineName: string;
  /** Name of the stage. */
  public readonly stageName: string;
  /** Name of the approval action. */
  public readonly actionName: string;

  private readonly workflowName: string;

  constructor(scope: Construct, id: string, props: ApprovalGateProps) {
    super(scope, id);
    this.workflowName = props.workflowName;
    this.pipelineName = props.pipelineName;
    this.stageName = props.stageName;
    this.actionName = props.actionName;
  }

  /**
   * Lets somebody answer this gate in the console or by the API: `PutApprovalResult` on this action alone, and what the
   * console needs to show it: `GetPipeline`, `GetPipelineState` and `GetPipelineExecution` on the pipeline, `ListPipelines` on `*`.
   *
   * An answer that the policy does not know counts as a bypass.
   */
  public grantManualApproval(grantee: iam.IGrantable): iam.Grant {
    return grantManualApproval(grantee, this.place());
  }

  /** Calls a target when the workflow has decided a request of this gate, whatever the outcome. */
  public onDecided(id: string, target?: events.IRuleTarget, options?: events.RuleProps): events.Rule {
    const { workflowName: workflow, pipelineName: pipeline, stageName: stage, actionName: action } = this;
    return this.rule(id, target, options, {
      source: [EVENT_SOURCE],
      detailType: [EventType.DECIDED],
      detail: { workflow: [workflow], pipeline: [pipeline], stage: [stage], action: [action] },
    });
  }

  /** Calls a target whenever the state of the action changes. */
  public onStateChange(id: string, target?: events.IRuleTarget, options?: events.RuleProps): events.Rule {
    return this.rule(id, target, options, stateChanges(this.place()));
  }

  private rule(
    id: string,
    target: events.IRuleTarget | undefined,
    options: events.RuleProps | undefined,
    pattern: events.EventPattern,
  ): events.Rule {
    const rule = new events.Rule(this, id, options);
    rule.addEventPattern(pattern);
    rule.addTarget(target);
    return rule;
  }

  private place(): GatePlace {
    const pipelineArn = Stack.of(this).formatArn({ service: 'codepipeline', resource: this.pipelineName });
    return { pipelineArn, stageName: this.stageName, actionName: this.actionName };
  }
}
