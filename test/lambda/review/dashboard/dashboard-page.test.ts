/** Which parts the page has, and what stands around them. */
import { html } from 'hono/html';
import { dashboardPage } from '../../../../lambda/review/dashboard/dashboard-page';
import type { Filter } from '../../../../lambda/review/dashboard/filter';
import { WAITING } from '../fixture';
import { entry, OVERVIEW } from './fixture';
import { pageOf, viewerOf, viewOf } from './seen';

const pageFor = (more: Parameters<typeof viewOf>[0] = {}) => pageOf(dashboardPage(viewOf(more)));

test.each<[Filter, readonly string[]]>([
  [{ text: '' }, ['waiting', 'serving', 'decided']],
  [{ text: '', pipeline: 'shop-release' }, ['waiting', 'serving', 'decided']],
  [{ text: '', stage: 'Prod' }, ['waiting', 'decided']],
  [{ text: 'x', pipeline: 'shop-release' }, ['waiting', 'decided']],
  [{ text: '', state: 'WAITING' }, ['waiting']],
  [{ text: '', state: 'APPROVED' }, ['decided']],
  [{ text: '', before: 5 }, ['decided']],
])('by %j it has %j', async (filter, parts) => {
  const page = await pageFor({ filter, overviews: [OVERVIEW], decided: { rows: [entry(1)] } });

  expect([...page.matchAll(/<section aria-labelledby="(\w+)"/g)].map(([, id]) => id)).toEqual(parts);
});

test('its title counts what waits', async () => {
  const title = async (count: number) => {
    const requests = Array.from({ length: count }, () => WAITING);
    return /<title>(.*?)<\/title>/.exec(await pageFor({ waiting: { requests, isPart: false } }))?.[1];
  };

  expect(await title(0)).toBe('Approvals');
  expect(await title(2)).toBe('2 waiting · Approvals');
});

test('what was asked of it is confirmed, and else nothing is', async () => {
  expect(await pageFor({ notice: 'It is on its way.' })).toContain(
    '<h1 class="sr">Approvals</h1> <p class="note good" role="status">It is on its way.</p> <form class="filter"',
  );
  expect(await pageFor()).toContain('<h1 class="sr">Approvals</h1> <form class="filter"');
});

test('whoever looks reads their name beside the way out, and where answers are given', async () => {
  const page = await pageFor({ viewer: viewerOf({ exit: html`<b>out</b>` }) });

  expect(page).toContain('<div class="who"><span class="text">bo@example.com</span> <b>out</b></div>');
  expect(page).toContain(
    '<footer><p>You cannot answer on this page: use the personal link in your email.</p></footer>',
  );
  expect(page.match(/<style>/g)).toHaveLength(2);
});
