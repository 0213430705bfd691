import { UnreadableRow, recordsOf } from '../../../lambda/domain/rows';
import { parseLink } from '../../../lambda/review/link';
import { reviewHandler } from '../../../lambda/review/handler';
import { newSeed, publicKeyOf } from '../../../lambda/signing/link-key';
import { form, logLines, quietLog, site, wordsOf } from './ask';
import {
  ANA,
  BO,
  CLOSED,
  DEADLINE,
  DECIDED,
  DELIVERED,
  MemoryStore,
  REQUEST,
  WAITING,
  httpEvent,
  query,
  rowsOf,
  scene,
  seedOf,
  waiting,
} from './fixture';
import type { Ask, Scene } from './fixture';

quietLog();

const DAY = 86_400_000;

describe('links that do not open', () => {
  const dead = async (ask: Ask, of: Scene) => {
    const { store, ask: send } = site(of);
    const { statusCode, body, headers } = await send(ask);
    return { answer: { statusCode, body, headers }, loads: store.loads.length, puts: store.puts.length };
  };

  const ways: readonly (readonly [string, (s: Scene) => { of?: Scene; ask?: Ask; link?: string }])[] = [
    ['unknown', () => ({ ask: { path: `/r/${'f'.repeat(32)}` } })],
    ['of no request at all', (s) => ({ of: { ...s, request: undefined } })],
    ['forged', () => ({ link: `by=${BO}&key=${newSeed()}` })],
    ["somebody else's", (s) => ({ link: `by=${BO}&key=${seedOf(s, ANA)}` })],
    ['for nobody who was asked', (s) => ({ link: `by=${'0'.repeat(12)}&key=${seedOf(s, BO)}` })],
    ['revoked', (s) => ({ of: revoked(s) })],
    ['revoked, of an ended request', (s) => ({ of: { ...revoked(s), request: CLOSED } })],
    ['forged, of an ended request', (s) => ({ of: { ...s, request: CLOSED }, link: `by=${BO}&key=${newSeed()}` })],
    ['of a request whose run is not known', (s) => ({ of: { ...s, request: opened() } })],
    ['delivered 7 days ago', (s) => ({ of: { ...s, request: DELIVERED }, ask: { now: at(DELIVERED.deliveredAt) } })],
    ['closed 7 days ago', (s) => ({ of: { ...s, request: CLOSED }, ask: { now: at(CLOSED.deliveredAt) } })],
    ['decided, and its time over for 7 days', (s) => ({ of: { ...s, request: DECIDED }, ask: { now: at(DEADLINE) } })],
    ['expired 7 days ago', () => ({ ask: { now: at(DEADLINE) } })],
  ];

  function at(end: string): number {
    return Date.parse(end) + 7 * DAY;
  }

  function opened() {
    const { id, asked } = WAITING;
    return { phase: 'OPENED', id, asked } as const;
  }

  function revoked(s: Scene): Scene {
    return { ...s, invitations: s.invitations.map((invitation) => ({ ...invitation, keys: [] })) };
  }

  test.each(ways)('%s: same status, body, headers and reads as any other, and nothing recorded', async (_, way) => {
    const s = scene();
    const { of = s, ask = {}, link = query(s) } = way(s);
    const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);
    const path = ask.path ?? `/r/${REQUEST}`;
    const fields = { ...form(s), ...Object.fromEntries(new URLSearchParams(link)) };

    expect(reference).toMatchObject({ answer: { statusCode: 404 }, loads: 1, puts: 0 });
    expect(reference.answer.body).toContain('This link does not work');
    expect(await dead({ query: link, ...ask }, of)).toEqual(reference);
    for (const tail of ['', '/status', '/revoke']) {
      expect(await dead({ form: fields, ...ask, path: `${path}${tail}` }, of)).toEqual(reference);
    }
  });

  test.each([
    ['truncated', (s: Scene) => query(s).slice(0, -1)],
    ['too long', (s: Scene) => `${query(s)}A`],
    ['without a secret', () => `by=${BO}`],
    ['without a person', (s: Scene) => `key=${seedOf(s, BO)}`],
    ['of a person in another form', (s: Scene) => query(s).replace(BO, `${BO}0`)],
    ['empty', () => ''],
  ])('%s: the same page without any read', async (_, link) => {
    const s = scene();
    const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);

    expect(await dead({ query: link(s) }, s)).toEqual({ ...reference, loads: 0 });
  });

  test.each([
    '/',
    '/r',
    '/r/x',
    `/r/${REQUEST}x`,
    `/x/r/${REQUEST}`,
    `/r/${REQUEST}/nothing`,
    `/r/${REQUEST}/`,
    `/r/${REQUEST}/status`,
    `/r/${REQUEST}/revoke`,
    `/r/${'A'.repeat(32)}`,
    '/r/%00',
    `r/${REQUEST}`,
    `//evil.example/r/${REQUEST}`,
  ])('GET %s is refused before any read', async (path) => {
    const s = scene();
    const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);

    expect(await dead({ path, query: query(s) }, s)).toEqual({ ...reference, loads: 0 });
  });

  test('a row of another version is never misread: a dead link, and a log line that names the request', async () => {
    const s = scene();
    const reference = await dead({ query: `by=${BO}&key=${newSeed()}` }, s);
    const rows = rowsOf(s).map((row) => (row.sk === `invite#${ANA}` ? { ...row, v: 3 } : row));
    const store = new MemoryStore(s);
    store.load = async (requestId) => {
      store.loads.push(requestId);
      return recordsOf(rows);
    };

    const { statusCode, body, headers } = await reviewHandler(() => store)(httpEvent({ query: query(s) }));

    expect(() => recordsOf(rows)).toThrow(UnreadableRow);
    expect({ statusCode, body, headers }).toEqual(reference.answer);
    expect(logLines()).toEqual([
      {
        level: 'ERROR',
        message: 'a link does not open: a row of its request cannot be read',
        requestId: REQUEST,
        reason: 'invitation: `v` is not 2: this row was written by another version of the library',
      },
    ]);
  });
});

describe('links that open', () => {
  test('until the deadline, and never at it', async () => {
    const s = scene();
    const { ask } = site(s);

    const before = await ask({ query: query(s), now: Date.parse(DEADLINE) - 1 });
    const after = await ask({ query: query(s), now: Date.parse(DEADLINE) });

    expect(before.body).toContain('value="APPROVE"');
    expect(after.body).not.toContain('value="APPROVE"');
  });

  test('by every key that was mailed', async () => {
    const second = newSeed();
    const s = scene();
    const invitations = s.invitations.map((invitation) =>
      invitation.approver === BO ? { ...invitation, keys: [...invitation.keys, publicKeyOf(second)] } : invitation,
    );
    const { ask } = site({ ...s, invitations });

    expect((await ask({ query: query(s) })).statusCode).toBe(200);
    expect((await ask({ query: `by=${BO}&key=${second}` })).statusCode).toBe(200);
    expect((await ask({ query: `by=${BO}&key=${newSeed()}` })).statusCode).toBe(404);
  });

  test('as one of those who were asked, by their own key only', async () => {
    const s = scene(waiting());

    const page = wordsOf(await site(s).ask({ query: query(s, ANA) }));

    expect(page).toContain('You are answering as ana@example.com');
    expect(page).toContain('Ana Lopez (you)');
    expect(page).not.toContain('bo@example.com (you)');
  });

  test('HEAD answers as GET does, without the page', async () => {
    const s = scene();
    const { ask } = site(s);

    const get = await ask({ query: query(s) });
    const head = await ask({ method: 'HEAD', query: query(s) });

    expect(head).toEqual({ ...get, body: '' });
  });

  test('a link in its proper form has three parts', () => {
    const seed = newSeed();

    expect(parseLink(REQUEST, BO, seed)).toEqual({ requestId: REQUEST, approver: BO, seed });
    expect(parseLink(REQUEST, null, seed)).toBeUndefined();
    expect(parseLink(REQUEST, BO, null)).toBeUndefined();
    expect(parseLink(`${REQUEST}\n`, BO, seed)).toBeUndefined();
  });
});
