/**
 * Who has the place of an approver for one request, while that approver may be away.
 *
 * A place takes one answer. It is the approver's own, wherever the approver has answered. Else it is that of a delegate who was asked in
 * this place and answered before the absence ended; once it has ended, a delegate with a place of their own has that one alone. Else it is
 * the delegate's during the absence, and the approver's again after it. A no of anybody who may answer in a place goes before every yes, so
 * that none is lost to another answer. All of this follows from the votes and from who was asked until when, in whatever order they came:
 * so every look finds the same, and so does whoever verifies the record.
 */
import { membersOf } from '../../contract/groups';
import type { PeopleRule, Person } from '../../contract/policy';
import type { RecordedStandIn } from '../../contract/record';
import { isAway, type Absence } from './absence';
import { namedToBreakGlass } from './break-glass';
import { countVotes, nameOf } from './count-votes';
import { eligibility, type Eligibility } from './eligibility';
import { plainTime } from './plain-time';
import type { Run } from './request';
import { isBefore, latestOf, soonest } from './time';
import type { Vote } from './vote';

/** Somebody was asked to answer one request in the place of somebody else. Once kept, it stays with the request. */
export interface StandIn extends RecordedStandIn {
  /** When the absence was said: a later one takes its place. */
  readonly setAt: string;
}

/** A place that is not its approver's now. */
export interface HandedOver {
  readonly person: string;
  readonly delegate: string;
  /** The end of the absence; absent when it is over, and the delegate had answered before. */
  readonly until?: string;
  /** The delegate has a place of their own in the same group: then nobody takes this one. */
  readonly isVacant: boolean;
}

export interface Places {
  /** The rule with each delegate in the groups of whoever they stand in for. */
  readonly people: PeopleRule;
  readonly handedOver: readonly HandedOver[];
}

export interface PlaceFacts {
  readonly run: Pick<Run, 'startedBy' | 'authors' | 'range' | 'deadline'>;
  readonly people: readonly Person[];
  readonly votes: readonly Vote[];
  /** Who was asked in whose place so far. */
  readonly standIns: readonly Pick<StandIn, 'person' | 'delegate' | 'until' | 'setAt'>[];
  readonly absences: readonly Absence[];
}

export function placesOf(rule: PeopleRule, facts: PlaceFacts, now: string): Places {
  const { delegates } = rule;
  if (delegates === undefined) {
    return { people: rule, handedOver: [] };
  }
  const { absences } = facts;
  const answer = answersOf(rule, facts, now);
  const handedOver = new Map<string, HandedOver>();
  const own = new Set(membersOf(rule.groups));
  const holderOf = (person: string, members: readonly string[]): readonly string[] => {
    const declared = delegates[person] ?? [];
    if (declared.length === 0 || hasNoVote(person, rule, facts, now)) {
      return [person];
    }
    const away = absences.find((one) => one.person === person && isAway(one, now) && declared.includes(one.delegate));
    const answerOf = (id: string) => {
      const vote = answer(id);
      const isInTime =
        id === person ||
        id === away?.delegate ||
        vote === undefined ||
        // One answer fills one place: a delegate who has their own gives this one back, so that its approver can answer.
        answersInTime(vote, person, facts, own.has(id) ? now : vote.at);
      return isInTime ? vote?.verdict : undefined;
    };
    // Whoever has a place of their own in the group does not take a second one.
    const candidates = [person, ...declared.filter((id) => !members.includes(id))];
    const answered =
      candidates.find((id) => answerOf(id) === 'REJECT') ?? candidates.find((id) => answerOf(id) === 'APPROVE');
    const delegate = answered ?? away?.delegate ?? person;
    if (delegate === person) {
      return [person];
    }
    const isVacant = members.includes(delegate);
    handedOver.set(person, {
      person,
      delegate,
      ...(away === undefined ? {} : { until: away.until }),
      // Somebody in several groups may leave a place in one of them that the delegate can take.
      isVacant: isVacant && handedOver.get(person)?.isVacant !== false,
    });
    return isVacant ? [] : [delegate];
  };
  const groups = rule.groups.map((group) => ({
    ...group,
    ids: [...new Set(group.ids.flatMap((id) => holderOf(id, group.ids)))],
  }));
  // Who may open the gate alone in an emergency is not handed over.
  const named = rule.breakGlass === undefined ? {} : { breakGlass: namedToBreakGlass(rule) };
  return { people: { ...rule, ...named, groups }, handedOver: [...handedOver.values()] };
}

/** Whoever has somebody's place may vote like those who were invited. */
export function withDelegates<R extends Pick<Run, 'invited'>>(run: R, handedOver: readonly HandedOver[]): R {
  const taken = handedOver.filter(({ isVacant }) => !isVacant);
  const delegates = taken.map(({ delegate }) => delegate).filter((id) => !run.invited.includes(id));
  return delegates.length === 0 ? run : { ...run, invited: [...run.invited, ...new Set(delegates)] };
}

/** Those who may vote, each delegate by the name of `Di (for Ana)`: so summaries say in whose place somebody has answered. */
export function namedByPlace(
  voters: readonly Eligibility[],
  handedOver: readonly HandedOver[],
  people: readonly Person[],
): readonly Eligibility[] {
  return voters.map((voter) => {
    const places = handedOver.filter(({ delegate, isVacant }) => delegate === voter.person.id && !isVacant);
    const names = people.filter(({ id }) => places.some(({ person }) => person === id)).map(nameOf);
    return names.length === 0
      ? voter
      : { ...voter, person: { ...voter.person, name: `${nameOf(voter.person)} (for ${names.join(' and ')})` } };
  });
}

/** Why this person has no vote in their own place, if somebody else has it. */
export function whyNotOwn(
  approver: string,
  handedOver: readonly HandedOver[],
  people: readonly Person[],
): string | undefined {
  const place = handedOver.find(({ person }) => person === approver);
  if (place === undefined) {
    return undefined;
  }
  const person = people.find(({ id }) => id === place.delegate);
  const delegate = person === undefined ? 'a delegate' : nameOf(person);
  return place.until === undefined
    ? `${delegate} has answered in this place`
    : `away until ${plainTime(place.until)}, and ${delegate} answers in this place; to answer yourself, end your absence at the dashboard`;
}

/** What each person has answered, if it would count in any place. */
function answersOf(rule: PeopleRule, facts: PlaceFacts, now: string): (id: string) => Answer | undefined {
  const { votes, run } = facts;
  return (id) => {
    const { approvals, rejections } = countVotes(alone(id, rule, facts, now), votes, run.deadline, [], rule.fields);
    return [...rejections, ...approvals][0]?.vote;
  };
}

type Answer = PlaceFacts['votes'][number];

/** Whether somebody who was asked in this place has answered while it was theirs, and whether it still was at a time. */
function answersInTime(
  { approver, at }: Answer,
  person: string,
  { standIns, absences }: PlaceFacts,
  stillAt: string,
): boolean {
  return standIns.some(
    (one) =>
      one.person === person && one.delegate === approver && isBefore(latestOf(at, stillAt), untilNow(one, absences)),
  );
}

/** The end of a stand-in by what is known now: its absence may have been ended early, or another one set since. */
export function untilNow(
  { person, setAt, until }: Pick<StandIn, 'person' | 'setAt' | 'until'>,
  absences: readonly Absence[],
): string {
  const absence = absences.find((one) => one.person === person);
  if (absence === undefined || isBefore(absence.setAt, setAt)) {
    return until;
  }
  return isBefore(setAt, absence.setAt) ? soonest(until, absence.setAt) : soonest(absence.until, absence.endedAt);
}

/** Whether this person would have no vote in any place: wrote the change, say, or is not declared any more. */
function hasNoVote(id: string, rule: PeopleRule, facts: PlaceFacts, now: string): boolean {
  const [voter] = alone(id, rule, facts, now);
  return voter === undefined || voter.excluded !== undefined;
}

function alone(id: string, rule: PeopleRule, { run, people }: PlaceFacts, now: string): readonly Eligibility[] {
  return eligibility({ ...run, invited: [id] }, { ...rule, groups: [{ quorum: 1, ids: [id] }] }, people, now);
}
