import type { ChangeSetView } from '../../../lambda/domain/change-set';
import { evidenceText, shownBeside, withEvidence } from '../../../lambda/domain/evidence';
import type { CheckState, EvidencePeriod } from '../../../lambda/domain/request';
import { at, checkState } from '../samples';

const READ: ChangeSetView = {
  kind: 'READ',
  stack: 'Orders',
  name: 'prepared',
  id: 'arn:1',
  says: '1 added',
  changes: [],
  unlisted: 0,
};
const UNREAD: ChangeSetView = { kind: 'UNREAD', stack: 'Users', name: 'prepared', reason: 'it is gone' };
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

  test('says what is prepared, and what the gate would lose, each in a place of its own', () => {
    const prepared = shownBeside(false, [], [READ, UNREAD]);
    const weaker = shownBeside(false, [], undefined, { hash: 'f', weakens: ['quorum 2 → 1', 'another window'] });
    const [changeSets, weakens] = [
      '[["Orders","prepared","arn:1","1 added"],["Users","prepared","","could not be read: it is gone"]]',
      '["weakens","f","quorum 2 → 1","another window"]',
    ];
    const text = (beside: object) => evidenceText({ ...SOURCE, ...shownBeside(false, []), ...beside });
    const change = '[["app","abc"]],[["app","aaa"]],[],false';

    expect(text({})).toBe(`[${change}]`);
    expect(text(prepared)).toBe(`[${change},${changeSets}]`);
    expect(text({ changeSets: [] })).toBe(`[${change},[]]`);
    expect(text(weaker)).toBe(`[${change},${weakens}]`);
    expect(text({ ...prepared, ...weaker })).toBe(`[${change},${changeSets},${weakens}]`);
  });

  test('keeps of what is beside the change only what is there', () => {
    const beside = { newerRunWaiting: true, verdicts: [['errors', 'PASS']] };
    const checks = [checkState('PASS')];

    expect(shownBeside(true, checks)).toStrictEqual(beside);
    expect(shownBeside(true, checks, undefined, { hash: 'f' })).toStrictEqual(beside);
    expect(shownBeside(true, checks, [], { hash: 'f', weakens: [] })).toStrictEqual({
      ...beside,
      changeSets: [],
      weakens: [],
      weaker: 'f',
    });
  });

  test('has checks of one name in the order in which they come', () => {
    const checks = [checkState('PASS', { id: 'a' }), checkState('FAIL', { id: 'a' })];

    expect(shownBeside(false, checks).verdicts).toEqual([
      ['a', 'PASS'],
      ['a', 'FAIL'],
    ]);
  });

  describe('forgets its oldest states where they are too long for a row', () => {
    const period = (n: number, size: number): EvidencePeriod => {
      const empty = { hash: String(n), since: at(n), shown: { newerRunWaiting: false, verdicts: [], weaker: '' } };
      return { ...empty, shown: { ...empty.shown, weaker: 'x'.repeat(size - JSON.stringify(empty).length) } };
    };

    test('and no more of them than it has to', () => {
      const [first, second, third] = [period(1, 40_000), period(2, 30_000), period(3, 30_000)];

      expect(withEvidence([first, second], third)).toEqual([first, second, third]);
      expect(withEvidence([first, second], period(3, 30_001))).toEqual([second, period(3, 30_001)]);
      expect(withEvidence([first, second], period(3, 70_001))).toEqual([period(3, 70_001)]);
    });

    test('and never the newest', () => {
      expect(withEvidence([period(1, 200)], period(2, 200_000))).toEqual([period(2, 200_000)]);
    });
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
