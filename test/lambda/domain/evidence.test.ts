import { evidenceText, withEvidence } from '../../../lambda/domain/evidence';
import type { EvidencePeriod } from '../../../lambda/domain/request';
import { at, checkState } from '../samples';

const SOURCE = {
  revisions: [{ name: 'app', id: 'abc', message: 'fix' }],
  serving: [{ name: 'app', id: 'aaa' }],
  newerRunWaiting: false,
  checks: [checkState('PASS', { id: 'b' }), checkState('RUNNING', { id: 'a' })],
};

describe('evidence', () => {
  test('is one text, so that equal states have equal hashes', () => {
    expect(evidenceText(SOURCE)).toBe('[[["app","abc"]],[["app","aaa"]],[["a","RUNNING"],["b","PASS"]],false]');
  });

  test('has its checks in one order, however they come', () => {
    const text = (...ids: readonly string[]) =>
      evidenceText({ ...SOURCE, checks: ids.map((id) => checkState('PASS', { id })) });

    expect(text('c', 'a', 'd', 'b')).toBe(text('a', 'b', 'c', 'd'));
    expect(text('a', 'b', 'c', 'd')).toContain('[["a","PASS"],["b","PASS"],["c","PASS"],["d","PASS"]]');
    expect(text('d', 'c', 'b', 'a')).toBe(text('a', 'b', 'c', 'd'));
  });

  test('is the same whatever the readings, titles, messages and order of checks', () => {
    const checks = [...SOURCE.checks].reverse().map((check) => ({ ...check, reason: 'other', title: 'other' }));
    const revisions = [{ name: 'app', id: 'abc', message: 'other' }];

    expect(evidenceText({ ...SOURCE, checks, revisions })).toBe(evidenceText(SOURCE));
  });

  test.each([
    ['another revision', { revisions: [{ name: 'app', id: 'abd' }] }],
    ['what serves now', { serving: [] }],
    ['a verdict', { checks: SOURCE.checks.map((check) => ({ ...check, verdict: 'PASS' as const })) }],
    ['one check less', { checks: SOURCE.checks.slice(1) }],
    ['a newer run', { newerRunWaiting: true }],
  ])('changes with %s', (_, change) => {
    expect(evidenceText({ ...SOURCE, ...change })).not.toBe(evidenceText(SOURCE));
  });

  test('keeps its last twenty states', () => {
    const history = Array.from({ length: 25 }, (_, n) => n).reduce<readonly EvidencePeriod[]>(
      (earlier, n) => withEvidence(earlier, String(n), at(n)),
      [],
    );

    expect(history).toEqual(Array.from({ length: 20 }, (_, n) => ({ hash: String(n + 5), since: at(n + 5) })));
  });
});
