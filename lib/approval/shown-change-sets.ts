import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { PreparedChangeSet } from '../../contract/policy';
import { MOST_CHANGE_SETS } from '../../contract/policy';
import type { AnswerableGate } from './answer-resources';
import type { GatePlan } from './gate-plan';

/** A gate that may show change sets to the people whom it asks. */
export interface ShowingGate extends AnswerableGate {
  readonly plan: GatePlan;
  /** Change sets that the stage prepares before the gate: known when the whole stage is there. */
  readonly prepared: () => readonly PreparedChangeSet[];
}

/** A gate that checks decide alone shows nobody anything. */
export function changeSetsOf({ plan, prepared }: ShowingGate): readonly PreparedChangeSet[] {
  if (plan.rule.kind === 'AUTOMATED') {
    return [];
  }
  return (
    plan.changeSets?.map(({ stackName, changeSetName }) => ({ stack: stackName, name: changeSetName })) ?? prepared()
  );
}

/** What the answer role needs to read them: of these stacks alone. */
export function describeChangeSets(scope: IConstruct, gates: readonly ShowingGate[]): iam.PolicyStatement[] {
  const read = gates.flatMap(changeSetsOf).filter(({ hidden }) => hidden === undefined);
  const stacks = [...new Set(read.map(({ stack }) => stack))];
  const arnOf = (stack: string) =>
    Stack.of(scope).formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack}/*` });
  return stacks.length === 0
    ? []
    : [new iam.PolicyStatement({ actions: ['cloudformation:DescribeChangeSet'], resources: stacks.map(arnOf) })];
}

export function tooManyChangeSets(gate: ShowingGate): string[] {
  const { length } = changeSetsOf(gate);
  return length > MOST_CHANGE_SETS
    ? [
        `gate '${gate.actionName}' of stage '${gate.stageName}' would show ${length} change sets, but each look reads all of them, and at most ` +
          `${MOST_CHANGE_SETS} are allowed: name those that matter by \`changeSets\``,
      ]
    : [];
}
