/** The page of a gate whose approvers may choose when their approval takes effect. */
import { parseDecision } from '../../../lambda/domain/parse-decision';
import { reviewHandler } from '../../../lambda/review/handler';
import { form, quietLog, site, wordsOf } from './ask';
import {
  BO,
  httpEvent,
  MemoryStore,
  ONE_OF_THEM,
  PEOPLE,
  query,
  RULES,
  scene,
  vote,
  WAITING,
  waiting,
  type Ask,
  type Scene,
} from './fixture';

quietLog();

const rule = { kind: 'MANUAL', people: { ...ONE_OF_THEM, startLater: 'ALLOWED' } } as const;
const offered = (votes: Scene['votes'] = [], more: object = {}): Scene => ({
  ...scene({ ...waiting({ rule }), ...more }),
  votes,
});
const LATER = { 'start-date': '2026-11-24', 'start-time': '23:00' };
const NOT_BEFORE = '2026-11-24T22:00:00.000Z';
const details = JSON.stringify({ notBefore: NOT_BEFORE });

/** The site of a workflow whose team lives in Berlin. */
function berlin(of: Scene) {
  const store = new MemoryStore(of);
  const run = reviewHandler(() => store, undefined, 'Europe/Berlin');
  return { store, ask: (ask: Ask) => run(httpEvent(ask)) };
}

/** An input as a browser reads it. */
function inputOf({ body = '' }: { readonly body?: string }, id: string): string | undefined {
  return new RegExp(`<input[^>]*id="${id}"[^>]*>`).exec(body)?.[0].replace(/\s+/g, ' ');
}

test('the form offers a date and a time, on whose clock it says', async () => {
  const s = offered();
  const page = await berlin(s).ask({ query: query(s) });

  expect(inputOf(page, 'start')).toBe('<input id="start" name="start-date" type="date" value="" />');
  expect(inputOf(page, 'start-time')).toBe('<input id="start-time" name="start-time" type="time" value="" />');
  expect(wordsOf(page)).toContain(
    'Start later (optional) Date Time in Europe/Berlin Leave both empty to start at once.',
  );
  expect(wordsOf(await site(s).ask({ query: query(s) }))).toContain('Time in UTC');
});

test('a gate that does not offer it shows no such fields', async () => {
  const s = scene();
  expect((await berlin(s).ask({ query: query(s) })).body).not.toContain('start-date');
});

test('the time is signed with the answer, and the page says it', async () => {
  const s = offered();
  const { store, ask } = berlin(s);
  const page = await ask({ form: form(s, LATER) });

  expect(page.statusCode).toBe(200);
  expect(wordsOf(page)).toContain(
    'Recorded: you approved it. It is being counted. ' +
      'It is to start no earlier than Tuesday 24 November 2026, 23:00 in Europe/Berlin (22:00 UTC).',
  );
  expect(store.puts).toMatchObject([{ verdict: 'APPROVE', details }]);
  expect(store.puts.map((row) => parseDecision({ ...row }))).toMatchObject([{ ok: true, value: { details } }]);
});

test('the page says it as long as the answer is not counted, too', async () => {
  const s = offered();
  const { ask } = berlin(s);
  const [, submitted = ''] =
    /name="submitted" value="([^"]+)"/.exec((await ask({ form: form(s, LATER) })).body ?? '') ?? [];
  const { by, key } = form(s);
  const page = await ask({ path: `/r/${WAITING.id}/status`, form: { by, key, submitted } });

  expect(wordsOf(page)).toContain(
    'It is being counted. It is to start no earlier than Tuesday 24 November 2026, 23:00',
  );
});

test('empty fields sign the same decision as ever', async () => {
  const s = offered();
  const { store, ask } = berlin(s);
  await ask({ form: form(s, { 'start-date': '', 'start-time': ' ' }) });

  expect(store.puts).toHaveLength(1);
  expect(store.puts[0]).not.toHaveProperty('details');
});

test('a rejection acts at once, whatever stands in the fields', async () => {
  const s = offered();
  const { store, ask } = berlin(s);
  await ask({ form: form(s, { ...LATER, verdict: 'REJECT', comment: 'no' }) });

  expect(store.puts).toMatchObject([{ verdict: 'REJECT' }]);
  expect(store.puts[0]).not.toHaveProperty('details');
});

test('what is no time is not recorded, comes back as it was typed, and is said at its field', async () => {
  const s = offered();
  const { store, ask } = berlin(s);
  const page = await ask({ form: form(s, { 'start-date': '"><b>', 'start-time': '22:00' }) });

  expect(page.statusCode).toBe(422);
  expect(store.puts).toEqual([]);
  expect(page.body).toContain(
    '<a href="#start">Give the start as a date such as 2026-11-27 and a time such as 22:00.</a>',
  );
  expect(inputOf(page, 'start')).toBe(
    '<input id="start" name="start-date" type="date" value="&quot;&gt;&lt;b&gt;" aria-invalid="true" />',
  );
  expect(page.body).toContain('value="22:00"');
});

test('a time at a gate that does not offer one is not recorded: its giver does not mean at once', async () => {
  const s = scene(waiting({ rule: RULES.MANUAL }));
  const { store, ask } = berlin(s);
  const page = await ask({ form: form(s, LATER) });

  expect(page.statusCode).toBe(422);
  expect(store.puts).toEqual([]);
  expect(wordsOf(page)).toContain('This gate does not offer a later start any more.');
});

test('a guest is not let choose a time at which they have no vote any more, and learns until when they may', async () => {
  const s = { ...scene(waiting({ rule }), { until: '2026-11-24T17:00:00.000Z' }), votes: [] };
  const { store, ask } = berlin(s);
  const page = await ask({ form: form(s, LATER) });

  expect(page.statusCode).toBe(422);
  expect(store.puts).toEqual([]);
  expect(wordsOf(page)).toContain('The latest is Tuesday 24 November 2026, 17:55 in Europe/Berlin (16:55 UTC).');
});

describe('a time that was chosen', () => {
  test('is what the form begins with, so that nobody loses it unawares', async () => {
    const s = offered([vote(BO, 'APPROVE', { details })]);
    const { body } = await berlin(s).ask({ query: query(s) });

    expect(body).toContain('name="start-date" type="date" value="2026-11-24"');
    expect(body).toContain('name="start-time" type="time" value="23:00"');
  });

  test('is not begun with once it is over', async () => {
    const s = offered([vote(BO, 'APPROVE', { details: JSON.stringify({ notBefore: '2026-11-23T09:30:00.000Z' }) })]);
    expect((await berlin(s).ask({ query: query(s) })).body).toContain('name="start-date" type="date" value=""');
  });

  test('is shown to everybody beside the name of its giver', async () => {
    const s = offered([vote(BO, 'APPROVE', { details })]);
    expect(wordsOf(await berlin(s).ask({ query: query(s) }))).toContain(
      'bo@example.com (you) to start no earlier than Tuesday 24 November 2026, 22:00 UTC approved',
    );
  });

  test('is said on the clock of the team while it holds the approval back', async () => {
    const held = { summary: 'Approved by Bo', why: 'x', since: NOT_BEFORE, opensAt: NOT_BEFORE };
    const s = offered([vote(BO, 'APPROVE', { details })], { held });
    expect(wordsOf(await berlin(s).ask({ query: query(s) }))).toContain(
      'Approved by Bo. It goes ahead on Tuesday 24 November 2026, 23:00 in Europe/Berlin (22:00 UTC). Until then, a rejection stops it.',
    );
  });
});

test('a quorum keeps its reasons and numbers: nothing else of the form changes', async () => {
  const s = scene(waiting({ rule: { kind: 'MANUAL', people: { ...PEOPLE, startLater: 'ALLOWED' } } }));
  const { store, ask } = berlin(s);
  const page = await ask({ form: form(s, { ...LATER, number: '' }) });

  expect(page.statusCode).toBe(422);
  expect(store.puts).toEqual([]);
  expect(page.body).toContain('value="2026-11-24"');
});
