/** The prepared change sets that people are shown: read again whenever somebody depends on them. */
import { peopleOf, type GatePolicy } from '../../contract/policy';
import { hiddenChangeSet, withinLimit, type ChangeSetView } from '../domain/change-set';
import type { Evaluation } from '../domain/evaluate';
import { leavesItToPeople } from '../domain/left-to-people';
import type { Shown, Waiting } from '../domain/request';
import type { Ports } from './ports';

/** Nobody is shown anything while checks alone are watched: then nothing is read. */
export async function changeSetsNow(
  ports: Ports,
  { id, asking }: Waiting,
  policy: GatePolicy,
  health: Evaluation | undefined,
): Promise<Pick<Shown, 'changeSets'>> {
  const { rule, changeSets = [], answerRole } = policy;
  const isWatchedAlone =
    rule.kind === 'AUTOMATED_ELSE_PEOPLE' &&
    asking === undefined &&
    !(health !== undefined && leavesItToPeople(rule, health));
  const isShown = peopleOf(rule) !== undefined && !isWatchedAlone;
  if (!isShown || changeSets.length === 0) {
    return {};
  }
  const views: ChangeSetView[] = [];
  for (const changeSet of changeSets) {
    views.push(hiddenChangeSet(changeSet) ?? (await ports.changeSet(answerRole, id, changeSet)));
  }
  return { changeSets: withinLimit(views) };
}
