import fc from 'fast-check';
import { peopleOf, type GateRule, type PeopleRule, type RuleKind } from '../../../contract/policy';
import { breakers, namedToBreakGlass, parseBreakGlass, whyNoVoter } from '../../../lambda/domain/break-glass';
import { countVotes, replaces } from '../../../lambda/domain/count-votes';
import { eligibility } from '../../../lambda/domain/eligibility';
import type { Evaluation } from '../../../lambda/domain/evaluate';
import { comesIntoForce, formerRule } from '../../../lambda/domain/in-force';
import { closedFor } from '../../../lambda/domain/opening';
import { parsePeopleRule } from '../../../lambda/domain/parse-policy';
import type { Proposed } from '../../../lambda/domain/in-force';
import { rulingOf, type Judged } from '../../../lambda/domain/ruling';
import type { Verdict, Vote } from '../../../lambda/domain/vote';
import { weakenings } from '../../../lambda/domain/weakened';
import {
  ANA,
  at,
  BO,
  checkState,
  CY,
  days,
  decidedRequest,
  peopleRule,
  person,
  policyOf,
  ruleOf,
  runOf,
  shownOf,
  STANDING,
  voteOf,
} from '../samples';

const OPS = person('ops@example.com', { shared: true });
const GUEST = person('di@customer.example', { until: at(days(3)) });
const EVERYBODY = [ANA, BO, CY, OPS, GUEST];
const IDS = EVERYBODY.map(({ id }) => id);

const rule = (breakGlass: PeopleRule['breakGlass'], more: Partial<PeopleRule> = {}): PeopleRule =>
  peopleRule({ ids: [ANA.id, BO.id], quorum: 2, ...(breakGlass === undefined ? {} : { breakGlass }), ...more });
const may = (mayBreakGlass: readonly string[], of: PeopleRule, people = EVERYBODY) =>
  breakers({ mayBreakGlass }, of, people).map(({ mail }) => mail);

describe('who may open a gate alone', () => {
  test('nobody, where the policy says nothing', () => {
    expect(may(IDS, rule(undefined))).toEqual([]);
    expect(breakers({ mayBreakGlass: IDS }, undefined, EVERYBODY)).toEqual([]);
  });

  test('every approver, or those who are named', () => {
    expect(may(IDS, rule('APPROVERS'))).toEqual([ANA.mail, BO.mail]);
    expect(may(IDS, rule([CY.id]))).toEqual([CY.mail]);
  });

  test('nobody who was added after the request had asked, and nobody who was removed since', () => {
    expect(may([ANA.id], rule('APPROVERS'))).toEqual([ANA.mail]);
    expect(may(IDS, rule('APPROVERS'), [ANA])).toEqual([ANA.mail]);
    expect(breakers({}, rule('APPROVERS'), EVERYBODY)).toEqual([]);
  });

  test('no shared mailbox and no guest, even where one of two descriptions says so', () => {
    const everybody = rule('APPROVERS', { groups: [{ quorum: 1, ids: IDS }] });

    expect(may(IDS, everybody)).toEqual([ANA.mail, BO.mail, CY.mail]);
    expect(may(IDS, everybody, [ANA, { ...ANA, shared: true }, BO, BO])).toEqual([BO.mail]);
  });

  test('is read from a policy, and anything else is refused', () => {
    expect(parsePeopleRule({ ...rule([CY.id, CY.id]) })).toEqual(rule([CY.id]));
    expect(parsePeopleRule({ ...rule('APPROVERS') })).toEqual(rule('APPROVERS'));
    for (const wrong of ['EVERYBODY', [], ['Ana'], 1, {}]) {
      expect(() => parseBreakGlass(wrong)).toThrow();
    }
    expect(() => parseBreakGlass(1)).toThrow('`breakGlass` is not a list');
    expect(() => parseBreakGlass([])).toThrow('`breakGlass` names nobody');
    expect(namedToBreakGlass(rule(undefined))).toEqual([]);
  });

  test('who has no vote besides is told why', () => {
    expect(whyNoVoter(runOf({ invited: [ANA.id] }), ANA.id)).toBe('no longer an approver of this gate');
    expect(whyNoVoter(runOf({ invited: [ANA.id] }), CY.id)).toBe('not among the approvers of this gate');
  });
});

const RED: Evaluation = { verdict: 'FAIL', reasons: ['alarm is red'], checks: [checkState('FAIL')], due: [] };
const emergency = (who = ANA, seconds = 30, more: Partial<Vote> = {}): Vote =>
  voteOf(who, 'BREAK_GLASS', seconds, { comment: 'Customers are ill', ...more });

function judged(kind: Exclude<RuleKind, 'AUTOMATED'>, votes: readonly Vote[], people = rule([ANA.id, CY.id])): Judged {
  const of = { ...ruleOf(kind, { checks: { bakeMinutes: 5 } }), people } as GateRule;
  const run = runOf({ authors: [ANA.mail], mayBreakGlass: IDS });
  const voters = eligibility(run, { ...people, excludeAuthor: true }, EVERYBODY, at(60));
  const count = countVotes(voters, votes, run.deadline, breakers(run, people, EVERYBODY));
  return { kind, rule: of, votes: count, evaluation: RED } as Judged;
}

describe('what it opens', () => {
  const KINDS = ['MANUAL', 'GUARDED', 'AUTOMATED_ELSE_PEOPLE'] as const;

  test.each(KINDS)('a gate of kind %s, without quorum, with red checks, for its own author', (kind) => {
    expect(rulingOf(judged(kind, [emergency()]), STANDING, at(60))).toEqual({
      kind: 'END',
      outcome: {
        kind: 'APPROVED',
        by: 'BREAK_GLASS',
        at: at(60),
        summary: 'Opened in an emergency by ana@example.com alone. Customers are ill',
      },
    });
  });

  test.each<[string, readonly Vote[]]>([
    ['of whoever may not', [emergency(BO)]],
    ['after the deadline', [emergency(ANA, days(2))]],
    ['of something else than what was shown', [emergency(ANA, 30, { current: false })]],
    ['that somebody has rejected', [emergency(), voteOf(BO, 'REJECT', 10)]],
    ['by an approval alone', [voteOf(ANA, 'APPROVE', 30), voteOf(CY, 'APPROVE', 30)]],
  ])('nothing by an answer %s', (_, votes) => {
    for (const kind of KINDS) {
      const ruling = rulingOf(judged(kind, votes), STANDING, at(60));
      expect(ruling.kind === 'END' && ruling.outcome.kind === 'APPROVED').toBe(false);
    }
  });

  test('neither a window nor a change calendar holds it up', () => {
    const closed = { kind: 'CLOSED', why: 'its deployment window is closed' } as const;

    expect(closedFor({ kind: 'APPROVED', by: 'BREAK_GLASS' }, STANDING.run, closed)).toBeUndefined();
    expect(closedFor({ kind: 'APPROVED', by: 'PEOPLE' }, STANDING.run, closed)).toBe(closed);
  });

  test('counts for no quorum', () => {
    const votes = [emergency(BO), voteOf(CY, 'APPROVE', 30)];
    const people = rule(undefined, { groups: [{ quorum: 2, ids: [BO.id, CY.id] }] });

    expect(rulingOf(judged('MANUAL', votes, people), STANDING, at(60))).toMatchObject({ kind: 'WAIT' });
  });

  test('whatever else is said, a rejection that counts is never opened', () => {
    const verdicts = fc.constantFrom<Verdict>('APPROVE', 'REJECT', 'BREAK_GLASS');
    const votes = fc.array(fc.tuple(fc.constantFrom(ANA, BO, CY), verdicts, fc.boolean()), { maxLength: 6 });
    fc.assert(
      fc.property(votes, fc.constantFrom(...KINDS), (said, kind) => {
        const all = said.map(([who, verdict, current]) => voteOf(who, verdict, 30, { current, comment: 'why' }));
        const ruling = rulingOf(judged(kind, all), STANDING, at(60));
        const alone = ruling.kind === 'END' && ruling.outcome.by === 'BREAK_GLASS';
        const mayAll = all.some((one) => one.verdict === 'BREAK_GLASS' && one.current && one.approver !== BO.id);
        const isRejected = all.some((one) => one.verdict === 'REJECT' && one.approver === BO.id);
        expect(alone).toBe(mayAll && !isRejected);
      }),
    );
  });
});

test('of what one person says at the same moment, the more careful answer counts, in whatever order it comes', () => {
  const order: readonly Verdict[] = ['BREAK_GLASS', 'APPROVE', 'REJECT'];
  for (const [mine, verdict] of order.entries()) {
    for (const [other, earlier] of order.entries()) {
      expect(replaces({ seq: 1, verdict }, { seq: 1, verdict: earlier })).toBe(mine > other);
    }
  }
});

describe('beside a policy that weakens the gate', () => {
  const proposed = (more: Partial<Proposed> = {}): Proposed => ({ policy: policyOf(), hash: 'f', after: 1, ...more });
  const ended = (by: 'PEOPLE' | 'BREAK_GLASS', of: Proposed) =>
    decidedRequest({ by }, { shown: shownOf({ proposed: of }) });

  test('a gate that was opened alone brings no weaker policy into force', () => {
    const weaker = proposed({ weakens: ['quorum 2 → 1'] });

    expect(comesIntoForce(ended('PEOPLE', weaker))).toBe(weaker);
    expect(comesIntoForce(ended('BREAK_GLASS', weaker))).toBeUndefined();
    expect(comesIntoForce(ended('BREAK_GLASS', proposed()))).toEqual(proposed());
  });

  test('nobody opens a gate alone by a rule that is not in force', () => {
    const added = ruleOf('MANUAL', { people: { breakGlass: 'APPROVERS' } });

    expect(peopleOf(formerRule(ruleOf('AUTOMATED'), added))).not.toHaveProperty('breakGlass');
    expect(peopleOf(formerRule(ruleOf('MANUAL'), added))).not.toHaveProperty('breakGlass');
    expect(peopleOf(formerRule(added, ruleOf('MANUAL')))).toHaveProperty('breakGlass', 'APPROVERS');
  });

  test('nor where neither rule names anybody who could approve that', () => {
    const standing = { ...STANDING, proposed: proposed({ weakens: ['cannot be read'], nobody: true }) };

    expect(rulingOf(judged('MANUAL', [emergency()]), standing, at(60))).toMatchObject({ kind: 'WAIT' });
  });

  test.each<[string, PeopleRule, PeopleRule, readonly string[]]>([
    ['anybody', rule(undefined), rule([CY.id]), ['may open the gate alone in an emergency: Cy']],
    [
      'every approver',
      rule(undefined),
      rule('APPROVERS'),
      ['may open the gate alone in an emergency: ana@example.com, bo@example.com'],
    ],
    ['somebody more', rule([ANA.id]), rule([ANA.id, CY.id]), ['may open the gate alone in an emergency: Cy']],
    ['fewer people', rule([ANA.id, CY.id]), rule([ANA.id]), []],
    ['one of the approvers only', rule('APPROVERS'), rule([ANA.id]), []],
    ['nobody any more', rule('APPROVERS'), rule(undefined), []],
    [
      'whoever is asked later',
      rule('APPROVERS'),
      rule('APPROVERS', { escalation: { afterMinutes: 60, ids: [CY.id] } }),
      ['may open the gate alone in an emergency: Cy'],
    ],
  ])('a policy that lets %s do it', (_, before, after, lost) => {
    const of = (people: PeopleRule) => policyOf({ rule: { kind: 'MANUAL', people } });
    const said = weakenings(of(before), of(after), EVERYBODY);

    expect(said.filter((loss) => loss.includes('alone'))).toEqual(lost);
    expect(said.length > 0).toBe(lost.length > 0);
  });

  test('a gate that checks alone decided may not get it together with its first people', () => {
    const guarded = (people: PeopleRule) =>
      policyOf({ rule: { ...ruleOf('GUARDED'), people } as Extract<GateRule, { kind: 'GUARDED' }> });
    const checks = policyOf({ rule: ruleOf('AUTOMATED') });

    expect(weakenings(checks, guarded(rule([CY.id])), EVERYBODY)).toEqual([
      'may open the gate alone in an emergency: Cy',
    ]);
    expect(weakenings(checks, guarded(rule(undefined)), EVERYBODY)).toEqual([]);
  });

  test('names everybody for whom it is new, whatever the rules are', () => {
    const rules = fc
      .tuple(fc.constantFrom(undefined, 'APPROVERS' as const, 'NAMED' as const), fc.subarray(IDS, { minLength: 1 }))
      .map(([kind, ids]) => rule(kind === 'NAMED' ? ids : kind));
    fc.assert(
      fc.property(rules, rules, (before, after) => {
        const more = namedToBreakGlass(after).some((id) => !namedToBreakGlass(before).includes(id));
        const of = (people: PeopleRule) => policyOf({ rule: { kind: 'MANUAL', people } });
        expect(weakenings(of(before), of(after), EVERYBODY).length > 0).toBe(more);
      }),
    );
  });
});
