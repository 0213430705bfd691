/** What a no does to the stage, as people are told it: only what CodePipeline will do. */
import type { GatePolicy } from '../../contract/policy';
import type { RejectionEffect, Revision, RunKind } from './request';

/**
 * CodePipeline rolls a stage back to a standard run of the present pipeline structure that finished the stage, and a rollback
 * not at all (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html).
 *
 * @param target revisions of that run, if there is one
 */
export function rejectionEffect(
  { onReject }: Pick<GatePolicy, 'onReject'>,
  kind: RunKind,
  target: readonly Revision[] | undefined,
): RejectionEffect {
  if (onReject !== 'ROLLBACK' || kind.type === 'ROLLBACK') {
    return { kind: 'STAYS' };
  }
  return target === undefined ? { kind: 'NOTHING_TO_GO_BACK_TO' } : { kind: 'GOES_BACK', to: target };
}
