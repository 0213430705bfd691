/** The way to a session: what is refused, and what is said on it. */
import { newSeed } from '../../../../lambda/signing/link-key';
import { ANA } from '../fixture';
import { browserOf, MemoryDashboard } from './fixture';
import { linesOf } from './seen';

let dashboard: MemoryDashboard;

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  dashboard = new MemoryDashboard();
});

afterEach(() => jest.restoreAllMocks());

const SIGN_IN = [
  'Sign in to see what is waiting',
  'POST /dashboard/sign-in',
  'Your email address',
  '(Email me a link)',
];
const INCOMPLETE = 'That link is incomplete. Use the whole link of the email, or ask for another one.';
const get = (path: string, query = '', cookie = '') => browserOf(dashboard, cookie)({ path, query });
const post = (path: string, form: Record<string, string>, cookie = '') => browserOf(dashboard, cookie)({ path, form });
const titleOf = (body: string) => /<title>(.*?)<\/title>/.exec(body)?.[1];

test.each<[string, Record<string, string>]>([
  ['no link', {}],
  ['nobody', { key: newSeed() }],
  ['no key', { by: ANA }],
  ['somebody who cannot be', { by: 'ana', key: newSeed() }],
  ['a key that cannot be', { by: ANA, key: 'x' }],
])('a link of %s signs nobody in, and leads to where links are asked for', async (_what, form) => {
  const query = new URLSearchParams(form).toString();
  for (const answer of [await post('/dashboard/session', form), await get('/dashboard/sign-in', query)]) {
    expect(answer.status).toBe(401);
    expect(answer.cookies).toEqual([]);
    const lines = await linesOf(answer.body);
    expect(lines.filter((line) => line !== INCOMPLETE)).toEqual(SIGN_IN);
    expect(titleOf(answer.body)).toBe('Sign in');
  }
  expect(dashboard.puts).toEqual([]);
});

test('whoever is not signed in cannot sign out', async () => {
  const { status, cookies } = await post('/dashboard/sign-out', {});

  expect([status, cookies]).toEqual([401, []]);
  expect(dashboard.puts).toEqual([]);
});

test('an address is taken in any case, and with blanks around it', async () => {
  const { status, body } = await post('/dashboard/sign-in', { mail: ' ANA@example.com ' });

  expect(status).toBe(200);
  expect(dashboard.puts.map(({ pk }) => pk)).toEqual([`sign-in#${ANA}`]);
  expect(titleOf(body)).toBe('Check your email');
  expect(await linesOf(body)).toEqual([
    'Check your email',
    'If this address belongs to somebody on the team, a link is on its way. It works once, for 1 hour.',
    'Nothing came? Amazon SNS delivers email only to addresses that have confirmed their subscription.',
    '{Use another address → /dashboard}',
  ]);
});

test('what is no address is refused in words', async () => {
  for (const form of [{ mail: 'ana' }, {}] as Record<string, string>[]) {
    const { status, body } = await post('/dashboard/sign-in', form);
    expect(status).toBe(422);
    expect((await linesOf(body))[2]).toBe('Type an email address, like ana@example.com.');
  }
});

describe('while the session has not begun', () => {
  const lines = async (turn: string, cookie = newSeed()) =>
    linesOf((await get('/dashboard', `turn=${turn}`, cookie)).body);

  test('the page goes on by itself', async () => {
    const { body } = await get('/dashboard', 'turn=11', newSeed());

    expect(titleOf(body)).toBe('Signing you in');
    expect(await linesOf(body)).toEqual(['Signing you in…', '{Go on → /dashboard?turn=12}']);
  });

  test.each(['12', '99'])('it ends after turn %s, and says why', async (turn) => {
    expect((await lines(turn))[2]).toBe(
      'That link did not sign you in: it was used already, or it is too old. Ask for another one.',
    );
  });

  test.each(['', '0', '1x', 'x1', '100', '-1'])('it does not begin with turn %j', async (turn) => {
    expect(await lines(turn)).toEqual(SIGN_IN);
  });
});
