import { digitsAfter, judgeAnswer, judgeRevocation, whyApproveLocked, whyClosed } from '../../../lambda/review/answer';
import type { AnswerForm } from '../../../lambda/review/answer';
import type { Question } from '../../../lambda/review/link';
import { AT_ONCE } from '../../../lambda/review/start-choice';
import { newSeed, sha256, shownNumber } from '../../../lambda/signing/link-key';
import type { Invitation } from '../../../lambda/domain/vote';
import { BO, EVIDENCE, PEOPLE, REQUEST, RULES, SHOWN, WAITING, invitation, waiting } from './fixture';

const seed = newSeed();
const right = (digits = 4) => shownNumber(seed, EVIDENCE, digits);
const wrong = right() === '1111' ? '2222' : '1111';

function question(request = WAITING, me: Partial<Invitation> = {}): Question {
  return {
    kind: 'QUESTION',
    link: { requestId: REQUEST, approver: BO, seed },
    request,
    me: invitation(BO, 'bo@example.com', seed, me),
    invitations: [],
    votes: [],
    tallies: [],
  };
}

function form(more: Partial<AnswerForm> = {}): AnswerForm {
  return {
    verdict: 'APPROVE',
    number: right(),
    comment: '',
    evidence: EVIDENCE,
    seen: '',
    start: AT_ONCE,
    fields: {},
    ...more,
  };
}

const CLOCK = { now: '2026-11-23T09:30:00.000Z', timeZone: 'Europe/Berlin' };
const NOTHING = { problems: [], changes: [], number: '', wrongNumbers: 0 };

describe('a form is judged', () => {
  test('all right: to be recorded', () => {
    expect(judgeAnswer(question(), form({ comment: ' fine ' }), CLOCK)).toEqual({
      ...NOTHING,
      number: right(),
      record: { submission: 'APPROVE', comment: 'fine' },
    });
  });

  test.each([
    [{ verdict: '' }, WAITING, {}, 'Choose Approve or Reject.'],
    [{}, waiting({ rule: RULES.AUTOMATED }), {}, 'This gate does not take answers by link.'],
    [{}, WAITING, { excluded: 'wrote\nthis change' }, 'You have no vote on this change: you wrote\nthis change'],
    [{}, waiting({ shown: { checks: [] } }), {}, 'Approve is locked until every check is healthy. You may reject now.'],
  ])('%j: refused as a whole, whatever was typed', (more, request, me, text) => {
    expect(judgeAnswer(question(request, { wrongNumbers: 7, ...me }), form(more), CLOCK)).toEqual({
      problems: [{ field: 'answer', text }],
      changes: [],
      number: '',
      wrongNumbers: 7,
    });
  });

  test('an answer to another view: nothing but what changed', () => {
    const request = waiting({ shown: { evidence: sha256('new') } });

    expect(judgeAnswer(question(request, { wrongNumbers: 7 }), form(), CLOCK)).toEqual({
      problems: [],
      changes: ['What this page shows has changed since you opened it.'],
      number: '',
      wrongNumbers: 7,
    });
  });

  test('without a reason where one is wanted: the right number is kept', () => {
    expect(judgeAnswer(question(), form({ verdict: 'REJECT' }), CLOCK)).toEqual({
      ...NOTHING,
      number: right(),
      problems: [{ field: 'comment', text: 'Say why you reject: this gate wants a reason.' }],
    });
  });

  test('a wrong number: to be counted', () => {
    expect(judgeAnswer(question(), form({ number: wrong }), CLOCK)).toEqual({
      ...NOTHING,
      wrongNumbers: 1,
      problems: [
        {
          field: 'number',
          text: 'That is not the number shown. It was the first wrong number on this link; nothing else was recorded.',
        },
      ],
      record: { submission: 'WRONG_NUMBER', comment: '' },
    });
  });

  test('no number, or a number that has become longer: not to be counted', () => {
    expect(judgeAnswer(question(), form({ number: ' - ' }), CLOCK)).toEqual({
      ...NOTHING,
      problems: [{ field: 'number', text: 'Type the number that is shown above the field.' }],
    });
    expect(judgeAnswer(question(WAITING, { wrongNumbers: 5 }), form(), CLOCK)).toEqual({
      ...NOTHING,
      wrongNumbers: 5,
      problems: [
        {
          field: 'number',
          text: 'The number has become longer, because wrong ones were typed on this link. Type the new one.',
        },
      ],
    });
  });

  test('revoking: by the number alone', () => {
    expect(judgeRevocation(question(), right(6))).toEqual({
      ...NOTHING,
      number: right(6),
      record: { submission: 'REVOKE', comment: '' },
    });
    expect(judgeRevocation(question(), wrong)).toMatchObject({ record: { submission: 'WRONG_NUMBER' } });
    expect(judgeRevocation(question(), '').record).toBeUndefined();
  });

  test.each([
    [0, 4],
    [4, 4],
    [5, 6],
    [24, 6],
    [25, 8],
    [50, 8],
  ])('after %d wrong numbers %d digits', (count, digits) => {
    expect(digitsAfter(count)).toBe(digits);
  });
});

describe('who may answer, and how', () => {
  test.each(['MANUAL', 'GUARDED', 'AUTOMATED_ELSE_PEOPLE'] as const)('%s: by link', (kind) => {
    expect(whyClosed(question(waiting({ rule: RULES[kind] })))).toBeUndefined();
  });

  test.each([
    ['GUARDED', true],
    ['MANUAL', false],
    ['AUTOMATED', false],
    ['AUTOMATED_ELSE_PEOPLE', false],
  ] as const)('%s: Approve is locked while nothing is known of the checks: %s', (kind, isLocked) => {
    const { shown } = waiting({ rule: RULES[kind], shown: { checks: [] } });

    expect(whyApproveLocked(shown) !== undefined).toBe(isLocked);
  });

  test('what is only watched locks nothing', () => {
    expect(whyApproveLocked(SHOWN)).toBeUndefined();
  });

  test('a reason is wanted as the rule says', () => {
    const judged = (reason: (typeof PEOPLE)['reason'], verdict: 'APPROVE' | 'REJECT') => {
      const request = waiting({ rule: { ...RULES.MANUAL, people: { ...PEOPLE, reason } } });
      return judgeAnswer(question(request), form({ verdict }), CLOCK).problems.length;
    };

    expect([judged('OPTIONAL', 'APPROVE'), judged('OPTIONAL', 'REJECT')]).toEqual([0, 0]);
    expect([judged('FOR_REJECTION', 'APPROVE'), judged('FOR_REJECTION', 'REJECT')]).toEqual([0, 1]);
    expect([judged('ALWAYS', 'APPROVE'), judged('ALWAYS', 'REJECT')]).toEqual([1, 1]);
  });
});
