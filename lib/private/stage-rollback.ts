import { Annotations, Token } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { GateError } from '../errors';
import { isDeployedBefore } from './may-deploy';
import { cfnPipelineOf, changeStages, executionModeOf, stageSoFar } from './pipeline-stages';
import { orderOf } from './run-order';

/** What a stage of the CDK knows of its own conditions; its interface does not say so. */
interface StageWithConditions {
  readonly onFailure?: codepipeline.FailureConditions;
}

/** The property that asks for a rollback, and whose it is. */
export interface AskedBy {
  readonly prop: string;
  readonly what: string;
}

const NOT_IN_PARALLEL = 'pipelines in execution mode PARALLEL do not roll back. Choose QUEUED or SUPERSEDED';

const installed = new WeakMap<codepipeline.CfnPipeline, Set<string>>();

/** A gate whose rejection is retried asks the same people the same question again. */
export function warnOfRetry(stage: codepipeline.IStage, actionName: string): void {
  if ((stage as StageWithConditions).onFailure?.result === codepipeline.Result.RETRY) {
    Annotations.of(stage.pipeline).addWarningV2(
      'cdk-approval-gates:ApprovalGate.retryAfterRejection',
      `stage '${stage.stageName}' retries after a failure, so a rejection by gate '${actionName}' is asked again: ` +
        'put the gate into a stage of its own, or remove the retry',
    );
  }
}

/**
 * Renders `OnFailure: { Result: ROLLBACK }` for the stage. The CDK lets nobody set it after the stage was made, and its own
 * pipelines have no property for it.
 */
export function rollBackOnFailure(
  stage: codepipeline.IStage,
  action: codepipeline.ActionProperties,
  asked: AskedBy = { prop: 'rollbackOnReject', what: `gate '${action.actionName}'` },
): void {
  const pipeline = cfnPipelineOf(stage.pipeline);
  const refuse = (why: string): GateError =>
    new GateError(
      'RollbackImpossible',
      `\`${asked.prop}\` of ${asked.what} in stage '${stage.stageName}' cannot work: ${why}`,
    );
  if (pipeline === undefined) {
    throw refuse('its pipeline is not made in this app. Set the `OnFailure` of the stage where the pipeline is made');
  }
  if (!Token.isUnresolved(pipeline.pipelineType) && pipeline.pipelineType !== 'V2') {
    throw refuse('only pipelines of type V2 roll back. Set `pipelineType` to PipelineType.V2');
  }
  if (executionModeOf(pipeline) === codepipeline.ExecutionMode.PARALLEL) {
    throw refuse(NOT_IN_PARALLEL);
  }
  if ((stage as StageWithConditions).onFailure !== undefined) {
    throw refuse(
      'the stage has an `onFailure` already, and a stage has one. Remove it, or set its result to ROLLBACK yourself',
    );
  }
  stage.pipeline.node.addValidation({ validate: () => placement(stage, action, asked) });
  completeStages(pipeline, stage.stageName);
}

/** Whether a failure of the stage rolls it back, as far as this app knows. */
export function stageRollsBack(pipeline: codepipeline.CfnPipeline, stageName: string): boolean {
  const stage = stageSoFar(pipeline, stageName);
  return stage?.onFailure?.result === codepipeline.Result.ROLLBACK || installed.get(pipeline)?.has(stageName) === true;
}

function placement(
  stage: codepipeline.IStage,
  action: codepipeline.ActionProperties,
  { prop, what }: AskedBy,
): string[] {
  const problems: string[] = [];
  const where = `\`${prop}\` of ${what} in stage '${stage.stageName}' cannot work`;
  if (stage.pipeline instanceof codepipeline.Pipeline && stage.pipeline.stages[0]?.stageName === stage.stageName) {
    problems.push(`${where}: the first stage of a pipeline does not roll back. Move it to a later stage`);
  }
  // An override may have come later.
  if (executionModeOf(cfnPipelineOf(stage.pipeline)) === codepipeline.ExecutionMode.PARALLEL) {
    problems.push(`${where}: ${NOT_IN_PARALLEL}`);
  }
  // As it stands there: a promotion puts it behind its gate.
  const own = stage.actions.find(({ actionProperties: { actionName } }) => actionName === action.actionName);
  if (!isDeployedBefore(stage, orderOf(own?.actionProperties ?? action))) {
    problems.push(
      `${where}: nothing is deployed before it in its stage, so there is nothing to roll back. ` +
        'Give it a higher `runOrder` than the deployment in the same stage',
    );
  }
  return problems;
}

function completeStages(pipeline: codepipeline.CfnPipeline, stageName: string): void {
  const known = installed.get(pipeline);
  if (known !== undefined) {
    known.add(stageName);
    return;
  }
  const names = new Set([stageName]);
  installed.set(pipeline, names);
  changeStages(pipeline, (stages) =>
    stages.map((stage) =>
      names.has(stage.name) && stage.onFailure === undefined
        ? { ...stage, onFailure: { result: codepipeline.Result.ROLLBACK } }
        : stage,
    ),
  );
}
