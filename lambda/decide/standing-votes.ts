/** Approvals of something that is another one by now. */
import { peopleOf } from '../../contract/policy';
import { log } from '../aws/log';
import { whyUnfilled } from '../domain/fields';
import { madeAgain, shownChangeSet } from '../domain/change-set';
import { isInSight } from '../domain/in-force';
import { gateOf, type Shown, type Waiting } from '../domain/request';
import type { Vote } from '../domain/vote';
import type { Ports } from './ports';

/** The votes, as they count now. What is outdated is kept with the vote, so page, count and record all say so. */
export async function votesThatStand(ports: Ports, request: Waiting, votes: readonly Vote[]): Promise<readonly Vote[]> {
  const standing: Vote[] = [];
  for (const vote of votes) {
    const why = vote.verdict !== 'REJECT' && vote.current ? whyOutdated(request.shown, vote) : undefined;
    if (why !== undefined) {
      await ports.store.outdate(request.id, vote);
      const keys = { requestId: request.id, ...gateOf(request), approver: vote.approver };
      log('INFO', `an approval is outdated: ${why}`, keys);
    }
    standing.push(why === undefined ? vote : { ...vote, current: false });
  }
  return standing;
}

/**
 * A change set that was made again is another change; nobody approves of a weaker gate without having been told; and later actions read
 * what the gate asks for, whether the form left it out or the gate began to ask for it later.
 */
function whyOutdated({ changeSets, proposed, policy }: Shown, vote: Vote): string | undefined {
  const { shown } = vote;
  if (whyUnfilled(peopleOf(policy.rule)?.fields, vote) !== undefined) {
    return 'a field is not filled in as the gate asks';
  }
  if (madeAgain(shown?.changeSets, changeSets?.map(shownChangeSet)).length > 0) {
    return 'a change set was made again';
  }
  return isInSight(proposed, shown) ? undefined : 'its gate is being weakened since';
}
