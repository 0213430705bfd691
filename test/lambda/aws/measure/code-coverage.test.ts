import {
  BatchGetReportsCommand,
  CodeBuildClient,
  ListReportsForReportGroupCommand,
  type Report,
} from '@aws-sdk/client-codebuild';
import { mockClient } from 'aws-sdk-client-mock';
import type { CodeCoverageCheckPlan } from '../../../../contract/checks';
import type { CheckCommand, RunBuild } from '../../../../contract/messages';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';
const plan: CodeCoverageCheckPlan = {
  kind: 'codeCoverage',
  id: 'coverage',
  title: 'coverage shop',
  reportGroupArn: 'arn:aws:codebuild:us-east-1:111111111111:report-group/shop',
  minLinePercent: 80,
  minBranchPercent: 70,
  ...TIMING,
};
const BUILD: RunBuild = {
  id: 'shop:1',
  stage: 'Test',
  action: 'Linux',
  startedAt: '2026-11-23T10:00:00.000Z',
  isRunning: false,
};

const codeBuild = mockClient(CodeBuildClient);
beforeEach(() => codeBuild.reset());

function reportOf(build: string, more: Partial<Report> = {}): Report {
  return {
    arn: `arn:aws:codebuild:us-east-1:111111111111:report/shop:${build}`,
    type: 'CODE_COVERAGE',
    executionId: `arn:aws:codebuild:us-east-1:111111111111:build/${build}`,
    status: 'SUCCEEDED',
    created: new Date('2026-11-23T10:05:00Z'),
    codeCoverageSummary: {
      lineCoveragePercentage: 90,
      linesCovered: 90,
      linesMissed: 10,
      branchCoveragePercentage: 75,
      branchesCovered: 75,
      branchesMissed: 25,
    },
    ...more,
  };
}

function holds(...reports: readonly Report[]): void {
  codeBuild.on(ListReportsForReportGroupCommand).resolves({ reports: reports.map(({ arn = '' }) => arn) });
  codeBuild.on(BatchGetReportsCommand).resolves({ reports: [...reports] });
}

function measured(run: CheckCommand['run'] | null = { builds: [BUILD] }, more: Partial<CodeCoverageCheckPlan> = {}) {
  return measure(
    { requestId: 'r'.repeat(32), check: { ...plan, ...more }, role: 'arn', since: NOW, now: NOW, ...(run && { run }) },
    {
      of: (Service, region) => new Service({ region, maxAttempts: 1 }),
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

test('the coverage that the run’s build reported is judged', async () => {
  holds(reportOf('shop:1'));

  expect(await measured()).toEqual({
    checkId: 'coverage',
    at: NOW,
    verdict: 'PASS',
    reason: 'Line coverage is 90 %, branch coverage is 75 %.',
    value: 'lines 90 %, branches 75 %',
    threshold: 'lines at least 80 %, branches at least 70 %',
    link: expect.stringContaining('/codesuite/codebuild/111111111111/testReports/reports/shop'),
  });
});

describe('where the coverage may not drop', () => {
  const GREEN: RunBuild = { ...BUILD, id: 'shop:0', startedAt: '2026-11-22T10:00:00.000Z' };
  const earlier = (lines: number) =>
    reportOf('shop:0', {
      created: new Date('2026-11-22T10:05:00Z'),
      codeCoverageSummary: { ...reportOf('shop:0').codeCoverageSummary, lineCoveragePercentage: lines },
    });

  test('it is compared with what the builds of the last run that passed have reported', async () => {
    holds(reportOf('shop:1'), earlier(95));

    expect(await measured({ builds: [BUILD], lastGreen: [GREEN] }, { maxDropPoints: 4 })).toMatchObject({
      verdict: 'FAIL',
      reason: 'Line coverage is 90 %, but was 95 % in the last run that passed, and it may be at most 4 points lower.',
    });
    expect(await measured({ builds: [BUILD], lastGreen: [GREEN] }, { maxDropPoints: 5 })).toMatchObject({
      verdict: 'PASS',
      reason: 'Line coverage is 90 %, branch coverage is 75 %.',
    });
  });

  test.each<[string, CheckCommand['run']]>([
    ['no run has passed', { builds: [BUILD] }],
    ['its report is gone', { builds: [BUILD], lastGreen: [{ ...GREEN, id: 'shop:gone' }] }],
  ])('the minimums decide where %s, and it is told', async (_, run) => {
    holds(reportOf('shop:1'), earlier(95));

    expect(await measured(run, { maxDropPoints: 0 })).toMatchObject({
      verdict: 'PASS',
      reason: expect.stringContaining('There is no report of an earlier run to compare with.'),
    });
  });

  test('an earlier report that cannot be read is an error', async () => {
    holds(reportOf('shop:1'));
    codeBuild
      .on(ListReportsForReportGroupCommand)
      .resolvesOnce({ reports: [reportOf('shop:1').arn!] })
      .rejects(new Error('throttled'));

    expect((await measured({ builds: [BUILD], lastGreen: [GREEN] }, { maxDropPoints: 0 })).verdict).toBe('ERROR');
  });

  test('nothing is compared where it may drop', async () => {
    holds(reportOf('shop:1'), earlier(95));

    expect((await measured({ builds: [BUILD], lastGreen: [GREEN] })).verdict).toBe('PASS');
    expect(codeBuild.commandCalls(ListReportsForReportGroupCommand)).toHaveLength(1);
  });
});

test('the coverage of another change never stands in for the one that is missing', async () => {
  holds(reportOf('shop:0'));

  expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining('No build') });
});

test.each<[string, Partial<Report>, string, RegExp]>([
  ['without a summary', { codeCoverageSummary: undefined }, 'INCONCLUSIVE', /how many lines/],
  ['without a status', { status: undefined }, 'INCONCLUSIVE', /not complete/],
  ['of tests', { type: 'TEST' }, 'ERROR', /none of code coverage/],
])('a report %s opens nothing', async (_, more, verdict, reason) => {
  holds(reportOf('shop:1', more));

  expect(await measured()).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
});

test('reports that cannot be read completely are an error, and no pass', async () => {
  holds(reportOf('shop:1'));
  codeBuild.on(ListReportsForReportGroupCommand).resolves({ reports: [reportOf('shop:1').arn!, 'another'] });

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('completely') });
});

test('without a run, or without a build in it, nothing passes and nothing is read', async () => {
  expect((await measured(null)).verdict).toBe('ERROR');
  expect((await measured({ builds: [] })).verdict).toBe('INCONCLUSIVE');
  expect(codeBuild.calls()).toHaveLength(0);
});
