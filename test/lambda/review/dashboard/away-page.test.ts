/** Where somebody says that they are away: what the page offers and tells. */
import { awayPage, type AwayView } from '../../../../lambda/review/dashboard/away-page';
import { noticeOf } from '../../../../lambda/review/dashboard/notice';
import { ANA, BO, CY } from '../fixture';
import { PEOPLE, person } from './fixture';
import { AT, later, linesOf, pageOf, viewerOf } from './seen';

const me = person(BO, 'bo@example.com', { delegates: [ANA, CY] });
const AWAY = { person: BO, delegate: ANA, from: AT, until: '2026-12-01T00:00:00.000Z', setAt: AT };
const view = (more: Partial<AwayView> = {}): AwayView => ({
  viewer: viewerOf({ me, people: PEOPLE }),
  absence: undefined,
  now: AT,
  ...more,
});
const lines = (more: Partial<AwayView> = {}) => linesOf(awayPage(view(more)));
const FORM = [
  'POST /dashboard/away',
  'Who answers for you',
  'Ana Lopez',
  'cy@example.com',
  'First day (empty: from now on)',
  'Last day',
];
const REST =
  'Requests that wait already are handed over within minutes; what you have answered stays. You both get an email.';
const END = ['(Hand over my answers)', '{Back to the dashboard → /dashboard}'];

test('whoever is here names a delegate and the days', async () => {
  expect(await lines()).toEqual(['While you are away', ...FORM, `Days are in UTC. ${REST}`, ...END]);
});

test.each<[string, string]>([
  [AT, 'Until Tuesday 1 December 2026, 00:00 UTC'],
  [later(86_400_000), 'From Tuesday 24 November 2026, 09:30 UTC until Tuesday 1 December 2026, 00:00 UTC'],
])('an absence from %s on is told, and can be ended or replaced', async (from, period) => {
  expect(await lines({ absence: { ...AWAY, from } })).toEqual([
    'While you are away',
    'POST /dashboard/back',
    `${period}, Ana Lopez is asked in your place. To answer yourself again, end your absence.`,
    '(End my absence)',
    ...FORM,
    `Days are in UTC. This takes the place of the absence above. ${REST}`,
    ...END,
  ]);
});

test('what was refused is told, and what was typed stays', async () => {
  const form = { delegate: CY, from: '2026-11-24', until: '2026-11-20' };
  const page = await pageOf(awayPage(view({ problem: 'Not like this.', form })));

  expect(page).toContain('role="alert" id="problem">Not like this.</p>');
  expect(page).toContain(`<option value="${ANA}" >`);
  expect(page).toContain(`<option value="${CY}" selected>`);
  expect(page).toContain('type="date" min="2026-11-23" value="2026-11-24" />');
  expect(page).toContain('type="date" min="2026-11-23" value="2026-11-20" required />');
});

test('a form that is new is empty, under the name of whoever looks', async () => {
  const page = await pageOf(awayPage(view()));

  expect(page).toContain('<title>Absence</title>');
  expect(page).toContain('<span class="text">bo@example.com</span>');
  expect(page.match(/min="2026-11-23" value=""/g)).toHaveLength(2);
});

test.each<[string | null, string | undefined]>([
  ['link', 'Your personal link is on its way to your mailbox.'],
  ['away', 'Your absence is being recorded.'],
  ['back', 'Your absence is being ended.'],
  ['', undefined],
  ['x', undefined],
  [null, undefined],
])('the notice %j begins with %j', (name, sentence) => {
  expect(noticeOf(name)?.split(/(?<=\.)/)[0]).toBe(sentence);
});
