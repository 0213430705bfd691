/** Opening a gate alone, in an emergency: who may, and what becomes of the request. */
import { membersOf } from '../../contract/groups';
import type { BreakGlassRule, PeopleRule, Person } from '../../contract/policy';
import { nameOf } from './count-votes';
import { list, Malformed, text } from './parsed';
import type { Outcome, Run } from './request';
import type { Judged } from './ruling';
import { summaryOf } from './summary';
import { APPROVER_ID } from './vote';

/** Throws `Malformed`. */
export function parseBreakGlass(value: unknown): BreakGlassRule {
  if (value === 'APPROVERS') {
    return value;
  }
  const ids = [...new Set(list(value, 'breakGlass').map((id) => text({ id }, 'id', APPROVER_ID)))];
  if (ids.length === 0) {
    throw new Malformed('`breakGlass` names nobody');
  }
  return ids;
}

/** Whom a rule names for it. */
export function namedToBreakGlass(rule: PeopleRule | undefined): readonly string[] {
  const { breakGlass = [], groups = [] } = rule ?? {};
  return breakGlass === 'APPROVERS' ? membersOf(groups) : breakGlass;
}

/** Whether this person is named for it, by the rule as it was when the request asked, and as it is now. */
export function isNamedToBreakGlass(
  { mayBreakGlass = [] }: Pick<Run, 'mayBreakGlass'>,
  rule: PeopleRule | undefined,
  id: string,
): boolean {
  return mayBreakGlass.includes(id) && namedToBreakGlass(rule).includes(id);
}

/**
 * Those who may do it. A shared mailbox is nobody in particular, and a guest is nobody who answers for the gate. The author of the
 * change may: the fix of an emergency is often one's own.
 */
export function breakers(
  run: Pick<Run, 'mayBreakGlass'>,
  rule: PeopleRule | undefined,
  people: readonly Person[],
): readonly Person[] {
  const named = people.filter(({ id }) => isNamedToBreakGlass(run, rule, id));
  const isNobody = ({ shared, until }: Person): boolean => shared || until !== undefined;
  // While a deployment moves people from one parameter to the next, somebody may stand in both.
  return named.filter(
    ({ id }, index) =>
      named.findIndex((other) => other.id === id) === index &&
      !named.some((other) => other.id === id && isNobody(other)),
  );
}

/** Whoever may break the glass and is no approver has a link all the same. */
export function whyNoVoter({ invited }: Pick<Run, 'invited'>, id: string): string {
  return invited.includes(id) ? 'no longer an approver of this gate' : 'not among the approvers of this gate';
}

/** Neither checks nor windows hold that up, and it takes nobody else. A rejection ends the request first. */
export function openedAlone(judged: Judged, now: string): Outcome | undefined {
  const [emergency] = judged.kind === 'AUTOMATED' || judged.votes.rejections.length > 0 ? [] : judged.votes.emergencies;
  if (emergency === undefined) {
    return undefined;
  }
  const { person, vote } = emergency;
  const summary = summaryOf(`Opened in an emergency by ${nameOf(person)} alone`, vote.comment);
  return { kind: 'APPROVED', by: 'BREAK_GLASS', at: now, summary };
}
