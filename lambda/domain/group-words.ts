/** Groups of approvers in the words of mail, page and summary. A plain quorum is a group without a name. */
import { quorumOf, type FilledGroup } from '../../contract/groups';
import type { GroupRule, Person } from '../../contract/policy';
import { nameOf } from './count-votes';

/** `3 people have to approve: 1 from Security and 2 from Operations` */
export function quorumInWords(groups: readonly GroupRule[]): string {
  return `${quorumOf(groups)} people have to approve${shares(groups)}`;
}

/** `3 approvals: 1 from Security and 2 from Operations` */
export function approvalsInWords(groups: readonly GroupRule[]): string {
  return `${quorumOf(groups)} approvals${shares(groups)}`;
}

function shares(groups: readonly GroupRule[]): string {
  const named = groups.flatMap(({ name, quorum }) => (name === undefined ? [] : [`${quorum} from ${name}`]));
  return named.length === 0 ? '' : `: ${listed(named)}`;
}

/** `Ana, Bo (2 of 2 needed)`, or `Ana for Security, and Cy and Di for Operations`. */
export function approversInWords(groups: readonly FilledGroup[], approvers: readonly Person[]): string {
  const nameBy = new Map(approvers.map((person) => [person.id, nameOf(person)]));
  const quorum = groups[0]?.quorum ?? 0;
  if (groups.every(({ name }) => name === undefined)) {
    const count = quorum === 1 ? '' : ` (${approvers.length} of ${quorum} needed)`;
    return `${[...nameBy.values()].join(', ')}${count}`;
  }
  const placed = groups.map(({ name, filledBy }) => {
    const names = filledBy.flatMap((id) => nameBy.get(id) ?? []);
    filledBy.forEach((id) => nameBy.delete(id));
    return `${listed(names)} for ${name}`;
  });
  const spare = [...nameBy.values()];
  return [...placed, ...(spare.length === 0 ? [] : [`also by ${listed(spare)}`])].join(', ');
}

function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}
