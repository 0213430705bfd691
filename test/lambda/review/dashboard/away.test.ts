/** The page by which somebody who is signed in goes away. */
import { parseErrand } from '../../../../lambda/domain/sign-in';
import { ANA, BO, CY, NOW as THEN, WAITING } from '../fixture';
import { browserOf, MemoryDashboard, PEOPLE, SESSION } from './fixture';

const ME = SESSION.approver;
const OTHER = PEOPLE.find(({ id }) => id !== ME)!;
const NOW = new Date(THEN).toISOString();
const TODAY = NOW.slice(0, 10);
const AWAY = {
  person: ME,
  delegate: OTHER.id,
  from: NOW,
  until: `${Number(TODAY.slice(0, 4)) + 1}-01-01T00:00:00.000Z`,
  setAt: NOW,
};

let dashboard: MemoryDashboard;

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  dashboard = new MemoryDashboard();
  dashboard.everybody = PEOPLE.map((one) => (one.id === ME ? { ...one, delegates: [OTHER.id] } : one));
});

afterEach(() => jest.restoreAllMocks());

const get = (path: string, cookie?: string) =>
  browserOf(dashboard, cookie)({ path: path.split('?')[0]!, query: path.split('?')[1] ?? '' });
const post = (path: string, form: Record<string, string> = {}, cookie?: string) =>
  browserOf(dashboard, cookie)({ path, form });
const form = (more: Record<string, string> = {}) => ({ delegate: OTHER.id, from: '', until: TODAY, ...more });

test('is linked from the dashboard for whoever has a delegate, and for nobody else', async () => {
  expect((await get('/dashboard')).body).toContain('href="/dashboard/away"');
  dashboard.everybody = PEOPLE;
  expect((await get('/dashboard')).body).not.toContain('href="/dashboard/away"');
  expect((await get('/dashboard/away')).body).toContain('Nobody is declared who could answer in your place');
});

test('offers the declared delegates, in three reads, and puts nothing', async () => {
  const { status, body } = await get('/dashboard/away');

  expect(status).toBe(200);
  expect(body.match(/<option/g)).toHaveLength(1);
  expect(body).toContain(`<option value="${OTHER.id}"`);
  expect(body).not.toContain('End my absence');
  expect([dashboard.reads, dashboard.puts.length]).toEqual([3, 0]);
});

test('asks `decide` for the absence, signed by the session, and says so', async () => {
  const answer = await post('/dashboard/away', form());

  expect(answer).toMatchObject({ status: 303, headers: { location: '/dashboard/away?notice=away' } });
  expect(dashboard.puts).toHaveLength(1);
  expect(parseErrand({ ...dashboard.puts[0] })).toMatchObject({
    ok: true,
    value: { kind: 'SESSION', wish: 'AWAY', about: `${OTHER.id} now ${TODAY}` },
  });
  expect((await get('/dashboard/away?notice=away')).body).toContain('Your absence is being recorded');
});

test('takes a first day, too, and blanks around what is typed', async () => {
  await post('/dashboard/away', form({ from: ` ${TODAY} ` }));

  expect(parseErrand({ ...dashboard.puts[0] })).toMatchObject({
    value: { about: `${OTHER.id} ${TODAY} ${TODAY}` },
  });
});

const DAYS = '>Type days like 2026-12-24.<';
const NO_ABSENCE = />This cannot be an absence: (?!absence)[^<]+\.</;

test.each<[string, Record<string, string>, string | RegExp]>([
  ['a day that is over', form({ until: '2020-01-01' }), NO_ABSENCE],
  ['a day that there is not', form({ until: '2999-02-30' }), NO_ABSENCE],
  ['no day', form({ until: 'soon' }), DAYS],
  ['a first day that is none', form({ from: '"><script>alert(1)</script>' }), DAYS],
  ['somebody who is no delegate', form({ delegate: ME }), NO_ABSENCE],
  ['nobody', form({ delegate: '' }), NO_ABSENCE],
])('puts nothing for %s, and says what to put right', async (_, fields, problem) => {
  const { status, body } = await post('/dashboard/away', fields);

  expect(status).toBe(422);
  expect(body).toContain('role="alert"');
  expect(body).toMatch(problem);
  expect(body).not.toContain('<script>alert');
  expect(dashboard.puts).toEqual([]);
});

test('shows the absence, and ends it', async () => {
  dashboard.absences = { [ME]: AWAY };
  expect((await get('/dashboard/away')).body).toContain('End my absence');
  expect(await post('/dashboard/back')).toMatchObject({
    status: 303,
    headers: { location: '/dashboard/away?notice=back' },
  });
  expect(dashboard.puts[0]).toMatchObject({ verdict: 'BACK', comment: '' });

  dashboard.absences = { [ME]: { ...AWAY, endedAt: NOW } };
  expect((await get('/dashboard/away')).body).not.toContain('End my absence');
});

test('shows nobody else’s absence', async () => {
  dashboard.absences = { [OTHER.id]: { ...AWAY, person: OTHER.id, delegate: ME } };
  expect((await get('/dashboard/away')).body).not.toContain('End my absence');
});

test('is for nobody who is not signed in', async () => {
  for (const answer of [
    await get('/dashboard/away', 'x'),
    await post('/dashboard/away', form(), 'x'),
    await post('/dashboard/back', {}, 'x'),
  ]) {
    expect(answer.status).toBe(401);
  }
  expect(dashboard.puts).toEqual([]);
});

describe('a request that was handed over', () => {
  const handedOver = (gone: string, delegate: string) => {
    dashboard.requests = [
      {
        ...WAITING,
        responses: [
          { approver: gone, kind: 'AWAY', name: 'Ana Lopez', delegate, until: AWAY.until },
          { approver: CY, kind: 'APPROVED' },
        ],
      },
    ];
  };

  test('names the delegate, and for whom', async () => {
    handedOver(ANA, BO);
    const { body } = await get('/dashboard');

    expect(body).toContain('You, in the place of Ana Lopez: no answer yet');
    expect(body).toContain('Ana Lopez: away');
    expect(body).toContain('Email me my link to answer');
  });

  test('offers no link to whoever is away', async () => {
    handedOver(BO, ANA);
    const { body } = await get('/dashboard');

    expect(body).toContain('You: away');
    expect(body).not.toContain('Email me my link');
  });
});
