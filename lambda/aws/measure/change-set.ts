/** A change set that is prepared and not executed yet: what it would do to its stack. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { ChangeSetCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeChanges } from '../../domain/change-risk';
import { changesIn } from '../../domain/change-set';
import { describeChangeSet, ENDLESS } from '../change-sets';
import type { MeasureClients } from './clients';
import { changeSetLink, linked } from './console-link';
import type { Finding } from './measure';

export async function measureChangeSet(
  plan: ChangeSetCheckPlan,
  _command: CheckCommand,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const described = await describeChangeSet(clients.of(CloudFormationClient, plan.region), plan);
  if (described === undefined) {
    return judgeChanges({ kind: 'UNREAD', reason: ENDLESS }, plan);
  }
  const { id, stackId } = described;
  const judged = judgeChanges(changesIn(described), plan);
  return id === undefined || stackId === undefined
    ? judged
    : { ...judged, ...linked({ link: changeSetLink(plan.region, stackId, id) }) };
}
