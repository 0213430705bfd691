import { Lazy, Stack, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { RUN_LINE } from '../../contract/names';
import { GateError } from '../errors';
import { mustShareEnvironment } from '../private/environment';
import { SENDING } from '../private/key-use';
import { mustBePipelineName } from '../private/text';
import { warnOfExclusion } from './author-sources';
import { grantManualApproval, stateChanges } from './gate-access';
import type { ApprovalGateOptions } from './gate-options';
import type { GatePlan } from './gate-plan';
import { declarePeople } from './declare-people';
import { approversOf, planOf } from './gate-plan';
import { checkTexts, textProblems } from './gate-texts';
import { mustBeNative } from './native-rules';
import { NativeTopics } from './native-topics';
import { PipelineGates } from './pipeline-gates';
import { cfnPipelineOf } from '../private/pipeline-stages';
import { preparedChangeSets } from './prepared-change-sets';
import { mustBeRunOrder } from '../private/run-order';
import { rollBackOnFailure, stageRollsBack, warnOfRetry } from '../private/stage-rollback';
import type { IApprovalWorkflow } from './workflow-api';

/** Construction properties of `ApprovalGateAction`. */
export interface ApprovalGateActionProps extends ApprovalGateOptions {
  /** Name of the action, unique in its stage: 1 to 100 characters of letters, digits, '.', '@', '-' and '_'. */
  readonly actionName: string;

  /**
   * When the action runs in its stage, from 1 to 999.
   *
   * @default 1
   */
  readonly runOrder?: number;

  /**
   * Namespace of the action's variables.
   *
   * @default - none; an approval has no variables
   */
  readonly variablesNamespace?: string;
}

/**
 * A gate: CodePipeline's approval action and a policy that says what opens it.
 *
 * Without a workflow it is CodePipeline's own manual approval: one topic of the gate's own mails its approvers, who confirm
 * once and answer in the console; no function, no role. With a workflow it adds one parameter to the pipeline's stack, two where its checks
 * do not fit into the first; the first gate of a pipeline also adds a role that the workflow answers with, and one that checks read with.
 *
 * In both cases the pipeline's role gets `sns:Publish` on one topic, and the action gets no role of its own. A role that was
 * imported as immutable needs that permission from you.
 *
 * Wrong properties throw at synth, and name the property, what is allowed and the fix.
 */
export class ApprovalGateAction implements codepipeline.IAction {
  private readonly props: ApprovalGateActionProps;
  private readonly plan: GatePlan;
  private stage?: codepipeline.IStage;
  private scope?: Construct;

  constructor(props: ApprovalGateActionProps) {
    mustBePipelineName('actionName', props.actionName);
    if (props.workflow === undefined) {
      mustBeNative(props);
    }
    checkTexts(props);
    mustBeRunOrder(props.runOrder);
    this.plan = planOf(props, props.notificationTopic !== undefined);
    this.props = props;
  }

  /**
   * What the pipeline asks about an action. Its owner is 'AWS' from the moment it is bound: until then it is 'pending', so
   * that the CDK makes no role for an action that needs none.
   */
  public get actionProperties(): codepipeline.ActionProperties {
    const { actionName, runOrder, variablesNamespace } = this.props;
    return {
      actionName,
      ...(runOrder === undefined ? {} : { runOrder }),
      ...(variablesNamespace === undefined ? {} : { variablesNamespace }),
      category: codepipeline.ActionCategory.APPROVAL,
      provider: 'Manual',
      owner: this.stage === undefined ? 'pending' : 'AWS',
      version: '1',
      artifactBounds: { minInputs: 0, maxInputs: 0, minOutputs: 0, maxOutputs: 0 },
      timeout: this.plan.timeout,
    };
  }

  /** Called by the stage that the action is added to. */
  public bind(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    if (this.stage !== undefined) {
      throw new GateError(
        'BoundTwice',
        `gate '${this.props.actionName}' stands in stage '${this.stage.stageName}' of '${this.stage.pipeline.node.path}' already, and cannot ` +
          `stand in stage '${stage.stageName}' of '${stage.pipeline.node.path}', too: make a new action per stage`,
      );
    }
    this.stage = stage;
    this.scope = scope;
    stage.pipeline.node.addValidation({ validate: () => textProblems(this.props, Stack.of(stage.pipeline)) });
    warnOfRetry(stage, this.props.actionName);
    const notificationArn =
      this.props.workflow === undefined
        ? this.bindNative(stage, options.role)
        : this.bindTo(this.props.workflow, stage, options.role);
    this.letPublish(options.role, notificationArn);
    if (this.props.rollbackOnReject === true) {
      rollBackOnFailure(stage, this.actionProperties);
    }
    return { configuration: this.configuration(notificationArn) };
  }

  /** Calls a target whenever the state of the action changes. */
  public onStateChange(name: string, target?: events.IRuleTarget, options?: events.RuleProps): events.Rule {
    const { stage, scope } = this.bound('onStateChange');
    const rule = new events.Rule(scope, name, options);
    if (target !== undefined) {
      rule.addTarget(target);
    }
    const { actionName } = this.props;
    rule.addEventPattern(
      stateChanges({ pipelineArn: stage.pipeline.pipelineArn, stageName: stage.stageName, actionName }),
    );
    return rule;
  }

  /**
   * Lets somebody answer this gate in the console or by the API: `PutApprovalResult` on this action alone, and what the
   * console needs to show it: `GetPipeline`, `GetPipelineState` and `GetPipelineExecution` on the pipeline, `ListPipelines` on `*`.
   *
   * With a workflow, an answer that the policy does not know counts as a bypass. Works before and after the action is added to its stage.
   */
  public grantManualApproval(grantee: iam.IGrantable): iam.Grant {
    const late = (produce: (stage: codepipeline.IStage) => string) =>
      Lazy.string({ produce: () => produce(this.bound('grantManualApproval').stage) });
    return grantManualApproval(grantee, {
      pipelineArn: late(({ pipeline }) => pipeline.pipelineArn),
      stageName: late(({ stageName }) => stageName),
      actionName: this.props.actionName,
    });
  }

  /**
   * Where the gate stands; undefined until it is added to a stage.
   *
   * @internal
   */
  public get _stage(): codepipeline.IStage | undefined {
    return this.stage;
  }

  /**
   * The workflow that asks, if the gate has one.
   *
   * @internal
   */
  public get _workflow(): IApprovalWorkflow | undefined {
    return this.props.workflow;
  }

  /**
   * Names of what approvers fill in.
   *
   * @internal
   */
  public get _fieldNames(): readonly string[] {
    return (this.props.fields ?? []).map(({ name }) => name);
  }

  private bindNative(stage: codepipeline.IStage, role: iam.IRole): string {
    const { notificationTopic, actionName } = this.props;
    if (notificationTopic === undefined) {
      const gate = { stageName: stage.stageName, actionName };
      return NativeTopics.of(stage.pipeline).arnFor(gate, approversOf(this.plan));
    }
    mustServe(notificationTopic, stage.pipeline);
    // What publishing to an encrypted topic needs (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    notificationTopic.masterKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey*');
    return notificationTopic.topicArn;
  }

  private bindTo(workflow: IApprovalWorkflow, stage: codepipeline.IStage, role: iam.IRole): string {
    mustShareEnvironment(workflow, stage.pipeline);
    declarePeople(workflow, this.plan);
    const { pipeline, stageName } = stage;
    const resource = cfnPipelineOf(pipeline);
    const literalName = resource?.name;
    PipelineGates.of(pipeline, {
      owner: workflow,
      pipelineName: pipeline.pipelineName,
      pipelineArn: pipeline.pipelineArn,
      ...(literalName === undefined || Token.isUnresolved(literalName) ? {} : { literalName }),
    }).add({
      stageName,
      actionName: this.props.actionName,
      plan: this.plan,
      // Whichever gate of the stage asked for it: a stage has one way to fail.
      rollsBack: () => resource !== undefined && stageRollsBack(resource, stageName),
      prepared: () => (resource === undefined ? [] : preparedChangeSets(resource, stageName, this.props.actionName)),
    });
    warnOfExclusion(stage, this.props.actionName, this.plan.rule);
    const { topicArn, masterKey } = workflow.requestTopic;
    if (masterKey !== undefined) {
      role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: SENDING, resources: [masterKey.keyArn] }));
    }
    return topicArn;
  }

  /** By the role's own policy: a grant by the topic would write the role into a policy of the workflow's stack. */
  private letPublish(role: iam.IRole, topicArn: string): void {
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }));
  }

  private configuration(notificationArn: string): { [key: string]: string } {
    const { reviewUrl, additionalInformation, workflow } = this.props;
    const lines = [additionalInformation, workflow === undefined ? undefined : RUN_LINE];
    const customData = lines.filter((line) => line !== undefined).join('\n');
    return {
      NotificationArn: notificationArn,
      ...(reviewUrl === undefined ? {} : { ExternalEntityLink: reviewUrl }),
      ...(customData === '' ? {} : { CustomData: customData }),
    };
  }

  private bound(what: string): { readonly stage: codepipeline.IStage; readonly scope: Construct } {
    const { stage, scope } = this;
    if (stage === undefined || scope === undefined) {
      throw new GateError(
        'NotBound',
        `\`${what}\` of gate '${this.props.actionName}' needs its pipeline: add the action to a stage`,
      );
    }
    return { stage, scope };
  }
}

/** CodePipeline notifies standard topics of its own Region. */
function mustServe(topic: sns.ITopic, pipeline: codepipeline.IPipeline): void {
  if (topic.fifo) {
    throw new GateError(
      'FifoTopic',
      '`notificationTopic` is a FIFO topic, which mails nobody and takes no approval request: give a standard topic',
    );
  }
  const { region } = Stack.of(pipeline);
  const theirs = topic.env.region;
  if (!Token.isUnresolved(region) && !Token.isUnresolved(theirs) && region !== theirs) {
    throw new GateError(
      'TopicInOtherRegion',
      `\`notificationTopic\` is in ${theirs}, but the pipeline is in ${region}, and CodePipeline notifies topics of its own Region: ` +
        'give a topic there',
    );
  }
}
