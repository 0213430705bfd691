import { rulingOf, type Judged, type Standing } from '../../../lambda/domain/ruling';
import type { CountedVote } from '../../../lambda/domain/count-votes';
import { ANA, at, BO, checksRule, days, peopleRule, voteOf } from '../samples';

const WAITS: Standing = {
  run: { type: 'STANDARD' },
  watchedSince: at(0),
  baked: false,
  deadline: at(days(1)),
  asked: true,
  newerRunWaiting: true,
  goesBack: false,
  held: false,
};

function judged(
  newerRun: 'REPLACES' | undefined,
  approvals: readonly CountedVote[] = [],
  rejections: readonly CountedVote[] = [],
): Judged {
  const groups = [{ quorum: 2, ids: [ANA.id, BO.id] }];
  const people = { ...peopleRule(), groups, ...(newerRun === undefined ? {} : { newerRun }) };
  return { kind: 'MANUAL', rule: { kind: 'MANUAL', people }, votes: { approvals, rejections, emergencies: [] } };
}

const yes = (who: typeof ANA): CountedVote => ({ person: who, vote: voteOf(who, 'APPROVE', 1) });

test('a newer run takes the place of a request that waiting for approval, where its policy says so', () => {
  expect(rulingOf(judged('REPLACES', [yes(ANA)]), WAITS, at(60))).toMatchObject({
    kind: 'END',
    outcome: { kind: 'REJECTED', by: 'NEWER_RUN', at: at(60) },
  });
});

test('it never opens a gate, and never takes the place of an answer', () => {
  expect(rulingOf(judged('REPLACES', [yes(ANA), yes(BO)]), WAITS, at(60))).toMatchObject({
    outcome: { kind: 'APPROVED', by: 'PEOPLE' },
  });
  const no = { person: BO, vote: voteOf(BO, 'REJECT', 1) };
  expect(rulingOf(judged('REPLACES', [], [no]), WAITS, at(60))).toMatchObject({
    outcome: { kind: 'REJECTED', by: 'PEOPLE' },
  });
});

test.each<[string, 'REPLACES' | undefined, Partial<Standing>]>([
  ['the policy does not say so', undefined, {}],
  ['no newer run waits', 'REPLACES', { newerRunWaiting: false }],
  ['nobody was asked yet', 'REPLACES', { asked: false }],
  ['a rejection would roll the stage back', 'REPLACES', { goesBack: true }],
  ['it is a rollback', 'REPLACES', { run: { type: 'ROLLBACK', automatic: false, proven: false } }],
])('the request goes on waiting when %s', (_, newerRun, standing) => {
  expect(rulingOf(judged(newerRun, [yes(ANA)]), { ...WAITS, ...standing }, at(60))).toMatchObject({ kind: 'WAIT' });
});

test('a guarded gate that has enough approvals and waits to be healthy is not replaced', () => {
  const manual = judged('REPLACES', [yes(ANA), yes(BO)]);
  const { people } = (manual as Extract<Judged, { kind: 'MANUAL' }>).rule;
  const evaluation = { verdict: 'RUNNING', reasons: [], checks: [] } as never;
  const guarded: Judged = {
    kind: 'GUARDED',
    rule: { kind: 'GUARDED', people, checks: checksRule() },
    votes: (manual as Extract<Judged, { kind: 'MANUAL' }>).votes,
    evaluation,
  };

  expect(rulingOf(guarded, WAITS, at(60))).toMatchObject({ kind: 'WAIT' });
  expect(
    rulingOf({ ...guarded, votes: { approvals: [yes(ANA)], rejections: [], emergencies: [] } }, WAITS, at(60)),
  ).toMatchObject({
    outcome: { by: 'NEWER_RUN' },
  });
});
