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
