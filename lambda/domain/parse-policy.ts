/** The documents in a workflow's parameters. What is not understood is refused: a gate never opens on a guess. */
import { isDomain } from '../../contract/address';
import { membersOf } from '../../contract/groups';
import type { CheckPlan } from '../../contract/checks';
import {
  MOST_APPROVERS,
  MOST_CHANGE_SETS,
  MOST_REMINDERS,
  POLICY_VERSION,
  type ChecksDocument,
  type ChecksRule,
  type EscalationRule,
  type GateName,
  type GatePolicy,
  type GateRule,
  type GroupRule,
  type ListRule,
  type PeopleDocument,
  type PeopleRule,
  type Person,
  type PreparedChangeSet,
} from '../../contract/policy';
import {
  flag,
  json,
  list,
  Malformed,
  mustKnowAll,
  NAME,
  object,
  oneOf,
  optionalText,
  parsed,
  text,
  time,
  whole,
  type Fields,
  type Parsed,
} from './parsed';
import { parseBreakGlass } from './break-glass';
import { delegatesOf, parseDelegates } from './parse-delegates';
import { parseFields } from './parse-fields';
import { parseFreezes, parseWindow } from './parse-window';
import { APPROVER_ID } from './vote';

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/.{1,600}$/;
const PARAMETER = /^\/[A-Za-z0-9_./-]{1,1010}$/;
/** Somebody else's parameter may have a name without a path. */
const LIST = /^[A-Za-z0-9_./-]{1,1011}$/;
/** It stands in mails and summaries: one line, and nothing hidden in it. */
const GROUP_NAME = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,64}$/u;

/** The policy of exactly this gate. */
export function parsePolicy(document: string, gate: GateName): Parsed<GatePolicy> {
  const read = parseAnyPolicy(document);
  if (!read.ok) {
    return read;
  }
  const { pipeline, stage, action } = read.value.gate;
  return pipeline === gate.pipeline && stage === gate.stage && action === gate.action
    ? read
    : { ok: false, problem: 'policy: `gate` is another gate' };
}

const POLICY_FIELDS = {
  v: true,
  gate: true,
  answerRole: true,
  rule: true,
  timeoutMinutes: true,
  onReject: true,
  window: true,
  changeSets: true,
  freezes: true,
} as const;
const PEOPLE_FIELDS = {
  groups: true,
  excludeAuthor: true,
  reason: true,
  fields: true,
  reminders: true,
  newerRun: true,
  startLater: true,
  escalation: true,
  breakGlass: true,
  delegates: true,
} as const;
const GROUP_FIELDS = { name: true, quorum: true, ids: true, list: true } as const;
const ESCALATION_FIELDS = { afterMinutes: true, ids: true } as const;

/** The policy of whatever gate it names. */
export function parseAnyPolicy(document: string): Parsed<GatePolicy> {
  return parsed('policy', () => {
    const fields = object(json(document), 'policy');
    mustBeOfThisVersion(fields);
    mustKnowAll<GatePolicy>(fields, 'policy', POLICY_FIELDS);
    const names = object(fields['gate'], 'gate');
    return {
      v: POLICY_VERSION,
      gate: {
        pipeline: text(names, 'pipeline', NAME),
        stage: text(names, 'stage', NAME),
        action: text(names, 'action', NAME),
      },
      answerRole: text(fields, 'answerRole', ROLE),
      rule: ruleOf(object(fields['rule'], 'rule')),
      timeoutMinutes: whole(fields, 'timeoutMinutes', 5, 86_400),
      onReject: oneOf(fields, 'onReject', ['STOP', 'ROLLBACK']),
      ...(fields['window'] === undefined ? {} : { window: parseWindow(object(fields['window'], 'window')) }),
      ...(fields['changeSets'] === undefined ? {} : { changeSets: changeSetsOf(fields['changeSets']) }),
      ...(fields['freezes'] === undefined ? {} : { freezes: parseFreezes(fields['freezes']) }),
    };
  });
}

/** As CloudFormation takes them: anything else could name another resource. */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

function changeSetsOf(value: unknown): readonly PreparedChangeSet[] {
  const changeSets = list(value, 'changeSets').map((one) => {
    const fields = object(one, 'changeSet');
    return fields['hidden'] === undefined
      ? { stack: text(fields, 'stack', STACK_NAME), name: text(fields, 'name', STACK_NAME) }
      : {
          stack: text(fields, 'stack'),
          name: text(fields, 'name'),
          hidden: oneOf(fields, 'hidden', ['ELSEWHERE', 'NAMED_BY_RUN'] as const),
        };
  });
  if (changeSets.length > MOST_CHANGE_SETS) {
    throw new Malformed(`\`changeSets\` has more than ${MOST_CHANGE_SETS} members`);
  }
  return changeSets;
}

/** Written by another version of the library than this function: it may mean something else by the same words. */
function mustBeOfThisVersion(fields: Fields): void {
  if (fields['v'] !== POLICY_VERSION) {
    throw new Malformed(
      `\`v\` is not ${POLICY_VERSION}: this was written by another version of the library, so update workflow and pipelines to one`,
    );
  }
}

function ruleOf(fields: Fields): GateRule {
  const kind = oneOf(fields, 'kind', ['MANUAL', 'AUTOMATED', 'GUARDED', 'AUTOMATED_ELSE_PEOPLE']);
  switch (kind) {
    case 'MANUAL':
      return { kind, people: parsePeopleRule(object(fields['people'], 'people')) };
    case 'AUTOMATED':
      return {
        kind,
        checks: checksRuleOf(object(fields['checks'], 'checks')),
        onInconclusive: oneOf(fields, 'onInconclusive', ['REJECT', 'APPROVE_WITH_WARNING']),
      };
    case 'GUARDED':
      return { kind, ...peopleAndChecks(fields) };
    case 'AUTOMATED_ELSE_PEOPLE':
      return {
        kind,
        ...peopleAndChecks(fields),
        ...(fields['onFail'] === undefined ? {} : { onFail: oneOf(fields, 'onFail', ['ASK_APPROVERS'] as const) }),
      };
  }
}

function peopleAndChecks(fields: Fields): { readonly people: PeopleRule; readonly checks: ChecksRule } {
  return {
    people: parsePeopleRule(object(fields['people'], 'people')),
    checks: checksRuleOf(object(fields['checks'], 'checks')),
  };
}

/** Throws `Malformed`, for parsers of documents that hold such a rule. */
export function parsePeopleRule(fields: Fields): PeopleRule {
  mustKnowAll<PeopleRule>(fields, 'people', PEOPLE_FIELDS);
  const groups = list(fields['groups'], 'groups').map((group) => groupOf(object(group, 'group')));
  const names = new Set(groups.map(({ name }) => name));
  if (groups.length === 0 || names.size < groups.length || (groups.length > 1 && names.has(undefined))) {
    throw new Malformed('`groups` is empty, or does not give each of several groups a name of its own');
  }
  return {
    groups,
    excludeAuthor: flag(fields, 'excludeAuthor'),
    reason: oneOf(fields, 'reason', ['OPTIONAL', 'FOR_REJECTION', 'ALWAYS']),
    ...(fields['fields'] === undefined ? {} : { fields: parseFields(fields['fields']) }),
    ...(fields['reminders'] === undefined ? {} : { reminders: remindersOf(fields['reminders']) }),
    ...(fields['newerRun'] === undefined ? {} : { newerRun: oneOf(fields, 'newerRun', ['REPLACES'] as const) }),
    ...(fields['startLater'] === undefined ? {} : { startLater: oneOf(fields, 'startLater', ['ALLOWED'] as const) }),
    ...(fields['escalation'] === undefined
      ? {}
      : { escalation: escalationOf(object(fields['escalation'], 'escalation'), groups) }),
    ...(fields['breakGlass'] === undefined ? {} : { breakGlass: parseBreakGlass(fields['breakGlass']) }),
    ...(fields['delegates'] === undefined
      ? {}
      : { delegates: parseDelegates(object(fields['delegates'], 'delegates')) }),
  };
}

function escalationOf(fields: Fields, groups: readonly GroupRule[]): EscalationRule {
  mustKnowAll<EscalationRule>(fields, 'escalation', ESCALATION_FIELDS);
  const ids = [...new Set(list(fields['ids'], 'ids').map((id) => text({ id }, 'id', APPROVER_ID)))];
  if (groups.length > 1) {
    throw new Malformed('`escalation` does not say for which of several groups its people count');
  }
  if (ids.length === 0 || ids.some((id) => membersOf(groups).includes(id))) {
    throw new Malformed('`escalation` names nobody, or somebody who is asked first');
  }
  return { afterMinutes: whole(fields, 'afterMinutes', 1, 86_400), ids };
}

function remindersOf(value: unknown): readonly number[] {
  const shares = list(value, 'reminders');
  const isShare = (share: unknown): share is number => typeof share === 'number' && share > 0 && share < 1;
  const isLater = (share: number, index: number): boolean => index === 0 || share > (shares[index - 1] as number);
  if (shares.length > MOST_REMINDERS || !shares.every(isShare) || !shares.every(isLater)) {
    throw new Malformed(`\`reminders\` is not at most ${MOST_REMINDERS} ascending shares between 0 and 1`);
  }
  return shares;
}

function groupOf(fields: Fields): GroupRule {
  mustKnowAll<GroupRule>(fields, 'group', GROUP_FIELDS);
  const ids = list(fields['ids'], 'ids').map((id) => text({ id }, 'id', APPROVER_ID));
  const distinct = [...new Set(ids)];
  // A list may hold too few people by the time it is read: then the gate says so.
  const listed = fields['list'] === undefined ? {} : { list: text(fields, 'list', LIST) };
  const most = 'list' in listed ? MOST_APPROVERS : Math.max(1, distinct.length);
  return {
    ...(fields['name'] === undefined ? {} : { name: text(fields, 'name', GROUP_NAME) }),
    quorum: whole(fields, 'quorum', 1, most),
    ids: distinct,
    ...listed,
  };
}

function checksRuleOf(fields: Fields): ChecksRule {
  const source = object(fields['source'], 'source');
  return {
    role: text(fields, 'role', ROLE),
    bakeMinutes: whole(fields, 'bakeMinutes', 0, 86_400),
    source:
      source['parameter'] === undefined
        ? { plans: plansOf(source['plans']) }
        : { parameter: text(source, 'parameter', PARAMETER) },
  };
}

/** The checks of a gate. Their own properties are read by the function that runs them; their timing matters here. */
export function parseChecks(document: string): Parsed<ChecksDocument> {
  return parsed('checks', () => {
    const fields = object(json(document), 'checks');
    mustBeOfThisVersion(fields);
    return { v: POLICY_VERSION, checks: plansOf(fields['checks']) };
  });
}

function plansOf(value: unknown): readonly CheckPlan[] {
  const checks = list(value, 'checks').map((check) => planOf(object(check, 'check')));
  if (checks.length === 0 || new Set(checks.map(({ id }) => id)).size !== checks.length) {
    throw new Malformed('`checks` is empty or names a check twice');
  }
  return checks;
}

/** A kind that is not known passes here: the evaluator says of it that nobody can tell. */
function planOf(fields: Fields): CheckPlan {
  text(fields, 'id', /^[a-z0-9-]{1,40}$/);
  text(fields, 'title');
  text(fields, 'kind', /^[a-zA-Z0-9-]{1,40}$/);
  whole(fields, 'initialDelay', 0, 5_184_000);
  whole(fields, 'interval', 1, 5_184_000);
  whole(fields, 'failureLimit', 0, 1_000_000);
  whole(fields, 'consecutiveErrorLimit', 0, 1_000_000);
  whole(fields, 'inconclusiveLimit', 0, 1_000_000);
  whole(fields, 'minSamples', 1, 1_000_000);
  flag(fields, 'observeOnly');
  if (fields['reader'] !== undefined) {
    text(fields, 'reader', ROLE);
  }
  return fields as unknown as CheckPlan;
}

/** One parameter full of people, or of lists of people. */
export function parsePeople(document: string): Parsed<PeopleDocument> {
  return parsed('people', () => {
    const fields = object(json(document), 'people');
    mustBeOfThisVersion(fields);
    const people = list(fields['people'], 'people').map((person) => personOf(object(person, 'person')));
    return fields['lists'] === undefined
      ? { v: POLICY_VERSION, people }
      : { v: POLICY_VERSION, people, lists: list(fields['lists'], 'lists').map((one) => listOf(object(one, 'list'))) };
  });
}

function listOf(fields: Fields): ListRule {
  const domains = list(fields['domains'], 'domains').map((domain) => text({ domain }, 'domain'));
  if (domains.length === 0 || !domains.every((domain) => isDomain(domain) && domain === domain.toLowerCase())) {
    throw new Malformed('`domains` is empty, or holds what is no domain in lower case');
  }
  return { parameter: text(fields, 'parameter', LIST), domains };
}

function personOf(fields: Fields): Person {
  const name = optionalText(fields, 'name');
  return {
    id: text(fields, 'id', APPROVER_ID),
    mail: text(fields, 'mail', /^[^\s@]{1,64}@[^\s@]{1,255}$/),
    alsoKnownAs: list(fields['alsoKnownAs'] ?? [], 'alsoKnownAs').map((alias) => text({ alias }, 'alias')),
    shared: flag(fields, 'shared'),
    ...(name === undefined ? {} : { name }),
    ...(fields['until'] === undefined ? {} : { until: time(fields, 'until') }),
    ...(fields['delegates'] === undefined ? {} : { delegates: delegatesOf(fields['delegates']) }),
  };
}
