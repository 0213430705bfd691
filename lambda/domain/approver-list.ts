/** Approvers who stand in a parameter that a team edits: what such a list may say, and who is meant by it at a gate. */
import { domainOf, isAddress, mailboxOf } from '../../contract/address';
import { matchesAlias } from '../../contract/alias';
import { membersOf, quorumOf } from '../../contract/groups';
import {
  MOST_APPROVERS,
  peopleOf,
  type GatePolicy,
  type GateRule,
  type ListRule,
  type PeopleRule,
  type Person,
} from '../../contract/policy';
import { ifRead, Malformed, parsed, type Parsed } from './parsed';
import type { Run } from './request';

/** Whom a workflow knows. */
export interface Directory {
  /** Everybody who is declared. */
  readonly people: readonly Person[];
  /** The lists that were asked for, by the names of their parameters. One that is not declared is not among them. */
  readonly lists: ReadonlyMap<string, Parsed<readonly Person[]>>;
}

/** A policy whose lists are filled in, and everybody whom it may mean. */
export interface ListedPolicy {
  readonly policy: GatePolicy;
  readonly people: readonly Person[];
}

/**
 * The addresses of a list, in lower case: one a line, or with commas or blanks between them. All of it is right, or none of it is
 * taken: half of a list could be the half that somebody meant to remove.
 */
export function parseApproverList(text: string, { parameter, domains }: ListRule): Parsed<readonly string[]> {
  return parsed(listNamed(parameter), () => {
    const entries = text.split(/[\s,]/).filter((entry) => entry !== '');
    if (entries.length === 0 || entries.length > MOST_APPROVERS) {
      throw new Malformed(`it holds ${entries.length} addresses, and has to hold 1 to ${MOST_APPROVERS}`);
    }
    const addresses = entries.map((entry) => entry.toLowerCase());
    addresses.forEach((address, index) => {
      const entry = `entry ${index + 1}`;
      if (!isAddress(address)) {
        throw new Malformed(`${entry} is not an email address`);
      }
      if (!domains.includes(domainOf(address))) {
        throw new Malformed(`${entry} is not of an allowed domain`);
      }
      if (addresses.indexOf(address) < index) {
        throw new Malformed(`${entry} stands there twice`);
      }
    });
    return addresses;
  });
}

export function unreadableList(parameter: string, why: string): Parsed<never> {
  return { ok: false, problem: `${listNamed(parameter)}: ${why}` };
}

function listNamed(parameter: string): string {
  return `list '${parameter}'`;
}

/** The parameters in which a rule looks for people. */
export function listsOf(rule: GateRule): readonly string[] {
  const names = (peopleOf(rule)?.groups ?? []).flatMap(({ list }) => list ?? []);
  return [...new Set(names)];
}

/** Everybody, whichever list names them. A list that cannot be read holds nobody. */
export function everybodyIn({ people, lists }: Directory): readonly Person[] {
  const declared = new Set(people.map(({ id }) => id));
  const listed = new Map(
    [...lists.values()]
      .flatMap(ifRead)
      .flat()
      .map((person) => [person.id, person]),
  );
  return [...people, ...[...listed.values()].filter(({ id }) => !declared.has(id))];
}

/** The policy with the people of its lists. If one of them cannot be read, the policy cannot, and nothing opens by it. */
export function withListed(policy: GatePolicy, directory: Directory): Parsed<ListedPolicy> {
  const { rule } = policy;
  const lists = new Map<string, readonly string[]>();
  for (const name of listsOf(rule)) {
    const read = idsOf(name, directory);
    if (!read.ok) {
      return read;
    }
    lists.set(name, read.value);
  }
  const people = everybodyIn(directory);
  if (rule.kind === 'AUTOMATED') {
    return { ok: true, value: { policy, people } };
  }
  return parsed('lists', () => {
    const groups = rule.people.groups.map((group) =>
      group.list === undefined ? group : { ...group, ids: lists.get(group.list) ?? [] },
    );
    const listed = { ...rule.people, groups };
    mustBeDifferentPeople(listed, people, new Set([...lists.values()].flat()));
    return { policy: { ...policy, rule: { ...rule, people: listed } }, people };
  });
}

function idsOf(name: string, { people, lists }: Directory): Parsed<readonly string[]> {
  const read = lists.get(name) ?? unreadableList(name, 'the workflow does not declare it');
  if (!read.ok) {
    return read;
  }
  const shared = read.value.findIndex(({ id }) => people.some((person) => person.id === id && person.shared));
  return shared < 0
    ? { ok: true, value: read.value.map(({ id }) => id) }
    : unreadableList(name, `entry ${shared + 1} is a shared mailbox, and a list takes persons`);
}

/** One person with two addresses would be a quorum alone, also as a delegate. Synth asks the same about those whom it knows. */
function mustBeDifferentPeople(rule: PeopleRule, people: readonly Person[], listed: ReadonlySet<string>): void {
  const ids = new Set([...membersOf(rule.groups), ...(rule.escalation?.ids ?? [])]);
  if (ids.size > MOST_APPROVERS) {
    throw new Malformed(`${ids.size} people would be asked, and a gate asks at most ${MOST_APPROVERS}`);
  }
  const delegates = Object.values(rule.delegates ?? {}).flat();
  const asked = people.filter(({ id }) => ids.has(id) || delegates.includes(id));
  const isTwice = asked.some((one) =>
    asked.some((other) => one.id !== other.id && (listed.has(one.id) || listed.has(other.id)) && isSame(one, other)),
  );
  if (quorumOf(rule.groups) > 1 && isTwice) {
    throw new Malformed('a list names somebody who is asked under another address already');
  }
}

function isSame(one: Person, other: Person): boolean {
  const names = [other.mail, ...other.alsoKnownAs];
  return (
    mailboxOf(one.mail) === mailboxOf(other.mail) ||
    one.alsoKnownAs.some((alias) => names.some((name) => matchesAlias(alias, name)))
  );
}

/** Lists that a workflow no longer declares have nobody in them, as people who are no longer declared have left. */
export function withGoneLists({ people, lists }: Directory, wanted: readonly string[]): Directory {
  const nobody = { ok: true, value: [] } as const;
  return { people, lists: new Map(wanted.map((name) => [name, lists.get(name) ?? nobody])) };
}

/**
 * Whoever was to be asked later and stands in a list is asked at first. For a request, that is who stood in it when it asked: whoever
 * is put there since is still asked later.
 */
export function withoutThoseAsked(policy: GatePolicy): GatePolicy {
  const { rule } = policy;
  if (rule.kind === 'AUTOMATED' || rule.people.escalation === undefined) {
    return policy;
  }
  const { escalation, ...people } = rule.people;
  const first = new Set(membersOf(people.groups));
  const ids = escalation.ids.filter((id) => !first.has(id));
  const later = ids.length === 0 ? {} : { escalation: { ...escalation, ids } };
  return { ...policy, rule: { ...rule, people: { ...people, ...later } } };
}

/** Who stood in each list of a rule; undefined where it has none. */
export function listedIn({ groups }: PeopleRule): Run['listed'] {
  const lists = groups.flatMap(({ list, ids }) => (list === undefined ? [] : [[list, ids] as const]));
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}

/** So many people of the policy's lists were put there after the request asked. */
export function addedSince(policy: GatePolicy, run: Pick<Run, 'listed' | 'invited'>): number {
  const now = membersOf(peopleOf(policy.rule)?.groups ?? []);
  const then = new Set(membersOf(peopleOf(asAsked(policy, run).rule)?.groups ?? []));
  return now.filter((id) => !then.has(id)).length;
}

/** The policy for a request: who was put on a list after the request asked does not count for it; who was removed, at once. */
export function asAsked(policy: GatePolicy, { listed = {}, invited }: Pick<Run, 'listed' | 'invited'>): GatePolicy {
  const { rule } = policy;
  if (rule.kind === 'AUTOMATED') {
    return policy;
  }
  const groups = rule.people.groups.map((group) => {
    if (group.list === undefined) {
      return group;
    }
    const then = new Set(listed[group.list] ?? invited);
    return { ...group, ids: group.ids.filter((id) => then.has(id)) };
  });
  return { ...policy, rule: { ...rule, people: { ...rule.people, groups } } };
}
