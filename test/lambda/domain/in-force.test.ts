/** The policy in force, and what becomes of a gate while a weaker one is proposed. */
import type { GatePolicy, GateRule } from '../../../contract/policy';
import {
  byFormerRule,
  comesIntoForce,
  formerRule,
  isInSight,
  parseInForce,
  placeOf,
  proposalOf,
  underFormerRule,
  weakeningSentence,
  withChecks,
  withProposal,
  type InForce,
  type Proposed,
} from '../../../lambda/domain/in-force';
import type { Ended, Outcome } from '../../../lambda/domain/request';
import type { Ruling } from '../../../lambda/domain/ruling';
import {
  ANA,
  at,
  BO,
  checkPlan,
  checksRule,
  CY,
  decidedRequest,
  GATE,
  outcomeOf,
  peopleRule,
  policyOf,
  ruleOf,
  shownOf,
} from '../samples';

const HASH = 'f'.repeat(64);
const WINDOW = { timeZone: 'UTC', ranges: [{ days: [1], from: 0, to: 60 }] };
const FORMER_WINDOW = { ...WINDOW, timeZone: 'Europe/Berlin' };

const manual = (quorum: number): GatePolicy => policyOf({ rule: ruleOf('MANUAL', { people: { quorum } }) });
const proposed = (more: Partial<Proposed> = {}): Proposed => ({ policy: manual(1), hash: HASH, after: 1, ...more });
const AS_STRICT = proposed();
const WEAKER = proposed({ weakens: ['quorum 2 → 1', 'authors may approve their own changes'] });
const NOBODY = proposed({ weakens: ['its former rule cannot be read'], nobody: true });

test('a gate has its place by pipeline, stage and action', () => {
  expect(placeOf(GATE)).toBe('shop/Prod/Approve');
});

describe('a policy in force is read from its row', () => {
  const row = (more: object = {}) => ({ v: 2, n: 3, document: JSON.stringify(manual(2)), ...more });

  test('with its number', () => {
    expect(parseInForce(row(), GATE)).toEqual({ ok: true, value: { n: 3, policy: { ok: true, value: manual(2) } } });
  });

  test.each<[string, object, string]>([
    ['of another version', { v: 1 }, '`v` is not 2: this row was written by another version of the library'],
    ['without a number', { n: undefined }, '`n` is not a whole number from 1 to 9007199254740991'],
    ['with the number 0', { n: 0 }, '`n` is not a whole number from 1 to 9007199254740991'],
    ['without a document', { document: undefined }, '`document` is missing or not of the expected form'],
    ['with an empty document', { document: '' }, '`document` is missing or not of the expected form'],
  ])('but not one %s', (_, more, problem) => {
    expect(parseInForce(row(more), GATE)).toEqual({ ok: false, problem: `policy in force: ${problem}` });
  });

  test('however long and on however many lines its document is', () => {
    const document = `\n${JSON.stringify(manual(2), undefined, 2).replaceAll('\n', ' '.repeat(200) + '\n')}\n`;

    expect(document.length).toBeGreaterThan(4096);
    expect(parseInForce(row({ document }), GATE)).toEqual({
      ok: true,
      value: { n: 3, policy: { ok: true, value: manual(2) } },
    });
  });

  test('also where its document cannot be read, or is that of another gate: then it says why', () => {
    expect(parseInForce(row({ document: 'no JSON' }), GATE)).toMatchObject({
      ok: true,
      value: { n: 3, policy: { ok: false } },
    });
    expect(parseInForce(row(), { ...GATE, stage: 'Beta' })).toMatchObject({
      ok: true,
      value: { n: 3, policy: { ok: false } },
    });
  });
});

describe('a policy is kept with its checks in it', () => {
  test.each(['AUTOMATED', 'GUARDED', 'AUTOMATED_ELSE_PEOPLE'] as const)('where its rule is %s', (kind) => {
    const rule = (source: ReturnType<typeof checksRule>['source']): GateRule =>
      ruleOf(kind, { checks: { bakeMinutes: 5, source } });
    const plans = [checkPlan(), checkPlan({ id: 'other' })];
    const policy = policyOf({ rule: rule({ parameter: '/checks' }), onReject: 'ROLLBACK' });

    expect(withChecks(policy, plans)).toEqual({ ...policy, rule: rule({ plans }) });
  });

  test('and as it is where it watches none', () => {
    const policy = manual(2);

    expect(withChecks(policy, [checkPlan()])).toBe(policy);
  });
});

describe('a proposed policy', () => {
  const inForce = (policy: GatePolicy): InForce => ({ n: 7, policy: { ok: true, value: policy } });
  const PEOPLE = [ANA, BO, CY];

  test('that is as strict loses nothing', () => {
    expect(proposalOf(manual(2), HASH, inForce(manual(1)), PEOPLE)).toEqual({
      policy: manual(2),
      hash: HASH,
      after: 7,
    });
  });

  test('that is weaker says what the gate would lose, and people can approve that', () => {
    expect(proposalOf(manual(1), HASH, inForce(manual(2)), PEOPLE)).toEqual({
      policy: manual(1),
      hash: HASH,
      after: 7,
      weakens: ['quorum 2 → 1'],
    });
  });

  test.each<[string, GateRule, GateRule]>([
    ['the former', ruleOf('MANUAL'), ruleOf('AUTOMATED')],
    ['the new', ruleOf('AUTOMATED'), ruleOf('MANUAL')],
  ])('can be approved where only %s rule has people', (_, before, after) => {
    const policy = policyOf({ rule: after });
    const proposal = proposalOf(policy, HASH, inForce(policyOf({ rule: before })), PEOPLE);

    expect(proposal.weakens).not.toHaveLength(0);
    expect(proposal).not.toHaveProperty('nobody');
  });

  test('that is weaker can be approved by nobody where neither rule has people', () => {
    const before = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 5 } }) });
    const policy = policyOf({ rule: ruleOf('AUTOMATED') });

    expect(proposalOf(policy, HASH, inForce(before), PEOPLE)).toEqual({
      policy,
      hash: HASH,
      after: 7,
      weakens: ['bake time 5 → 0 minutes'],
      nobody: true,
    });
  });

  test('is weaker, and approved by nobody, where the former one cannot be read', () => {
    const unread: InForce = { n: 7, policy: { ok: false, problem: 'policy: not JSON' } };

    expect(proposalOf(manual(2), HASH, unread, PEOPLE)).toEqual({
      policy: manual(2),
      hash: HASH,
      after: 7,
      weakens: ['its former rule cannot be read'],
      nobody: true,
    });
  });
});

describe('while a weaker policy is proposed, a request is judged', () => {
  const FORMER = peopleRule({ quorum: 2, ids: [ANA.id, BO.id] });
  const NEW = peopleRule({ quorum: 1, ids: [CY.id] });
  const checks = checksRule({ bakeMinutes: 3 });

  test.each<[string, GateRule, GateRule, GateRule]>([
    [
      'by the former people',
      { kind: 'MANUAL', people: FORMER },
      { kind: 'MANUAL', people: NEW },
      { kind: 'MANUAL', people: FORMER },
    ],
    [
      'by the former people and the new checks together',
      { kind: 'AUTOMATED_ELSE_PEOPLE', people: FORMER, checks: checksRule() },
      { kind: 'AUTOMATED', checks, onInconclusive: 'APPROVE_WITH_WARNING' },
      { kind: 'GUARDED', people: FORMER, checks },
    ],
    [
      'by the former people alone where nothing is checked any more',
      { kind: 'GUARDED', people: FORMER, checks },
      { kind: 'MANUAL', people: NEW },
      { kind: 'MANUAL', people: FORMER },
    ],
    [
      'by the new people where the former rule has none, and none of them opens it alone',
      { kind: 'AUTOMATED', checks, onInconclusive: 'REJECT' },
      { kind: 'MANUAL', people: { ...NEW, reason: 'ALWAYS', breakGlass: 'APPROVERS' } },
      { kind: 'MANUAL', people: { ...NEW, reason: 'ALWAYS' } },
    ],
    [
      'by the new checks where no rule has people',
      { kind: 'AUTOMATED', checks: checksRule(), onInconclusive: 'REJECT' },
      { kind: 'AUTOMATED', checks, onInconclusive: 'APPROVE_WITH_WARNING' },
      { kind: 'AUTOMATED', checks, onInconclusive: 'APPROVE_WITH_WARNING' },
    ],
  ])('%s', (_, former, after, judged) => {
    expect(formerRule(former, after)).toEqual(judged);
  });

  test.each<[string, Partial<GatePolicy>, Partial<GatePolicy>, object]>([
    ['within its former window', { window: FORMER_WINDOW }, { window: WINDOW }, { window: FORMER_WINDOW }],
    ['within its former window where the new one is gone', { window: FORMER_WINDOW }, {}, { window: FORMER_WINDOW }],
    ['within its new window where it had none', {}, { window: WINDOW }, { window: WINDOW }],
    ['at any time where it has no window', {}, {}, {}],
  ])('%s', (_, former, after, window) => {
    const policy = policyOf({ rule: { kind: 'MANUAL', people: NEW }, timeoutMinutes: 60, ...after });

    expect(underFormerRule(policy, policyOf({ rule: { kind: 'MANUAL', people: FORMER }, ...former }))).toStrictEqual(
      policyOf({ rule: { kind: 'MANUAL', people: FORMER }, timeoutMinutes: 60, ...window }),
    );
  });
});

describe('what people are told of it', () => {
  test('is all that the gate would lose, in one sentence', () => {
    expect(weakeningSentence(WEAKER)).toBe(
      'This gate is being weakened: quorum 2 → 1; authors may approve their own changes',
    );
  });

  test('is nothing where the gate loses nothing', () => {
    expect(weakeningSentence(AS_STRICT)).toBeUndefined();
    expect(weakeningSentence(undefined)).toBeUndefined();
  });

  test('is why links do not open it by the former rule, where that one applies', () => {
    expect(byFormerRule('nobody is there', WEAKER)).toBe(
      'its rule is being weakened; by the former one, nobody is there',
    );
    expect(byFormerRule('nobody is there', AS_STRICT)).toBe('nobody is there');
    expect(byFormerRule('nobody is there', undefined)).toBe('nobody is there');
  });
});

test('an approval was given in sight of a weaker policy only where its giver was shown that very one', () => {
  const shown = { newerRunWaiting: false, verdicts: [] };
  const seen = { ...shown, weaker: HASH, weakens: ['quorum 2 → 1'] };

  expect(isInSight(WEAKER, seen)).toBe(true);
  expect(isInSight(WEAKER, { ...seen, weaker: 'a'.repeat(64) })).toBe(false);
  expect(isInSight(WEAKER, shown)).toBe(false);
  expect(isInSight(WEAKER, undefined)).toBe(false);
  expect(isInSight(AS_STRICT, shown)).toBe(true);
  expect(isInSight(undefined, undefined)).toBe(true);
});

describe('what a request comes to', () => {
  const ASK: Ruling = { kind: 'WAIT', askPeople: true };
  const end = (more: Partial<Outcome>): Ruling => ({ kind: 'END', outcome: outcomeOf(more) });
  const APPROVED = end({ summary: 'Approved by Ana', whileHealthy: true });
  const REJECTED = end({ kind: 'REJECTED', summary: 'Rejected by Ana' });
  const HELD =
    'its rule is being weakened; neither the former one nor the new one names anybody who could approve that';

  test.each<[string, Proposed | undefined]>([
    ['no policy', undefined],
    ['a policy as strict', AS_STRICT],
  ])('is the same while %s is proposed', (_, of) => {
    for (const ruling of [ASK, APPROVED, REJECTED]) {
      expect(withProposal(ruling, of)).toBe(ruling);
    }
  });

  test('is the same where it waits, or is rejected, while a weaker one is', () => {
    expect(withProposal(ASK, WEAKER)).toBe(ASK);
    expect(withProposal(REJECTED, WEAKER)).toBe(REJECTED);
    expect(withProposal(REJECTED, NOBODY)).toBe(REJECTED);
  });

  test('says what the gate loses, where it opens', () => {
    expect(withProposal(APPROVED, WEAKER)).toEqual(
      end({
        summary: 'This gate is being weakened: quorum 2 → 1; authors may approve their own changes. Approved by Ana',
        whileHealthy: true,
      }),
    );
  });

  test('leaves room for who approved, however much the gate loses', () => {
    const much = proposed({ weakens: Array.from({ length: 40 }, (_, n) => `loss number ${n}`) });
    const ruling = withProposal(APPROVED, much);
    const summary = ruling.kind === 'END' ? ruling.outcome.summary : '';

    expect(summary).toMatch(/^This gate is being weakened: loss number 0; loss number 1; .*…\. Approved by Ana$/);
    expect(summary.length).toBeLessThanOrEqual(200 + '. Approved by Ana'.length);
  });

  test('is never an approval where nobody can approve the loss: only the console opens it', () => {
    expect(withProposal(APPROVED, NOBODY)).toEqual({ kind: 'WAIT', askPeople: false, stuck: HELD });
    expect(withProposal(ASK, NOBODY)).toEqual({ kind: 'WAIT', askPeople: true, stuck: HELD });
    expect(withProposal({ kind: 'WAIT', askPeople: false, stuck: 'its checks are red' }, NOBODY)).toEqual({
      kind: 'WAIT',
      askPeople: false,
      stuck: HELD,
    });
  });
});

describe('what comes into force', () => {
  const ended = (more: Partial<Outcome>, of: Proposed = WEAKER): Ended =>
    decidedRequest(more, { shown: shownOf({ proposed: of }) });

  test.each<[string, Ended]>([
    ['people approved', ended({ by: 'PEOPLE' })],
    ['checks approved', ended({ by: 'CHECKS' })],
    ['somebody opened the gate in the console', ended({ by: 'CONSOLE' })],
    ['somebody opened it past the workflow', ended({ by: 'BYPASS' })],
  ])('is the proposed policy where %s', (_, request) => {
    expect(comesIntoForce(request)).toBe(WEAKER);
  });

  test('is a policy as strict also where one person opened the gate alone', () => {
    expect(comesIntoForce(ended({ by: 'BREAK_GLASS' }, AS_STRICT))).toBe(AS_STRICT);
  });

  test.each<[string, Ended]>([
    ['one person opened the gate alone, and it is weaker', ended({ by: 'BREAK_GLASS' })],
    ['a rollback passed by itself', ended({ by: 'ROLLBACK' })],
    ['a rollback passed by itself, however strict it is', ended({ by: 'ROLLBACK' }, AS_STRICT)],
    ['the gate stayed shut', ended({ kind: 'REJECTED' })],
    ['its time was over', ended({ kind: 'EXPIRED', by: 'CODEPIPELINE' })],
    ['none is proposed', decidedRequest()],
    [
      'its run was never found',
      { phase: 'DELIVERED', id: 'r', asked: decidedRequest().asked, outcome: outcomeOf(), deliveredAt: at(60) },
    ],
  ])('is nothing where %s', (_, request) => {
    expect(comesIntoForce(request)).toBeUndefined();
  });

  test('follows what really happened', () => {
    const overtaken = (outcome: Partial<Outcome>, really: Partial<Outcome>): Ended => ({
      ...ended(outcome),
      phase: 'DELIVERED',
      deliveredAt: at(60),
      overtakenBy: outcomeOf(really),
    });

    expect(comesIntoForce(overtaken({}, { kind: 'REJECTED', by: 'BYPASS' }))).toBeUndefined();
    expect(comesIntoForce(overtaken({ kind: 'REJECTED' }, { by: 'BYPASS' }))).toBe(WEAKER);
  });
});
