import {
  fieldsAnswer,
  fieldsKey,
  parseApprovedFields,
  parseFieldsQuestion,
  stageAndAction,
} from '../../../lambda/domain/approved-fields';
import { at, EXECUTION, GATE } from '../samples';

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

test('as many fields may be asked for as a gate has, and no more', () => {
  const asking = (count: number) =>
    parseFieldsQuestion(JSON.stringify({ ...QUESTION, fields: Array.from({ length: count }, (_, n) => `f${n}`) }));

  expect(asking(10).ok).toBe(true);
  expect(asking(11)).toEqual({ ok: false, problem: 'user parameters: `fields` is not 1 to 10 names' });
});

test('a field that was not asked for is named, with what to do about it', () => {
  expect(fieldsAnswer({ ...QUESTION, fields: ['a', 'b', 'note'] }, { note: '' })).toEqual({
    kind: 'FAILED',
    message:
      'Gate Prod/Approve was approved by a rule that does not ask for a, b: the one from before this change. ' +
      'Start the pipeline again: the new rule applies from now on',
  });
});

test('what was filled in stands under its run, its stage and its action', () => {
  expect(fieldsKey(EXECUTION)).toBe(`fields#${EXECUTION}`);
  expect(stageAndAction(GATE)).toBe('Prod/Approve');
});

test('a row is read as it was written, with values or without', () => {
  const values = { ticket: 'x'.repeat(200), note: '' };

  expect(parseApprovedFields({ v: 2, at: at(1), values })).toStrictEqual({ ok: true, value: { at: at(1), values } });
  expect(parseApprovedFields({ v: 2, at: at(1) })).toStrictEqual({ ok: true, value: { at: at(1) } });
});

test.each<[object, string]>([
  [{ at: 'once' }, '`at` is missing or not of the expected form'],
  [{ values: [] }, '`values` is not an object'],
  [{ values: { ticket: 'CHG-1', 'the note': 'x' } }, '`values` are not those of fields'],
  [{ values: { ticket: 'CHG-1', note: 1 } }, '`values` are not those of fields'],
  [{ values: { ticket: 'x'.repeat(201) } }, '`values` are not those of fields'],
])('a row with %j is refused, and it is said why', (change, problem) => {
  expect(parseApprovedFields({ v: 2, at: at(1), values: {}, ...change })).toEqual({
    ok: false,
    problem: `fields: ${problem}`,
  });
});

test.each<[string, object]>([
  ['of another version', { v: 3, at: at(1), values: {} }],
  ['with a value that is no text', { v: 2, at: at(1), values: { ticket: 1 } }],
  ['without a time', { v: 2, values: {} }],
])('a row %s is refused', (_, row) => {
  expect(parseApprovedFields({ ...row })).toMatchObject({ ok: false });
});
