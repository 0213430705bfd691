import * as fc from 'fast-check';
import { verdictOf, type Evaluation } from '../../../lambda/domain/evaluate';
import { healthInWords } from '../../../lambda/domain/health-in-words';
import type { CheckState } from '../../../lambda/domain/request';
import { summaryOf } from '../../../lambda/domain/summary';

const state = (title: string, verdict: CheckState['verdict'], reason: string): CheckState => ({
  id: title,
  title,
  verdict,
  reason,
  observeOnly: false,
});
const evaluationOf = (checks: readonly CheckState[]): Evaluation => ({ ...verdictOf(checks), checks, due: [] });
const ROOM = 432;

test('where there is room, every check says why', () => {
  const evaluation = evaluationOf([state('http', 'PASS', 'It answered 200.'), state('alarm', 'FAIL', 'It is red.')]);

  expect(healthInWords(evaluation, ROOM)).toEqual(['alarm failed: It is red.', 'http passed: It answered 200.']);
});

test('where there is none, those that passed are named, at most five of them', () => {
  const long = 'x'.repeat(300);
  const passed = Array.from({ length: 7 }, (_, n) => state(`check ${n}`, 'PASS', long));
  const said = healthInWords(evaluationOf([...passed, state('alarm', 'FAIL', 'It is red.')]), ROOM);

  expect(said).toEqual(['alarm failed: It is red.', 'Passed: check 0, check 1, check 2, check 3, check 4 and 2 more']);
});

test('what just fits is told in full', () => {
  const evaluation = evaluationOf([state('http', 'PASS', 'It answered 200.'), state('alarm', 'FAIL', 'It is red.')]);
  const needed = evaluation.reasons.map(({ length }) => length + 2).reduce((sum, length) => sum + length, 0);

  expect(healthInWords(evaluation, needed)).toEqual(evaluation.reasons);
  expect(healthInWords(evaluation, needed - 1)).toEqual(['alarm failed: It is red.', 'Passed: http']);
});

test('five that passed are all named', () => {
  const passed = Array.from({ length: 5 }, (_, n) => state(`c${n}`, 'PASS', 'x'.repeat(100)));

  expect(healthInWords(evaluationOf(passed), ROOM)).toEqual(['Passed: c0, c1, c2, c3, c4']);
});

test('those that did not pass share the room that is left, each with at least 50 characters', () => {
  const checks = [
    state('a', 'FAIL', 'x'.repeat(300)),
    state('b', 'FAIL', 'y'.repeat(300)),
    state('p', 'PASS', 'z'.repeat(300)),
  ];
  const lengths = (room: number) => healthInWords(evaluationOf(checks), room).map(({ length }) => length);

  // Of 432, `Passed: p` takes 9; each sentence is followed by two more.
  expect(lengths(ROOM)).toEqual([208, 208, 9]);
  expect(lengths(60)).toEqual([50, 50, 9]);
});

test('where none has passed, all is told', () => {
  const failed = ['a', 'b'].map((title) => state(title, 'FAIL', 'x'.repeat(300)));

  expect(healthInWords(evaluationOf(failed), 100)).toEqual(evaluationOf(failed).reasons);
});

test('checks that only watch are not told', () => {
  const watching = { ...state('watched', 'PASS', 'x'.repeat(500)), observeOnly: true };

  expect(healthInWords(evaluationOf([watching, state('alarm', 'FAIL', 'red')]), ROOM)).toEqual(['alarm failed: red']);
});

test('nobody has to guess what passed: whatever failed, and however long its reason, a summary names it', () => {
  const reason = fc.string({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(reason, { minLength: 1, maxLength: 3 }), reason, (failures, why) => {
      const failed = failures.map((one, n) => state(`alarm ${n}`, 'FAIL', one));
      const said = healthInWords(evaluationOf([...failed, state('http health', 'PASS', why)]), ROOM);
      const summary = summaryOf('Rejected by the checks', ...said);

      expect(summary).toContain('http health');
      failed.forEach(({ title }) => expect(summary).toContain(title));
    }),
  );
});
