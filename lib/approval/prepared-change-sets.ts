import { Stack } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { PreparedChangeSet } from '../../contract/policy';
import { actsBeside } from '../private/action-place';
import { isKnownName } from '../check/change-set-ref';
import { stageSoFar, type RenderedAction } from '../private/pipeline-stages';
import { orderOf } from '../private/run-order';

/**
 * Change sets that wait while a gate asks: an earlier action of its stage prepares them, and none has executed them by then. As far
 * as the stage is made in this app.
 */
export function preparedChangeSets(
  pipeline: codepipeline.CfnPipeline,
  stageName: string,
  actionName: string,
): readonly PreparedChangeSet[] {
  const actions = stageSoFar(pipeline, stageName)?.actions ?? [];
  const gate = actions.find(({ name }) => name === actionName);
  if (gate === undefined) {
    return [];
  }
  const modes = (mode: string) => actions.filter(({ configuration }) => configuration?.ActionMode === mode);
  const executed = modes('CHANGE_SET_EXECUTE').filter((action) => orderOf(action) <= orderOf(gate));
  return modes('CHANGE_SET_REPLACE')
    .filter((action) => orderOf(action) < orderOf(gate))
    .filter((action) => !executed.some((other) => keyOf(other) === keyOf(action)))
    .map((action) => changeSetOf(action, Stack.of(pipeline)));
}

function keyOf({ configuration = {}, region }: RenderedAction): string {
  return JSON.stringify([configuration.StackName, configuration.ChangeSetName, region]);
}

function changeSetOf(action: RenderedAction, stack: Stack): PreparedChangeSet {
  const { StackName, ChangeSetName } = action.configuration ?? {};
  const [name, changeSet] = [String(StackName), String(ChangeSetName)];
  if (!isKnownName(StackName) || !isKnownName(ChangeSetName)) {
    return { stack: name, name: changeSet, hidden: 'NAMED_BY_RUN' };
  }
  return actsBeside(stack, action)
    ? { stack: name, name: changeSet }
    : { stack: name, name: changeSet, hidden: 'ELSEWHERE' };
}
