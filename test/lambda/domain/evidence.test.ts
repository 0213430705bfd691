import { evidenceText, shownBeside, withEvidence } from '../../../lambda/domain/evidence';
import type { CheckState, EvidencePeriod } from '../../../lambda/domain/request';
import { at, checkState } from '../samples';

const CHECKS: readonly CheckState[] = [checkState('PASS', { id: 'b' }), checkState('RUNNING', { id: 'a' })];
const SOURCE = {
  revisions: [{ name: 'app', id: 'abc', message: 'fix' }],
  serving: [{ name: 'app', id: 'aaa' }],
  ...shownBeside(false, CHECKS),
};

describe('evidence', () => {
  test('is one text, so that equal states have equal hashes', () => {
    expect(evidenceText(SOURCE)).toBe('[[["app","abc"]],[["app","aaa"]],[["a","RUNNING"],["b","PASS"]],false]');
  });

  test('has its checks in one order, however they come', () => {
    const text = (...ids: readonly string[]) =>
      evidenceText({
        ...SOURCE,
        ...shownBeside(
          false,
          ids.map((id) => checkState('PASS', { id })),
        ),
      });

    expect(text('c', 'a', 'd', 'b')).toBe(text('a', 'b', 'c', 'd'));
    expect(text('a', 'b', 'c', 'd')).toContain('[["a","PASS"],["b","PASS"],["c","PASS"],["d","PASS"]]');
    expect(text('d', 'c', 'b', 'a')).toBe(text('a', 'b', 'c', 'd'));
  });

  test('is the same whatever the readings, titles, messages and order of checks', () => {
    const checks = [...CHECKS].reverse().map((check) => ({ ...check, reason: 'other', title: 'other' }));
    const revisions = [{ name: 'app', id: 'abc', message: 'other' }];

    expect(evidenceText({ ...SOURCE, ...shownBeside(false, checks), revisions })).toBe(evidenceText(SOURCE));
  });

  test.each([
    ['another revision', { revisions: [{ name: 'app', id: 'abd' }] }],
    ['what serves now', { serving: [] }],
    [
      'a verdict',
      shownBeside(
        false,
        CHECKS.map((check) => ({ ...check, verdict: 'PASS' as const })),
      ),
    ],
    ['one check less', shownBeside(false, CHECKS.slice(1))],
    ['a newer run', { newerRunWaiting: true }],
    ['what the gate would lose', shownBeside(false, CHECKS, undefined, { hash: 'a', weakens: ['quorum 2 → 1'] })],
  ])('changes with %s', (_, change) => {
    expect(evidenceText({ ...SOURCE, ...change })).not.toBe(evidenceText(SOURCE));
  });

  test('tells apart two policies by which it would lose the same', () => {
    const by = (hash: string) =>
      evidenceText({ ...SOURCE, ...shownBeside(false, CHECKS, undefined, { hash, weakens: ['quorum 2 → 1'] }) });

    expect(by('a')).not.toBe(by('b'));
  });

  test('keeps its last twenty states', () => {
    const periods = Array.from({ length: 25 }, (_, n) => ({
      hash: String(n),
      since: at(n),
      shown: shownBeside(n === 24, CHECKS),
    }));

    const history = periods.reduce<readonly EvidencePeriod[]>(withEvidence, []);

    expect(history).toEqual(periods.slice(5));
  });
});
