/** Of each form: what is recorded, what is refused with which words, and at which field. */
import type { GateRule, PeopleRule } from '../../../contract/policy';
import type { CheckState, Run } from '../../../lambda/domain/request';
import type { Invitation } from '../../../lambda/domain/vote';
import {
  judgeAnswer,
  judgeReview,
  judgeRevocation,
  whyApproveLocked,
  whyClosed,
  whyNotAlone,
  type AnswerForm,
  type Problem,
} from '../../../lambda/review/answer';
import type { Ending } from '../../../lambda/review/ending';
import { seenField } from '../../../lambda/review/evidence-seen';
import type { Question } from '../../../lambda/review/link';
import { AT_ONCE } from '../../../lambda/review/start-choice';
import { sha256, shownNumber } from '../../../lambda/signing/link-key';
import { CHOICE, TICKET } from '../samples';
import {
  ANA,
  APPROVED,
  BO,
  EVIDENCE,
  invitation,
  PEOPLE,
  POLICY,
  REQUEST,
  RULES,
  SHOWN,
  waiting,
  WAITING,
} from './fixture';

const SEED = 'A'.repeat(43);
const CLOCK = { now: '2026-11-23T09:30:00.000Z', timeZone: 'UTC' };
const right = shownNumber(SEED, EVIDENCE, 4);
const wrong = right === '1111' ? '2222' : '1111';
const manual = (more: Partial<PeopleRule> = {}): GateRule => ({ kind: 'MANUAL', people: { ...PEOPLE, ...more } });
const LINK = { requestId: REQUEST, approver: BO, seed: SEED };

function question(rule: GateRule = manual(), me: Partial<Invitation> = {}, run: Partial<Run> = {}): Question {
  return {
    kind: 'QUESTION',
    link: LINK,
    request: waiting({ rule, run }),
    me: invitation(BO, 'bo@example.com', SEED, me),
    invitations: [],
    votes: [],
    tallies: [],
  };
}

const form = (more: Partial<AnswerForm> = {}): AnswerForm => ({
  verdict: 'APPROVE',
  number: right,
  comment: '',
  evidence: EVIDENCE,
  seen: '',
  start: AT_ONCE,
  fields: {},
  ...more,
});
const judge = (more: Partial<AnswerForm>, of = question()) => judgeAnswer(of, form(more), CLOCK);
const nothing = { problems: [], changes: [], wrongNumbers: 0 };
const WANTED: Problem = { field: 'number', text: 'Type the number that is shown above the field.' };

describe('an answer', () => {
  test('says nothing beside its reason where nothing was asked or chosen', () => {
    expect(judge({ fields: { ticket: 'CHG-1' }, comment: ' Fine ' })).toEqual({
      ...nothing,
      number: right,
      record: { submission: 'APPROVE', comment: 'Fine' },
    });
  });

  const asking = manual({ fields: [TICKET, CHOICE], startLater: 'ALLOWED' });
  const filled = { ticket: 'CHG-1', traffic: '10 %', other: 'x' };
  const later = { date: '2026-11-24', time: '22:00' };

  test('carries what was filled in and when it is to start', () => {
    expect(judge({ fields: filled, start: later }, question(asking)).record).toEqual({
      submission: 'APPROVE',
      comment: '',
      details: { notBefore: '2026-11-24T22:00:00.000Z', fields: { ticket: 'CHG-1', traffic: '10 %' } },
    });
    expect(judge({ fields: filled }, question(asking)).record?.details).toEqual({
      fields: { ticket: 'CHG-1', traffic: '10 %' },
    });
  });

  test('that rejects carries neither, and lacks nothing without them', () => {
    const judgement = judge({ verdict: 'REJECT', comment: 'no', fields: filled, start: later }, question(asking));

    expect(judgement).toEqual({ ...nothing, number: right, record: { submission: 'REJECT', comment: 'no' } });
    expect(judge({ verdict: 'REJECT', comment: 'no' }, question(asking)).problems).toEqual([]);
  });

  test('has all of its problems told at once, in the order of the form', () => {
    const typed = { number: '', comment: 'x'.repeat(401), fields: { ticket: 'soon' }, start: { date: 'x', time: 'y' } };

    expect(judge(typed, question(asking))).toEqual({
      ...nothing,
      number: '',
      problems: [
        WANTED,
        { field: 'field-ticket', text: 'Change ticket: As in CHG-1234' },
        { field: 'field-traffic', text: 'How much traffic first: this is needed to approve.' },
        { field: 'comment', text: 'The reason has 401 characters, 400 are the most. Please shorten it.' },
        { field: 'start', text: 'Give the start as a date such as 2026-11-27 and a time such as 22:00.' },
      ],
    });
  });

  test('that is too long in all is not recorded', () => {
    const fields = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ kind: 'TEXT', name, label: name }) as const);
    const long = Object.fromEntries(fields.map(({ name }) => [name, 'x'.repeat(200)]));
    const judgement = judge({ fields: long }, question(manual({ fields })));

    expect(judgement.record).toBeUndefined();
    expect(judgement.problems.map(({ field }) => field)).toEqual(['field-a']);
  });

  test('to another view is told what differs, and nothing that is wrong with it', () => {
    const seen = seenField(waiting({ shown: { newerRunWaiting: true } }));

    expect(judge({ evidence: sha256('older'), seen, number: '', verdict: 'REJECT' })).toEqual({
      ...nothing,
      number: '',
      changes: ['No newer run is waiting any more.'],
    });
  });

  test('with a wrong number is counted as one, beside what else is wrong', () => {
    expect(judge({ verdict: 'REJECT', number: wrong })).toEqual({
      ...nothing,
      number: '',
      wrongNumbers: 1,
      problems: [
        {
          field: 'number',
          text: 'That is not the number shown. It was the first wrong number on this link; nothing else was recorded.',
        },
        { field: 'comment', text: 'Say why you reject: this gate wants a reason.' },
      ],
      record: { submission: 'WRONG_NUMBER', comment: '' },
    });
  });

  test.each<[PeopleRule['reason'], AnswerForm['verdict'], string | undefined]>([
    ['OPTIONAL', 'APPROVE', undefined],
    ['OPTIONAL', 'REJECT', undefined],
    ['FOR_REJECTION', 'APPROVE', undefined],
    ['FOR_REJECTION', 'REJECT', 'Say why you reject: this gate wants a reason.'],
    ['ALWAYS', 'APPROVE', 'Say why you approve: this gate wants a reason.'],
    ['ALWAYS', 'REJECT', 'Say why you reject: this gate wants a reason.'],
  ])('where a reason is %s, %s without one is told: %s', (reason, verdict, text) => {
    const of = question(manual({ reason }));

    expect(judge({ verdict, comment: ' \n ' }, of).problems).toEqual(
      text === undefined ? [] : [{ field: 'comment', text }],
    );
    expect(judge({ verdict, comment: 'why' }, of).problems).toEqual([]);
  });

  test('a reason is as long as it is without blanks around it and with short line ends', () => {
    const longest = `  ${'x'.repeat(398)}\r\ny  `;

    expect(judge({ comment: longest }).record?.comment).toBe(`${'x'.repeat(398)}\ny`);
    expect(judge({ comment: `${longest}y` }).problems).toHaveLength(1);
  });
});

describe('an emergency', () => {
  const mayBreakGlass = [BO];
  const of = (me: Partial<Invitation> = {}) => question(manual({ breakGlass: [BO] }), me, { mayBreakGlass });

  test('needs the number and a word, and is told of both at its own form', () => {
    expect(judge({ verdict: 'BREAK_GLASS', comment: ' Ill ' }, of())).toEqual({
      ...nothing,
      number: right,
      record: { submission: 'BREAK_GLASS', comment: 'Ill' },
    });
    expect(judge({ verdict: 'BREAK_GLASS', number: '' }, of()).problems).toEqual([
      { field: 'emergency-number', text: WANTED.text },
      { field: 'emergency-comment', text: 'Say what the emergency is: everybody who was asked is told.' },
    ]);
    expect(judge({ verdict: 'BREAK_GLASS', comment: 'x'.repeat(401) }, of()).problems).toEqual([
      { field: 'emergency-comment', text: 'The reason has 401 characters, 400 are the most. Please shorten it.' },
    ]);
  });

  test('of whoever is not named, or of a shared mailbox, is refused as a whole', () => {
    const refused = {
      ...nothing,
      number: '',
      problems: [{ field: 'answer', text: 'You cannot open this gate alone.' }],
    };

    expect(judge({ verdict: 'BREAK_GLASS', comment: 'Ill' })).toEqual(refused);
    expect(judge({ verdict: 'BREAK_GLASS', comment: 'Ill' }, of({ shared: true }))).toEqual(refused);
    expect(whyNotAlone(of())).toBeUndefined();
    expect(whyNotAlone(question(manual({ breakGlass: [ANA] }), {}, { mayBreakGlass }))).toBeDefined();
  });

  test('takes no fields and no start with it', () => {
    const rule = manual({ breakGlass: [BO], fields: [TICKET], startLater: 'ALLOWED' });
    const judged = judge(
      { verdict: 'BREAK_GLASS', comment: 'Ill', start: { date: '2026-11-24', time: '22:00' } },
      question(rule, {}, { mayBreakGlass }),
    );

    expect(judged.record).toEqual({ submission: 'BREAK_GLASS', comment: 'Ill' });
  });
});

describe('a review of an emergency', () => {
  const me = invitation(BO, 'bo@example.com', SEED, { reviewAskedAt: CLOCK.now });
  const ending = (more: Partial<Ending> = {}): Ending => ({
    kind: 'ENDING',
    link: LINK,
    gate: POLICY.gate,
    isRollback: false,
    how: { state: 'DELIVERED', outcome: APPROVED },
    isExcluded: false,
    isFollowedUp: true,
    review: { me, evidence: EVIDENCE, summary: 'Opened by Ana' },
    ...more,
  });

  test('is recorded with the number and a comment', () => {
    expect(judgeReview(ending(), { number: right, comment: ' Right ', evidence: EVIDENCE })).toEqual({
      ...nothing,
      number: right,
      record: { submission: 'REVIEWED', comment: 'Right' },
    });
  });

  test('lacks what it lacks, and keeps the right number', () => {
    const why = { field: 'comment', text: 'Say what you found: it stands in the record.' };

    expect(judgeReview(ending(), { number: right, comment: '', evidence: EVIDENCE })).toEqual({
      ...nothing,
      number: right,
      problems: [why],
    });
    expect(judgeReview(ending(), { number: '', comment: '', evidence: EVIDENCE }).problems).toEqual([WANTED, why]);
    expect(judgeReview(ending(), { number: wrong, comment: 'x', evidence: EVIDENCE })).toMatchObject({
      wrongNumbers: 1,
      record: { submission: 'WRONG_NUMBER' },
    });
  });

  test('of somebody who was not asked, or of another view, is nothing', () => {
    const none = { ...nothing, number: '' };
    const typed = { number: right, comment: 'x', evidence: EVIDENCE };
    const { review: _, ...unasked } = ending();

    expect(judgeReview(unasked, typed)).toEqual(none);
    expect(judgeReview(ending(), { ...typed, evidence: sha256('older') })).toEqual(none);
  });
});

describe('the number', () => {
  const of = (wrongNumbers: number, number: string) => judgeRevocation(question(manual(), { wrongNumbers }), number);

  test.each([
    [0, 'the first wrong number'],
    [1, 'wrong number 2'],
    [48, 'wrong number 49'],
    [49, 'wrong number 50'],
  ])('after %d wrong ones, another is counted and told as %s', (count, times) => {
    expect(of(count, '1')).toEqual({
      problems: [
        {
          field: 'number',
          text: `That is not the number shown. It was ${times} on this link; nothing else was recorded.`,
        },
      ],
      changes: [],
      number: '',
      wrongNumbers: count + 1,
      record: { submission: 'WRONG_NUMBER', comment: '' },
    });
  });

  test('from the fiftieth on is told and not counted in the table', () => {
    const judged = of(50, '1');

    expect(judged).not.toHaveProperty('record');
    expect(judged.wrongNumbers).toBe(51);
    expect(judged.problems[0]?.text).toContain('It was wrong number 50 on this link');
  });

  test('is right with blanks and hyphens in it, as typed by wide keys, and in its longer form', () => {
    const wide = [...right].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(' - ');

    expect(of(0, wide).number).toBe(right);
    expect(of(0, shownNumber(SEED, EVIDENCE, 8)).record).toEqual({ submission: 'REVOKE', comment: '' });
    expect(of(5, shownNumber(SEED, EVIDENCE, 6)).wrongNumbers).toBe(5);
  });
});

describe('who may answer', () => {
  const { asking: _, ...watched } = WAITING;

  test.each<[string, Question, string | undefined]>([
    ['whoever was asked', question(), undefined],
    [
      'whoever has no vote',
      question(manual(), { excluded: 'wrote\u202e this\n\n\nchange\n3\n4' }),
      'You have no vote on this change: you wrote this\n\nchange',
    ],
    ['anybody at a gate without people', question(RULES.AUTOMATED), 'This gate does not take answers by link.'],
    ['anybody before people are asked', { ...question(), request: watched }, 'Nobody is asked yet: the checks decide.'],
  ])('%s is told: %#', (_who, of, why) => {
    expect(whyClosed(of)).toBe(why);
  });

  const check = (verdict: CheckState['verdict'], observeOnly = false): CheckState => ({
    id: verdict,
    title: verdict,
    verdict,
    reason: '',
    observeOnly,
  });
  const FAILING = 'Approve is locked while a check is failing. You may reject now.';
  const UNKNOWN = 'Approve is locked until every check is healthy. You may reject now.';

  test.each<[string, readonly CheckState[], string | undefined]>([
    ['nothing known', [], UNKNOWN],
    ['all healthy', [check('PASS'), check('PASS')], undefined],
    ['one still measuring', [check('PASS'), check('RUNNING')], UNKNOWN],
    ['one failing', [check('PASS'), check('RUNNING'), check('FAIL')], FAILING],
    ['one failing that is only watched', [check('PASS'), check('FAIL', true)], undefined],
    ['none but watched ones', [check('PASS', true)], UNKNOWN],
    ['a watched one failing beside one still measuring', [check('RUNNING'), check('FAIL', true)], UNKNOWN],
  ])('at a guarded gate with %s: %#', (_what, checks, why) => {
    expect(whyApproveLocked({ ...SHOWN, checks })).toBe(why);
    expect(whyApproveLocked({ ...SHOWN, checks, policy: { ...POLICY, rule: manual() } })).toBeUndefined();
  });

  test('a locked approval is refused as a whole, and a rejection is taken', () => {
    const locked = { ...question(), request: waiting({ shown: { checks: [] } }) };

    expect(judge({ number: '' }, locked).problems).toEqual([{ field: 'answer', text: UNKNOWN }]);
    expect(judge({ verdict: 'REJECT', comment: 'red' }, locked).record).toEqual({
      submission: 'REJECT',
      comment: 'red',
    });
  });
});
