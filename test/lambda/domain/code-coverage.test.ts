import fc from 'fast-check';
import type { CodeCoverageCheckPlan } from '../../../contract/checks';
import { judgeCoverage, type Covered, type CoverageReport } from '../../../lambda/domain/code-coverage';
import { TIMING } from '../check-timing';

type Limits = Pick<CodeCoverageCheckPlan, 'minLinePercent' | 'minBranchPercent' | 'maxDropPoints'>;

const planOf = (limits: Limits): CodeCoverageCheckPlan => ({
  kind: 'codeCoverage',
  id: 'coverage',
  title: 'coverage shop',
  reportGroupArn: 'arn:aws:codebuild:eu-west-1:111111111111:report-group/shop',
  ...TIMING,
  ...limits,
});

const covered = (percent: number): Covered => ({ percent, covered: percent, missed: 100 - percent });

function report(lines: number, branches: number, status = 'SUCCEEDED'): CoverageReport {
  return { status, lines: covered(lines), branches: covered(branches) };
}

const LINES: Limits = { minLinePercent: 80 };
const BOTH: Limits = { minLinePercent: 80, minBranchPercent: 70 };
const WITHOUT_BRANCHES: CoverageReport = {
  status: 'SUCCEEDED',
  lines: covered(90),
  branches: { percent: 100, covered: 0, missed: 0 },
};

test.each<[string, Limits, readonly CoverageReport[], boolean, string, RegExp]>([
  ['as many lines are covered as have to be', LINES, [report(80, 0)], false, 'PASS', /^Line coverage is 80 %\.$/],
  ['lines and branches are covered', BOTH, [report(90, 75.5)], false, 'PASS', /90 %, branch coverage is 75.5 %\.$/],
  [
    'too few lines are',
    BOTH,
    [report(79.996, 75)],
    false,
    'FAIL',
    /^Line coverage is 79.99 %, but .* at least 80 %\.$/,
  ],
  [
    'hardly too few lines are',
    { minLinePercent: 64.1 },
    [report(64.095, 75)],
    false,
    'FAIL',
    /^Line coverage is 64.09 %, but .* at least 64.1 %\.$/,
  ],
  ['exactly enough are', { minLinePercent: 64.1 }, [report(64.1, 75)], false, 'PASS', /^Line coverage is 64.1 %\.$/],
  ['too few branches are', BOTH, [report(90, 69)], false, 'FAIL', /^Branch coverage is 69 %, but .* at least 70 %\.$/],
  ['one of two reports is too low', LINES, [report(95, 0), report(60, 0)], false, 'FAIL', /is 60 %/],
  [
    'one is too low and another is being made',
    LINES,
    [report(60, 0), report(0, 0, 'GENERATING')],
    true,
    'FAIL',
    /60 %/,
  ],
  ['one is good and another build goes on', LINES, [report(95, 0)], true, 'IN_PROGRESS', /not finished/],
  ['the report is being made', LINES, [report(0, 0, 'GENERATING')], false, 'IN_PROGRESS', /not finished/],
  ['there is no report yet', LINES, [], true, 'IN_PROGRESS', /not finished/],
  ['there is no report', LINES, [], false, 'INCONCLUSIVE', /^No build of this run has made a coverage report\.$/],
  ['the report could not be made', LINES, [report(90, 0, 'FAILED')], false, 'INCONCLUSIVE', /not complete/],
  ['one of two was broken off', LINES, [report(90, 0), report(90, 0, 'INCOMPLETE')], false, 'INCONCLUSIVE', /complete/],
  ['the report knows no branches', BOTH, [WITHOUT_BRANCHES], false, 'INCONCLUSIVE', /how many branches are covered/],
  ['nobody asks for its branches', LINES, [WITHOUT_BRANCHES], false, 'PASS', /90 %/],
  ['little is covered, and nothing more is asked for', { minLinePercent: 10 }, [report(20, 0)], false, 'PASS', /20 %/],
  ['all is covered', LINES, [report(100, 0)], false, 'PASS', /100 %/],
  ['nothing is covered', LINES, [report(0, 0)], false, 'FAIL', /^Line coverage is 0 %, but/],
  [
    'less than nothing is said to be covered',
    LINES,
    [{ ...WITHOUT_BRANCHES, lines: { percent: -1, covered: 1, missed: 0 } }],
    false,
    'INCONCLUSIVE',
    /how many lines are covered/,
  ],
  [
    'one of two reports does not say it',
    LINES,
    [report(90, 0), { ...report(90, 0), lines: {} }],
    false,
    'INCONCLUSIVE',
    /how many lines are covered/,
  ],
  ['it says nothing', LINES, [{ ...WITHOUT_BRANCHES, lines: {} }], false, 'INCONCLUSIVE', /how many lines are covered/],
])('when %s', (_, limits, reports, isBuilding, verdict, reason) => {
  const judged = judgeCoverage(planOf(limits), reports, isBuilding);

  expect(judged.verdict).toBe(verdict);
  expect(judged.reason).toMatch(reason);
});

test('what was read and what was wanted is told beside the verdict', () => {
  expect(judgeCoverage(planOf(BOTH), [report(90, 60)], false)).toMatchObject({
    value: 'lines 90 %, branches 60 %',
    threshold: 'lines at least 80 %, branches at least 70 %',
  });
  expect(judgeCoverage(planOf(BOTH), [], false)).not.toHaveProperty('value');
});

describe('beside an earlier run', () => {
  const DROP: Limits = { minLinePercent: 50, maxDropPoints: 0.5 };
  const OF_BOTH: Limits = { ...BOTH, maxDropPoints: 2 };
  const ALONE = 'There is no report of an earlier run to compare with.';

  test.each<[string, Limits, readonly CoverageReport[], readonly CoverageReport[], string, string]>([
    ['as much', DROP, [report(80, 0)], [report(80, 0)], 'PASS', 'Line coverage is 80 %.'],
    ['more', DROP, [report(81, 0)], [report(80, 0)], 'PASS', 'Line coverage is 81 %.'],
    ['just as little as allowed', DROP, [report(79.6, 0)], [report(80.1, 0)], 'PASS', 'Line coverage is 79.6 %.'],
    [
      'a little less than that',
      DROP,
      [report(79.59, 0)],
      [report(80.1, 0)],
      'FAIL',
      'Line coverage is 79.59 %, but was 80.1 % in the last run that passed, and it may be at most 0.5 points lower.',
    ],
    [
      'less, where it may not be lower',
      { ...DROP, maxDropPoints: 0 },
      [report(79.99, 0)],
      [report(80, 0)],
      'FAIL',
      'Line coverage is 79.99 %, but was 80 % in the last run that passed, and it may not be lower.',
    ],
    [
      'fewer branches',
      OF_BOTH,
      [report(90, 77)],
      [report(90, 80)],
      'FAIL',
      'Branch coverage is 77 %, but was 80 % in the last run that passed, and it may be at most 2 points lower.',
    ],
    [
      'fewer branches, which have no minimum',
      DROP,
      [report(80, 10)],
      [report(80, 90)],
      'PASS',
      'Line coverage is 80 %.',
    ],
    [
      'less than the minimum, which it was not then',
      OF_BOTH,
      [report(79, 75)],
      [report(90, 80)],
      'FAIL',
      'Line coverage is 79 %, but has to be at least 80 %.',
    ],
    [
      'less in one of two builds',
      DROP,
      [report(90, 0), report(60, 0)],
      [report(90, 0), report(61, 0)],
      'FAIL',
      'Line coverage is 60 %, but was 61 % in the last run that passed, and it may be at most 0.5 points lower.',
    ],
    ['no earlier report', DROP, [report(60, 0)], [], 'PASS', `Line coverage is 60 %. ${ALONE}`],
    [
      'an earlier report that was broken off',
      DROP,
      [report(60, 0)],
      [report(90, 0), report(90, 0, 'FAILED')],
      'PASS',
      `Line coverage is 60 %. ${ALONE}`,
    ],
    [
      'an earlier report without branches',
      OF_BOTH,
      [report(90, 70)],
      [WITHOUT_BRANCHES],
      'PASS',
      `Line coverage is 90 %, branch coverage is 70 %. ${ALONE}`,
    ],
    ['no limit to a drop', LINES, [report(80, 0)], [report(99, 0)], 'PASS', 'Line coverage is 80 %.'],
    [
      'no report of its own',
      DROP,
      [],
      [report(90, 0)],
      'INCONCLUSIVE',
      'No build of this run has made a coverage report.',
    ],
  ])('with %s', (_, limits, reports, earlier, verdict, reason) => {
    expect(judgeCoverage(planOf(limits), reports, false, earlier)).toMatchObject({ verdict, reason });
  });

  test('a drop fails before all builds have reported', () => {
    const { verdict } = judgeCoverage(planOf(DROP), [report(79, 0)], true, [report(90, 0)]);

    expect(verdict).toBe('FAIL');
  });

  test('what is allowed is told as the threshold', () => {
    const thresholdOf = (maxDropPoints: number) =>
      judgeCoverage(planOf({ ...BOTH, maxDropPoints }), [report(90, 80)], false, []).threshold;

    expect(thresholdOf(1)).toBe('lines at least 80 %, branches at least 70 %, at most 1 point less than before');
    expect(thresholdOf(0.5)).toMatch(/at most 0.5 points less than before$/);
  });

  test('limits that are no numbers let nothing pass', () => {
    const verdictOf = (limits: Limits) =>
      judgeCoverage(planOf(limits), [report(90, 0)], false, [report(90, 0)]).verdict;

    expect(verdictOf({ ...DROP, maxDropPoints: NaN })).toBe('FAIL');
    expect(verdictOf({ minLinePercent: NaN })).toBe('FAIL');
  });
});

test('only complete reports that all say enough ever pass', () => {
  const number = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(NaN, -1, 101, Infinity, undefined));
  const some: fc.Arbitrary<Covered> = fc.record({ percent: number, covered: number, missed: number });
  const reports = fc.array(
    fc.record({
      status: fc.constantFrom('SUCCEEDED', 'SUCCEEDED', 'FAILED', 'GENERATING', 'INCOMPLETE', 'DELETING', 'NEW'),
      lines: some,
      branches: some,
    }),
    { maxLength: 3 },
  );
  const least = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(reports, fc.boolean(), least, fc.option(least, { nil: undefined }), (all, isBuilding, line, branch) => {
      const limits = { minLinePercent: line, ...(branch === undefined ? {} : { minBranchPercent: branch }) };
      if (judgeCoverage(planOf(limits), all, isBuilding).verdict !== 'PASS') return;
      expect(isBuilding).toBe(false);
      expect(all.length).toBeGreaterThan(0);
      const enough = ({ percent = NaN, covered: yes = NaN, missed = NaN }: Covered, minimum: number) =>
        percent >= minimum && percent <= 100 && yes + missed > 0;
      expect(all.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
      expect(all.every(({ lines }) => enough(lines, line))).toBe(true);
      expect(branch === undefined || all.every(({ branches }) => enough(branches, branch))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
