/** Which revision serves in which stage. */
import type { PipelineOverview, StageOverview } from '../../../../lambda/domain/overview';
import { servingSection } from '../../../../lambda/review/dashboard/serving-section';
import { REQUEST, WAITING } from '../fixture';
import { later, linesOf, pageOf, viewOf } from './seen';

const DAY = 86_400_000;
const revision = (id: string, message: string) => ({ name: 'Source', id, message, author: 'Cy Wong' });
const serving = (executionId: string) => ({
  executionId,
  revisions: [revision(`${executionId}-id`, `By ${executionId}`)],
});
const overview = (stages: readonly StageOverview[], more: Partial<PipelineOverview> = {}): PipelineOverview => ({
  pipeline: 'shop-release',
  asOf: later(-120_000),
  stages,
  ...more,
});
const lines = (overviews: readonly PipelineOverview[], more: Parameters<typeof viewOf>[0] = {}) =>
  linesOf(servingSection(viewOf({ overviews, ...more })));
const HEAD = ['Live now', 'POST /dashboard/look', '(Refresh)'];
const OF_SHOP = ['{shop-release → /dashboard?pipeline=shop-release}', 'as of 2 minutes ago'];

test('a stage tells what serves in it, and what waits for it to become free', async () => {
  const stage = { stage: 'Prod', serving: serving('run-1'), behind: serving('run-2') };

  expect(await lines([overview([stage])])).toEqual([
    ...HEAD,
    ...OF_SHOP,
    'Prod',
    'By run-1',
    'run-1-id · Cy Wong',
    'Behind it: By run-2',
  ]);
});

test('a stage that nothing serves in says so', async () => {
  expect(await lines([overview([{ stage: 'Prod' }])])).toEqual([
    ...HEAD,
    ...OF_SHOP,
    'Prod',
    'no run has passed, as far as CodePipeline knows',
  ]);
});

describe('the newest run of a stage', () => {
  const said = async (
    executionId: string,
    status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'STOPPED',
    isRollback: boolean,
  ) =>
    (
      await lines([
        overview([{ stage: 'Prod', serving: serving('run-1'), latest: { executionId, status, isRollback } }]),
      ])
    )[5];

  test.each<[string, Parameters<typeof said>, string]>([
    ['under way', ['run-2', 'IN_PROGRESS', false], 'Prod [wait: run under way]'],
    ['a rollback under way', ['run-2', 'IN_PROGRESS', true], 'Prod [wait: rollback under way]'],
    ['failed, and an earlier one serves', ['run-2', 'FAILED', false], 'Prod [bad: newest run failed]'],
    ['a rollback that failed', ['run-2', 'FAILED', true], 'Prod [bad: newest rollback failed]'],
    ['failed after its deployment', ['run-1', 'FAILED', false], 'Prod [bad: run failed, but is live]'],
    ['stopped', ['run-2', 'STOPPED', false], 'Prod [wait: newest run stopped]'],
    ['a rollback that was stopped', ['run-2', 'STOPPED', true], 'Prod [wait: newest rollback stopped]'],
    ['a rollback that serves', ['run-1', 'SUCCEEDED', true], 'Prod [wait: rolled back]'],
    ['done as planned', ['run-1', 'SUCCEEDED', false], 'Prod'],
  ])('%s', async (_what, run, line) => {
    expect(await said(...run)).toBe(line);
  });

  test('that failed in a stage where nothing serves is not live', async () => {
    const latest = { executionId: 'run-1', status: 'FAILED', isRollback: false } as const;

    expect((await lines([overview([{ stage: 'Prod', latest }])]))[5]).toBe('Prod [bad: newest run failed]');
  });
});

test('a stage whose approval waits leads to its request, and not to how its newest run went', async () => {
  const latest = { executionId: 'run-2', status: 'FAILED', isRollback: false } as const;
  const other = { ...WAITING, id: 'f'.repeat(32), asked: { ...WAITING.asked, pipeline: 'other', action: 'Sign' } };
  const waiting = { requests: [other, WAITING], isPart: false };
  const shown = await lines(
    [
      overview([
        { stage: 'Dev', latest },
        { stage: 'Prod', latest },
      ]),
    ],
    { waiting },
  );

  expect(shown).toContain('Dev [bad: newest run failed]');
  expect(shown).toContain(`Prod {waits at Approve → #r-${REQUEST}}`);
});

test('stages that serve the same run look the same, and the older a run the fainter', async () => {
  const runs = ['run-5', 'run-5', 'run-4', 'run-3', 'run-2', 'run-1'];
  const stages = runs.map((run, index) => ({ stage: `Stage${index}`, serving: serving(run) }));
  const page = await pageOf(servingSection(viewOf({ overviews: [overview([{ stage: 'Empty' }, ...stages])] })));

  expect(page.match(/<li class="stage[^"]*"/g)).toEqual([
    '<li class="stage"',
    '<li class="stage age-0"',
    '<li class="stage age-0"',
    '<li class="stage age-1"',
    '<li class="stage age-2"',
    '<li class="stage age-3"',
    '<li class="stage age-3"',
  ]);
});

test('of a pipeline, so many stages are shown', async () => {
  const stages = Array.from({ length: 51 }, (_, index) => ({ stage: `Stage${index}` }));
  const page = await pageOf(servingSection(viewOf({ overviews: [overview(stages)] })));

  expect(page).toContain('Stage49');
  expect(page).not.toContain('Stage50');
});

test('a pipeline that nobody could read for thirty days is forgotten', async () => {
  const read = (asOf: string) => lines([overview([], { asOf })]);

  expect(await read(later(1 - 30 * DAY))).toContain(OF_SHOP[0]);
  expect(await read(later(-30 * DAY))).toEqual([...HEAD, 'Asking CodePipeline. Refresh in a moment.']);
});

test('a filter leaves one pipeline, and stays in force when the page is refreshed', async () => {
  const both = [overview([]), overview([], { pipeline: 'other' })];
  const shown = await lines(both, { filter: { text: '', pipeline: 'other' } });

  expect(shown).toEqual([
    'Live now',
    'POST /dashboard/look',
    'pipeline=other',
    '(Refresh)',
    '{other → /dashboard?pipeline=other}',
    'as of 2 minutes ago',
  ]);
  expect(await lines(both)).toContain(OF_SHOP[0]);
});
