/** The form by which the dashboard is searched and filtered. */
import type { Filter } from '../../../../lambda/review/dashboard/filter';
import { filterForm } from '../../../../lambda/review/dashboard/filter-form';
import { ANA, BO, CY, WAITING } from '../fixture';
import { entry, OVERVIEW, PEOPLE } from './fixture';
import { pageOf, viewerOf, viewOf } from './seen';

const overviews = [OVERVIEW, { ...OVERVIEW, pipeline: 'docs', stages: [{ stage: 'Site' }] }];
const waiting = {
  requests: [{ ...WAITING, asked: { ...WAITING.asked, pipeline: 'api' } }],
  isPart: false,
};
const pageFor = (filter: Filter, more: Parameters<typeof viewOf>[0] = {}) =>
  pageOf(filterForm(viewOf({ filter, overviews, waiting, decided: { rows: [entry(1)] }, ...more })));

/** The choices of a list, each as `value: text`, the chosen one with a star. */
async function choices(name: string, filter: Filter, more: Parameters<typeof viewOf>[0] = {}) {
  const page = await pageFor(filter, more);
  const [, label = '', list = ''] =
    new RegExp(`<label >([^<]*?) <select name="${name}">(.*?)</select> </label>`).exec(page) ?? [];
  const options = [...list.matchAll(/<option value="([^"]*)" ?(selected)?>(.*?)<\/option>/g)];
  expect(list.replace(/<option value="[^"]*" ?(selected)?>.*?<\/option>/g, '').trim()).toBe('');
  return [label, ...options.map(([, value, chosen, text]) => `${value}: ${text}${chosen === undefined ? '' : ' *'}`)];
}

test('pipelines are those that serve, wait or were decided, each once and in their order', async () => {
  expect(await choices('pipeline', { text: '' })).toEqual([
    'Pipeline',
    ': all',
    'api: api',
    'docs: docs',
    'shop-release: shop-release',
  ]);
});

test('stages are those of the pipeline that is chosen, or of all of them', async () => {
  expect(await choices('stage', { text: '' })).toEqual(['Stage', ': all', 'Dev: Dev', 'Prod: Prod', 'Site: Site']);
  expect(await choices('stage', { text: '', pipeline: 'docs' })).toEqual([
    'Stage',
    ': all',
    'Prod: Prod',
    'Site: Site',
  ]);
});

test('people are those of the workflow, by their names', async () => {
  expect(await choices('person', { text: '', person: BO }, { viewer: viewerOf({ people: PEOPLE }) })).toEqual([
    'Person',
    ': anybody',
    `${ANA}: Ana Lopez`,
    `${BO}: bo@example.com *`,
    `${CY}: cy@example.com`,
  ]);
});

test('states are all that there are', async () => {
  expect(await choices('state', { text: '', state: 'REJECTED' })).toEqual([
    'State',
    ': all',
    'WAITING: waiting',
    'APPROVED: approved',
    'REJECTED: rejected *',
    'EXPIRED: time ran out',
    'STOPPED: stopped',
    'EMERGENCY: opened in an emergency',
    'BYPASSED: bypassed',
  ]);
});

test('what is chosen stays in its list, known or not', async () => {
  expect(await choices('pipeline', { text: '', pipeline: 'gone' })).toEqual([
    'Pipeline',
    ': all',
    'api: api',
    'docs: docs',
    'shop-release: shop-release',
    'gone: gone *',
  ]);
  expect(await choices('pipeline', { text: '', pipeline: 'docs' })).toEqual([
    'Pipeline',
    ': all',
    'api: api',
    'docs: docs *',
    'shop-release: shop-release',
  ]);
});

test('days and the words that are searched for stay as they were typed', async () => {
  const page = await pageFor({ text: 'tea & cake', from: '2026-11-01', to: '2026-11-30' });

  expect(page).toContain('name="q" value="tea &amp; cake"');
  expect(page).toContain('<label>From (UTC) <input type="date" name="from" value="2026-11-01" /></label>');
  expect(page).toContain('<label>To (UTC) <input type="date" name="to" value="2026-11-30" /></label>');
  expect(await pageFor({ text: '' })).toContain(
    '<label>From (UTC) <input type="date" name="from" value="" /></label> <label>To (UTC) <input type="date" name="to" value="" /></label>',
  );
});

test.each<[Filter, boolean, boolean]>([
  [{ text: '' }, false, false],
  [{ text: 'x' }, false, true],
  [{ text: '', before: 5 }, false, true],
  [{ text: '', stage: 'Prod' }, true, true],
  [{ text: 'x', stage: 'Prod' }, true, true],
])('by %j, the filters are open: %s; everything can be shown again: %s', async (filter, isOpen, isOn) => {
  const page = await pageFor(filter);

  expect(page).toContain(isOpen ? '<details open>' : '<details >');
  expect(
    page.endsWith(isOn ? '<p><a class="go" href="/dashboard">Show everything</a></p> </form>' : '</details> </form>'),
  ).toBe(true);
});
