import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as pipelines from 'aws-cdk-lib/pipelines';
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
    const action = new ApprovalGateAction({
      ...this.props,
      actionName: options.actionName,
      runOrder: options.runOrder,
      ...(options.variablesNamespace === undefined ? {} : { variablesNamespace: options.variablesNamespace }),
    });
    stage.addAction(action);
    return { runOrdersConsumed: 1 };
  }
}
