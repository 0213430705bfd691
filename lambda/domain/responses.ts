/** Who has answered, who cannot, and who is away: what page and dashboard show of a request that waits. */
import type { GroupRule, Person } from '../../contract/policy';
import { nameOf } from './count-votes';
import type { HandedOver } from './delegation';
import type { Eligibility } from './eligibility';
import type { Response } from './request';
import type { Vote } from './vote';

export function responsesOf(
  voters: readonly Eligibility[],
  votes: readonly Vote[],
  away: readonly Response[] = [],
): readonly Response[] {
  const here = voters.filter(({ person }) => away.every(({ approver }) => approver !== person.id));
  const answers = here.flatMap(({ person, excluded }): readonly Response[] => {
    const approver = person.id;
    if (excluded !== undefined) {
      return [{ approver, kind: 'EXCLUDED' }];
    }
    const vote = votes.find((one) => one.approver === approver);
    return vote === undefined ? [] : [{ approver, kind: kindOf(vote) }];
  });
  return [...away, ...answers];
}

function kindOf({ verdict, current }: Vote): Response['kind'] {
  if (verdict === 'REJECT') {
    return 'REJECTED';
  }
  return !current ? 'OUTDATED' : verdict === 'APPROVE' ? 'APPROVED' : 'OPENED';
}

/** Those whose places are not theirs now. */
export function awayOf(handedOver: readonly HandedOver[], people: readonly Person[]): readonly Response[] {
  return handedOver.map(({ person: approver, delegate, until, isVacant }) => {
    const person = people.find(({ id }) => id === approver);
    return {
      approver,
      kind: 'AWAY',
      ...(person === undefined ? {} : { name: nameOf(person) }),
      ...(isVacant ? {} : { delegate }),
      ...(until === undefined ? {} : { until }),
    };
  });
}

/** Whose places a delegate has, and until when. */
export function placesTaken(
  responses: readonly Response[] | undefined,
  delegate: string | undefined,
): readonly { readonly name: string; readonly until?: string }[] {
  return (responses ?? []).flatMap(({ kind, name = 'somebody', delegate: taken, until }) =>
    kind === 'AWAY' && taken !== undefined && taken === delegate
      ? [{ name, ...(until === undefined ? {} : { until }) }]
      : [],
  );
}

/** The groups with those in them whose places they are now. */
export function groupsNow(groups: readonly GroupRule[], responses: readonly Response[] = []): readonly GroupRule[] {
  const away = new Map(responses.flatMap((one) => (one.kind === 'AWAY' ? [[one.approver, one] as const] : [])));
  return groups.map((group) => ({
    ...group,
    ids: [...new Set(group.ids.flatMap((id) => (away.has(id) ? (away.get(id)?.delegate ?? []) : [id])))],
  }));
}
