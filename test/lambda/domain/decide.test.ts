import fc from 'fast-check';
import type { GatePolicy, Person } from '../../../contract/policy';
import { decide, type RequestView } from '../../../lambda/domain/decide';
import type { Evaluation } from '../../../lambda/domain/evaluate';
import type { RequestMeta, Vote } from '../../../lambda/domain/records';

const START = '2026-11-23T08:00:00.000Z';
const EVIDENCE = 'e'.repeat(64);

function at(seconds: number): string {
  return new Date(Date.parse(START) + seconds * 1000).toISOString();
}

const IDS = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(12));
const PEOPLE: readonly Person[] = IDS.map((id) => ({ id, mail: `${id}@example.com`, alsoKnownAs: [], shared: false }));

function policyOf(more: Partial<GatePolicy> = {}): GatePolicy {
  return {
    v: 1,
    gate: { pipeline: 'shop', stage: 'Prod', action: 'Approve' },
    answerRole: 'arn:aws:iam::111111111111:role/x',
    approvers: { quorum: 2, ids: IDS },
    timeoutMinutes: 60,
    excludeAuthor: false,
    reason: 'OPTIONAL',
    onReject: 'STOP',
    ...more,
  };
}

function metaOf(more: Partial<RequestMeta> = {}): RequestMeta {
  return {
    pk: '0'.repeat(32),
    sk: 'meta',
    pipeline: 'shop',
    stage: 'Prod',
    action: 'Approve',
    requestedAt: START,
    identifiedAt: START,
    executionId: 'run-1',
    deadline: at(3600),
    invited: IDS,
    evidence: EVIDENCE,
    evidenceHistory: [{ hash: EVIDENCE, since: START }],
    ...more,
  };
}

function viewOf(more: Partial<RequestView> = {}): RequestView {
  return {
    meta: metaOf(),
    policy: policyOf(),
    people: PEOPLE,
    invitations: [],
    votes: [],
    action: { status: 'WAITING' },
    ...more,
  };
}

function voteOf(who: number, verdict: Vote['verdict'], seconds: number, more: Partial<Vote> = {}): Vote {
  const approver = IDS[who]!;
  const sk = `vote#${approver}#${seconds}${verdict}`;
  const seq = seconds;
  return { pk: '', sk, approver, verdict, comment: '', evidence: EVIDENCE, seq, at: at(seconds), sig: '', ...more };
}

const settled = (view: RequestView, now = at(600)) => {
  const effect = decide(view, now).effects.find(({ kind }) => kind === 'settle');
  return effect?.kind === 'settle' ? effect.outcome : undefined;
};

const evaluation = (verdict: Evaluation['verdict']): Evaluation => ({
  verdict,
  reasons: [verdict],
  checks: [{ id: 'errors', title: 'errors', verdict: 'PASS', reason: '', observeOnly: false }],
  due: [],
});

test('an approval by people implies a quorum of distinct, invited, still listed, not excluded people, and no veto', () => {
  const vote = fc.record({
    who: fc.nat(3),
    approve: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    seconds: fc.integer({ min: 1, max: 4000 }),
    current: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  });
  fc.assert(
    fc.property(
      fc.array(vote, { maxLength: 8 }),
      fc.subarray(IDS),
      fc.subarray(IDS),
      fc.subarray(PEOPLE as Person[]),
      fc.integer({ min: 1, max: 4 }),
      fc.option(fc.constantFrom(...PEOPLE.map(({ mail }) => mail.toUpperCase()))),
      (said, invited, listed, people, quorum, author) => {
        const votes = said.map(({ who, approve, seconds, current }) =>
          voteOf(who, approve ? 'APPROVE' : 'REJECT', seconds, current ? {} : { evidence: 'f'.repeat(64) }),
        );
        const meta = metaOf({ invited, ...(author === null ? {} : { authors: [author] }) });
        const policy = policyOf({ approvers: { quorum, ids: listed }, excludeAuthor: true });

        const outcome = settled(viewOf({ meta, policy, people, votes }));

        const able = people
          .filter(({ id, mail }) => invited.includes(id) && listed.includes(id) && mail.toUpperCase() !== author)
          .map(({ id }) => id);
        const last = new Map<string, Vote>();
        for (const given of [...votes].sort((a, b) => a.seq - b.seq)) {
          if (able.includes(given.approver) && given.at < at(3600)) {
            last.set(given.approver, given);
          }
        }
        const tied = votes.length !== new Set(votes.map(({ approver, seq }) => `${approver}${seq}`)).size;
        const yes = [...last.values()].filter(
          ({ verdict, evidence }) => verdict === 'APPROVE' && evidence === EVIDENCE,
        );
        const no = [...last.values()].filter(({ verdict }) => verdict === 'REJECT');
        if (!tied) {
          const expected = no.length > 0 ? 'REJECTED' : yes.length >= quorum ? 'APPROVED' : undefined;
          expect(outcome?.kind).toBe(expected);
        }
        if (outcome?.kind === 'APPROVED') {
          expect(new Set(yes.map(({ approver }) => approver)).size).toBeGreaterThanOrEqual(quorum);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test.each<[Evaluation['verdict'], boolean, string | undefined]>([
  ['PASS', true, 'APPROVED'],
  ['RUNNING', true, undefined],
  ['FAIL', true, undefined],
  ['INCONCLUSIVE', true, undefined],
  ['PASS', false, undefined],
])('a guarded gate whose checks say %s, quorum %s → %s', (verdict, quorum, expected) => {
  const checks = { parameter: '/p', role: 'r', bakeMinutes: 0 };
  const votes = quorum ? [voteOf(0, 'APPROVE', 10), voteOf(1, 'APPROVE', 20)] : [voteOf(0, 'APPROVE', 10)];

  expect(settled(viewOf({ policy: policyOf({ checks }), votes, evaluation: evaluation(verdict) }))?.kind).toBe(
    expected,
  );
});

test.each<[NonNullable<GatePolicy['checks']>['onInconclusive'], boolean, Evaluation['verdict'], string | undefined]>([
  ['REJECT', false, 'INCONCLUSIVE', 'REJECTED'],
  [undefined, false, 'INCONCLUSIVE', 'REJECTED'],
  ['APPROVE_WITH_WARNING', false, 'INCONCLUSIVE', 'APPROVED'],
  ['ASK_APPROVERS', true, 'INCONCLUSIVE', undefined],
  ['ASK_APPROVERS', false, 'INCONCLUSIVE', 'REJECTED'],
  ['ASK_APPROVERS', true, 'PASS', 'APPROVED'],
  ['ASK_APPROVERS', true, 'FAIL', 'REJECTED'],
  ['ASK_APPROVERS', true, 'RUNNING', undefined],
])(
  'automatic gate, %s when it cannot tell, people: %s, checks say %s → %s',
  (onInconclusive, people, verdict, expected) => {
    const { approvers, ...rest } = policyOf();
    const checks = {
      parameter: '/p',
      role: 'r',
      bakeMinutes: 5,
      ...(onInconclusive === undefined ? {} : { onInconclusive }),
    };
    const policy = people ? { ...rest, approvers: approvers!, checks } : { ...rest, checks };

    expect(settled(viewOf({ policy, evaluation: evaluation(verdict) }))?.kind).toBe(expected);
  },
);

test('a gate that opens with a warning does so after its bake, and only if something was watched', () => {
  const { approvers: _, ...rest } = policyOf();
  const checks = { parameter: '/p', role: 'r', bakeMinutes: 30, onInconclusive: 'APPROVE_WITH_WARNING' as const };
  const view = viewOf({ policy: { ...rest, checks }, evaluation: evaluation('INCONCLUSIVE') });

  expect(settled(view, at(30 * 60 - 1))).toBeUndefined();
  expect(settled(view, at(30 * 60))?.kind).toBe('APPROVED');
  const blind = { ...evaluation('INCONCLUSIVE'), checks: [] };
  expect(settled({ ...view, evaluation: blind }, at(30 * 60))?.kind).toBe('REJECTED');
});

test('one vote of somebody who stands in the parameters twice is no quorum of two', () => {
  const people = [...PEOPLE, ...PEOPLE];

  expect(settled(viewOf({ people, votes: [voteOf(0, 'APPROVE', 60)] }))).toBeUndefined();
  expect(settled(viewOf({ people, votes: [voteOf(0, 'APPROVE', 60), voteOf(1, 'APPROVE', 61)] }))?.kind).toBe(
    'APPROVED',
  );
});

test.each([
  ['ROLLBACK', 'AutomatedRollback', true, 'APPROVED'],
  ['ROLLBACK', 'AutomatedRollback', false, undefined],
  ['ROLLBACK', 'AutomatedRollback', undefined, undefined],
  ['ROLLBACK', 'ManualRollback', true, undefined],
  ['STANDARD', 'AutomatedRollback', true, undefined],
])('a %s run by %s to a run that passed this gate (%s) → %s', (executionType, trigger, rollbackProven, expected) => {
  const meta = metaOf({ executionType, trigger, ...(rollbackProven === undefined ? {} : { rollbackProven }) });

  expect(settled(viewOf({ meta }))?.kind).toBe(expected);
  expect(settled(viewOf({ meta, votes: [voteOf(0, 'REJECT', 60)] }))?.kind).toBe('REJECTED');
});

test('a rollback whose checks cannot tell is really asked about, however often its target passed', () => {
  const meta = metaOf({ executionType: 'ROLLBACK', trigger: 'AutomatedRollback', rollbackProven: true });
  const checks = { parameter: '/p', role: 'r', bakeMinutes: 5, onInconclusive: 'ASK_APPROVERS' as const };
  const view = viewOf({ meta, policy: policyOf({ checks }), evaluation: evaluation('INCONCLUSIVE') });
  const asked = { ...view, meta: { ...meta, askedAt: at(400) } };

  expect(settled(view)).toBeUndefined();
  expect(settled(asked)).toBeUndefined();
  expect(decide(view, at(400)).effects).toContainEqual(expect.objectContaining({ kind: 'invite' }));
});

test('a bake that fails rejects a guarded gate at once', () => {
  const policy = policyOf({ checks: { parameter: '/p', role: 'r', bakeMinutes: 5 } });

  expect(settled(viewOf({ policy, evaluation: evaluation('FAIL') }))).toMatchObject({ kind: 'REJECTED', by: 'CHECKS' });
});

test('a person may reject a guarded gate whatever its checks say', () => {
  const policy = policyOf({ checks: { parameter: '/p', role: 'r', bakeMinutes: 0 } });

  expect(settled(viewOf({ policy, votes: [voteOf(0, 'REJECT', 5)], evaluation: evaluation('RUNNING') }))?.kind).toBe(
    'REJECTED',
  );
});

test('checks never open a gate after its deadline', () => {
  const { approvers: _, ...rest } = policyOf({ checks: { parameter: '/p', role: 'r', bakeMinutes: 5 } });

  expect(settled(viewOf({ policy: rest, evaluation: evaluation('PASS') }), at(3601))).toBeUndefined();
});

test('without a policy nothing is decided, and it is said once', () => {
  const { policy: _, ...view } = viewOf({ votes: [voteOf(0, 'APPROVE', 1), voteOf(1, 'APPROVE', 2)] });
  const reason = 'the policy of this gate is missing or unreadable';

  expect(decide(view, at(10)).effects).toEqual([{ kind: 'consoleOnly', reason }]);
  expect(decide({ ...view, meta: metaOf({ consoleOnly: reason }) }, at(10)).effects).toEqual([]);
});

test('a verdict is delivered until CodePipeline has it, then told, then done', () => {
  const outcome = { kind: 'APPROVED', by: 'PEOPLE', at: at(1), summary: 's' } as const;
  const ours = `arn:aws:sts::111111111111:assumed-role/x/${'0'.repeat(32)}`;
  const view = (meta: Partial<RequestMeta>, action: RequestView['action']) =>
    viewOf({ meta: metaOf({ outcome, ...meta }), action });

  expect(decide(view({}, { status: 'WAITING' }), at(2)).effects).toEqual([{ kind: 'deliver', outcome }]);
  expect(decide(view({}, { status: 'SUCCEEDED', updatedBy: ours }), at(2)).effects).toEqual([{ kind: 'delivered' }]);
  expect(decide(view({}, { status: 'FAILED', updatedBy: 'arn:aws:iam::1:user/e' }), at(2)).effects).toMatchObject([
    { kind: 'delivered', overtakenBy: { kind: 'REJECTED', by: 'BYPASS' } },
  ]);
  expect(decide(view({ deliveredAt: at(2) }, { status: 'GONE' }), at(3)).effects).toEqual([{ kind: 'tell', outcome }]);
  expect(decide(view({ deliveredAt: at(2), toldAt: at(3) }, { status: 'GONE' }), at(4))).toEqual({
    effects: [],
    done: true,
  });
});

test('the next look is the soonest of check, reminder, deadline and six hours, never in the past', () => {
  const long = { meta: metaOf({ deadline: at(90_000), askedAt: START }), policy: policyOf({ timeoutMinutes: 1500 }) };
  const asked = IDS.map((approver) => ({
    ...{ pk: '', sk: '', approver, mail: '', shared: false, keys: ['k'], sentAt: START },
  }));

  expect(decide(viewOf({ ...long, invitations: asked }), at(10)).next).toBe(at(10 + 6 * 3600));
  expect(decide(viewOf({ ...long, invitations: asked }), at(40_000)).next).toBe(at(45_000));
  expect(decide(viewOf({ meta: metaOf({ askedAt: START }), invitations: asked }), at(2000)).next).toBe(at(3660));
  expect(decide(viewOf({ meta: metaOf({ askedAt: START }), invitations: asked }), at(3700)).next).toBe(at(4000));
});
