import { Stack, Stage } from 'aws-cdk-lib';
import { GateError } from '../errors';

/** The CDK deploys the stacks of a stage, but not those of a stage inside it: they would be left out, and nothing would say so. */
export function mustHoldNoStage(stage: Stage): void {
  const inner = stage.node
    .findAll()
    .filter((node) => Stack.isStack(node))
    .map((stack) => Stage.of(stack))
    .find((one) => one !== stage);
  if (inner !== undefined) {
    throw new GateError(
      'NestedStage',
      `stage '${stage.stageName}' holds stage '${inner.node.path}', whose stacks are not deployed with it: make that stage outside of '${stage.stageName}', ` +
        'and give it as a stage or target of its own',
    );
  }
}
