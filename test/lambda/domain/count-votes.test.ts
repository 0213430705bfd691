import { countVotes, nameOf, replaces, wasCurrent } from '../../../lambda/domain/count-votes';
import { ANA, at, BO, CY, voteOf } from '../samples';

const VOTERS = [{ person: ANA }, { person: BO }, { person: CY, excluded: 'wrote this change' }];

describe('votes', () => {
  const count = (...votes: readonly ReturnType<typeof voteOf>[]) => {
    const { approvals, rejections } = countVotes(VOTERS, votes, at(100));
    return [approvals.map(({ person }) => person.mail), rejections.map(({ person }) => person.mail)];
  };

  test('are counted for those who may vote', () => {
    expect(count(voteOf(ANA, 'APPROVE', 1), voteOf(BO, 'REJECT', 2), voteOf(CY, 'APPROVE', 3))).toEqual([
      [ANA.mail],
      [BO.mail],
    ]);
  });

  test('in an emergency count for those who may open the gate alone, and for nobody as an approval', () => {
    const votes = [
      voteOf(ANA, 'APPROVE', 1),
      voteOf(CY, 'BREAK_GLASS', 2),
      voteOf(BO, 'BREAK_GLASS', 3, { current: false }),
    ];
    const { approvals, emergencies } = countVotes(VOTERS, votes, at(100), [ANA, BO, CY]);

    expect(approvals.map(({ person }) => person.mail)).toEqual([ANA.mail]);
    expect(emergencies.map(({ person }) => person.mail)).toEqual([CY.mail]);
    expect(countVotes(VOTERS, votes, at(100)).emergencies).toEqual([]);
  });

  test('at the deadline come too late', () => {
    expect(count(voteOf(ANA, 'APPROVE', 99), voteOf(BO, 'REJECT', 100))).toEqual([[ANA.mail], []]);
  });

  test('of a guest at the end or after it come too late, whatever they say', () => {
    const guest = { person: { ...ANA, until: at(50) } };
    const counted = (verdict: 'APPROVE' | 'REJECT', seconds: number) => {
      const { approvals, rejections } = countVotes([guest], [voteOf(ANA, verdict, seconds)], at(100));
      return approvals.length + rejections.length;
    };

    expect([counted('APPROVE', 49), counted('REJECT', 49)]).toEqual([1, 1]);
    expect([counted('APPROVE', 50), counted('REJECT', 50)]).toEqual([0, 0]);
  });

  test('on what is not shown approve nothing, and may reject', () => {
    expect(count(voteOf(ANA, 'APPROVE', 1, { current: false }), voteOf(BO, 'REJECT', 2, { current: false }))).toEqual([
      [],
      [BO.mail],
    ]);
  });
});

describe('a decision takes the place of an earlier one', () => {
  test.each([
    [1, 'APPROVE', undefined, undefined, true],
    [2, 'APPROVE', 1, 'REJECT', true],
    [1, 'REJECT', 2, 'APPROVE', false],
    [1, 'REJECT', 1, 'APPROVE', true],
    [1, 'APPROVE', 1, 'REJECT', false],
    [1, 'APPROVE', 1, 'APPROVE', false],
    [1, 'REJECT', 1, 'REJECT', false],
  ] as const)('%d %s after %s %s: %s', (seq, verdict, earlierSeq, earlierVerdict, expected) => {
    const earlier = earlierSeq === undefined ? undefined : { seq: earlierSeq, verdict: earlierVerdict };

    expect(replaces({ seq, verdict }, earlier)).toBe(expected);
  });
});

describe('a decision is on what was shown', () => {
  const history = [
    { hash: 'a', since: at(0) },
    { hash: 'b', since: at(1000) },
  ];
  const current = (evidence: string, seconds: number) => wasCurrent(history, { evidence, at: at(seconds) });

  test.each([
    ['a', 0, true],
    ['a', 1000, true],
    // The form, or the look that changes the evidence, may have been on its way for three minutes.
    ['a', 1180, true],
    ['a', 1180.001, false],
    // The stream rounds times down, by up to two seconds.
    ['a', -2, true],
    ['a', -2.001, false],
    ['b', 998, true],
    ['b', 997.999, false],
    ['b', 100_000, true],
    ['c', 500, false],
  ] as const)('%s at %d s: %s', (evidence, seconds, expected) => {
    expect(current(evidence, seconds)).toBe(expected);
  });

  test('evidence that comes back counts again', () => {
    const back = [...history, { hash: 'a', since: at(2000) }];

    expect(wasCurrent(back, { evidence: 'a', at: at(1500) })).toBe(false);
    expect(wasCurrent(back, { evidence: 'a', at: at(2500) })).toBe(true);
    expect(wasCurrent([], { evidence: 'a', at: at(0) })).toBe(false);
  });
});

test('people are called by their name, else by their address', () => {
  expect(nameOf(CY)).toBe('Cy');
  expect(nameOf(ANA)).toBe('ana@example.com');
});
