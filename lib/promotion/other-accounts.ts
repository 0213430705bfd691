import { Stack, Token } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import type { Step } from './step';

/** Refuses actions in other accounts whose artifacts nobody could read there. */
export function mustReachTargets(scope: Construct, step: Step, bucket: s3.IBucket): void {
  const { account } = Stack.of(scope);
  for (const action of step.targets.flatMap(({ deploy }) => deploy)) {
    const { actionName } = action.actionProperties;
    const theirs = accountOf(action);
    if (theirs === undefined) {
      continue;
    }
    const where = `action '${actionName}' of ${step.what} '${step.name}' acts in account ${theirs}`;
    if (Token.isUnresolved(account)) {
      throw new GateError(
        'PipelinePlaceUnknown',
        `${where}, but the stack of the pipeline does not say its own account: set \`env\` of that stack`,
      );
    }
    if (theirs !== account && bucket.encryptionKey === undefined) {
      throw new GateError(
        'NoArtifactKey',
        `${where}, but the pipeline is in ${account} and its artifacts have no key that the other account could use: set ` +
          '`crossAccountKeys: true`, or give an `artifactBucket` with an `encryptionKey`',
      );
    }
  }
}

/** The account that an action says that it acts in, if it says so. */
function accountOf({ actionProperties: { account, resource, role } }: codepipeline.IAction): string | undefined {
  const said = [resource?.env.account, account, role?.env.account];
  return said.find((one) => one !== undefined && !Token.isUnresolved(one));
}
