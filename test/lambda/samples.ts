/** A gate, its people, its checks and one request: what the tests of the functions talk about. */
import { createHash } from 'node:crypto';
import type { ChoiceFieldRule, FieldValues, TextFieldRule } from '../../contract/fields';
import type { CheckPlan } from '../../contract/checks';
import type {
  ChecksRule,
  GateName,
  GatePolicy,
  GateRule,
  GroupRule,
  PeopleRule,
  Person,
  RuleKind,
} from '../../contract/policy';
import type { Absence } from '../../lambda/domain/absence';
import type { CheckState, Outcome, Request, Run, Shown, Waiting } from '../../lambda/domain/request';
import { detailsText } from '../../lambda/domain/decision-details';
import type { Standing } from '../../lambda/domain/ruling';
import type { Vote } from '../../lambda/domain/vote';
import { requestIdOf } from '../../lambda/signing/link-key';
import { TIMING } from './check-timing';

export const GATE: GateName = { pipeline: 'shop', stage: 'Prod', action: 'Approve' };
export const TOKEN = '1a2b3c4d-573f-4ea7-a67e-0123456789ab';
export const REQUEST = requestIdOf(GATE.pipeline, GATE.stage, GATE.action, TOKEN);
export const EXECUTION = '11111111-2222-3333-4444-555555555555';
export const ACTION_EXECUTION = 'action-1';
export const START = '2026-11-23T08:00:00.000Z';
export const ANSWER_ROLE = 'arn:aws:iam::111111111111:role/approval-gates/shop/answer';
export const CHECK_ROLE = 'arn:aws:iam::111111111111:role/approval-gates/shop/check';
/** Our own session, as CodePipeline names it. */
export const OURS = `arn:aws:sts::111111111111:assumed-role/answer/${REQUEST}`;
export const EVE = 'arn:aws:iam::111111111111:user/eve';
export const EVIDENCE = 'e'.repeat(64);

/** Seconds after the request was made. */
export function at(seconds: number): string {
  return new Date(Date.parse(START) + seconds * 1000).toISOString();
}

export const minutes = (count: number): number => count * 60;
export const hours = (count: number): number => count * 3600;
export const days = (count: number): number => count * 86_400;

export function person(mail: string, more: Partial<Person> = {}): Person {
  const id = createHash('sha256').update(mail).digest('hex').slice(0, 12);
  return { id, mail, alsoKnownAs: [], shared: false, ...more };
}

export const ANA = person('ana@example.com', { alsoKnownAs: ['ana-gh', '*/assumed-role/Release/ana'] });
export const BO = person('bo@example.com');
export const CY = person('cy@example.com', { name: 'Cy' });
export const BY_ANA = 'arn:aws:sts::111111111111:assumed-role/Release/ana';

/** What a gate asks approvers to fill in. */
export const TICKET: TextFieldRule = {
  kind: 'TEXT',
  name: 'ticket',
  label: 'Change ticket',
  pattern: 'CHG-[0-9]+',
  hint: 'As in CHG-1234',
};
export const CHOICE: ChoiceFieldRule = {
  kind: 'CHOICE',
  name: 'traffic',
  label: 'How much traffic first',
  choices: ['10 %', '50 %'],
};

/** An approval with what its giver filled in. */
export function filledIn(fields: FieldValues): Pick<Vote, 'details'> {
  const details = detailsText({ fields });
  return details === undefined ? {} : { details };
}

/** People of a rule: so many of these, or the groups. */
export type PeopleSample = Partial<PeopleRule & Pick<GroupRule, 'quorum' | 'ids'>>;

export function peopleRule({
  quorum = 1,
  ids = [ANA.id, BO.id, CY.id],
  groups = [{ quorum, ids }],
  ...more
}: PeopleSample = {}): PeopleRule {
  return { groups, excludeAuthor: false, reason: 'OPTIONAL', ...more };
}

export function checksRule(more: Partial<ChecksRule> = {}): ChecksRule {
  return { role: CHECK_ROLE, bakeMinutes: 0, source: { plans: [checkPlan()] }, ...more };
}

export function checkPlan(more: Partial<CheckPlan> = {}): CheckPlan {
  return {
    kind: 'alarm',
    id: 'errors',
    title: 'alarm shop-5xx',
    alarmName: 'shop-5xx',
    region: 'eu-west-1',
    missingData: 'INCONCLUSIVE',
    alreadyRed: 'FAIL',
    ...TIMING,
    inconclusiveLimit: 0,
    ...more,
  } as CheckPlan;
}

/** A rule of a kind, with one check and a quorum of one. */
export function ruleOf(
  kind: RuleKind,
  { people = {}, checks = {} }: { people?: PeopleSample; checks?: Partial<ChecksRule> } = {},
): GateRule {
  switch (kind) {
    case 'MANUAL':
      return { kind, people: peopleRule(people) };
    case 'AUTOMATED':
      return { kind, checks: checksRule(checks), onInconclusive: 'REJECT' };
    case 'GUARDED':
    case 'AUTOMATED_ELSE_PEOPLE':
      return { kind, people: peopleRule(people), checks: checksRule(checks) };
  }
}

export function policyOf(more: Partial<GatePolicy> = {}): GatePolicy {
  return {
    v: 2,
    gate: GATE,
    answerRole: ANSWER_ROLE,
    rule: ruleOf('MANUAL'),
    timeoutMinutes: 24 * 60,
    onReject: 'STOP',
    ...more,
  };
}

export function runOf(more: Partial<Run> = {}): Run {
  return {
    executionId: EXECUTION,
    actionExecutionId: ACTION_EXECUTION,
    identifiedAt: START,
    deadline: at(days(1)),
    kind: { type: 'STANDARD' },
    authors: [],
    invited: [ANA.id, BO.id, CY.id],
    revisions: [{ name: 'source', id: 'abc123', message: 'fix the cart' }],
    serving: [],
    onReject: { kind: 'STAYS' },
    ...more,
  };
}

export function shownOf(more: Partial<Shown> = {}): Shown {
  return {
    policy: policyOf(),
    newerRunWaiting: false,
    checks: [],
    evidence: EVIDENCE,
    evidenceHistory: [{ hash: EVIDENCE, since: START, shown: { newerRunWaiting: false, verdicts: [] } }],
    ...more,
  };
}

export function waitingRequest(more: Partial<Waiting> = {}): Waiting {
  return {
    phase: 'WAITING',
    id: REQUEST,
    asked: { ...GATE, at: START, by: 'NOTIFICATION', expires: at(days(1)) },
    run: runOf(),
    shown: shownOf(),
    ...more,
  };
}

export function outcomeOf(more: Partial<Outcome> = {}): Outcome {
  return { kind: 'APPROVED', by: 'PEOPLE', at: at(60), summary: 'Approved by ana@example.com', ...more };
}

export function decidedRequest(
  outcome: Partial<Outcome> = {},
  more: object = {},
): Extract<Request, { phase: 'DECIDED' }> {
  return { ...waitingRequest(), phase: 'DECIDED', outcome: outcomeOf(outcome), ...more };
}

export function checkState(verdict: CheckState['verdict'], more: Partial<CheckState> = {}): CheckState {
  return { id: 'errors', title: 'alarm shop-5xx', verdict, reason: 'as told', observeOnly: false, ...more };
}

export function voteOf(who: Person, verdict: Vote['verdict'], seconds: number, more: Partial<Vote> = {}): Vote {
  return {
    approver: who.id,
    verdict,
    comment: '',
    evidence: EVIDENCE,
    seq: Date.parse(at(seconds)),
    at: at(seconds),
    sig: `sig-${seconds}`,
    key: `key-of-${who.id}`,
    current: true,
    ...more,
  };
}

/** Of a request that has asked, and to which nothing has happened since. */
export const STANDING: Standing = {
  run: { type: 'STANDARD' },
  watchedSince: START,
  baked: false,
  deadline: at(days(1)),
  asked: true,
  newerRunWaiting: false,
  goesBack: false,
  held: false,
};

/** Ana is away for a day, and Bo answers for her. */
export const away = (more: Partial<Absence> = {}): Absence => ({
  person: ANA.id,
  delegate: BO.id,
  from: at(0),
  until: at(days(1)),
  setAt: at(0),
  ...more,
});
