import {
  BatchGetReportsCommand,
  CodeBuildClient,
  DescribeTestCasesCommand,
  ListReportsForReportGroupCommand,
  type Report,
  type TestCase,
} from '@aws-sdk/client-codebuild';
import { mockClient } from 'aws-sdk-client-mock';
import type { TestReportCheckPlan } from '../../../../contract/checks';
import type { CheckCommand, RunBuild } from '../../../../contract/messages';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';
const GROUP = 'arn:aws:codebuild:us-east-1:111111111111:report-group/shop';

const plan: TestReportCheckPlan = {
  kind: 'testReport',
  id: 'tests',
  title: 'tests shop',
  reportGroupArn: GROUP,
  minTests: 1,
  failures: 'ALL',
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
const regions: string[] = [];
beforeEach(() => {
  codeBuild.reset();
  regions.length = 0;
});

function reportOf(build: string, more: Partial<Report> = {}): Report {
  return {
    arn: `arn:aws:codebuild:us-east-1:111111111111:report/shop:${build}`,
    executionId: `arn:aws:codebuild:us-east-1:111111111111:build/${build}`,
    status: 'SUCCEEDED',
    created: new Date('2026-11-23T10:05:00Z'),
    testSummary: { total: 7, statusCounts: { SUCCEEDED: 7 }, durationInNanoSeconds: 1 },
    ...more,
  };
}

/** The pages of the report group, newest reports first. */
function holds(...pages: readonly (readonly Report[])[]): void {
  const all = pages.flat();
  codeBuild.on(BatchGetReportsCommand).callsFake(({ reportArns }: { reportArns: string[] }) => ({
    reports: all.filter(({ arn = '' }) => reportArns.includes(arn)),
  }));
  codeBuild.on(ListReportsForReportGroupCommand).callsFake(({ nextToken = '0' }: { nextToken?: string }) => {
    const page = Number(nextToken);
    const last = page + 1 >= pages.length;
    return {
      reports: pages[page]?.map(({ arn }) => arn),
      ...(last ? {} : { nextToken: String(page + 1) }),
    };
  });
}

function measured(run: CheckCommand['run'] = { builds: [BUILD] }, check: TestReportCheckPlan = plan) {
  return measure(
    { requestId: 'r'.repeat(32), check, role: 'arn', since: NOW, now: NOW, ...(run && { run }) },
    {
      of: (Service, region) => {
        regions.push(region);
        return new Service({ region, maxAttempts: 1 });
      },
      get: () => Promise.reject(new Error('not an http check')),
    },
  );
}

test('the report of the run’s build is judged, where its group is', async () => {
  holds([reportOf('shop:1')]);

  expect(await measured()).toEqual({
    checkId: 'tests',
    at: NOW,
    verdict: 'PASS',
    reason: '7 tests passed.',
    value: '7 ran, 0 failed, 0 skipped',
    threshold: 'at least 1 ran, 0 failed',
    link: expect.stringContaining('/codesuite/codebuild/111111111111/testReports/reports/shop'),
  });
  expect(regions).toEqual(['us-east-1']);
  expect(codeBuild.commandCalls(ListReportsForReportGroupCommand)[0]?.args[0].input).toMatchObject({
    reportGroupArn: GROUP,
    sortOrder: 'DESCENDING',
  });
});

test('a green report of another build never stands in for the one that is missing', async () => {
  holds([reportOf('shop:0'), reportOf('shop:10'), reportOf('other/shop:2'), reportOf('', { executionId: undefined })]);

  expect(await measured()).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining('No build') });
});

test('a failed test is named', async () => {
  const testSummary = { total: 7, statusCounts: { SUCCEEDED: 5, FAILED: 1, ERROR: 1 }, durationInNanoSeconds: 1 };
  holds([reportOf('shop:1', { status: 'FAILED', testSummary })]);
  codeBuild
    .on(DescribeTestCasesCommand)
    .callsFake(({ filter }: { filter: { status: string } }) =>
      Promise.resolve({ testCases: [{ name: filter.status === 'FAILED' ? 'adds milk' : 'pours tea' }] }),
    );

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: '2 tests failed: adds milk, pours tea.' });
  const asked = codeBuild.commandCalls(DescribeTestCasesCommand).map(({ args }) => args[0].input.filter?.status);
  expect(asked).toEqual(['FAILED', 'ERROR']);
});

test('where every failure counts, none is compared with an earlier run', async () => {
  const testSummary = { total: 1, statusCounts: { FAILED: 1 }, durationInNanoSeconds: 1 };
  holds([reportOf('shop:1', { status: 'FAILED', testSummary })]);
  codeBuild
    .on(DescribeTestCasesCommand)
    .callsFake(({ filter }: { filter: { status: string } }) =>
      Promise.resolve({ testCases: filter.status === 'FAILED' ? [{ name: 'adds milk' }] : [] }),
    );

  expect(await measured({ builds: [BUILD], lastGreen: [{ ...BUILD, id: 'shop:0' }] })).toMatchObject({
    verdict: 'FAIL',
    reason: '1 test failed: adds milk.',
  });
  expect(codeBuild.commandCalls(ListReportsForReportGroupCommand)).toHaveLength(1);
});

test('a failure stays one when nobody can say which', async () => {
  const testSummary = { total: 1, statusCounts: { FAILED: 1 }, durationInNanoSeconds: 1 };
  holds([reportOf('shop:1', { status: 'FAILED', testSummary })]);
  codeBuild.on(DescribeTestCasesCommand).rejects(new Error('denied'));

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: '1 test failed.' });
});

describe('where only new failures count', () => {
  const GREEN: RunBuild = { ...BUILD, id: 'shop:0', startedAt: '2026-11-22T10:00:00.000Z' };
  const compared = (lastGreen: readonly RunBuild[] | undefined = [GREEN]) =>
    measured({ builds: [BUILD], ...(lastGreen.length > 0 && { lastGreen }) }, { ...plan, failures: 'NEW' });

  /** What failed in a build, by page. */
  function failedIn(cases: Readonly<Record<string, readonly (readonly TestCase[])[]>>): void {
    const reports = Object.entries(cases).map(([build, pages]) => {
      const total = pages.flat().length;
      const testSummary = { total, statusCounts: { FAILED: total }, durationInNanoSeconds: 1 };
      const created = new Date(build === 'shop:0' ? '2026-11-22T10:05:00Z' : '2026-11-23T10:05:00Z');
      return reportOf(build, { status: 'FAILED', testSummary, created });
    });
    holds(reports);
    codeBuild
      .on(DescribeTestCasesCommand)
      .callsFake(({ reportArn, filter, nextToken = '0' }: { reportArn: string; filter: any; nextToken?: string }) => {
        const pages =
          (filter.status === 'FAILED' ? cases[reportArn.slice(reportArn.indexOf('shop:shop') + 5)] : []) ?? [];
        const page = Number(nextToken);
        return { testCases: pages[page], ...(page + 1 < pages.length ? { nextToken: String(page + 1) } : {}) };
      });
  }

  const test1 = { testSuiteName: 'cart', prefix: 'it', name: 'adds milk' };
  const test2 = { testSuiteName: 'cart', prefix: 'it', name: 'pours tea' };

  test('a test that failed in the last run that passed holds nothing back', async () => {
    failedIn({ 'shop:1': [[test1]], 'shop:0': [[test1, test2]] });

    expect(await compared()).toMatchObject({
      verdict: 'PASS',
      reason: '0 tests passed, 1 failed as in the last run that passed.',
    });
  });

  test('a test that did not is named, alone', async () => {
    failedIn({ 'shop:1': [[test1], [test2]], 'shop:0': [[test1]] });

    expect(await compared()).toMatchObject({
      verdict: 'FAIL',
      reason: '1 test failed that had not before: pours tea.',
    });
  });

  test.each<[string, TestCase]>([
    ['in another suite', { ...test1, testSuiteName: 'bill' }],
    ['in no suite', { ...test1, testSuiteName: undefined }],
    ['with another prefix', { ...test1, prefix: 'unit' }],
    ['without a prefix', { ...test1, prefix: undefined }],
  ])('a test of the same name %s is another one', async (_, other) => {
    failedIn({ 'shop:1': [[test1]], 'shop:0': [[other]] });

    expect((await compared()).verdict).toBe('FAIL');
  });

  test('a test without suite and prefix is compared by its name', async () => {
    failedIn({ 'shop:1': [[{ name: 'adds milk' }]], 'shop:0': [[{ name: 'adds milk' }]] });
    expect((await compared()).verdict).toBe('PASS');

    failedIn({ 'shop:1': [[{ ...test1, testSuiteName: '', prefix: '' }]], 'shop:0': [[{ name: 'adds milk' }]] });
    expect((await compared()).verdict).toBe('PASS');
  });

  test('a test without a name is never one that had failed before', async () => {
    failedIn({ 'shop:1': [[{}]], 'shop:0': [[{}]] });

    expect(await compared()).toMatchObject({ verdict: 'FAIL', reason: '1 test failed: unnamed.' });
  });

  test('of four new failures three are named, beside what had failed before', async () => {
    const fresh = ['a', 'b', 'c', 'd'].map((name) => ({ ...test1, name }));
    failedIn({ 'shop:1': [[test1, ...fresh]], 'shop:0': [[test1]] });

    expect(await compared()).toMatchObject({
      verdict: 'FAIL',
      reason: '4 tests failed that had not before: a, b, c, ….',
    });
  });

  test.each<[string, Partial<RunBuild>]>([
    ['action', { action: 'Windows' }],
    ['stage', { stage: 'Beta' }],
  ])('a test that failed in another %s is another one', async (_, place) => {
    failedIn({ 'shop:1': [[test1]], 'shop:0': [[test1]] });

    expect((await compared([{ ...GREEN, ...place }])).verdict).toBe('FAIL');
  });

  test('what failed before is read page by page', async () => {
    failedIn({ 'shop:1': [[test2]], 'shop:0': [[test1], [test2]] });

    expect((await compared()).verdict).toBe('PASS');
  });

  test('failures beyond the last page count', async () => {
    const pages = Array.from({ length: 6 }, (_, page) => [{ ...test1, name: `test ${page}` }]);
    failedIn({ 'shop:1': pages, 'shop:0': pages });

    expect(await compared()).toMatchObject({ verdict: 'FAIL', reason: '1 test failed that had not before.' });
  });

  test.each<[string, readonly RunBuild[]]>([
    ['no earlier run passed', []],
    ['the report of the last one is gone', [{ ...GREEN, id: 'shop:gone' }]],
  ])('every failure counts where %s', async (_, lastGreen) => {
    failedIn({ 'shop:1': [[test1]], 'shop:0': [[test1]] });

    expect(await compared(lastGreen)).toMatchObject({
      verdict: 'FAIL',
      reason: '1 test failed: adds milk. There is no report of an earlier run to compare with.',
    });
  });

  test('failures that cannot be read are an error, and are not forgiven', async () => {
    failedIn({ 'shop:1': [[test1]], 'shop:0': [[test1]] });
    codeBuild.on(DescribeTestCasesCommand).rejects(new Error('throttled'));

    expect((await compared()).verdict).toBe('ERROR');
  });

  test('without a failure nothing is compared', async () => {
    holds([reportOf('shop:1')]);

    expect((await compared()).verdict).toBe('PASS');
    expect(codeBuild.commandCalls(ListReportsForReportGroupCommand)).toHaveLength(1);
  });
});

test('later reports of other runs do not hide it', async () => {
  const others = Array.from({ length: 100 }, (_, index) => reportOf(`shop:9${index}`));
  holds(others, [reportOf('shop:1')]);

  expect((await measured()).verdict).toBe('PASS');
});

test('what is older than the run is not looked through', async () => {
  const old = reportOf('shop:0', { created: new Date('2026-11-20T10:00:00Z') });
  holds([reportOf('shop:1'), old], [old]);

  expect((await measured()).verdict).toBe('PASS');
  expect(codeBuild.commandCalls(ListReportsForReportGroupCommand)).toHaveLength(1);
});

describe('how far back reports are looked for', () => {
  const begun = (startedAt: string): RunBuild => ({ ...BUILD, startedAt });
  const pagesRead = () => codeBuild.commandCalls(ListReportsForReportGroupCommand).length;

  test.each([
    ['by the first of its builds', [begun('2026-11-23T10:00:00Z'), { ...begun('2026-11-23T09:00:00Z'), id: 'lint:2' }]],
    ['and a little further, since clocks differ', [begun('2026-11-23T09:08:00Z')]],
  ])('is told %s', async (_, builds) => {
    holds([reportOf('shop:0', { created: new Date('2026-11-23T09:04:00Z') })], [reportOf('shop:1')]);

    await measured({ builds });

    expect(pagesRead()).toBe(2);
  });

  test('ends where a report is older', async () => {
    holds([reportOf('shop:0', { created: new Date('2026-11-23T09:54:59Z') })], [reportOf('shop:1')]);

    expect((await measured()).verdict).toBe('INCONCLUSIVE');
    expect(pagesRead()).toBe(1);
  });

  test('does not end with a report whose age is not told', async () => {
    holds([reportOf('shop:0', { created: undefined })], [reportOf('shop:1')]);

    expect((await measured()).verdict).toBe('PASS');
  });
});

test('a page without reports is no reason to ask for their details', async () => {
  holds([]);

  await measured();

  expect(codeBuild.commandCalls(BatchGetReportsCommand)).toEqual([]);
});

test.each([
  ['without a list', { reports: undefined }],
  ['without a summary', { reports: [reportOf('shop:1', { testSummary: undefined, status: undefined })] }],
])('reports %s are no pass', async (_, answer) => {
  holds([reportOf('shop:1')]);
  codeBuild.on(BatchGetReportsCommand).resolves(answer);

  const { verdict, reason } = await measured();
  expect(['ERROR', 'INCONCLUSIVE']).toContain(verdict);
  expect(reason).not.toContain('could not be carried out');
});

test('no more tests are looked for than are named', async () => {
  const testSummary = { total: 9, statusCounts: { FAILED: 9 }, durationInNanoSeconds: 1 };
  holds([reportOf('shop:1', { status: 'FAILED', testSummary })]);
  const testCases = ['a', 'b', 'c'].map((name) => ({ name }));
  codeBuild.on(DescribeTestCasesCommand).resolves({ testCases });

  expect(await measured()).toMatchObject({ verdict: 'FAIL', reason: expect.stringContaining('a, b, c') });
  const asked = codeBuild.commandCalls(DescribeTestCasesCommand).map(({ args }) => args[0].input);
  expect(asked).toEqual([{ reportArn: reportOf('shop:1').arn, filter: { status: 'FAILED' }, maxResults: 3 }]);
});

test('tests that passed are not asked for by name', async () => {
  holds([reportOf('shop:1')]);

  await measured();

  expect(codeBuild.commandCalls(DescribeTestCasesCommand)).toEqual([]);
});

test.each([
  ['more pages than are read', () => holds(...Array.from({ length: 21 }, (_, page) => [reportOf(`shop:9${page}`)]))],
  [
    'a report that cannot be described',
    () => {
      holds([reportOf('shop:1'), reportOf('shop:2')]);
      codeBuild.on(BatchGetReportsCommand).resolves({ reports: [reportOf('shop:1')] });
    },
  ],
])('%s are an error, and no pass', async (_, given) => {
  given();

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('completely') });
});

test('a group without reports waits for a build that goes on', async () => {
  holds([]);

  expect(await measured({ builds: [{ ...BUILD, isRunning: true }] })).toMatchObject({
    verdict: 'IN_PROGRESS',
    callBackDelay: 30,
  });
});

describe('while a build goes on', () => {
  const green = (): void => holds([reportOf('shop:1')]);

  test('that has made its report, the report counts', async () => {
    green();

    expect((await measured({ builds: [{ ...BUILD, isRunning: true }] })).verdict).toBe('PASS');
  });

  test.each([[{ id: 'integration:0000' }], [{}]])('and %j has not reported yet, it is waited for', async (other) => {
    green();
    const { id: _, ...begun } = BUILD;

    expect(await measured({ builds: [BUILD, { ...begun, ...other, isRunning: true }] })).toMatchObject({
      verdict: 'IN_PROGRESS',
    });
  });
});

test('without a run, or without a build in it, nothing passes and nothing is read', async () => {
  const command = { requestId: 'r', check: plan, role: 'arn', since: NOW, now: NOW };
  const unused = { of: () => Promise.reject(new Error('read')) as never, get: () => Promise.reject(new Error('read')) };

  expect(await measure(command, unused)).toMatchObject({
    verdict: 'ERROR',
    reason: 'It is not known which builds belong to this run.',
  });
  expect((await measure({ ...command, run: { builds: [] } }, unused)).verdict).toBe('INCONCLUSIVE');
});

test('what cannot be read is an error', async () => {
  codeBuild.on(ListReportsForReportGroupCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('AccessDenied') });
});
