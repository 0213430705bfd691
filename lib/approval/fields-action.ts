import { Lazy } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { Construct } from 'constructs';
import type { FieldsQuestion } from '../../contract/messages';
import { GateError } from '../errors';
import { LAMBDA_ACTION, letInvoke } from '../private/lambda-action';
import { mustBePipelineName } from '../private/text';
import { shown } from '../private/types';
import { ApprovalGateAction } from './gate-action';
import { mustBeRunOrder } from '../private/run-order';
import type { IApprovalWorkflow } from './workflow-api';

/** Construction properties of `ApprovalFieldsAction`. */
export interface ApprovalFieldsActionProps extends codepipeline.CommonAwsActionProps {
  /** The gate whose `fields` are given out. It stands before this action, in the same pipeline. */
  readonly gate: ApprovalGateAction;
}

/**
 * Gives later actions what approvers of a gate filled in, as variables: put it behind the gate, and use `variable('ticket')` in the
 * configuration of what comes after it.
 *
 * It is a Lambda action. In the stack of the workflow appears one function for all such actions, which may query nothing but
 * these values in the requests table. The role of the action may invoke it, and list functions (`lambda:ListFunctions` on `*`, as
 * CodePipeline asks for).
 *
 * The action fails when there is nothing to give out: the gate was approved in the console, where there is no form, or by a former rule,
 * without these fields. A rollback that passes the gate by itself reads what was filled in for the run that it goes back to.
 *
 * Values are data from people: later actions must not take them for commands.
 */
export class ApprovalFieldsAction extends codepipeline.Action {
  /** What CodePipeline is told of the action. */
  protected readonly providedActionProperties: codepipeline.ActionProperties;
  private readonly gate: ApprovalGateAction;

  constructor(props: ApprovalFieldsActionProps) {
    super();
    mustBePipelineName('actionName', props.actionName);
    mustBeRunOrder(props.runOrder);
    const gate: unknown = props.gate;
    if (!(gate instanceof ApprovalGateAction)) {
      throw new GateError(
        'WrongType',
        `\`gate\` is ${shown(gate)}, but has to be an \`ApprovalGateAction\`: give that`,
      );
    }
    if (gate._fieldNames.length === 0) {
      throw new GateError(
        'NoFields',
        `gate '${gate.actionProperties.actionName}' has no \`fields\`: give it some, as in \`fields: [DecisionField.text('ticket', { label: ` +
          "'Change ticket' })]`, or remove this action",
      );
    }
    this.gate = gate;
    const { gate: _gate, ...common } = props;
    this.providedActionProperties = {
      ...common,
      ...LAMBDA_ACTION,
    };
  }

  /** `#{Namespace.ticket}`: what approvers filled in, for the configuration of later actions. Throws for a field that the gate does not have. */
  public variable(fieldName: string): string {
    const known = this.gate._fieldNames;
    if (!known.includes(fieldName)) {
      throw new GateError(
        'UnknownField',
        `\`variable\` is asked for ${shown(fieldName)}, but the fields of gate '${this.gate.actionProperties.actionName}' are ` +
          `${known.map((name) => `'${name}'`).join(', ')}: name one of them`,
      );
    }
    return this.variableExpression(fieldName);
  }

  /** Called when the action is added to a stage. */
  protected bound(
    _scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    stage.pipeline.node.addValidation({ validate: () => this.problems(stage) });
    const reader = this.workflow.fieldsFunction();
    letInvoke(options.role, reader);
    return {
      configuration: {
        FunctionName: reader.functionName,
        UserParameters: Lazy.string({ produce: () => JSON.stringify(this.question()) }),
      },
    };
  }

  /** A gate with fields has one. */
  private get workflow(): IApprovalWorkflow {
    const workflow = this.gate._workflow;
    if (workflow === undefined) {
      throw new Error('a gate with fields was made without a workflow');
    }
    return workflow;
  }

  /** The pipeline cannot name itself in its own definition: the id of a run is unique without that. */
  private question(): FieldsQuestion {
    return {
      run: '#{codepipeline.PipelineExecutionId}',
      stage: this.gate._stage?.stageName ?? '',
      action: this.gate.actionProperties.actionName,
      fields: this.gate._fieldNames,
    };
  }

  /** Where gate and action stand is known when the whole pipeline is made. */
  private problems(stage: codepipeline.IStage): string[] {
    const { actionName, runOrder = 1 } = this.providedActionProperties;
    const { actionName: gateName, runOrder: gateOrder = 1 } = this.gate.actionProperties;
    const where = this.gate._stage;
    const action = `action '${actionName}' of stage '${stage.stageName}' gives out what approvers of gate '${gateName}' filled in`;
    if (where === undefined || where.pipeline !== stage.pipeline) {
      return [`${action}, but that gate does not stand in this pipeline: add it to a stage before`];
    }
    const stages = stage.pipeline instanceof codepipeline.Pipeline ? stage.pipeline.stages : [where, stage];
    const [gateAt, here] = [where, stage].map((one) =>
      stages.findIndex(({ stageName }) => stageName === one.stageName),
    );
    const isLater = where.stageName === stage.stageName ? runOrder > gateOrder : (here ?? 0) > (gateAt ?? 0);
    return isLater
      ? []
      : [`${action}, but does not run after it: give it a higher \`runOrder\` than ${gateOrder}, or a later stage`];
  }
}
