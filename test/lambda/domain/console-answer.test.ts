import type { Person } from '../../../contract/policy';
import {
  answeredOutside,
  isOurs,
  maybeNamedLater,
  type AnswerContext,
  type EndedAction,
} from '../../../lambda/domain/console-answer';
import { evaluate } from '../../../lambda/domain/evaluate';
import type { Judged } from '../../../lambda/domain/ruling';
import type { Vote } from '../../../lambda/domain/vote';
import {
  ANA,
  ANSWER_ROLE,
  at,
  BO,
  BY_ANA,
  checksRule,
  CY,
  EVE,
  minutes,
  OURS,
  peopleRule,
  REQUEST,
  voteOf,
} from '../samples';

const DEADLINE = at(3600);
const PIPELINE_ROLE = 'arn:aws:sts::111111111111:assumed-role/PipelineRole/1763880000000';

const given = (who: Person, verdict: Vote['verdict']) => ({ person: who, vote: voteOf(who, verdict, 30) });
const votes = (...all: readonly ReturnType<typeof given>[]) => ({
  approvals: all.filter(({ vote }) => vote.verdict === 'APPROVE'),
  rejections: all.filter(({ vote }) => vote.verdict === 'REJECT'),
  emergencies: [],
});
const health = (verdict: 'PASS' | 'FAIL' | 'RUNNING' | 'INCONCLUSIVE' | 'UNREADABLE') => ({
  ...evaluate({ checks: [], bakeMinutes: 0, since: at(0) }, [], at(0)),
  verdict,
});

function manual(quorum = 1, ...all: readonly ReturnType<typeof given>[]): Judged {
  return { kind: 'MANUAL', rule: { kind: 'MANUAL', people: peopleRule({ quorum }) }, votes: votes(...all) };
}

function guarded(verdict: Parameters<typeof health>[0], quorum = 1): Judged {
  const rule = { kind: 'GUARDED', people: peopleRule({ quorum }), checks: checksRule() } as const;
  return { kind: 'GUARDED', rule, votes: votes(), evaluation: health(verdict) };
}

function elsePeople(verdict: Parameters<typeof health>[0]): Judged {
  const rule = { kind: 'AUTOMATED_ELSE_PEOPLE', people: peopleRule(), checks: checksRule() } as const;
  return { kind: 'AUTOMATED_ELSE_PEOPLE', rule, votes: votes(), evaluation: health(verdict) };
}

const AUTOMATED: Judged = {
  kind: 'AUTOMATED',
  rule: { kind: 'AUTOMATED', checks: checksRule(), onInconclusive: 'REJECT' },
  evaluation: health('PASS'),
};

function answered(
  more: Partial<AnswerContext> = {},
  action: EndedAction = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(60) } },
) {
  const context: AnswerContext = {
    deadline: DEADLINE,
    voters: [{ person: ANA }, { person: BO }],
    judged: manual(),
    asked: true,
    isOpen: true,
    ...more,
  };
  return answeredOutside(action, context, at(70));
}

describe('a yes in the console', () => {
  test.each<[string, Partial<AnswerContext>]>([
    ['by an approver where one is enough', {}],
    ['by the second of two', { judged: manual(2, given(BO, 'APPROVE')) }],
    ['at a guarded gate whose checks are healthy', { judged: guarded('PASS') }],
    ['where people were asked because the checks could not tell', { judged: elsePeople('INCONCLUSIVE') }],
  ])('is an approval: %s', (_, more) => {
    expect(answered(more)).toEqual({
      kind: 'APPROVED',
      by: 'CONSOLE',
      at: at(60),
      summary: 'Approved in the console by ana@example.com',
    });
  });

  test.each<[string, Partial<AnswerContext>]>([
    ['by an approver who has no vote', { voters: [{ person: ANA, excluded: 'wrote this change' }, { person: BO }] }],
    ['by one of two', { judged: manual(2) }],
    ['by one who said yes by link before', { judged: manual(2, given(ANA, 'APPROVE')) }],
    ['against the no of another', { judged: manual(1, given(BO, 'REJECT')) }],
    ['at a guarded gate that is locked', { judged: guarded('FAIL') }],
    ['at a guarded gate whose bake is not over', { judged: guarded('RUNNING') }],
    ['at a guarded gate whose checks cannot tell', { judged: guarded('INCONCLUSIVE') }],
    ['by one of two at a guarded gate', { judged: guarded('PASS', 2) }],
    ['before people were asked', { judged: elsePeople('RUNNING'), asked: false }],
    ['at a gate that asks nobody', { judged: AUTOMATED }],
    ['at a gate of which nothing is known', { judged: undefined }],
  ])('is a bypass: %s', (_, more) => {
    expect(answered(more)).toMatchObject({ kind: 'APPROVED', by: 'BYPASS' });
  });

  test('starts it now, so an approval that starts later does not help with it', () => {
    const of = (quorum: number, notBefore: string) => {
      const details = JSON.stringify({ notBefore });
      return manual(quorum, { person: BO, vote: voteOf(BO, 'APPROVE', 30, { details }) });
    };

    expect(answered({ judged: of(1, at(61)) })).toMatchObject({ by: 'CONSOLE' });
    expect(answered({ judged: of(2, at(61)) })).toMatchObject({ by: 'BYPASS' });
    expect(answered({ judged: of(2, at(60)) })).toMatchObject({ by: 'CONSOLE' });
  });

  test('counts for the group that still lacks somebody, and is a bypass where another one lacks more', () => {
    const groups = [
      { name: 'Security', quorum: 1, ids: [ANA.id, BO.id] },
      { name: 'Operations', quorum: 1, ids: [ANA.id, CY.id] },
    ];
    const of = (...all: readonly ReturnType<typeof given>[]): Judged => ({
      kind: 'MANUAL',
      rule: { kind: 'MANUAL', people: peopleRule({ groups }) },
      votes: votes(...all),
    });

    expect(answered({ judged: of(given(BO, 'APPROVE')) })).toMatchObject({ by: 'CONSOLE' });
    expect(answered({ judged: of(given(CY, 'APPROVE')) })).toMatchObject({ by: 'CONSOLE' });
    expect(answered({ judged: of() })).toMatchObject({ by: 'BYPASS' });
    expect(answered({ judged: of(given(ANA, 'APPROVE')) })).toMatchObject({ by: 'BYPASS' });
  });

  test('of anybody else is a bypass, with whoever it was and what was written', () => {
    const by = `${BY_ANA}bel`;
    expect(answered({}, { status: 'SUCCEEDED', answer: { by, at: at(60), comment: 'quick' } })).toEqual({
      kind: 'APPROVED',
      by: 'BYPASS',
      at: at(60),
      summary: `Approved outside the workflow by ${by}. quick`,
    });
    expect(answered({}, { status: 'SUCCEEDED', answer: {} })).toEqual({
      kind: 'APPROVED',
      by: 'BYPASS',
      at: at(70),
      summary: 'Approved outside the workflow by somebody CodePipeline does not name',
    });
  });
});

describe('a no in the console', () => {
  const no = (by: string, more: Partial<AnswerContext> = {}) =>
    answered(more, { status: 'FAILED', answer: { by, at: at(60), comment: 'wait' } });

  test.each<[string, Partial<AnswerContext>]>([
    ['where two are needed', { judged: manual(2) }],
    ['at a locked guarded gate', { judged: guarded('FAIL') }],
    ['before people were asked', { judged: elsePeople('RUNNING'), asked: false }],
  ])('of an approver is a rejection: %s', (_, more) => {
    expect(no(BY_ANA, more)).toEqual({
      kind: 'REJECTED',
      by: 'CONSOLE',
      at: at(60),
      summary: 'Rejected in the console by ana@example.com. wait',
    });
  });

  test('of anybody else is a bypass', () => {
    expect(no(EVE)).toMatchObject({ kind: 'REJECTED', by: 'BYPASS' });
    expect(no(BY_ANA, { judged: AUTOMATED })).toMatchObject({ kind: 'REJECTED', by: 'BYPASS' });
  });

  test('calls people by their names', () => {
    const cy = 'cy@example.com';
    expect(no(cy, { voters: [{ person: CY }] }).summary).toBe('Rejected in the console by Cy. wait');
  });
});

describe('the end of the time', () => {
  const ended = (answer: EndedAction['answer'], more: Partial<AnswerContext> = {}) =>
    answered(more, { status: 'FAILED', answer });

  test.each<[string, EndedAction['answer']]>([
    ['nobody', {}],
    ['nobody, at the deadline', { at: DEADLINE }],
    ['nobody, a minute before it, since deadlines are known to the minute', { at: at(3540) }],
    ["the pipeline's role", { at: at(3603), by: PIPELINE_ROLE }],
    ["the pipeline's role, with an empty comment", { at: at(3603), by: PIPELINE_ROLE, comment: ' ' }],
  ])('is an expiry, whoever is named: %s', (_, answer) => {
    expect(ended(answer)).toEqual({
      kind: 'EXPIRED',
      by: 'CODEPIPELINE',
      at: answer.at ?? at(70),
      summary: 'Nobody answered in time',
    });
  });

  test.each([
    ['with a comment, in the last minute', { at: at(3590), by: EVE, comment: 'no' }, 'BYPASS'],
    ['earlier than that', { at: at(3539), by: EVE }, 'BYPASS'],
    ['by an approver', { at: at(3590), by: BY_ANA }, 'CONSOLE'],
  ])('is no rejection %s', (_, answer, by) => {
    expect(ended(answer)).toMatchObject({ kind: 'REJECTED', by });
  });

  test('is never an approval', () => {
    expect(answered({}, { status: 'SUCCEEDED', answer: { at: at(3600) } })).toMatchObject({ kind: 'APPROVED' });
  });
});

test.each([
  ['ABANDONED', 'The run was stopped'],
  ['GONE', 'The approval no longer exists in CodePipeline'],
] as const)('an action that is %s was stopped, whoever did it', (status, summary) => {
  const outcome = { kind: 'STOPPED', by: 'CODEPIPELINE', summary };

  expect(answered({}, { status, answer: { by: EVE, at: at(60) } })).toEqual({ ...outcome, at: at(60) });
  expect(answered({}, { status, answer: {} })).toEqual({ ...outcome, at: at(70) });
});

describe('CodePipeline may name the answerer later', () => {
  const later = (action: EndedAction, now: string) => maybeNamedLater(action, DEADLINE, now);

  test.each<[string, EndedAction, number, boolean]>([
    ['within two minutes', { status: 'SUCCEEDED', answer: { at: at(60) } }, 60 + minutes(2) - 1, true],
    ['and not after that', { status: 'SUCCEEDED', answer: { at: at(60) } }, 60 + minutes(2), false],
    ['of a no', { status: 'FAILED', answer: { at: at(60), comment: 'no' } }, 61, true],
    ['of an early no without a comment', { status: 'FAILED', answer: { at: at(60) } }, 61, true],
    ['not of an expiry', { status: 'FAILED', answer: { at: DEADLINE } }, 3601, false],
    ['not when it has', { status: 'SUCCEEDED', answer: { at: at(60), by: EVE } }, 61, false],
    ['not when nobody knows when it was', { status: 'SUCCEEDED', answer: {} }, 61, false],
    ['not of a failure without a word at no known time', { status: 'FAILED', answer: {} }, 61, false],
    ['not of a stopped run', { status: 'ABANDONED', answer: { at: at(60) } }, 61, false],
    ['not of one that is gone', { status: 'GONE', answer: { at: at(60) } }, 61, false],
  ])('%s', (_, action, seconds, expected) => {
    expect(later(action, at(seconds))).toBe(expected);
  });
});

test('our own session is known by its role and its whole name', () => {
  const ours = (by: string | undefined, roles: readonly string[] = [ANSWER_ROLE]) => isOurs(by, REQUEST, roles);

  expect(ours(OURS)).toBe(true);
  expect(ours(OURS, ['arn:aws:iam::111111111111:role/other', ANSWER_ROLE])).toBe(true);
  expect(ours(OURS, ['arn:aws:iam::111111111111:role/answer'])).toBe(true);
  expect(ours(`arn:aws:sts::111111111111:assumed-role/answer/x${REQUEST}`)).toBe(false);
  expect(ours(`arn:aws:sts::111111111111:assumed-role/Admin/${REQUEST}`)).toBe(false);
  expect(ours(`arn:aws:sts::222222222222:assumed-role/answer/${REQUEST}`)).toBe(false);
  expect(ours(`arn:aws-cn:sts::111111111111:assumed-role/answer/${REQUEST}`)).toBe(false);
  expect(ours(`arn:aws:iam::111111111111:user/${REQUEST}`)).toBe(false);
  expect(ours(undefined)).toBe(false);
  expect(ours(OURS, [])).toBe(false);
  expect(ours(OURS, ['answer', `x${ANSWER_ROLE}`, 'arn:aws:iam::111111111111:user/answer'])).toBe(false);
});
