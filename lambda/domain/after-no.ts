import type { RequestMeta } from './records';

/** What a no does to the stage: it stays, it goes back, or it would and has nothing to go back to. */
export type AfterNo = 'STAYS' | 'GOES_BACK' | 'NOTHING_TO_GO_BACK_TO';

export function afterNo({ policy, deployedNow }: Pick<RequestMeta, 'policy' | 'deployedNow'>): AfterNo {
  if (policy?.onReject !== 'ROLLBACK') {
    return 'STAYS';
  }
  return (deployedNow ?? []).length === 0 ? 'NOTHING_TO_GO_BACK_TO' : 'GOES_BACK';
}
