import { Lazy } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as pipelines from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { grantManualApproval, stateChanges, type GatePlace } from './gate-access';
import { ApprovalGateAction } from './gate-action';
import type { ApprovalGateOptions } from './gate-options';

/**
 * A gate in a pipeline of CDK Pipelines: before a stage (`pre`), after it (`post`), or between making and executing a
 * change set (`stackSteps: [{ stack, changeSet: [gate] }]`). It stands in the same stage as the deployment that it guards.
 *
 * Becomes one `ApprovalGateAction`, whose description says what appears in the account.
 */
export class ApprovalGateStep extends pipelines.Step implements pipelines.ICodePipelineActionFactory {
  private readonly props: ApprovalGateOptions;
  private made?: ApprovalGateAction;

  /** @param id name of the action; CDK Pipelines prefixes it where the stage has several stacks */
  constructor(id: string, props: ApprovalGateOptions) {
    super(id);
    this.props = props;
    this.discoverReferencedOutputs({
      reviewUrl: props.reviewUrl,
      additionalInformation: props.additionalInformation,
    });
  }

  /**
   * What CDK Pipelines made of the step, for an `ApprovalFieldsAction` behind it, and for whatever else asks for an action.
   *
   * @throws until the pipeline is built: call `buildPipeline()` of it before, after which nothing can be added to it
   */
  public get action(): ApprovalGateAction {
    if (this.made === undefined) {
      throw new GateError(
        'NotBuilt',
        `the action of gate '${this.id}' is asked for, but no pipeline with the gate was built so far: add the step to a pipeline, and call its ` +
          '`buildPipeline()` before',
      );
    }
    return this.made;
  }

  /**
   * Lets somebody answer this gate in the console or by the API: what `ApprovalGateAction.grantManualApproval` does, before and after the
   * pipeline is built.
   */
  public grantManualApproval(grantee: iam.IGrantable): iam.Grant {
    return grantManualApproval(grantee, this.place());
  }

  /**
   * Calls a target whenever the state of the action changes. Works before and after the pipeline is built. In the account appears the rule,
   * which has to be in the account and Region of the pipeline.
   */
  public onStateChange(
    scope: Construct,
    id: string,
    target?: events.IRuleTarget,
    options?: events.RuleProps,
  ): events.Rule {
    const rule = new events.Rule(scope, id, options);
    rule.addEventPattern(stateChanges(this.place()));
    rule.addTarget(target);
    return rule;
  }

  /**
   * Where the gate stands; undefined until the pipeline is built.
   *
   * @internal
   */
  public get _stage(): codepipeline.IStage | undefined {
    return this.made?._stage;
  }

  /** Called by CDK Pipelines. */
  public produceAction(
    stage: codepipeline.IStage,
    options: pipelines.ProduceActionOptions,
  ): pipelines.CodePipelineActionFactoryResult {
    this.mustGuardOnePlace(options.pipeline);
    const action = new ApprovalGateAction({
      ...this.props,
      actionName: options.actionName,
      runOrder: options.runOrder,
      variablesNamespace: options.variablesNamespace,
    });
    stage.addAction(action);
    this.made = action;
    return { runOrdersConsumed: 1 };
  }

  /** Known as soon as the pipeline is built, which CDK Pipelines does before it writes the template. */
  private place(): GatePlace {
    const late = (produce: (action: ApprovalGateAction) => string | undefined) =>
      Lazy.string({ produce: () => produce(this.action) });
    return {
      pipelineArn: late(({ _stage }) => _stage?.pipeline.pipelineArn),
      stageName: late(({ _stage }) => _stage?.stageName),
      actionName: late(({ actionProperties }) => actionProperties.actionName),
    };
  }

  /** CDK Pipelines runs a step once, at the first place that names it: every other place would look guarded and be open. */
  private mustGuardOnePlace(pipeline: pipelines.CodePipeline): void {
    const [first, second] = placesOf(pipeline)
      .filter(({ steps }) => steps.includes(this))
      .map(({ name }) => name);
    if (second !== undefined) {
      throw new GateError(
        'StepUsedTwice',
        `gate '${this.id}' stands ${first} and ${second}, but CDK Pipelines runs a step once, so only the first would be guarded: ` +
          'make a new `ApprovalGateStep` for each place',
      );
    }
  }
}

interface Place {
  readonly name: string;
  readonly steps: pipelines.Step[];
}

/** Every place of a pipeline where steps stand, in the order in which they run. */
function placesOf(pipeline: pipelines.PipelineBase): Place[] {
  return pipeline.waves.flatMap((wave) => [
    { name: `before wave '${wave.id}'`, steps: wave.pre },
    ...wave.stages.flatMap((stage) => {
      const of = `stage '${stage.stageName}'`;
      return [
        { name: `before ${of}`, steps: stage.pre },
        ...stage.stacks.flatMap((stack) => [
          { name: `before stack '${stack.stackName}' of ${of}`, steps: stack.pre },
          { name: `between change set and deployment of stack '${stack.stackName}' of ${of}`, steps: stack.changeSet },
          { name: `after stack '${stack.stackName}' of ${of}`, steps: stack.post },
        ]),
        { name: `after ${of}`, steps: stage.post },
      ];
    }),
    { name: `after wave '${wave.id}'`, steps: wave.post },
  ]);
}
