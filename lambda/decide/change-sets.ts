/** The prepared change sets that people are shown: read again whenever somebody depends on them. */
import { peopleOf, type GatePolicy } from '../../contract/policy';
import { log } from '../aws/log';
import { hiddenChangeSet, madeAgain, type ChangeSetView } from '../domain/change-set';
import { shownBeside } from '../domain/evidence';
import { gateOf, type Shown, type Waiting } from '../domain/request';
import type { Vote } from '../domain/vote';
import type { Ports } from './ports';

/** Nobody is shown anything while checks alone are watched: then nothing is read. */
export async function changeSetsNow(
  ports: Ports,
  { id, asking }: Waiting,
  policy: GatePolicy,
): Promise<Pick<Shown, 'changeSets'>> {
  const { rule, changeSets = [], answerRole } = policy;
  const isShown = peopleOf(rule) !== undefined && (rule.kind !== 'AUTOMATED_ELSE_PEOPLE' || asking !== undefined);
  if (!isShown || changeSets.length === 0) {
    return {};
  }
  const views: ChangeSetView[] = [];
  for (const changeSet of changeSets) {
    views.push(hiddenChangeSet(changeSet) ?? (await ports.changeSet(answerRole, id, changeSet)));
  }
  return { changeSets: views };
}

/**
 * The votes, as they count now: an approval of a change set that was made again since is one of something else. That is kept with
 * the vote, so page, count and record all say so.
 */
export async function votesThatStand(ports: Ports, request: Waiting, votes: readonly Vote[]): Promise<readonly Vote[]> {
  const { changeSets } = shownBeside(request.shown.newerRunWaiting, [], request.shown.changeSets);
  const standing: Vote[] = [];
  for (const vote of votes) {
    const isOutdated =
      vote.verdict === 'APPROVE' && vote.current && madeAgain(vote.shown?.changeSets, changeSets).length > 0;
    if (isOutdated) {
      await ports.store.outdate(request.id, vote);
      log('INFO', 'an approval is outdated: a change set was made again', {
        requestId: request.id,
        ...gateOf(request),
        approver: vote.approver,
      });
    }
    standing.push(isOutdated ? { ...vote, current: false } : vote);
  }
  return standing;
}
