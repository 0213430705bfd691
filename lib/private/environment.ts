import { Stack, Stage, Token, TokenComparison } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { GateError } from '../errors';

/**
 * A pipeline's stack refers to its workflow's stack. CloudFormation can do that within one account and Region only, and the
 * CDK only if it knows both environments or neither.
 */
export function mustShareEnvironment(workflow: IConstruct, pipeline: IConstruct): void {
  const [ours, theirs] = [Stack.of(workflow), Stack.of(pipeline)];
  if (ours === theirs) {
    return;
  }
  const fix = "give both stacks the same `env`, or make an ApprovalWorkflow in the pipeline's own account and Region";
  if (Stage.of(ours) !== Stage.of(theirs)) {
    throw new GateError(
      'DifferentStage',
      `stack '${theirs.node.path}' and its \`workflow\` in stack '${ours.node.path}' stand in different stages of the app: ` +
        'make the workflow in the stage of the pipeline',
    );
  }
  if (!same(ours.account, theirs.account) || !same(ours.region, theirs.region)) {
    throw new GateError(
      'DifferentEnvironment',
      `stack '${theirs.node.path}' is in ${shown(theirs)}, its \`workflow\` in stack '${ours.node.path}' is in ` +
        `${shown(ours)}, but a gate and its workflow share account and Region: ${fix}`,
    );
  }
}

function same(one: string, other: string): boolean {
  const comparison = Token.compareStrings(one, other);
  return comparison === TokenComparison.SAME || comparison === TokenComparison.BOTH_UNRESOLVED;
}

function shown(stack: Stack): string {
  const part = (value: string) => (Token.isUnresolved(value) ? '(not given)' : value);
  return `account ${part(stack.account)}, Region ${part(stack.region)}`;
}
