/** Who of those invited may vote on this change, as of now. */
import type { GatePolicy, Person } from '../../contract/policy';
import type { RequestMeta } from './records';

export interface Eligibility {
  readonly person: Person;
  /** Why this person has no vote; absent when there is one. */
  readonly excluded?: string;
}

/**
 * Case-insensitive; `*` in the alias stands for any characters. `:` and `/` are alike, since ARNs of sessions have the
 * one where people expect the other: `…/assumed-role/Release/ana` is meant to match.
 */
export function matchesAlias(alias: string, identity: string): boolean {
  const pattern = alias
    .trim()
    .replace(/:/g, '/')
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return pattern !== '' && new RegExp(`^${pattern}$`, 'is').test(identity.trim().replace(/:/g, '/'));
}

/** Whether this identity (address, login, ARN) is the person. A shared mailbox is nobody in particular. */
export function isPerson(person: Person, identity: string): boolean {
  return !person.shared && [person.mail, ...person.alsoKnownAs].some((alias) => matchesAlias(alias, identity));
}

/**
 * Additions to the list are frozen at the request (`invited`), removals act at once (`policy`, `people`).
 * Without a policy nobody may vote.
 */
export function eligibility(
  meta: Pick<RequestMeta, 'invited' | 'startedBy' | 'authors'>,
  policy: Pick<GatePolicy, 'approvers' | 'excludeAuthor'> | undefined,
  people: readonly Person[],
): readonly Eligibility[] {
  const listed = new Set(policy?.approvers?.ids ?? []);
  const invited = new Set(meta.invited ?? []);
  return people
    .filter(({ id }) => invited.has(id))
    .map((person) => {
      const excluded = listed.has(person.id) ? authorship(meta, policy, person) : 'no longer an approver of this gate';
      return excluded === undefined ? { person } : { person, excluded };
    });
}

function authorship(
  { startedBy, authors }: Pick<RequestMeta, 'startedBy' | 'authors'>,
  policy: Pick<GatePolicy, 'excludeAuthor'> | undefined,
  person: Person,
): string | undefined {
  if (policy?.excludeAuthor !== true) {
    return undefined;
  }
  if (person.shared) {
    return 'a shared mailbox cannot show that it is not the author';
  }
  if ((authors ?? []).some((author) => isPerson(person, author))) {
    return 'wrote this change';
  }
  return startedBy !== undefined && isPerson(person, startedBy) ? 'started this run' : undefined;
}
