/** Why the people of a gate cannot open it, if they cannot: too few have a vote, or can be reached, or are known where they answer. */
import { fillGroups, isShort } from '../../contract/groups';
import type { AnswerWay } from '../../contract/names';
import type { GroupRule, Person } from '../../contract/policy';
import { whyOnlyBypass } from './console-answer';
import { escalated } from './escalation';
import type { Judged } from './ruling';
import type { Invitation } from './vote';

export interface Reach {
  readonly answers: AnswerWay;
  readonly people: readonly Person[];
  /** Who has a vote, or will have one when they are asked later. */
  readonly able: readonly string[];
  readonly byApprover: ReadonlyMap<string, Invitation>;
}

export function whyUnreachable(
  { rule, votes }: Exclude<Judged, { readonly kind: 'AUTOMATED' }>,
  { answers, people, able, byApprover }: Reach,
): string | undefined {
  // Whoever is asked later may fill a place, too.
  const { groups } = escalated(rule.people);
  const byLink = answers === 'BY_LINK';
  const reached = able.filter((id) => {
    const invitation = byApprover.get(id);
    const noMailbox = invitation?.mailbox === 'pending' || invitation?.mailbox === 'missing';
    const revoked = byLink && invitation?.sentAt !== undefined && invitation.keys.length === 0;
    return !noMailbox && (!revoked || votes.approvals.some(({ person }) => person.id === id));
  });
  const approvers = people.filter(({ id }) => able.includes(id));
  return (
    tooFew(groups, able, 'may answer this change') ??
    (byLink ? undefined : whyOnlyBypass(groups, approvers)) ??
    tooFew(groups, reached, 'can be reached by mail')
  );
}

/** Which groups these people cannot fill, if any. */
function tooFew(groups: readonly GroupRule[], people: readonly string[], who: string): string | undefined {
  const sentences = fillGroups(groups, people)
    .filter(isShort)
    .map(({ name, quorum, filledBy }) => {
      const group = name === undefined ? '' : `group ${name}: `;
      return `${group}only ${filledBy.length} of ${quorum} approvers needed ${who}`;
    });
  return sentences.length === 0 ? undefined : sentences.join('; ');
}
