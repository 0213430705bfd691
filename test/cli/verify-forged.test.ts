import fc from 'fast-check';
import type { RecordEntry } from '../../contract/record';
import { recordIn } from '../../cli/read';
import { verify } from '../../cli/verify';
import { newSeed, publicKeyOf } from '../../lambda/signing/link-key';
import { at, days } from '../lambda/samples';
import { ANA, BO, CY, forged, requestNamed, vote } from './recorded';
import { findings, firstVote, ofQuorum, outcome, placeOf, RECORDED, rollback, withVote } from './verify-fixture';

describe('a forger who makes every hash anew', () => {
  const stranger = newSeed();
  const unsupported = expect.stringMatching(
    /^1: APPROVED by people, and the votes do not support it: 1 of 2/,
  ) as string;

  test.each<[string, (entry: RecordEntry) => object, readonly string[]]>([
    [
      'cannot change a comment',
      withVote({ comment: 'I did not' }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot turn a verdict',
      withVote({ verdict: 'REJECT' }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot add details',
      withVote({ details: JSON.stringify({ notBefore: at(80) }) }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot use the signature of another vote',
      ({ votes }) => ({ votes: [{ ...votes[0], sig: votes[1]?.sig }, votes[1]] }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot use a vote of another request',
      () => ({ votes: [vote(ANA, 'APPROVE', 60, { request: requestNamed('other') }), vote(BO, 'APPROVE', 90)] }),
      ['1: the signature of ana@example.com is not of this vote', unsupported],
    ],
    [
      'cannot put another change in the place of the one that was signed',
      (entry) => ({ run: { ...entry.run, revisions: [{ name: 'app', id: 'evil' }] } }),
      [
        '1: ana@example.com signed something else than this change',
        '1: bo@example.com signed something else than this change',
        expect.stringContaining('0 of 2') as string,
      ],
    ],
    [
      'cannot leave out what was shown beside it',
      () => ({ shown: {} }),
      [
        '1: ana@example.com signed something else than this change',
        '1: bo@example.com signed something else than this change',
        expect.stringContaining('0 of 2') as string,
      ],
    ],
    [
      'cannot change what was shown beside it',
      ({ shown }) => ({
        shown: Object.fromEntries(Object.entries(shown).map(([of, one]) => [of, { ...one, newerRunWaiting: true }])),
      }),
      [
        '1: ana@example.com signed something else than this change',
        '1: bo@example.com signed something else than this change',
        expect.stringContaining('0 of 2') as string,
      ],
    ],
    [
      'cannot move a vote in time',
      withVote({ at: at(30 * 60) }),
      ['1: the time of the vote of ana@example.com is not the one that was signed', unsupported],
    ],
    [
      'cannot let somebody vote who was not invited',
      (entry) => ({ invited: entry.invited.filter(({ approver }) => approver !== ANA.id) }),
      [`1: approver ${ANA.id} voted, and was not invited`, unsupported],
    ],
    [
      'cannot name somebody else as the voter',
      (entry) => ({
        invited: entry.invited.map((one) => (one.approver === ANA.id ? { ...one, mail: 'eve@example.com' } : one)),
      }),
      [`1: the approver ${ANA.id} is not eve@example.com`],
    ],
    [
      'cannot count one person twice',
      (entry) => ({
        votes: [firstVote(entry), firstVote(entry)],
        invited: [...entry.invited, ...entry.invited.slice(0, 1)],
      }),
      [`1: approver ${ANA.id} has more than one vote`, '1: ana@example.com was invited twice', unsupported],
    ],
    [
      'cannot count one person for two groups',
      (entry) => ({
        rule: {
          ...entry.rule,
          people: {
            ...entry.rule?.people,
            groups: [
              { name: 'Security', quorum: 1, ids: [ANA.id] },
              { name: 'Operations', quorum: 1, ids: [ANA.id, CY.id] },
            ],
          },
        },
      }),
      [
        '1: APPROVED by people, and the votes do not support it: 1 of 1 for Security, 0 of 1 for Operations approvals count; ' +
          'bo@example.com had no vote (no longer an approver of this gate)',
      ],
    ],
    ['cannot leave out a vote that is needed', ({ votes }) => ({ votes: votes.slice(1) }), [unsupported]],
    [
      'cannot count an excluded person',
      (entry) => ({
        invited: entry.invited.map((one) =>
          one.approver === ANA.id ? { ...one, excluded: 'wrote this change' } : one,
        ),
      }),
      [
        '1: APPROVED by people, and the votes do not support it: 1 of 2 approvals count; ana@example.com had no vote (wrote this change)',
      ],
    ],
    [
      'cannot count the author of the change',
      (entry) => ({ run: { ...entry.run, authors: ['ana@example.com'] } }),
      [
        '1: APPROVED by people, and the votes do not support it: 1 of 2 approvals count; ana@example.com had no vote (wrote this change)',
      ],
    ],
    [
      'cannot count an approval of something else than what was shown',
      (entry) => ({ votes: [vote(ANA, 'APPROVE', 60, { current: false }), entry.votes[1]] }),
      [unsupported],
    ],
    [
      'cannot count a vote after the deadline',
      (entry) => ({
        votes: [vote(ANA, 'APPROVE', days(2)), entry.votes[1]],
        outcome: { ...entry.outcome, at: at(days(3)) },
      }),
      [unsupported],
    ],
    [
      'cannot count a vote after the outcome',
      (entry) => ({ votes: [vote(ANA, 'APPROVE', 95), entry.votes[1]] }),
      [unsupported],
    ],
    [
      'cannot pass over a rejection',
      (entry) => ({ votes: [...entry.votes, vote(CY, 'REJECT', 80)] }),
      ['1: APPROVED by people, and their votes say REJECTED'],
    ],
    [
      'cannot claim people where nobody decides',
      () => ({ rule: { kind: 'AUTOMATED' } }),
      ['1: APPROVED by people, and its rule names nobody'],
    ],
    [
      'cannot claim checks where there are none',
      () => ({ outcome: outcome('APPROVED', 'CHECKS') }),
      ['1: APPROVED by checks, and its rule does not let them'],
    ],
    [
      'cannot let checks approve where they only guard',
      (entry) => ({ rule: { ...entry.rule, kind: 'GUARDED' }, outcome: outcome('APPROVED', 'CHECKS') }),
      ['1: APPROVED by checks, and its rule does not let them'],
    ],
    [
      'cannot let checks reject where a failure asks people',
      (entry) => ({
        rule: { ...entry.rule, kind: 'AUTOMATED_ELSE_PEOPLE', onFail: 'ASK_APPROVERS' },
        outcome: outcome('REJECTED', 'CHECKS'),
      }),
      ['1: REJECTED by checks, and its rule does not let them'],
    ],
    [
      'cannot let checks stop a run',
      () => ({ rule: { kind: 'AUTOMATED' }, outcome: outcome('STOPPED', 'CHECKS') }),
      ['1: STOPPED by checks, and its rule does not let them'],
    ],
    [
      'cannot claim a rollback',
      () => ({ outcome: outcome('APPROVED', 'ROLLBACK') }),
      ['1: APPROVED as a rollback, and its run is none'],
    ],
    [
      'cannot claim a rollback to nothing',
      (entry) => ({ run: { ...entry.run, kind: 'ROLLBACK' }, votes: [], outcome: outcome('APPROVED', 'ROLLBACK') }),
      ['1: APPROVED as a rollback, and its run goes back to nothing'],
    ],
    [
      'cannot pass over a rejection of a rollback',
      () => ({ run: rollback(), votes: [vote(CY, 'REJECT', 80)], outcome: outcome('APPROVED', 'ROLLBACK') }),
      ['1: APPROVED as a rollback, and somebody had rejected it'],
    ],
    ...(['AUTOMATED', 'AUTOMATED_ELSE_PEOPLE'] as const).map(
      (kind): [string, (entry: RecordEntry) => object, readonly string[]] => [
        `cannot let a rollback pass a gate that is ${kind}`,
        ({ rule: { people } = { kind } }) => ({
          run: rollback(),
          rule: kind === 'AUTOMATED' ? { kind } : { kind, people },
          votes: [],
          outcome: outcome('APPROVED', 'ROLLBACK'),
        }),
        ['1: APPROVED as a rollback, and its rule does not say so'],
      ],
    ),
    [
      'cannot let a rollback step aside where people decide',
      () => ({ run: rollback(), votes: [], outcome: outcome('REJECTED', 'ROLLBACK') }),
      ['1: REJECTED as a rollback, and its rule does not say so'],
    ],
    [
      'cannot let a rollback expire',
      () => ({ run: rollback(), votes: [], outcome: outcome('EXPIRED', 'ROLLBACK') }),
      ['1: EXPIRED as a rollback, and its rule does not say so'],
    ],
    [
      'cannot let one approver in the console stand for two',
      () => ({ votes: [], outcome: outcome('APPROVED', 'CONSOLE') }),
      ['1: APPROVED by an approver, and with that answer there are not enough approvals'],
    ],
    [
      'cannot count an approver in the console twice',
      (entry) => ({
        votes: entry.votes.slice(0, 1),
        invited: entry.invited.map((one) =>
          one.approver === ANA.id ? one : { ...one, excluded: 'wrote this change' },
        ),
        outcome: outcome('APPROVED', 'CONSOLE'),
      }),
      ['1: APPROVED by an approver, and with that answer there are not enough approvals'],
    ],
    [
      'cannot count an approval that came after the answer in the console was known',
      () => ({ votes: [vote(ANA, 'APPROVE', 95)], outcome: outcome('APPROVED', 'CONSOLE'), deliveredAt: at(94) }),
      ['1: APPROVED by an approver, and with that answer there are not enough approvals'],
    ],
    [
      'cannot pass over a rejection in the console',
      (entry) => ({ votes: [...entry.votes, vote(CY, 'REJECT', 80)], outcome: outcome('APPROVED', 'CONSOLE') }),
      ['1: APPROVED by an approver, and somebody had rejected it'],
    ],
    [
      'cannot let a shared mailbox or an excluded person answer in the console',
      (entry) => ({
        rule: ofQuorum(1),
        invited: entry.invited.map((one, index) =>
          index === 0 ? { ...one, shared: true } : { ...one, excluded: 'wrote this change' },
        ),
        votes: [],
        outcome: outcome('REJECTED', 'CONSOLE'),
      }),
      ['1: REJECTED by an approver, and nobody was left who could be one'],
    ],
    [
      'cannot let an answer in the console expire',
      () => ({ votes: [], outcome: outcome('EXPIRED', 'CONSOLE') }),
      ['1: EXPIRED, and nobody did it'],
    ],
    [
      'cannot let an approver in the console overtake without enough others',
      () => ({
        votes: [vote(CY, 'REJECT', 70)],
        outcome: outcome('REJECTED', 'PEOPLE'),
        overtakenBy: outcome('APPROVED', 'CONSOLE'),
      }),
      ['1: APPROVED by an approver, and somebody had rejected it'],
    ],
    [
      'cannot claim an approver where there is none',
      () => ({ rule: { kind: 'AUTOMATED' }, votes: [], outcome: outcome('APPROVED', 'CONSOLE') }),
      ['1: APPROVED by an approver, and its rule names nobody'],
    ],
    [
      'cannot say that CodePipeline approved',
      () => ({ votes: [], outcome: outcome('APPROVED', 'CODEPIPELINE') }),
      ['1: APPROVED, and nobody did it'],
    ],
    [
      'cannot say that something else overtook it',
      () => ({ overtakenBy: outcome('APPROVED', 'PEOPLE') }),
      ['1: it was overtaken by what does not overtake'],
    ],
  ])('%s', (_, change, expected) => {
    expect(findings(forged(RECORDED, 1, change))).toEqual(expected);
  });

  test('can invent a vote with a key of their own, which only an anchor shows', () => {
    const invented = vote(ANA, 'APPROVE', 60, { seed: stranger });
    expect(invented.key).toBe(publicKeyOf(stranger));
    const anew = forged(RECORDED, 1, ({ votes }) => ({ votes: [invented, votes[1]] }));

    expect(findings(anew)).toEqual([]);
    expect(findings(anew, { anchors: [placeOf(RECORDED, 1)] })).toHaveLength(1);
  });
});

test('any change of a single character of an export is found, or the export is no record any more', () => {
  const text = JSON.stringify(RECORDED);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0aZ"\\ {,e9'), (place, character) => {
      const changed = text.slice(0, place) + character + text.slice(place + 1);
      fc.pre(changed !== text);
      const read = recordIn(changed);
      expect(read.ok && verify(read.value, { anchors: [] }).findings.length === 0).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
