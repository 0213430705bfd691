import fc from 'fast-check';
import type { TestReportCheckPlan } from '../../../contract/checks';
import { judgeTests, type TestReport } from '../../../lambda/domain/test-report';
import { TIMING } from '../check-timing';

const plan: TestReportCheckPlan = {
  kind: 'testReport',
  id: 'tests',
  title: 'tests shop',
  reportGroupArn: 'arn:aws:codebuild:eu-west-1:111111111111:report-group/shop',
  minTests: 1,
  failures: 'ALL',
  ...TIMING,
};

function report(counts: Record<string, number>, more: Partial<TestReport> = {}): TestReport {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { status: 'SUCCEEDED', total, counts, ...more };
}

const GREEN = report({ SUCCEEDED: 10, FAILED: 0, ERROR: 0, SKIPPED: 2, UNKNOWN: 0 });

test.each<[string, Partial<TestReportCheckPlan>, readonly TestReport[], boolean, string, RegExp]>([
  ['all tests passed', {}, [GREEN], false, 'PASS', /^10 tests passed, 2 skipped\.$/],
  ['all tests of two builds passed', {}, [GREEN, report({ SUCCEEDED: 1 })], false, 'PASS', /^11 tests passed, 2/],
  ['one build is green and another goes on', {}, [GREEN], true, 'IN_PROGRESS', /not finished/],
  [
    'a test failed',
    {},
    [report({ SUCCEEDED: 9, FAILED: 1 }, { status: 'FAILED' })],
    false,
    'FAIL',
    /^1 test failed\.$/,
  ],
  ['a test broke', {}, [report({ SUCCEEDED: 9, ERROR: 2 })], false, 'FAIL', /^2 tests failed\.$/],
  ['the report failed without a count', {}, [report({}, { status: 'FAILED' })], false, 'FAIL', /^The tests failed\.$/],
  [
    'a test failed while another report is being made',
    {},
    [report({ FAILED: 1 }), report({}, { status: 'GENERATING' })],
    true,
    'FAIL',
    /^1 test failed/,
  ],
  ['exactly the minimum ran', { minTests: 10 }, [GREEN], false, 'PASS', /^10 tests/],
  ['fewer ran than the minimum', { minTests: 11 }, [GREEN], false, 'FAIL', /^10 tests ran, but at least 11 should/],
  ['all tests were skipped', {}, [report({ SKIPPED: 10 })], false, 'FAIL', /^0 tests ran, but at least 1 should/],
  ['no test is in the report', {}, [report({})], false, 'FAIL', /^0 tests ran/],
  ['as many were skipped as may be', { maxSkipped: 2 }, [GREEN], false, 'PASS', /2 skipped/],
  ['more were skipped than may be', { maxSkipped: 1 }, [GREEN], false, 'FAIL', /^2 tests skipped, but at most 1/],
  ['a test has no result', {}, [report({ SUCCEEDED: 9, UNKNOWN: 1 })], false, 'INCONCLUSIVE', /^1 test ended without/],
  ['there is no report', {}, [], false, 'INCONCLUSIVE', /^No build of this run has made a test report\.$/],
  ['there is no report yet', {}, [], true, 'IN_PROGRESS', /not finished/],
  ['the report is being made', {}, [report({}, { status: 'GENERATING' })], false, 'IN_PROGRESS', /not finished/],
  ['the report was broken off', {}, [report({}, { status: 'INCOMPLETE' })], false, 'INCONCLUSIVE', /not complete/],
  ['the report is being deleted', {}, [{ ...GREEN, status: 'DELETING' }], false, 'INCONCLUSIVE', /not complete/],
  ['counts are missing', {}, [{ ...GREEN, total: 13 }], false, 'INCONCLUSIVE', /not complete/],
  ['there are more results than tests', {}, [{ ...GREEN, total: 3 }], false, 'INCONCLUSIVE', /not complete/],
  ['the total is missing', {}, [{ ...GREEN, total: NaN }], false, 'INCONCLUSIVE', /not complete/],
  ['a count is no number', {}, [report({ SUCCEEDED: NaN })], false, 'INCONCLUSIVE', /not complete/],
])('when %s', (_, limits, reports, isBuilding, verdict, reason) => {
  const judged = judgeTests({ ...plan, ...limits }, reports, isBuilding);

  expect(judged.verdict).toBe(verdict);
  expect(judged.reason).toMatch(reason);
});

test('up to three of the failed tests are named, each in a few clean words', () => {
  const failed = [report({ SUCCEEDED: 1, FAILED: 5 })];

  expect(judgeTests(plan, failed, false, { named: ['adds\nmilk', 'b', 'c', 'd'], known: 0 }).reason).toBe(
    '5 tests failed: adds milk, b, c, ….',
  );
  expect(
    judgeTests(plan, [report({ FAILED: 1 })], false, { named: ['x'.repeat(200)], known: 0 }).reason.length,
  ).toBeLessThan(90);
});

describe('where only new failures count', () => {
  const NEW = { ...plan, failures: 'NEW' } as const;
  const red = report({ SUCCEEDED: 8, FAILED: 2, SKIPPED: 1 }, { status: 'FAILED' });

  test.each<[string, TestReport, Parameters<typeof judgeTests>[3], string, string]>([
    [
      'all failed before',
      red,
      { named: [], known: 2 },
      'PASS',
      '8 tests passed, 1 skipped, 2 failed as in the last run that passed.',
    ],
    ['one is new', red, { named: ['b'], known: 1 }, 'FAIL', '1 test failed that had not before: b.'],
    ['one is not known by name', red, { named: [], known: 1 }, 'FAIL', '1 test failed that had not before.'],
    [
      'one is new, and the sums hide it',
      red,
      { named: ['b'], known: 2 },
      'FAIL',
      '1 test failed that had not before: b.',
    ],
    [
      'nothing can be compared with',
      red,
      { named: ['a', 'b'], known: 0, isIncomparable: true },
      'FAIL',
      '2 tests failed: a, b. There is no report of an earlier run to compare with.',
    ],
    [
      'the report failed without saying of which test',
      report({ SUCCEEDED: 8 }, { status: 'FAILED' }),
      { named: [], known: 0 },
      'FAIL',
      'The tests failed.',
    ],
    [
      'the counts do not add up',
      { ...red, total: 12 },
      { named: [], known: 2 },
      'INCONCLUSIVE',
      'The test report of this run is not complete.',
    ],
  ])('and %s', (_, one, failures, verdict, reason) => {
    expect(judgeTests(NEW, [one], false, failures)).toMatchObject({ verdict, reason });
  });

  test('tests that failed before did run', () => {
    const judged = (minTests: number) => judgeTests({ ...NEW, minTests }, [red], false, { named: [], known: 2 });

    expect(judged(10).verdict).toBe('PASS');
    expect(judged(11).verdict).toBe('FAIL');
    expect(judged(10).threshold).toBe('at least 10 ran, 0 failed that had not before');
  });
});

test.each<[number, readonly string[], string]>([
  [1, ['a'], '1 test failed: a.'],
  [2, ['a'], '2 tests failed: a, ….'],
  [3, ['a', 'b', 'c'], '3 tests failed: a, b, c.'],
  [2, [], '2 tests failed.'],
])('of %i failures with the names %j it says: %s', (FAILED, names, reason) => {
  expect(judgeTests(plan, [report({ FAILED })], false, { named: names, known: 0 }).reason).toBe(reason);
});

test('tests of which none was skipped are told without that', () => {
  expect(judgeTests(plan, [report({ SUCCEEDED: 3 })], false).reason).toBe('3 tests passed.');
});

test('a test that failed did run', () => {
  expect(judgeTests(plan, [report({ SUCCEEDED: 2, FAILED: 1, ERROR: 1 })], false)).toMatchObject({
    value: '4 ran, 2 failed, 0 skipped',
    threshold: 'at least 1 ran, 0 failed',
  });
});

test('without a report there is nothing to tell of it', () => {
  expect(judgeTests(plan, [], false)).not.toHaveProperty('value');
});

test.each<[string, Partial<TestReport>]>([
  ['half a test', { total: 10.5, counts: { SUCCEEDED: 10.5 } }],
  ['less than no test', { total: 9, counts: { SUCCEEDED: 10, SKIPPED: -1 } }],
  ['numbers in a text', { total: 1, counts: { SUCCEEDED: '1' as never } }],
])('a report with %s is not complete', (_, broken) => {
  expect(judgeTests(plan, [{ ...GREEN, ...broken }], false).verdict).toBe('INCONCLUSIVE');
});

test('what was read and what was wanted is told beside the verdict', () => {
  expect(judgeTests({ ...plan, minTests: 5, maxSkipped: 3 }, [GREEN], false)).toMatchObject({
    value: '10 ran, 0 failed, 2 skipped',
    threshold: 'at least 5 ran, 0 failed, at most 3 skipped',
  });
});

test('only complete reports without a failure, and with enough tests, ever pass', () => {
  const count = fc.oneof(fc.nat(3), fc.constantFrom(NaN, -1, 0.5));
  const reports = fc.array(
    fc.record({
      status: fc.constantFrom('SUCCEEDED', 'SUCCEEDED', 'FAILED', 'GENERATING', 'INCOMPLETE', 'DELETING', 'NEW'),
      total: fc.oneof(count, fc.nat(12)),
      counts: fc.dictionary(fc.constantFrom('SUCCEEDED', 'FAILED', 'ERROR', 'SKIPPED', 'UNKNOWN', 'NEW'), count),
    }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(reports, fc.boolean(), fc.integer({ min: 1, max: 4 }), fc.nat(3), (all, isBuilding, least, most) => {
      const { verdict } = judgeTests({ ...plan, minTests: least, maxSkipped: most }, all, isBuilding);
      if (verdict !== 'PASS') return;
      const sum = (key: string) => all.reduce((total, { counts }) => total + (counts[key] ?? 0), 0);
      expect(all.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
      expect([sum('FAILED'), sum('ERROR'), sum('UNKNOWN'), sum('NEW')]).toEqual([0, 0, 0, 0]);
      expect(sum('SUCCEEDED')).toBeGreaterThanOrEqual(least);
      expect(sum('SKIPPED')).toBeLessThanOrEqual(most);
      expect(sum('SUCCEEDED') + sum('SKIPPED')).toBe(all.reduce((total, one) => total + one.total, 0));
    }),
    { numRuns: 2000 },
  );
});
