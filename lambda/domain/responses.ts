/** Who has answered, and who cannot: what the dashboard shows of a request that waits. */
import type { Eligibility } from './eligibility';
import type { Response } from './request';
import type { Vote } from './vote';

export function responsesOf(voters: readonly Eligibility[], votes: readonly Vote[]): readonly Response[] {
  return voters.flatMap(({ person, excluded }): readonly Response[] => {
    const approver = person.id;
    if (excluded !== undefined) {
      return [{ approver, kind: 'EXCLUDED' }];
    }
    const vote = votes.find((one) => one.approver === approver);
    return vote === undefined ? [] : [{ approver, kind: kindOf(vote) }];
  });
}

function kindOf({ verdict, current }: Vote): Response['kind'] {
  if (verdict === 'REJECT') {
    return 'REJECTED';
  }
  return !current ? 'OUTDATED' : verdict === 'APPROVE' ? 'APPROVED' : 'OPENED';
}
