import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { GateError } from '../errors';
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

  /** @param id name of the action; CDK Pipelines prefixes it where the stage has several stacks */
  constructor(id: string, props: ApprovalGateOptions) {
    super(id);
    this.props = props;
    this.discoverReferencedOutputs({
      reviewUrl: props.reviewUrl,
      additionalInformation: props.additionalInformation,
    });
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
    return { runOrdersConsumed: 1 };
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
