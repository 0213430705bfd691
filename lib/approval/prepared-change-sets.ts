import { Stack, Token } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { PreparedChangeSet } from '../../contract/policy';
import { joinOf } from '../private/longest';
import { isKnownName } from '../check/change-set-ref';
import { stagesSoFar, type RenderedAction } from '../private/pipeline-stages';

/**
 * Change sets that wait while a gate asks: an earlier action of its stage prepares them, and none has executed them by then. As far
 * as the stage is made in this app.
 */
export function preparedChangeSets(
  pipeline: codepipeline.CfnPipeline,
  stageName: string,
  actionName: string,
): readonly PreparedChangeSet[] {
  const actions = stagesSoFar(pipeline)?.find(({ name }) => name === stageName)?.actions ?? [];
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

function orderOf({ runOrder }: RenderedAction): number {
  return runOrder ?? 1;
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
  return isHere(action, stack)
    ? { stack: name, name: changeSet }
    : { stack: name, name: changeSet, hidden: 'ELSEWHERE' };
}

/** Where the account or the Region of the pipeline is known at deployment alone, an action that names one acts there all the same. */
function isHere({ region, roleArn }: RenderedAction, stack: Stack): boolean {
  const same = (theirs: string | undefined, own: string) =>
    theirs === undefined || theirs === own || Token.isUnresolved(theirs) || Token.isUnresolved(own);
  return same(region, stack.region) && same(accountOf(stack.resolve(roleArn)), stack.account);
}

/** The account in the ARN of a role, where it is written there. */
function accountOf(roleArn: unknown): string | undefined {
  const parts = typeof roleArn === 'string' ? [roleArn] : (joinOf(roleArn ?? {})?.parts ?? []);
  const account = parts
    .map((part) => (typeof part === 'string' ? part : ''))
    .join('')
    .split(':')[4];
  return account === undefined || account === '' ? undefined : account;
}
