/** The page of a link once one person has opened its gate alone: whoever was asked may close the follow-up, and nobody else. */
import type { Delivered } from '../../../lambda/domain/request';
import type { Invitation } from '../../../lambda/domain/vote';
import { form, quietLog, site, wordsOf, wrongNumber } from './ask';
import { ANA, APPROVED, BO, CLOSED, DELIVERED, EVIDENCE, query, scene } from './fixture';

quietLog();

const OPENED = {
  ...APPROVED,
  by: 'BREAK_GLASS',
  summary: 'Opened in an emergency by Ana alone. Customers are ill',
} as const;
const open = (more: Partial<Delivered> = {}): Delivered => ({
  ...DELIVERED,
  outcome: OPENED,
  followUp: { since: DELIVERED.deliveredAt, openedBy: [ANA] },
  ...more,
});
const asked: Partial<Invitation> = { reviewAskedAt: '2026-11-23T09:21:00.000Z' };
const review = (s: ReturnType<typeof scene>, more: Readonly<Record<string, string>> = {}) =>
  form(s, { verdict: 'REVIEWED', comment: 'The fix was right', ...more });

test('whoever was asked is shown who opened it and why, and closes it with a comment', async () => {
  const s = scene(open(), asked);
  const { ask, store } = site(s);
  const before = await ask({ query: query(s) });

  expect(wordsOf(before)).toContain('Its follow-up is open');
  expect(wordsOf(before)).toContain('A second person has to look at this Opened in an emergency by Ana alone.');
  expect(before.body).toContain('data-phase="telling"');
  const page = await ask({ form: review(s) });
  expect(page.statusCode).toBe(200);
  expect(wordsOf(page)).toContain('Recorded: you close its follow-up.');
  expect(page.body).not.toContain('id="review"');
  expect(store.puts).toMatchObject([{ verdict: 'REVIEWED', comment: 'The fix was right', evidence: EVIDENCE }]);
});

test.each<[string, Record<string, string>, string, readonly string[]]>([
  ['a comment', { comment: ' ' }, 'Say what you found', []],
  ['the number', { number: '' }, 'Type the number', []],
  ['the right number', { number: 'WRONG' }, 'That is not the number shown', ['WRONG_NUMBER']],
])('without %s nothing is closed, and what was typed stays', async (_, more, problem, puts) => {
  const s = scene(open(), asked);
  const { ask, store } = site(s);
  const typed = more['number'] === 'WRONG' ? { number: wrongNumber(s) } : more;
  const page = await ask({ form: review(s, typed) });

  expect(page.statusCode).toBe(422);
  expect(wordsOf(page)).toContain(problem);
  expect(page.body).toContain(typed['comment'] === undefined ? 'The fix was right' : 'id="review"');
  expect(store.puts.map(({ verdict }) => verdict)).toEqual(puts);
});

test.each<[string, ReturnType<typeof scene>]>([
  ['whoever was not asked to', scene(open())],
  ['whoever opened it', scene(open({ followUp: { since: DELIVERED.deliveredAt, openedBy: [BO] } }), asked)],
  ['anybody once it is closed', scene({ ...CLOSED, outcome: OPENED, followUp: open().followUp! }, asked)],
  ['anybody at a gate that nobody opened alone', scene(DELIVERED, asked)],
])('nothing of it is there for %s, and a review is not recorded', async (_, s) => {
  const { ask, store } = site(s);

  expect((await ask({ query: query(s) })).body).not.toContain('id="review"');
  expect((await ask({ form: review(s) })).statusCode).toBe(409);
  expect(store.puts).toEqual([]);
});

test('neither an approval nor a rejection is taken by it', async () => {
  const s = scene(open(), asked);
  const { ask, store } = site(s);
  for (const verdict of ['APPROVE', 'REJECT', 'BREAK_GLASS']) {
    expect((await ask({ form: review(s, { verdict }) })).statusCode).toBe(409);
  }
  expect(store.puts).toEqual([]);
});

test('a link lives as long as the follow-up, and for a week afterwards', async () => {
  const long = '2026-10-01T09:00:00.000Z';
  const late = open({ deliveredAt: long });
  const closed = (closedAt: string) => ({
    ...CLOSED,
    deliveredAt: long,
    outcome: OPENED,
    followUp: late.followUp!,
    closedAt,
  });
  const statusOf = async (s: ReturnType<typeof scene>) => (await site(s).ask({ query: query(s) })).statusCode;

  expect(await statusOf(scene(late, asked))).toBe(200);
  expect(await statusOf(scene(closed('2026-11-22T09:00:00.000Z'), asked))).toBe(200);
  expect(await statusOf(scene(closed('2026-11-01T09:00:00.000Z'), asked))).toBe(404);
});
