/** Who of those invited may vote on this change, at a time. */
import { matchesAlias } from '../../contract/alias';
import { membersOf } from '../../contract/groups';
import type { PeopleRule, Person } from '../../contract/policy';
import { plainTime } from './plain-time';
import type { Run } from './request';
import { isBefore } from './time';

export interface Eligibility {
  readonly person: Person;
  /** Why this person has no vote; absent when there is one. */
  readonly excluded?: string;
}

/** Whether this identity (address, login, ARN) is the person. A shared mailbox is nobody in particular. */
export function isPerson(person: Person, identity: string): boolean {
  return !person.shared && [person.mail, ...person.alsoKnownAs].some((alias) => matchesAlias(alias, identity));
}

/**
 * Additions to the list are frozen at the request (`run.invited`), removals act at once (`rule`, `people`).
 * Without a rule that names people nobody may vote.
 */
export function eligibility(
  run: Pick<Run, 'invited' | 'startedBy' | 'authors' | 'range'>,
  rule: PeopleRule | undefined,
  people: readonly Person[],
  at: string,
): readonly Eligibility[] {
  const listed = new Set(membersOf(rule?.groups ?? []));
  const invited = new Set(run.invited);
  const voters = new Map<string, Eligibility>();
  for (const person of people.filter(({ id }) => invited.has(id))) {
    const excluded = listed.has(person.id)
      ? (whyOver(person, at) ?? authorship(run, rule, person))
      : 'no longer an approver of this gate';
    // While a deployment moves people from one parameter to the next, somebody may stand in both: still one vote, and none
    // if either description says so.
    if (!voters.has(person.id) || excluded !== undefined) {
      voters.set(person.id, excluded === undefined ? { person } : { person, excluded });
    }
  }
  return [...voters.values()];
}

function whyOver({ until }: Person, at: string): string | undefined {
  return until === undefined || isBefore(at, until) ? undefined : `guest until ${plainTime(until)}`;
}

function authorship(
  { startedBy, authors, range }: Pick<Run, 'startedBy' | 'authors' | 'range'>,
  rule: PeopleRule | undefined,
  person: Person,
): string | undefined {
  if (rule?.excludeAuthor !== true) {
    return undefined;
  }
  if (person.shared) {
    return 'a shared mailbox cannot show that it is not the author';
  }
  if (authors.some((author) => isPerson(person, author))) {
    return 'wrote this change';
  }
  if (range?.kind === 'ALONG' && range.authors.some((author) => isPerson(person, author))) {
    return 'wrote an earlier change that goes live with this one';
  }
  return startedBy !== undefined && isPerson(person, startedBy) ? 'started this run' : undefined;
}

const TO_YOU: readonly (readonly [RegExp, string])[] = [
  [/^(?=(?:wrote|started)\b)/, 'you '],
  [/^(?=(?:no longer|not among|away)\b)/, 'you are '],
  [/^(?=guest until\b)/, 'you were a '],
  [/ in this place\b/, ' in your place'],
];

/** Why somebody has no vote, as it is said to themselves: in a list of people it stands behind their name. */
export function saidToYou(excluded: string): string {
  return TO_YOU.reduce((said, [pattern, words]) => said.replace(pattern, words), excluded);
}
