/** When an answer was given in CodePipeline, and whether it is anybody's. */
import { answeredOutside, judgedAt, whyOnlyBypass, type AnswerContext } from '../../../lambda/domain/console-answer';
import { ANA, at, BO } from '../samples';

const CONTEXT: AnswerContext = { deadline: at(3600), voters: [], judged: undefined, asked: true, isOpen: true };
const failed = (answer: Parameters<typeof answeredOutside>[0]['answer']) =>
  answeredOutside({ status: 'FAILED', answer }, CONTEXT, at(4000));

test('an answer is judged by the time at which it was given, where CodePipeline says it', () => {
  expect(judgedAt({ status: 'SUCCEEDED', answer: { at: at(10) } }, at(60))).toBe(at(10));
  expect(judgedAt({ status: 'SUCCEEDED', answer: {} }, at(60))).toBe(at(60));
  expect(judgedAt({ status: 'WAITING' }, at(60))).toBe(at(60));
});

test('a failure in the last minute with blanks for a comment is the end of the time', () => {
  expect(failed({ at: at(3570), comment: '  ' })).toMatchObject({ kind: 'EXPIRED', by: 'CODEPIPELINE' });
  expect(failed({ at: at(3570), comment: 'no' })).toMatchObject({ kind: 'REJECTED', by: 'BYPASS' });
});

test('a failure at no known time is the end of the time, unless somebody commented on it', () => {
  expect(failed({})).toMatchObject({ kind: 'EXPIRED', by: 'CODEPIPELINE' });
  expect(failed({ comment: 'no' })).toMatchObject({ kind: 'REJECTED', by: 'BYPASS' });
});

test('an approver is known in the console by one role among other names', () => {
  const groups = [{ quorum: 1, ids: [ANA.id, BO.id] }];

  expect(whyOnlyBypass(groups, [BO, ANA])).toBeUndefined();
  expect(whyOnlyBypass(groups, [BO])).toBe('no approver is known in the console by a role or user');
});
