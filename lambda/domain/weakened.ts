/**
 * Whether a policy is at least as strict as another one. The comparison is conservative: what it cannot prove is a weakening, and said
 * in words that people understand.
 */
import { areFilled, fillGroups, membersOf, quorumOf } from '../../contract/groups';
import type { CheckPlan } from '../../contract/checks';
import {
  checksOf,
  peopleOf,
  type ChecksRule,
  type EscalationRule,
  type GatePolicy,
  type GateRule,
  type PeopleRule,
  type Person,
  type RuleKind,
} from '../../contract/policy';
import { namedToBreakGlass } from './break-glass';
import { nameOf } from './count-votes';
import { escalated } from './escalation';
import { isAsStrict, tellsAsOften } from './weakened-check';
import { fieldsWeakened } from './weakened-fields';
import { quorumInWords } from './group-words';
import { plainDuration } from './plain-time';
import { canonical } from './same';
import { MINUTE } from './time';
import { calendarName } from './window';

/**
 * What a gate loses when `after` takes the place of `before`; nothing when `after` opens only where `before` would open, too. Both hold
 * their checks themselves. What opens no gate is not compared: reminders, titles, roles of one account.
 *
 * @param people everybody who is declared: whoever is not has left, and is no loss
 */
export function weakenings(before: GatePolicy, after: GatePolicy, people: readonly Person[]): readonly string[] {
  return Object.values(BY_FIELD).flatMap((weakened) => weakened(before, after, people));
}

type Compare<T> = (before: T, after: T, people: readonly Person[]) => readonly string[];

const OPENS_NOTHING = (): readonly string[] => [];

/** A field that is new in a policy does not compile until it is said here what a change of it takes away. */
const BY_FIELD: { readonly [Field in keyof Required<GatePolicy>]: Compare<GatePolicy> } = {
  v: OPENS_NOTHING,
  gate: OPENS_NOTHING,
  answerRole: OPENS_NOTHING,
  rule: ruleWeakened,
  timeoutMinutes: timeWeakened,
  window: windowWeakened,
  freezes: freezesWeakened,
  changeSets: lessShown,
  onReject: (before, after) =>
    before.onReject === 'ROLLBACK' && after.onReject === 'STOP' ? ['a rejection no longer rolls the stage back'] : [],
};

function ruleWeakened(
  { rule: before }: GatePolicy,
  { rule: after }: GatePolicy,
  people: readonly Person[],
): readonly string[] {
  const [asked, asks] = [withListsAsMembers(before), withListsAsMembers(after)];
  return [
    ...kindWeakened(before, after),
    ...(asks === undefined
      ? []
      : asked === undefined
        ? breakGlassWeakened(undefined, asks, people)
        : Object.values(BY_FIELD_OF_PEOPLE).flatMap((weakened) => weakened(asked, asks, people))),
    ...checksWeakened(before, after),
  ];
}

const BY_FIELD_OF_PEOPLE: { readonly [Field in keyof Required<PeopleRule>]: Compare<PeopleRule> } = {
  groups: groupsWeakened,
  excludeAuthor: (before, after) =>
    before.excludeAuthor && !after.excludeAuthor ? ['authors may approve their own changes'] : [],
  reason: (before, after) =>
    before.reason === 'ALWAYS' && after.reason !== 'ALWAYS' ? ['an approval needs no reason'] : [],
  fields: (before, after) => fieldsWeakened(before.fields, after.fields),
  escalation: (before, after) => escalationWeakened(before.escalation, after.escalation),
  breakGlass: breakGlassWeakened,
  delegates: delegatesWeakened,
  reminders: OPENS_NOTHING,
  // A newer run takes the place of a request by rejecting it.
  newerRun: OPENS_NOTHING,
  // An approval that starts later opens nothing that it would not open at once.
  startLater: OPENS_NOTHING,
};

/**
 * Each of them opens the gate alone, also one that checks alone decided before. Whoever is asked later may do so from then on.
 */
function breakGlassWeakened(
  before: PeopleRule | undefined,
  after: PeopleRule,
  people: readonly Person[],
): readonly string[] {
  const added = (former: PeopleRule | undefined, rule: PeopleRule): readonly string[] => {
    const could = namedToBreakGlass(former);
    return namedToBreakGlass(rule).filter((id) => !could.includes(id));
  };
  const later = added(before === undefined ? undefined : escalated(before), escalated(after));
  const ids = [...new Set([...added(before, after), ...later])];
  return ids.length === 0 ? [] : [`may open the gate alone in an emergency: ${namesOf(ids, people)}`];
}

/** A list stands for whoever is in it: its editors are trusted to say who that is. */
function withListsAsMembers(rule: GateRule): PeopleRule | undefined {
  const people = peopleOf(rule);
  return people === undefined
    ? undefined
    : {
        ...people,
        groups: people.groups.map((group) =>
          group.list === undefined ? group : { ...group, ids: [`${LIST}${group.list}`] },
        ),
      };
}

const LIST = 'list ';

/** The kinds that open only where this kind would open, too, given the same people and checks. */
const AS_STRICT: Readonly<Record<RuleKind, readonly RuleKind[]>> = {
  MANUAL: ['MANUAL', 'GUARDED'],
  AUTOMATED: ['AUTOMATED', 'GUARDED'],
  GUARDED: ['GUARDED'],
  AUTOMATED_ELSE_PEOPLE: ['AUTOMATED_ELSE_PEOPLE', 'GUARDED'],
};

const DECIDED_BY: Readonly<Record<RuleKind, string>> = {
  MANUAL: 'people',
  AUTOMATED: 'checks',
  GUARDED: 'people and checks together',
  AUTOMATED_ELSE_PEOPLE: 'checks, or else people',
};

function kindWeakened(before: GateRule, after: GateRule): readonly string[] {
  if (!AS_STRICT[before.kind].includes(after.kind)) {
    return [`decided by ${DECIDED_BY[after.kind]} instead of ${DECIDED_BY[before.kind]}`];
  }
  const asks = (rule: GateRule): boolean => rule.kind === 'AUTOMATED_ELSE_PEOPLE' && rule.onFail === 'ASK_APPROVERS';
  if (asks(after) && !asks(before)) {
    return ['people may approve although a check failed'];
  }
  return before.kind === 'AUTOMATED' &&
    after.kind === 'AUTOMATED' &&
    before.onInconclusive === 'REJECT' &&
    after.onInconclusive === 'APPROVE_WITH_WARNING'
    ? ['opens with a warning when the checks cannot tell']
    : [];
}

function groupsWeakened(before: PeopleRule, after: PeopleRule, people: readonly Person[]): readonly string[] {
  const members = [membersOf(before.groups), membersOf(after.groups)] as const;
  const added = members[1].filter((id) => !members[0].includes(id));
  const isHere = (id: string): boolean => id.startsWith(LIST) || people.some((person) => person.id === id);
  const removed = members[0].filter((id) => !members[1].includes(id) && isHere(id));
  const isFilled = fillsToo(before, after);
  const [needed, needs] = [quorumOf(before.groups), quorumOf(after.groups)];
  const groups = [
    ...(isFilled || needs >= needed ? [] : [`quorum ${needed} → ${needs}`]),
    ...(isFilled || added.length === 0 ? [] : [`new approvers: ${namesOf(added, people)}`]),
    // Each of them could have said no.
    ...(removed.length === 0 ? [] : [`no longer approvers: ${namesOf(removed, people)}`]),
  ];
  const otherwise = isFilled || groups.length > 0 ? [] : [`other groups: ${quorumInWords(after.groups)}`];
  return [...groups, ...otherwise];
}

/**
 * Whether those who fill the groups of `after` always fill those of `before`: each place that `after` fills, by somebody who is surely
 * among the members of a group of `before`, fills a place there.
 */
function fillsToo(before: PeopleRule, after: PeopleRule): boolean {
  const places = after.groups.flatMap(({ quorum, ids }, index) =>
    Array.from({ length: quorum }, (_, place) => ({ name: `${index}/${place}`, ids })),
  );
  const groups = before.groups.map(({ quorum, ids }) => {
    const members = new Set(ids);
    return { quorum, ids: places.filter((place) => place.ids.every((id) => members.has(id))).map(({ name }) => name) };
  });
  return areFilled(
    fillGroups(
      groups,
      places.map(({ name }) => name),
    ),
  );
}

function escalationWeakened(before: EscalationRule | undefined, after: EscalationRule | undefined): readonly string[] {
  if (after === undefined) {
    return [];
  }
  const isSame = after.ids.every((id) => before?.ids.includes(id));
  return isSame && before !== undefined && after.afterMinutes >= before.afterMinutes
    ? []
    : [isSame ? 'further people are asked sooner' : 'more people can be asked later'];
}

/** Each of them might answer in the place of that person. */
function delegatesWeakened(
  { delegates: before = {} }: PeopleRule,
  { delegates: after = {} }: PeopleRule,
  people: readonly Person[],
): readonly string[] {
  return Object.entries(after).flatMap(([person, delegates]) => {
    const added = delegates.filter((id) => before[person]?.includes(id) !== true);
    return added.length === 0 ? [] : [`new delegates of ${namesOf([person], people)}: ${namesOf(added, people)}`];
  });
}

function namesOf(ids: readonly string[], people: readonly Person[]): string {
  const lists = ids.filter((id) => id.startsWith(LIST));
  const names = [...lists, ...ids.flatMap((id) => people.find((person) => person.id === id) ?? []).map(nameOf)];
  const unknown = ids.length - names.length;
  return [
    ...names.slice(0, 5),
    ...(names.length > 5 ? [`${names.length - 5} more`] : []),
    ...(unknown > 0 ? [`${unknown} not declared`] : []),
  ].join(', ');
}

function checksWeakened(beforeRule: GateRule, afterRule: GateRule): readonly string[] {
  const [before, after] = [checksOf(beforeRule), checksOf(afterRule)];
  if (before === undefined) {
    return [];
  }
  if (after === undefined) {
    return ['nothing is checked any more'];
  }
  const bake = after.bakeMinutes < before.bakeMinutes;
  const lost = deciding(before).filter((plan) => !deciding(after).some((other) => isAsStrict(plan, other)));
  // Checks that only watch never open a gate.
  const opened = deciding(before).length === 0 && deciding(after).length > 0;
  const inDoubt = openedInDoubt(afterRule);
  const hiding =
    inDoubt === undefined
      ? []
      : deciding(after).filter((plan) => !deciding(before).some((other) => tellsAsOften(other, plan)));
  return [
    ...hiding.map(({ title }) => `${inDoubt} when this cannot tell: ${title}`),
    ...(opened ? ['checks decide where they only watched'] : []),
    ...(bake ? [`bake time ${before.bakeMinutes} → ${after.bakeMinutes} minutes`] : []),
    ...(accountOf(before) === accountOf(after) ? [] : ['the checks read another account']),
    ...lost.map(
      ({ id, title }) => `${deciding(after).some((other) => other.id === id) ? 'changed' : 'removed'}: ${title}`,
    ),
  ];
}

/** How a gate opens although a check is inconclusive. Where it may, a check that is always inconclusive would hide what the others find. */
function openedInDoubt(rule: GateRule): string | undefined {
  if (rule.kind === 'AUTOMATED_ELSE_PEOPLE') {
    return 'people may decide';
  }
  return rule.kind === 'AUTOMATED' && rule.onInconclusive === 'APPROVE_WITH_WARNING'
    ? 'opens with a warning'
    : undefined;
}

function deciding({ source }: ChecksRule): readonly CheckPlan[] {
  return 'plans' in source ? source.plans.filter(({ observeOnly }) => !observeOnly) : [];
}

/** Alarms are read where the role is. */
function accountOf({ role }: ChecksRule): string {
  return role.split(':').slice(0, 5).join(':');
}

/** With checks the time-out follows the bake time. */
function timeWeakened(before: GatePolicy, after: GatePolicy): readonly string[] {
  const isLonger = after.timeoutMinutes > before.timeoutMinutes;
  return before.rule.kind === 'MANUAL' && after.rule.kind === 'MANUAL' && isLonger
    ? [`time to answer ${minutes(before)} → ${minutes(after)}`]
    : [];
}

/** Whether one window is within another one is not asked: times of day are not compared. */
function windowWeakened({ window: before }: GatePolicy, { window: after }: GatePolicy): readonly string[] {
  if (before === undefined || canonical(before) === canonical(after)) {
    return [];
  }
  return [after === undefined ? 'no deployment window any more' : 'another deployment window'];
}

function freezesWeakened({ freezes: before = [] }: GatePolicy, { freezes: after = [] }: GatePolicy): readonly string[] {
  return before
    .filter((calendar) => !after.includes(calendar))
    .map((calendar) => `no longer frozen by change calendar ${calendarName(calendar)}`);
}

/** What approvers no longer see, they no longer approve. */
function lessShown(
  { rule, changeSets: before = [] }: GatePolicy,
  { changeSets: after = [] }: GatePolicy,
): readonly string[] {
  return peopleOf(rule) === undefined
    ? []
    : before
        .filter((shown) => !after.some((other) => canonical(other) === canonical(shown)))
        .map(({ stack }) => `no longer shown: the change set of ${stack}`);
}

function minutes({ timeoutMinutes }: GatePolicy): string {
  return plainDuration(timeoutMinutes * MINUTE);
}
