/** What an outcome says and hands on: values of fields, a newer run, checks that nobody can read. */
import type { FieldRule } from '../../../contract/fields';
import { rulingOf, type Judged } from '../../../lambda/domain/ruling';
import type { Vote } from '../../../lambda/domain/vote';
import {
  ANA,
  at,
  BO,
  checksRule,
  CHOICE,
  filledIn,
  peopleRule,
  STANDING,
  TICKET,
  voteOf,
  type PeopleSample,
} from '../samples';

const judged = (people: PeopleSample, votes: readonly Vote[] = []): Judged => ({
  kind: 'MANUAL',
  rule: { kind: 'MANUAL', people: peopleRule(people) },
  votes: {
    approvals: votes.map((vote) => ({ person: vote.approver === ANA.id ? ANA : BO, vote })),
    rejections: [],
    emergencies: [],
  },
});
const approved = (of: Judged): unknown => {
  const ruling = rulingOf(of, STANDING, at(60));
  return ruling.kind === 'END' ? ruling.outcome : ruling;
};
const APPROVED = { kind: 'APPROVED', by: 'PEOPLE', at: at(60) };

describe('an approval', () => {
  test('hands on what the newest one filled in, and says who did', () => {
    const ana = voteOf(ANA, 'APPROVE', 30, filledIn({ ticket: 'CHG-1', traffic: '10 %' }));
    const bo = voteOf(BO, 'APPROVE', 40, filledIn({ ticket: 'CHG-2', traffic: '50 %' }));
    const outcome = {
      ...APPROVED,
      summary:
        'Approved by ana@example.com, bo@example.com (2 of 2 needed). Change ticket: CHG-2, How much traffic first: 50 % (by bo@example.com)',
      fields: { ticket: 'CHG-2', traffic: '50 %' },
    };

    expect(approved(judged({ quorum: 2, fields: [TICKET, CHOICE] }, [ana, bo]))).toStrictEqual(outcome);
  });

  test('hands on an empty value of a field that nobody had to fill in, and says nothing of it', () => {
    const fields: readonly FieldRule[] = [{ ...TICKET, optional: true }];

    expect(approved(judged({ fields }, [voteOf(ANA, 'APPROVE', 30)]))).toStrictEqual({
      ...APPROVED,
      summary: 'Approved by ana@example.com',
      fields: { ticket: '' },
    });
  });

  test('hands on nothing where the gate asks for no fields', () => {
    for (const people of [{}, { fields: [] }]) {
      expect(approved(judged(people, [voteOf(ANA, 'APPROVE', 30)]))).toStrictEqual({
        ...APPROVED,
        summary: 'Approved by ana@example.com',
      });
    }
  });

  test('leaves room for a comment, however much was filled in', () => {
    const names = ['f0', 'f1', 'f2', 'f3'];
    const fields = names.map((name): FieldRule => ({ kind: 'TEXT', name, label: name }));
    const values = Object.fromEntries(names.map((name) => [name, 'x'.repeat(100)]));
    const words = names.map((name) => `${name}: ${'x'.repeat(100)}`).join(', ');
    const vote = voteOf(ANA, 'APPROVE', 30, { ...filledIn(values), comment: 'Looks good' });

    expect(approved(judged({ fields }, [vote]))).toStrictEqual({
      ...APPROVED,
      summary: `Approved by ana@example.com. ${words.slice(0, 255)}… (by ana@example.com). Looks good`,
      fields: values,
    });
  });
});

test('a request says that a newer run took its place', () => {
  const standing = { ...STANDING, newerRunWaiting: true };

  expect(rulingOf(judged({ newerRun: 'REPLACES' }), standing, at(60))).toEqual({
    kind: 'END',
    outcome: {
      kind: 'REJECTED',
      by: 'NEWER_RUN',
      at: at(60),
      summary: 'A newer run waited for this stage, and took the place of this one before there were enough answers',
    },
  });
});

test('checks that cannot be read, nobody knows why, leave the gate to the console', () => {
  const of: Judged = {
    kind: 'AUTOMATED',
    rule: { kind: 'AUTOMATED', checks: checksRule(), onInconclusive: 'REJECT' },
    evaluation: { verdict: 'UNREADABLE', reasons: [], checks: [], due: [] },
  };

  expect(rulingOf(of, STANDING, at(60))).toEqual({
    kind: 'WAIT',
    askPeople: false,
    stuck: 'its checks cannot be read: unknown',
  });
});
