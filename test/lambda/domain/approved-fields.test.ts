import { fieldsAnswer, parseApprovedFields, parseFieldsQuestion } from '../../../lambda/domain/approved-fields';
import { at, EXECUTION } from '../samples';

const QUESTION = { run: EXECUTION, stage: 'Prod', action: 'Approve', fields: ['ticket', 'note'] };

test('an action gets the fields that it names, an empty text where an optional one was left out', () => {
  expect(fieldsAnswer(QUESTION, { ticket: 'CHG-1', note: '', other: 'x' })).toEqual({
    kind: 'VALUES',
    values: { ticket: 'CHG-1', note: '' },
  });
});

test('where nobody has filled in anything, the action fails, and says how to go on', () => {
  expect(fieldsAnswer(QUESTION, undefined)).toEqual({
    kind: 'FAILED',
    message: expect.stringMatching(
      /gate Prod\/Approve in this run: it was approved in the console.*approve by link/,
    ) as string,
  });
});

test('where a field was not asked for, the action fails: nothing runs with half of them', () => {
  expect(fieldsAnswer(QUESTION, { ticket: 'CHG-1' })).toEqual({
    kind: 'FAILED',
    message: expect.stringMatching(/by a rule that does not ask for note/) as string,
  });
  expect(fieldsAnswer({ ...QUESTION, fields: ['constructor'] }, {}).kind).toBe('FAILED');
});

test('user parameters are read as the construct writes them', () => {
  expect(parseFieldsQuestion(JSON.stringify(QUESTION))).toEqual({ ok: true, value: QUESTION });
});

test.each<[string, unknown]>([
  ['none', undefined],
  ['no JSON', '{'],
  ['a run that was not filled in', JSON.stringify({ ...QUESTION, run: '#{codepipeline.PipelineExecutionId}' })],
  ['no fields', JSON.stringify({ ...QUESTION, fields: [] })],
  ['a field without a name', JSON.stringify({ ...QUESTION, fields: [''] })],
  ['a stage that is none', JSON.stringify({ ...QUESTION, stage: 'a/b' })],
])('user parameters: %s, are refused', (_, parameters) => {
  expect(parseFieldsQuestion(parameters)).toMatchObject({ ok: false });
});

test.each<[string, object]>([
  ['of another version', { v: 3, at: at(1), values: {} }],
  ['with a value that is no text', { v: 2, at: at(1), values: { ticket: 1 } }],
  ['without a time', { v: 2, values: {} }],
])('a row %s is refused', (_, row) => {
  expect(parseApprovedFields({ ...row })).toMatchObject({ ok: false });
});
