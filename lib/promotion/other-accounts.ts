import { Stack, Token } from 'aws-cdk-lib';
import type * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { GateError } from '../errors';

/** Where the artifacts of a pipeline are. */
export interface Artifacts {
  readonly bucket: s3.IBucket;
  /** Whether the pipeline makes the bucket itself. */
  readonly own: boolean;
}

/**
 * Refuses actions in other accounts whose artifacts nobody could read there.
 *
 * @param stage where they stand, such as `stage 'Prod'`
 */
export function mustReachTargets(
  scope: Construct,
  stage: string,
  actions: readonly codepipeline.IAction[],
  { bucket, own }: Artifacts,
): void {
  const { account } = Stack.of(scope);
  for (const action of actions) {
    const { actionName } = action.actionProperties;
    const theirs = accountOf(action);
    if (theirs === undefined) {
      continue;
    }
    const where = `action '${actionName}' of ${stage} acts in account ${theirs}`;
    if (Token.isUnresolved(account)) {
      throw new GateError(
        'PipelinePlaceUnknown',
        `${where}, but the stack of the pipeline does not say its own account: set \`env\` of that stack`,
      );
    }
    if (theirs !== account && bucket.encryptionKey === undefined) {
      throw new GateError(
        'NoArtifactKey',
        `${where}, but the pipeline is in ${account} and its artifacts have no key that the other account could use: ` +
          (own
            ? 'set `crossAccountKeys: true`, or give an `artifactBucket` with an `encryptionKey`'
            : 'give the `artifactBucket` an `encryptionKey`'),
      );
    }
  }
}

/** The account that the CDK lets an action act in, if it is known: that of its role before that of its resource. */
function accountOf({ actionProperties: { account, resource, role } }: codepipeline.IAction): string | undefined {
  const said = role?.env.account ?? resource?.env.account ?? account;
  return Token.isUnresolved(said) ? undefined : said;
}
